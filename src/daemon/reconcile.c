/* reconcile.c -- the control half's round.  See reconcile.h.
 *
 *   db, kernel --> topology ---+           +--> engine --------+
 *   db --> want, have ---------+--> plan --+--> Open vSwitch --+--> status
 *
 * Each arrow is taken only when what it starts from changed: sequence numbers
 * say so.  Nothing is decided from a snapshot that is not complete: until both
 * the OVSpan database and the kernel were read once, and the lock of this host
 * is ours, what runs stays as it is.
 *
 * A configuration is confirmed to users (Host.cur_cfg) in the transaction that
 * has the taps made from it, once each of them is active or has failed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/reconcile.h"
#include <stdlib.h>
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/appctl.h"
#include "daemon/budget.h"
#include "daemon/caps.h"
#include "daemon/explain.h"
#include "daemon/files.h"
#include "daemon/inject.h"
#include "daemon/native.h"
#include "daemon/refresh.h"
#include "daemon/report.h"
#include "daemon/session.h"
#include "daemon/switch.h"
#include "engine/engine.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(reconcile);

COVERAGE_DEFINE(reconcile_plan);

enum {
    DEFAULT_WORKERS_MAX = 4,
    SWITCH_CHECK_MS = 2000,     /* How often its namespace is looked at. */
    FULL_PLAN_MS = 60 * 1000,   /* What no event tells. */
    ROUTE_CHECK_MS = 2000,      /* Of what the plan was made with. */
    CLOCK_STEP_MS = 1000,       /* More is not how a clock is corrected. */
};

struct reconcile {
    struct db *db;
    struct topo *topo;          /* NULL until the host's name is known. */
    struct kern *kern;          /* Likewise. */
    struct engine *engine;
    struct switch_watch *sw;    /* Whether Open vSwitch is there. */
    uint64_t switch_asks;       /* switch_watch_asks() that was heard. */
    struct native_hand *hand;   /* In Open vSwitch. */
    struct report *report;
    struct files *files;        /* Of captures. */
    struct sessions *sessions;

    struct want want;           /* As of 'want_seqno'. */
    uint64_t want_seqno;        /* db_span_seqno() of 'want'. */
    uint64_t sessions_seqno;    /* Likewise. */
    struct have have;           /* As of 'have_seqno'. */
    uint64_t have_seqno;        /* db_ovs_seqno() of 'have'. */
    struct plan plan;           /* From 'want', 'have' and the topology. */
    bool planned;               /* 'plan' is of 'want'. */
    bool whole;                 /* The last round had all that it needs. */
    uint64_t plan_seqno;        /* Increases with each plan. */
    uint64_t plan_topo_seqno;   /* topo_seqno() of 'plan'. */
    uint64_t plan_have_seqno;   /* 'have_seqno' of 'plan'. */
    long long int next_plan;    /* time_msec(): when it is due anyway. */
    long long int clock;        /* The wall clock's lead over time_msec(). */
    long long int next_route_check;     /* time_msec(). */
    int64_t plan_cfg;           /* OVSpan_Global.next_cfg of 'want'. */

    pid_t switch_pid;           /* That the kernel room was told last. */
    long long int next_switch_check;    /* time_msec() for its namespace. */
    bool published;             /* This host is in the database, as it is. */
    bool said_contended;        /* That another daemon has the lock. */
    bool stopping;              /* reconcile_stop() was called. */
    bool keep_rows;             /* Of that call. */
    bool retracted;             /* The rows to go are in a transaction. */
    bool stopped;               /* And it is committed. */
};

static const char *
get_host(void *rec_)
{
    const struct reconcile *rec = rec_;

    return db_host(rec->db);
}

bool
reconcile_is_ready(const struct reconcile *rec)
{
    return rec->topo && kern_is_synced(rec->kern);
}

static bool
is_ready(void *rec)
{
    return reconcile_is_ready(rec);
}

/* Why users do not see this host in the database yet, or NULL if they do. */
static const char *
get_obstacle(void *rec_)
{
    const struct reconcile *rec = rec_;

    return (rec->published ? NULL
            : !db_host(rec->db) ? "the name of this host is not known yet"
            : !reconcile_is_ready(rec) ? "the host is still being read"
            : !db_span_is_synced(rec->db)
            ? "the OVSpan database does not answer"
            : db_is_lock_contended(rec->db)
            ? "another ovspand serves this host on the OVSpan database"
            : rec->stopping ? "the daemon is ending"
            : "its captures are being started");
}

static unsigned int
default_workers(void)
{
    int n = count_total_cores();

    return n < 1 ? 1 : MIN(n, DEFAULT_WORKERS_MAX);
}

struct reconcile *
reconcile_create(const struct reconcile_conf *conf)
{
    struct reconcile *rec = xzalloc(sizeof *rec);
    struct db_conf db_conf = {
        .span_remote = conf->span_remote,
        .ovs_remote = conf->ovs_remote,
        .host = conf->host,
    };

    rec->db = db_create(&db_conf);
    rec->engine = engine_create(conf->n_workers ? conf->n_workers
                                                : default_workers());
    rec->sw = switch_watch_create(conf->ovs_remote);
    rec->hand = native_hand_create();
    rec->report = report_create(conf->pidfile);
    rec->files = files_create();
    rec->sessions = sessions_create();
    want_init(&rec->want);
    have_init(&rec->have);
    rec->plan_cfg = -1;

    struct appctl_context ctx = {
        .topo = &rec->topo,
        .want = &rec->want,
        .have = &rec->have,
        .sessions = rec->sessions,
        .host = get_host,
        .is_ready = is_ready,
        .obstacle = get_obstacle,
        .aux = rec,
    };
    appctl_register(&ctx);
    return rec;
}

void
reconcile_destroy(struct reconcile *rec)
{
    if (!rec) {
        return;
    }
    refresh_give_up();
    sessions_destroy(rec->sessions);
    engine_destroy(rec->engine);
    native_hand_destroy(rec->hand);
    switch_watch_destroy(rec->sw);
    plan_uninit(&rec->plan);
    want_uninit(&rec->want);
    have_uninit(&rec->have);
    report_destroy(rec->report);
    files_destroy(rec->files);
    kern_destroy(rec->kern);
    topo_destroy(rec->topo);
    caps_forget_routes();
    db_destroy(rec->db);
    free(rec);
}

/* The namespace of the switch is that of its process. */
static void
check_switch(struct reconcile *rec)
{
    pid_t pid = switch_watch_pid(rec->sw);

    if (pid != rec->switch_pid || time_msec() >= rec->next_switch_check) {
        rec->switch_pid = pid;
        rec->next_switch_check = time_msec() + SWITCH_CHECK_MS;
        kern_set_switch_pid(rec->kern, pid);
    }
}

/* What the switch cannot do now, no tap can be said to have. */
static void
follow_switch(struct reconcile *rec)
{
    uint64_t asks;

    switch_watch_run(rec->sw, rec->db);
    native_hand_set_trouble(rec->hand, switch_watch_trouble(rec->sw));
    asks = switch_watch_asks(rec->sw);
    if (asks != rec->switch_asks) {
        rec->switch_asks = asks;
        native_hand_ask_again(rec->hand);
    }
}

/* The graph can only be made once the host has a name: it is in every id. */
static bool
update_topology(struct reconcile *rec)
{
    const char *host = db_host(rec->db);

    if (!rec->topo) {
        if (!host) {
            return false;
        }
        VLOG_INFO("this is host \"%s\"", host);
        rec->topo = topo_create(host);
        rec->kern = kern_create(rec->topo);
    }
    check_switch(rec);
    kern_run(rec->kern);
    db_update_topo(rec->db, rec->topo);
    if (!kern_is_synced(rec->kern)) {
        return false;       /* Once all was read, each is drawn once. */
    }
    topo_run(rec->topo);
    if (kern_find_held(rec->kern)) {
        topo_run(rec->topo);
    }
    return true;
}

/* Says once, in the log, that we stand by, and once that we do not. */
static bool
check_lock(struct reconcile *rec)
{
    if (db_is_lock_contended(rec->db)) {
        if (!rec->said_contended) {
            VLOG_WARN("another ovspand already serves host \"%s\" on this "
                      "database; this one stands by until that one stops "
                      "(or give each a --host-name of its own)",
                      db_host(rec->db));
            rec->said_contended = true;
        }
        return false;
    }
    if (!db_has_lock(rec->db)) {
        return false;
    }
    if (rec->said_contended) {
        VLOG_INFO("the other ovspand is gone; this one takes over");
        rec->said_contended = false;
    }
    return true;
}

static void
update_want(struct reconcile *rec)
{
    uint64_t seqno = db_span_seqno(rec->db);
    uint64_t sessions = sessions_seqno(rec->sessions);

    if (rec->planned && seqno == rec->want_seqno
        && sessions == rec->sessions_seqno) {
        return;
    }

    /* The plan borrows from the want. */
    plan_uninit(&rec->plan);
    rec->planned = false;
    want_uninit(&rec->want);
    want_init(&rec->want);
    db_read_want(rec->db, &rec->want);
    budget_read(rec->db, &rec->want.budget);
    files_look_soon(rec->files);
    sessions_add_wants(rec->sessions, &rec->want);
    rec->want_seqno = seqno;
    rec->sessions_seqno = sessions;
    rec->plan_cfg = db_next_cfg(rec->db);
}

/* What Open vSwitch had when it was last seen whole stays what it has: a
 * server that restarts took nothing away. */
static void
update_have(struct reconcile *rec)
{
    uint64_t seqno = db_ovs_seqno(rec->db);

    if (db_ovs_is_current(rec->db)
        && (!rec->have.known || seqno != rec->have_seqno)) {
        have_uninit(&rec->have);
        db_read_have(rec->db, &rec->have);
        rec->have_seqno = seqno;
    }
}

/* True if somebody set the wall clock: what has expired by it may be due
 * again, and when this host was last seen is told by it.  Looked at whenever
 * ovs-vswitchd is. */
static bool
was_clock_set(struct reconcile *rec)
{
    long long int clock = time_wall_msec() - time_msec();
    bool was_set = llabs(clock - rec->clock) >= CLOCK_STEP_MS;

    if (was_set) {
        rec->clock = clock;
        report_forget_time(rec->report);
    }
    return was_set;
}

/* No event tells that a route is gone, so it is asked for. */
static bool
are_routes_other(struct reconcile *rec)
{
    if (time_msec() < rec->next_route_check) {
        return false;
    }
    rec->next_route_check = time_msec() + ROUTE_CHECK_MS;
    return caps_routes_changed();
}

static void
update_plan(struct reconcile *rec)
{
    uint64_t topo = topo_seqno(rec->topo);
    bool was_set = was_clock_set(rec);
    long long int now = time_wall_msec();

    if (!was_set && rec->planned && topo == rec->plan_topo_seqno
        && rec->have_seqno == rec->plan_have_seqno
        && time_msec() < rec->next_plan && now < rec->plan.next_expiry
        && !are_routes_other(rec)) {
        return;
    }

    COVERAGE_INC(reconcile_plan);
    if (rec->planned) {
        plan_uninit(&rec->plan);
    }
    caps_forget_routes();
    plan_compute(&rec->want, rec->topo, &rec->have, &caps_of_daemon, now,
                 &rec->plan);
    rec->planned = true;
    rec->plan_seqno++;
    rec->plan_topo_seqno = topo;
    rec->plan_have_seqno = rec->have_seqno;
    rec->next_plan = time_msec() + FULL_PLAN_MS;
    engine_set_plan(rec->engine, &rec->plan);
}

static struct report_input
make_input(const struct reconcile *rec)
{
    return (struct report_input) {
        .topo = rec->topo,
        .plan = &rec->plan,
        .plan_seqno = rec->plan_seqno,
        .engine = rec->engine,
        .hand = rec->hand,
        .sw = rec->sw,
        .cfg = rec->plan_cfg,
    };
}

static void
publish(struct reconcile *rec)
{
    if (!db_can_publish(rec->db)) {
        return;
    }
    if (rec->stopping) {
        if (!rec->keep_rows && !rec->retracted) {
            db_retract(rec->db, true);
        }
        rec->retracted = true;
        return;
    }

    struct report_input in = make_input(rec);

    in.refresh = refresh_is_wanted();
    report_run(rec->report, rec->db, &in);
    if (in.refresh) {
        refresh_sent();
    }
}

/* True when nothing of ours is left in Open vSwitch, as far as we can know. */
static bool
is_switch_clean(const struct reconcile *rec)
{
    return (!rec->have.known || (db_ovs_is_current(rec->db)
                                 && !rec->have.n_natives));
}

static void
commit(struct reconcile *rec)
{
    switch (db_commit(rec->db)) {
    case DB_IDLE:
    case DB_DONE:
        refresh_concluded(true);
        rec->published = (!rec->retracted && db_can_publish(rec->db)
                          && report_is_confirmed(rec->report));
        if (rec->retracted && db_can_publish(rec->db)) {
            rec->stopped = rec->keep_rows || is_switch_clean(rec);
        }
        break;
    case DB_TRY_AGAIN:
    case DB_FAILED:
        refresh_concluded(false);
        report_forget(rec->report);
        rec->retracted = false;
        break;
    case DB_BUSY:
        break;
    }
}

void
reconcile_run(struct reconcile *rec)
{
    db_run(rec->db);
    follow_switch(rec);
    bool topo_ok = update_topology(rec);

    rec->whole = (topo_ok && db_span_is_synced(rec->db)
                  && check_lock(rec));
    if (rec->whole) {
        update_have(rec);
        if (!rec->stopping) {
            sessions_run(rec->sessions);
            update_want(rec);
            update_plan(rec);
            files_run(rec->files, rec->db, &rec->want, rec->engine);
        }
        if (!rec->stopping || !rec->keep_rows) {
            native_hand_run(rec->hand, rec->db, &rec->plan, &rec->have);
        }
        if (!rec->stopping) {
            sessions_answer(rec->sessions, &rec->plan, rec->hand);
        }
        engine_run(rec->engine, time_msec());
        if (rec->planned && !rec->stopping) {
            struct report_input in = make_input(rec);

            sessions_answer_flows(rec->sessions, &in);
        }
        publish(rec);
    } else {
        engine_run(rec->engine, time_msec());
        refresh_give_up();
        if (!db_span_is_synced(rec->db)) {
            /* It may come back without what was reported. */
            report_forget(rec->report);
            rec->published = false;
        }
        if (rec->stopping && !db_has_lock(rec->db)) {
            rec->stopped = true;        /* Nothing of ours to take back. */
        }
    }
    commit(rec);
    explain_run();
    inject_run();
}

void
reconcile_wait(struct reconcile *rec)
{
    db_wait(rec->db);
    switch_watch_wait(rec->sw);
    engine_wait(rec->engine);
    explain_wait();
    inject_wait();
    if (rec->kern) {
        kern_wait(rec->kern);
        poll_timer_wait_until(rec->next_switch_check);
    }
    /* What is due is not done while a database is away or refuses, nor while
     * we stop: who waited for it all the same would never rest. */
    if (rec->whole) {
        native_hand_wait(rec->hand);
    }
    if (rec->whole && rec->planned && !rec->stopping) {
        sessions_wait(rec->sessions);
        files_wait(rec->files);
        if (db_can_publish(rec->db)) {
            report_wait(rec->report);
        }
        poll_timer_wait_until(rec->next_plan);
        if (caps_have_routes()) {
            poll_timer_wait_until(rec->next_route_check);
        }
        if (rec->plan.next_expiry != LLONG_MAX) {
            poll_timer_wait(MAX(0, rec->plan.next_expiry - time_wall_msec()));
        }
    }
    if (rec->stopped) {
        poll_immediate_wake();
    }
}

void
reconcile_stop(struct reconcile *rec, bool keep_rows)
{
    if (rec->stopping) {
        return;
    }
    VLOG_INFO("stopping%s", keep_rows ? ", rows stay for a restart" : "");
    rec->stopping = true;
    rec->keep_rows = keep_rows;

    /* The taps end now: their flows are exported while the daemon lives. */
    plan_uninit(&rec->plan);
    engine_set_plan(rec->engine, &rec->plan);
    poll_immediate_wake();
}

bool
reconcile_is_stopping(const struct reconcile *rec)
{
    return rec->stopping;
}

bool
reconcile_is_stopped(const struct reconcile *rec)
{
    return rec->stopped;
}

void
reconcile_get_memory_usage(const struct reconcile *rec, struct simap *usage)
{
    simap_put(usage, "captures", rec->want.n);
    simap_put(usage, "taps", rec->plan.n);
    if (rec->topo) {
        simap_put(usage, "nodes", topo_n_nodes(rec->topo));
        simap_put(usage, "edges", topo_n_edges(rec->topo));
    }
}
