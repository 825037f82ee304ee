/* report.c -- what the daemon tells the database.  See report.h.
 *
 * The database room writes only what differs, so that being called once too
 * often costs time but no traffic; the sequence numbers here save the time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/report.h"
#include <stdlib.h>
#include "base/machine.h"
#include "base/ovs.h"
#include "daemon/caps.h"
#include "daemon/native.h"
#include "daemon/switch.h"
#include "daemon/tap-log.h"
#include "engine/engine.h"
#include "ovsdb/db/db.h"
#include "plan/plan.h"
#include "topo/topo.h"

enum {
    HEARTBEAT_MS = 30 * 1000,
    STATS_INTERVAL_S = 5,       /* Default of options:stats-interval. */
    TOPO_HOLD_MS = 1000,        /* The graph waits so long for captures. */
};

struct report {
    struct tap_log *log;
    const char *pidfile;        /* Ours; NULL: none. */
    char *machine;              /* Stamp of this one. */
    uint64_t plan_seqno;        /* Of the plan last reported. */
    uint64_t engine_seqno;      /* Of the taps last reported. */
    uint64_t hand_seqno;        /* Likewise. */
    uint64_t switch_seqno;      /* Of the host's status last reported. */
    int64_t cfg;                /* Last confirmed; -1: none. */
    long long int next_stats;   /* time_msec(); LLONG_MAX: never. */
    long long int next_heartbeat;       /* time_msec(). */
    long long int topo_at;      /* The graph waits no longer: time_msec(). */
    bool forced;                /* Everything is due. */
};

struct report *
report_create(const char *pidfile)
{
    struct report *r = xzalloc(sizeof *r);

    r->pidfile = pidfile;
    r->machine = machine_stamp();
    r->log = tap_log_create();
    report_forget(r);
    return r;
}

void
report_destroy(struct report *r)
{
    if (r) {
        tap_log_destroy(r->log);
        free(r->machine);
        free(r);
    }
}

void
report_forget(struct report *r)
{
    r->forced = true;
    r->cfg = -1;
    r->next_stats = 0;
    r->next_heartbeat = 0;
}

void
report_forget_time(struct report *r)
{
    r->next_heartbeat = 0;
}

/* A sentence while a bridge's row sends to where nothing leads, or NULL. */
static const char *
find_no_route(const struct plan_tap *tap, const struct report_input *in)
{
    struct plan_route route;

    return (tap->native->native.kind != NATIVE_MIRROR
            && topo_is_switch_here(in->topo)
            && caps_route(&tap->spec->addr.ip, &route)
            ? "no route leads to the collector, so Open vSwitch cannot send "
              "there: add one, see ip-route(8)" : NULL);
}

/* What OVS does for a tap may be of no use. */
static void
judge_use(const struct plan_tap *tap, const struct report_input *in,
          struct engine_status *status)
{
    const char *no_route = find_no_route(tap, in);

    if (status->state == TAP_FAILED || (!tap->down && !no_route)) {
        return;
    }
    status->state = TAP_FAILED;
    status->reason = tap->down ? TAP_R_NODE_DOWN : TAP_R_NO_ROUTE;
    status->detail = tap->down ? tap->down : no_route;
}

/* How far a tap that should run is: what OVS does for it has to be there
 * first.  False: nobody knows it (yet). */
static bool
get_status(const struct plan_tap *tap, const struct report_input *in,
           struct engine_status *status)
{
    if (tap->native) {
        native_hand_get_status(in->hand, tap->native, status);
        judge_use(tap, in, status);
        if (tap->backend != PLAN_MIRROR_PCAP
            || status->state == TAP_FAILED) {
            return true;
        }
    }

    bool proved = !tap->native || status->state == TAP_ACTIVE;
    bool known = engine_get_status(in->engine, tap->key, status);

    if (known && !proved && status->state == TAP_ACTIVE) {
        status->state = TAP_PENDING;
    }
    return known;
}

/* What is known of a tap that should run, else what the plan says. */
struct db_tap
report_describe(const struct plan_tap *tap, const struct report_input *in)
{
    struct db_tap t = {
        .tap = tap,
        .state = tap->run ? TAP_PENDING : tap->state,
        .reason = tap->run ? TAP_R_OK : tap->reason,
        .detail = tap->detail,
    };
    struct engine_status status;

    if (tap->run && get_status(tap, in, &status)) {
        t.state = status.state;
        t.reason = status.reason;
        if (status.detail && status.detail[0]) {
            t.detail = status.detail;
        }
        t.stats = status.stats;
        t.counted = status.counted;
    }
    return t;
}

static void
report_taps(struct report *r, struct db *db, const struct report_input *in)
{
    const struct plan *plan = in->plan;
    struct db_tap *taps = xmalloc(MAX(plan->n, 1) * sizeof *taps);
    size_t n = 0;

    tap_log_begin(r->log);
    for (size_t i = 0; i < plan->n; i++) {
        if (!plan_tap_is_transient(&plan->taps[i])) {
            struct db_tap *t = &taps[n++];

            *t = report_describe(&plan->taps[i], in);
            tap_log_tell(r->log, t->tap, t->state, t->reason, t->detail);
        }
    }
    tap_log_end(r->log);
    db_publish_taps(db, taps, n);
    free(taps);

    r->plan_seqno = in->plan_seqno;
    r->engine_seqno = engine_seqno(in->engine);
    r->hand_seqno = native_hand_seqno(in->hand);

    int interval = db_option_int(db, "stats-interval", STATS_INTERVAL_S);
    r->next_stats = (interval > 0 ? time_msec() + interval * 1000LL
                     : LLONG_MAX);
}

static void
report_host(struct report *r, struct db *db, const struct report_input *in,
            bool cfg_due)
{
    struct smap status = SMAP_INITIALIZER(&status);
    struct db_host host = {
        .version = VERSION,
        .cur_cfg = cfg_due ? in->cfg : -1,
        .last_seen = time_wall_msec(),
        .status = &status,
    };

    switch_watch_put_status(in->sw, &status);
    smap_add(&status, "machine", r->machine);
    smap_add_format(&status, "stats-interval", "%d", db_stats_interval(db));
    /* A relative one would say nothing to who is elsewhere. */
    if (r->pidfile && r->pidfile[0] == '/') {
        smap_add(&status, "pidfile", r->pidfile);
    }
    db_publish_host(db, &host);
    smap_destroy(&status);
    r->next_heartbeat = time_msec() + HEARTBEAT_MS;
    r->switch_seqno = switch_watch_seqno(in->sw);
    if (cfg_due) {
        r->cfg = in->cfg;
    }
}

void
report_run(struct report *r, struct db *db, const struct report_input *in)
{
    bool taps_due = (r->forced || in->refresh
                     || r->plan_seqno != in->plan_seqno
                     || r->engine_seqno != engine_seqno(in->engine)
                     || r->hand_seqno != native_hand_seqno(in->hand)
                     || time_msec() >= r->next_stats);
    bool cfg_due = (in->cfg != r->cfg && engine_is_settled(in->engine)
                    && native_hand_is_settled(in->hand));

    if (in->refresh) {
        db_want_stats(db);
    }
    if (taps_due || cfg_due) {
        report_taps(r, db, in);
    }
    /* Somebody waits for a new configuration: that goes before the graph.  Of
     * which db_publish_topo() looks itself whether there is anything to do:
     * rows may be left from the last batch, or somebody else's hand may have
     * been at them. */
    if (in->cfg == r->cfg || cfg_due) {
        r->topo_at = time_msec() + TOPO_HOLD_MS;
        db_publish_topo(db, in->topo);
    } else if (time_msec() >= r->topo_at) {
        db_publish_topo(db, in->topo);
    }
    if (cfg_due || time_msec() >= r->next_heartbeat
        || r->switch_seqno != switch_watch_seqno(in->sw)) {
        report_host(r, db, in, cfg_due);
    }
    r->forced = false;
}

void
report_wait(struct report *r)
{
    poll_timer_wait_until(r->next_heartbeat);
    if (r->next_stats != LLONG_MAX) {
        poll_timer_wait_until(r->next_stats);
    }
    if (r->topo_at > time_msec()) {
        poll_timer_wait_until(r->topo_at);
    }
}

bool
report_is_confirmed(const struct report *r)
{
    return r->cfg != -1;
}
