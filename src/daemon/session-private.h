/* session-private.h -- what the files of sessions share.
 *
 * session.c keeps them and gives tcpdump its device, session-flows.c gives
 * 'ovspan flows' its records, and is above it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_SESSION_PRIVATE_H
#define OVSPAN_DAEMON_SESSION_PRIVATE_H 1

#include <sys/types.h>
#include "base/ovs.h"
#include "daemon/session.h"

struct target;

struct session {
    struct ovs_list node;       /* In 'list'. */
    int pidfd;                  /* Of the process that asked. */
    char *name;                 /* Of its capture: "tcpdump-PID". */
    struct jsn *draft;          /* What it wants: see want_from_json(). */
    struct unixctl_conn *conn;  /* Waits for an answer; NULL: has it. */
    struct target *target;      /* Beside those of 'draft'; NULL: none. */
    int fd;                     /* The socket of 'target'; -1: none. */
};

struct sessions {
    struct ovs_list list;
    uint64_t seqno;
    uint64_t n_targets;         /* Made so far: tells them apart. */
};

/* A draft of a capture, which the caller destroys; 'target' may be NULL. */
struct jsn *session_draft(const char *name, const char *selector,
                          const char *target);
/* Adds to 'want' what a draft wants, to 'target' too unless that is NULL.
 * Returns NULL or an error text that the caller frees. */
char *session_want(const struct jsn *draft, const struct target *,
                   struct want *) OVS_WARN_UNUSED_RESULT;

/* Checks the process that a request names, and stores a descriptor of it that
 * the caller closes; likewise. */
char *session_open_process(const struct jsn *request, pid_t *, int *pidfd)
    OVS_WARN_UNUSED_RESULT;

/* Takes 'pidfd' and 'draft'. */
struct session *session_add(struct sessions *, int pidfd, struct jsn *draft,
                            struct unixctl_conn *);
void session_end(struct sessions *, struct session *);

#endif /* daemon/session-private.h */
