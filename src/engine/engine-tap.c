/* engine-tap.c -- the control side of one tap: a planned tap, carried out.
 *
 * It waits for its stream and its source, starts, and is judged by them.  Its
 * counters go on over restarts of its capture.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-tap.h"
#include <stdlib.h>
#include "base/words.h"
#include "engine/engine-private.h"
#include "engine/engine-source.h"
#include "engine/engine-stream.h"
#include "openvswitch/vlog.h"
#include "plugin/plugin.h"

VLOG_DEFINE_THIS_MODULE(engine_tap);

/* In the memory of one tap. */
enum { MAX_FLOWS = 1024 * 1024 };

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
    dst->native = NULL;         /* The plan's. */
    dst->busy = NULL;
    dst->down = NULL;
    svec_init(&dst->differs);
    svec_init(&dst->costs);
    svec_init(&dst->interferes);
    dst->source.netns_path = nullable_xstrdup(src->source.netns_path);
    dst->source.to_netns_path = nullable_xstrdup(src->source.to_netns_path);
    dst->source.ifname = nullable_xstrdup(src->source.ifname);
    dst->source.filter = nullable_xstrdup(src->source.filter);
    dst->spec = target_clone(src->spec);
}

static void
free_plan_tap(struct plan_tap *tap)
{
    plan_tap_uninit(tap);
    target_destroy(CONST_CAST(struct target *, tap->spec));
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

struct engine_tap *
etap_create(struct engine *engine, const struct plan_tap *plan)
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
    tap->stream = estream_ref(engine, plan, preferred, &tap->note);
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
void
etap_stop(struct engine_tap *tap)
{
    if (tap->wtap) {
        worker_remove_tap(tap->stream->worker, tap->wtap);
        eview_unref(tap->source, tap->view);
        tap->view = NULL;
        retire(tap);
        tap->last_wtap = tap->wtap;
        tap->wtap = NULL;
    }
}

/* Of a tap that is not in the hmap any more. */
void
etap_destroy(struct engine *engine, struct engine_tap *tap)
{
    etap_stop(tap);
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
etap_start(struct engine_tap *tap)
{
    const struct plan_source *source = &tap->plan.source;
    const struct target *target = tap->plan.spec;
    struct wtap_conf conf = {
        .ifname = source->ifname,
        .netns = tap->plan.netns,
        .node = tap->plan.node_name,
        .ifindex = source->ifindex,
        .mtu = source->mtu,
        .capture = tap->plan.capture,
        .max_pps = source->max_pps,
        .max_bps = source->max_bps,
        .snaplen = source->snaplen,
        .sampling = MAX(source->sampling, 1),
        .max_flows = source->max_flows ? source->max_flows : MAX_FLOWS,
        .decap = source->decap,
    };

    if (plugin_find(target->class->name)->flow) {
        conf.active_us = timeout_us(target, "active");
        conf.inactive_us = timeout_us(target, "inactive");
    }
    tap->wtap = wtap_create(tap->view->wview, tap->stream->wstream, &conf);
    tap->ticket = worker_add_tap(tap->stream->worker, tap->wtap);
    VLOG_DBG("tap %s started", tap->plan.key);
}

/* Whether a source can be shared is known once it is open. */
static bool
can_have(const struct engine_source *source, const struct plan_tap *plan)
{
    char *key = source->only ? eview_key(plan) : NULL;
    bool can = !key || !strcmp(source->only, key);

    free(key);
    return can;
}

/* One step further. */
void
etap_run(struct engine *engine, struct engine_tap *tap, long long int now)
{
    if (tap->trouble.reason || tap->wtap
        || tap->stream->state != STREAM_READY) {
        return;
    }
    esource_open(engine, tap->source, &tap->plan, now);
    if (tap->source->wsource && !can_have(tap->source, &tap->plan)) {
        tap->source = esource_move(engine, tap->source, &tap->plan);
        esource_open(engine, tap->source, &tap->plan, now);
    }
    if (tap->source->wsource) {
        struct trouble why = { .reason = TAP_R_OK };

        tap->view = eview_ref(engine->tasks, tap->source, &tap->plan, &why);
        if (tap->view) {
            etap_start(tap);
        } else if (why.reason == TAP_R_OK) {
            return;             /* On its way. */
        } else if (why.reason == TAP_R_BAD_FILTER
                   || !ovs_list_is_empty(&tap->source->views)) {
            tap->trouble = why;
        } else {
            esource_fail(engine, tap->source, &why, now);
        }
    }
}

/* ## State. ## */

static void
etap_judge(const struct engine_tap *tap, enum tap_state *state,
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
              && !stream->connecting
              ? TAP_ACTIVE : TAP_PENDING);
    if (*state == TAP_ACTIVE && tap->note) {
        *detail = tap->note;
    }
}

static void
log_state(const struct engine_tap *tap, enum tap_state state,
          enum tap_reason reason, const char *detail)
{
    char *key = words_clean(tap->plan.key);
    char *clean = words_clean(detail);

    VLOG_DBG("tap %s: %s%s%s%s%s", key, tap_state_to_string(state),
             reason ? ", " : "", reason ? tap_reason_to_string(reason) : "",
             *clean ? ": " : "", clean);
    free(clean);
    free(key);
}

void
etap_update_state(struct engine *engine, struct engine_tap *tap)
{
    const char *remark, *detail;
    enum tap_reason reason;
    enum tap_state state;
    char *both = NULL;

    etap_judge(tap, &state, &reason, &detail);
    detail = detail ? detail : "";
    remark = (state == TAP_ACTIVE
              ? capture_remark(tap->source->opened.capture) : NULL);
    if (remark) {
        both = xasprintf("%s%s%s", detail, *detail ? "; " : "", remark);
        detail = both;
    }
    if (state != tap->state || reason != tap->reason
        || strcmp(detail, tap->detail)) {
        log_state(tap, state, reason, detail);
        tap->state = state;
        tap->reason = reason;
        free(tap->detail);
        tap->detail = xstrdup(detail);
        engine->seqno++;
    }
    free(both);
}

void
etap_get_status(const struct engine_tap *tap, struct engine_status *status)
{
    status->state = tap->state;
    status->reason = tap->reason;
    status->detail = tap->detail;
    status->stats = tap->base;
    status->counted = (tap->wtap || tap->last_wtap ? TAP_COUNTED_ALL
                       : TAP_COUNTED_NONE);
    add_stats(&status->stats, tap->last_wtap);
    add_stats(&status->stats, tap->wtap);
}
