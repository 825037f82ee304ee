/* session.h -- captures that live as long as a process: 'ovspan tcpdump' and
 * 'ovspan flows'.
 *
 * Whoever asks gets a device to listen at.  A point that has a kernel device
 * is listened at there, and nothing is kept of it.  For another a mirror to a
 * port of ours is made, as for a capture of the database, but it is wanted
 * only while the process that asked lives: when that has ended, by whatever
 * signal, or when the daemon has, the rows are taken away as any that nobody
 * wants.  'ovspan flows' gets records instead: see session-flows.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_SESSION_H
#define OVSPAN_DAEMON_SESSION_H 1

#include <stdint.h>
#include "compiler.h"

struct have;
struct jsn;
struct native_hand;
struct plan;
struct report_input;
struct sessions;
struct topo;
struct unixctl_conn;
struct want;

struct sessions *sessions_create(void);
void sessions_destroy(struct sessions *);

/* Takes the request "tcpdump" of daemon/appctl.h, and replies to 'conn' when
 * the device is there; or returns an error text that the caller frees. */
char *sessions_start(struct sessions *, const struct topo *,
                     const struct have *, const struct jsn *request,
                     struct unixctl_conn *conn) OVS_WARN_UNUSED_RESULT;

/* Likewise "flows", when the points that are selected are active or have
 * failed. */
char *sessions_start_flows(struct sessions *, const struct topo *,
                           const struct have *, const struct jsn *request,
                           struct unixctl_conn *conn) OVS_WARN_UNUSED_RESULT;

/* Those whose process has ended go. */
void sessions_run(struct sessions *);
void sessions_wait(const struct sessions *);

/* Increases when sessions_add_wants() would add others. */
uint64_t sessions_seqno(const struct sessions *);
/* Adds what they want to what is sorted, and sorts. */
void sessions_add_wants(const struct sessions *, struct want *);
/* Tells those who wait how their part of the plan is doing. */
void sessions_answer(struct sessions *, const struct plan *,
                     const struct native_hand *);
void sessions_answer_flows(struct sessions *, const struct report_input *);

#endif /* daemon/session.h */
