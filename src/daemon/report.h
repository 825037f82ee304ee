/* report.h -- what the daemon tells the database about this host, and when.
 *
 * Taps go at once when a state changes, their counters each stats-interval,
 * the graph when it changed, the heartbeat each 30 s, and the confirmation of
 * a configuration (Host.cur_cfg) with the taps that were made from it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_REPORT_H
#define OVSPAN_DAEMON_REPORT_H 1

#include <stdbool.h>
#include <stdint.h>

struct db;
struct db_tap;
struct engine;
struct native_hand;
struct plan;
struct report;
struct switch_watch;
struct topo;

/* 'pidfile' is this process's, lent, or NULL: by its lock others can tell
 * whether it lives. */
struct report *report_create(const char *pidfile);
void report_destroy(struct report *);

/* What there is to report. */
struct report_input {
    const struct topo *topo;
    const struct plan *plan;
    uint64_t plan_seqno;        /* Differs when 'plan' does. */
    const struct engine *engine;
    const struct native_hand *hand;
    const struct switch_watch *sw;
    bool refresh;               /* Counters are asked for. */
    int64_t cfg;                /* The configuration that 'plan' is of. */
};

struct plan_tap;
/* How a tap of the plan is doing. */
struct db_tap report_describe(const struct plan_tap *,
                              const struct report_input *);

/* Publishes what is due, into the transaction that 'db' has open. */
void report_run(struct report *, struct db *, const struct report_input *);
void report_wait(struct report *);

/* True once a configuration was confirmed, in a row of this host. */
bool report_is_confirmed(const struct report *);

/* The last transaction did not go through: everything is due again. */
void report_forget(struct report *);
/* The wall clock was set: when this host was seen is due. */
void report_forget_time(struct report *);

#endif /* daemon/report.h */
