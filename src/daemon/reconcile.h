/* reconcile.h -- the control half: from both databases and the kernel to taps
 * that run, and back to what users read.
 *
 * Owns the connections, the topology, the want, the plan and the engine, and
 * turns them once a round of the daemon's loop.  The databases are the only
 * memory: a restart, a crash or a reconnect ends in the same state as a normal
 * round.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_RECONCILE_H
#define OVSPAN_DAEMON_RECONCILE_H 1

#include <stdbool.h>

struct simap;
struct reconcile;

struct reconcile_conf {
    char *span_remote;          /* The OVSpan database. */
    char *ovs_remote;           /* The Open_vSwitch database. */
    const char *host;           /* Name of this host; NULL: the default. */
    const char *pidfile;        /* Of this process; NULL: it has none. */
    unsigned int n_workers;     /* 0: the default. */
};

struct reconcile *reconcile_create(const struct reconcile_conf *);
/* Ends the taps; what is in memory of flows is exported. */
void reconcile_destroy(struct reconcile *);

/* True once the host's topology was read in full. */
bool reconcile_is_ready(const struct reconcile *);

void reconcile_run(struct reconcile *);
void reconcile_wait(struct reconcile *);

/* Asks for a stop: the taps end and, unless 'keep_rows', so do this host's
 * rows.  reconcile_is_stopped() tells when the database has taken it. */
void reconcile_stop(struct reconcile *, bool keep_rows);
bool reconcile_is_stopping(const struct reconcile *);
bool reconcile_is_stopped(const struct reconcile *);

void reconcile_get_memory_usage(const struct reconcile *, struct simap *);

#endif /* daemon/reconcile.h */
