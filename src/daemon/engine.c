/* engine.c -- the packet half as the control half sees it: plans in, states
 * out.  See engine.h.
 *
 * A tap starts when its stream is ready and its source is open, in this order,
 * so that "active" means that what is captured from now on is sent.
 * engine_run() brings everything one step further and is idle unless a worker
 * reported something, a plan came in, or the time of a retry has come.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/engine.h"
#include "daemon/engine-private.h"
#include "openvswitch/vlog.h"
#include "plugin/plugin.h"

VLOG_DEFINE_THIS_MODULE(engine);

enum {
    BACKOFF_MIN_MS = 1000,
    BACKOFF_MAX_MS = 30 * 1000,
    HURRY_MS = 250,             /* Least time between two attempts. */
    MAX_FLOWS = 1024 * 1024,    /* In the memory of one tap. */
};

/* ## Small things. ## */

void
backoff_init(struct backoff *b)
{
    b->delay = 0;
    b->last = LLONG_MIN / 2;
    b->next = LLONG_MIN;
}

void
backoff_failed(struct backoff *b, long long int now, bool may_retry)
{
    b->delay = (b->delay ? MIN(2 * b->delay, BACKOFF_MAX_MS)
                         : BACKOFF_MIN_MS);
    b->last = now;
    b->next = may_retry ? now + b->delay : LLONG_MAX;
}

void
backoff_hurry(struct backoff *b, long long int now)
{
    if (b->next != LLONG_MAX && b->delay) {
        b->next = MIN(b->next, MAX(now, b->last + HURRY_MS));
    }
}

void
trouble_set(struct trouble *t, enum tap_reason reason, char *detail)
{
    t->reason = reason;
    free(t->detail);
    t->detail = detail;
}

void
trouble_clear(struct trouble *t)
{
    trouble_set(t, TAP_R_OK, NULL);
}

void
engine_wake_at(struct engine *engine, long long int when)
{
    engine->next_wake = MIN(engine->next_wake, when);
}

/* ## Start and end. ## */

struct engine *
engine_create(unsigned int n_workers)
{
    struct engine *engine = xzalloc(sizeof *engine);

    engine->n_workers = MAX(n_workers, 1);
    engine->workers = xcalloc(engine->n_workers, sizeof *engine->workers);
    engine->load = xcalloc(engine->n_workers, sizeof *engine->load);
    engine->own_tickets = xcalloc(engine->n_workers,
                                  sizeof *engine->own_tickets);
    engine->reports = seq_create();
    engine->seen = seq_read(engine->reports);
    hmap_init(&engine->taps);
    hmap_init(&engine->streams);
    hmap_init(&engine->sources);
    ovs_list_init(&engine->lingering);
    engine->boot_us = worker_wall_us();
    engine->next_wake = LLONG_MAX;
    for (size_t i = 0; i < engine->n_workers; i++) {
        engine->workers[i] = worker_create(engine->reports);
    }
    return engine;
}

static void tap_destroy(struct engine *, struct engine_tap *);

void
engine_destroy(struct engine *engine)
{
    struct engine_linger *linger;
    struct engine_tap *tap;

    if (!engine) {
        return;
    }
    HMAP_FOR_EACH_SAFE (tap, node, &engine->taps) {
        hmap_remove(&engine->taps, &tap->node);
        tap_destroy(engine, tap);
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        worker_destroy(engine->workers[i]);
    }
    LIST_FOR_EACH_POP (linger, node, &engine->lingering) {
        free(linger);
    }
    hmap_destroy(&engine->taps);
    hmap_destroy(&engine->streams);
    hmap_destroy(&engine->sources);
    seq_destroy(engine->reports);
    free(engine->own_tickets);
    free(engine->load);
    free(engine->workers);
    free(engine);
}

/* ## Taps. ## */

/* A copy of all that plan_tap_equal() may look at and that a start needs. */
static void
copy_plan_tap(struct plan_tap *dst, const struct plan_tap *src)
{
    *dst = *src;
    dst->key = nullable_xstrdup(src->key);
    dst->capture_name = nullable_xstrdup(src->capture_name);
    dst->target_text = nullable_xstrdup(src->target_text);
    dst->node_id = nullable_xstrdup(src->node_id);
    dst->node_name = nullable_xstrdup(src->node_name);
    dst->netns = nullable_xstrdup(src->netns);
    dst->why = nullable_xstrdup(src->why);
    dst->rejected = NULL;
    dst->n_rejected = 0;
    dst->detail = nullable_xstrdup(src->detail);
    dst->source.netns_path = nullable_xstrdup(src->source.netns_path);
    dst->source.ifname = nullable_xstrdup(src->source.ifname);
    dst->source.filter = nullable_xstrdup(src->source.filter);
    dst->spec = target_clone(src->spec);
}

static void
free_plan_tap(struct plan_tap *tap)
{
    free(tap->key);
    free(tap->capture_name);
    free(tap->target_text);
    free(tap->node_id);
    free(tap->node_name);
    free(tap->netns);
    free(tap->why);
    free(tap->detail);
    free(tap->source.netns_path);
    free(tap->source.ifname);
    free(tap->source.filter);
    target_destroy(CONST_CAST(struct target *, tap->spec));
}

static struct engine_tap *
tap_find(const struct engine *engine, const char *key)
{
    struct engine_tap *tap;

    HMAP_FOR_EACH_WITH_HASH (tap, node, hash_string(key, 0), &engine->taps) {
        if (!strcmp(tap->plan.key, key)) {
            return tap;
        }
    }
    return NULL;
}

static size_t *
load_of(struct engine *engine, const struct worker *worker)
{
    size_t i = 0;

    while (engine->workers[i] != worker) {
        i++;
    }
    return &engine->load[i];
}

static struct engine_tap *
tap_create(struct engine *engine, const struct plan_tap *plan)
{
    struct engine_tap *tap = xzalloc(sizeof *tap);
    struct worker *preferred = NULL;

    copy_plan_tap(&tap->plan, plan);
    tap->wanted = true;
    tap->state = TAP_PENDING;
    tap->detail = xstrdup("");
    hmap_insert(&engine->taps, &tap->node, hash_string(plan->key, 0));
    if (!plugin_find(plan->spec->class->name)) {
        trouble_set(&tap->trouble, TAP_R_BACKEND_UNAVAILABLE,
                    xasprintf("there is no exporter for %s here",
                              plan->spec->class->name));
        return tap;
    }
    /* A new stream goes where the point is already captured. */
    for (size_t i = 0; i < engine->n_workers && !preferred; i++) {
        if (esource_find(engine, plan, engine->workers[i])) {
            preferred = engine->workers[i];
        }
    }
    tap->stream = estream_ref(engine, plan, preferred);
    tap->source = esource_ref(engine, plan, tap->stream->worker);
    ++*load_of(engine, tap->stream->worker);
    return tap;
}

static void
add_stats(struct tap_stats *sum, const struct wtap *wtap)
{
    struct tap_stats stats;

    if (wtap) {
        wtap_get_stats(wtap, &stats);
#define TAP_COUNTER(NAME) sum->NAME += stats.NAME;
        TAP_COUNTERS
#undef TAP_COUNTER
    }
}

/* The counters of a tap go on over a restart of its capture. */
static void
retire(struct engine_tap *tap)
{
    add_stats(&tap->base, tap->last_wtap);
    wtap_unref(tap->last_wtap);
    tap->last_wtap = NULL;
}

/* Its flows are exported by the worker; the sequence goes on if the stream
 * has other taps. */
static void
tap_stop(struct engine_tap *tap)
{
    if (tap->wtap) {
        worker_remove_tap(tap->stream->worker, tap->wtap);
        retire(tap);
        tap->last_wtap = tap->wtap;
        tap->wtap = NULL;
    }
}

/* Of a tap that is not in the hmap any more. */
static void
tap_destroy(struct engine *engine, struct engine_tap *tap)
{
    tap_stop(tap);
    retire(tap);
    if (tap->stream) {
        --*load_of(engine, tap->stream->worker);
    }
    esource_unref(engine, tap->source);
    estream_unref(engine, tap->stream);
    trouble_clear(&tap->trouble);
    free_plan_tap(&tap->plan);
    free(tap->detail);
    free(tap);
}

static uint64_t
timeout_us(const struct target *target, const char *name)
{
    return target_get_int(target, name) * 1000000;
}

static void
tap_start(struct engine_tap *tap)
{
    const struct plan_source *source = &tap->plan.source;
    const struct target *target = tap->plan.spec;
    struct wtap_conf conf = {
        .ifindex = source->ifindex,
        .mtu = source->mtu,
        .sampling = MAX(source->sampling, 1),
        .max_flows = MAX_FLOWS,
    };

    if (plugin_find(target->class->name)->flow) {
        conf.active_us = timeout_us(target, "active");
        conf.inactive_us = timeout_us(target, "inactive");
    }
    tap->wtap = wtap_create(tap->source->wsource, tap->stream->wstream, &conf);
    tap->ticket = worker_add_tap(tap->stream->worker, tap->wtap);
    VLOG_DBG("tap %s started", tap->plan.key);
}

/* One step further. */
static void
tap_run(struct engine *engine, struct engine_tap *tap, long long int now)
{
    if (tap->trouble.reason || tap->wtap
        || tap->stream->state != STREAM_READY) {
        return;
    }
    esource_open(engine, tap->source, &tap->plan, now);
    if (tap->source->wsource) {
        tap_start(tap);
    }
}

/* ## Plans. ## */

static bool
is_ours(const struct plan_tap *tap)
{
    return tap->run && tap->backend == PLAN_PCAP && tap->spec;
}

/* Moves the taps that 'plan' does not want as they are from the engine to
 * '*old', stopped, and marks the others. */
static void
stop_unwanted(struct engine *engine, const struct plan *plan,
              struct hmap *old)
{
    struct engine_tap *tap;

    HMAP_FOR_EACH (tap, node, &engine->taps) {
        tap->wanted = false;
    }
    for (size_t i = 0; i < plan->n; i++) {
        if (is_ours(&plan->taps[i])) {
            tap = tap_find(engine, plan->taps[i].key);
            if (tap && plan_tap_equal(&tap->plan, &plan->taps[i])) {
                tap->wanted = true;
            }
        }
    }
    HMAP_FOR_EACH_SAFE (tap, node, &engine->taps) {
        if (!tap->wanted) {
            VLOG_DBG("tap %s stops", tap->plan.key);
            hmap_remove(&engine->taps, &tap->node);
            hmap_insert(old, &tap->node, tap->node.hash);
            tap_stop(tap);
        }
    }
}

static void
hurry(struct engine *engine)
{
    long long int now = time_msec();
    struct engine_stream *stream;
    struct engine_source *source;

    HMAP_FOR_EACH (stream, node, &engine->streams) {
        backoff_hurry(&stream->backoff, now);
    }
    HMAP_FOR_EACH (source, node, &engine->sources) {
        backoff_hurry(&source->backoff, now);
    }
}

void
engine_set_plan(struct engine *engine, const struct plan *plan)
{
    struct hmap old = HMAP_INITIALIZER(&old);
    struct engine_tap *tap;

    stop_unwanted(engine, plan, &old);
    for (size_t i = 0; i < plan->n; i++) {
        if (is_ours(&plan->taps[i])
            && !tap_find(engine, plan->taps[i].key)) {
            tap_create(engine, &plan->taps[i]);
        }
    }
    /* Only now: a stream that goes on in a changed tap stays open. */
    HMAP_FOR_EACH_SAFE (tap, node, &old) {
        hmap_remove(&old, &tap->node);
        tap_destroy(engine, tap);
    }
    hmap_destroy(&old);
    hurry(engine);
    engine->dirty = true;
    engine->seqno++;
}

/* ## State. ## */

static void
tap_judge(const struct engine_tap *tap, enum tap_state *state,
          enum tap_reason *reason, const char **detail)
{
    const struct engine_stream *stream = tap->stream;

    *state = TAP_FAILED;
    *reason = tap->trouble.reason;
    *detail = tap->trouble.detail;
    if (*reason || esource_has_failed(tap->source, reason, detail)) {
        return;
    }
    /* While it is tried again, what failed has still failed. */
    *reason = stream->trouble.reason;
    *detail = stream->trouble.detail;
    if (*reason) {
        return;
    }
    *reason = stream->comment.reason;
    *detail = stream->comment.detail;
    if (*reason) {
        return;
    }
    *state = (tap->wtap && worker_is_done(stream->worker, tap->ticket)
              ? TAP_ACTIVE : TAP_PENDING);
}

static void
tap_update_state(struct engine *engine, struct engine_tap *tap)
{
    enum tap_reason reason;
    enum tap_state state;
    const char *detail;

    tap_judge(tap, &state, &reason, &detail);
    detail = detail ? detail : "";
    if (state != tap->state || reason != tap->reason
        || strcmp(detail, tap->detail)) {
        VLOG_INFO("tap %s: %s%s%s%s%s", tap->plan.key,
                  tap_state_to_string(state), reason ? ", " : "",
                  reason ? tap_reason_to_string(reason) : "",
                  *detail ? ": " : "", detail);
        tap->state = state;
        tap->reason = reason;
        free(tap->detail);
        tap->detail = xstrdup(detail);
        engine->seqno++;
    }
}

/* A source that ended is closed, its taps before it. */
static void
close_failed_sources(struct engine *engine, long long int now)
{
    struct engine_source *source;
    struct engine_tap *tap;

    HMAP_FOR_EACH (source, node, &engine->sources) {
        enum tap_reason reason;
        const char *detail;

        if (!source->wsource
            || !esource_has_failed(source, &reason, &detail)) {
            continue;
        }
        trouble_set(&source->trouble, reason, nullable_xstrdup(detail));
        backoff_failed(&source->backoff, now, true);
        engine_wake_at(engine, source->backoff.next);
        HMAP_FOR_EACH (tap, node, &engine->taps) {
            if (tap->source == source) {
                tap_stop(tap);
            }
        }
        esource_close(source);
    }
}

void
engine_run(struct engine *engine, long long int now)
{
    uint64_t seen = seq_read(engine->reports);
    struct engine_stream *stream;
    struct engine_tap *tap;

    if (seen == engine->seen && !engine->dirty && now < engine->next_wake) {
        return;
    }
    engine->seen = seen;
    engine->dirty = false;
    engine->next_wake = LLONG_MAX;
    close_failed_sources(engine, now);
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        estream_run(engine, stream, now);
    }
    estream_tell_own(engine, now);
    HMAP_FOR_EACH (tap, node, &engine->taps) {
        tap_run(engine, tap, now);
    }
    HMAP_FOR_EACH (tap, node, &engine->taps) {
        tap_update_state(engine, tap);
    }
}

void
engine_wait(struct engine *engine)
{
    seq_wait(engine->reports, engine->seen);
    if (engine->dirty) {
        poll_immediate_wake();
    } else if (engine->next_wake != LLONG_MAX) {
        poll_timer_wait_until(engine->next_wake);
    }
}

uint64_t
engine_seqno(const struct engine *engine)
{
    return engine->seqno;
}

bool
engine_get_status(const struct engine *engine, const char *key,
                  struct engine_status *status)
{
    const struct engine_tap *tap = tap_find(engine, key);

    if (!tap) {
        return false;
    }
    memset(status, 0, sizeof *status);
    status->state = tap->state;
    status->reason = tap->reason;
    status->detail = tap->detail;
    status->stats = tap->base;
    add_stats(&status->stats, tap->last_wtap);
    add_stats(&status->stats, tap->wtap);
    return true;
}

bool
engine_is_settled(const struct engine *engine)
{
    const struct engine_tap *tap;

    HMAP_FOR_EACH (tap, node, &engine->taps) {
        if (tap->state == TAP_PENDING) {
            return false;
        }
    }
    return !engine->dirty;
}
