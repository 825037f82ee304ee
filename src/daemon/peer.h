/* peer.h -- whether a daemon of Open vSwitch lives, and answers.
 *
 * It is found by its pidfile in OVS's run directory and asked, each 2 s, what
 * everybody may ask on its control socket ("version").  A daemon that died has
 * closed that connection; one that hangs, or is stopped, does not answer.
 * Never blocks; for the control thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_PEER_H
#define OVSPAN_DAEMON_PEER_H 1

#include <stdbool.h>
#include <sys/types.h>

enum peer_state {
    PEER_UNKNOWN,               /* Never seen, or may not be asked. */
    PEER_ANSWERS,
    PEER_SILENT,                /* It has not answered for PEER_SILENT_MS. */
    PEER_GONE,                  /* It was there, and is not any more. */
};

enum { PEER_SILENT_MS = 6000 };

struct peer;

/* 'name' as in its pidfile, "ovs-vswitchd", which is in 'dir'.  Both are
 * lent. */
struct peer *peer_create(const char *dir, const char *name);
void peer_destroy(struct peer *);

void peer_run(struct peer *);
void peer_wait(const struct peer *);

enum peer_state peer_get_state(const struct peer *);
/* True if it is there to be asked. */
bool peer_is_found(const struct peer *);
/* The process, while it lives; 0: none is known. */
pid_t peer_pid(const struct peer *);

#endif /* daemon/peer.h */
