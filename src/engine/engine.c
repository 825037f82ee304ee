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
#include "engine/engine.h"
#include "engine/engine-private.h"
#include "engine/engine-source.h"
#include "engine/engine-stream.h"
#include "engine/engine-tap.h"
#include <stdlib.h>
#include "capture/capture-compiler.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"
#include "plugin/plugin.h"

VLOG_DEFINE_THIS_MODULE(engine);

/* Threads that open and close captures: they wait, but to clear a ring is
 * work. */
enum { MAX_OPENINGS = 16 };

/* ## Start and end. ## */

struct engine *
engine_create(unsigned int n_workers)
{
    struct engine *engine = xzalloc(sizeof *engine);

    capture_compiler_start();           /* Before there are threads. */
    engine->n_workers = MAX(n_workers, 1);
    engine->workers = xcalloc(engine->n_workers, sizeof *engine->workers);
    engine->load = xcalloc(engine->n_workers, sizeof *engine->load);
    engine->own_tickets = xcalloc(engine->n_workers,
                                  sizeof *engine->own_tickets);
    wake_init(&engine->wake);
    atomic_init(&engine->quota.full, false);
    engine->tasks = task_pool_create(engine->wake.reports, MAX_OPENINGS);
    engine->names = names_create(&engine->wake);
    hmap_init(&engine->taps);
    hmap_init(&engine->streams);
    hmap_init(&engine->sources);
    ovs_list_init(&engine->lingering);
    engine->memory = exporter_memory_create();
    engine->boot_us = worker_wall_us();
    engine->paths = kern_paths_create();
    for (size_t i = 0; i < engine->n_workers; i++) {
        engine->workers[i] = worker_create(engine->wake.reports,
                                           engine->tasks);
    }
    return engine;
}

void
engine_destroy(struct engine *engine)
{
    struct engine_tap *tap;

    if (!engine) {
        return;
    }
    HMAP_FOR_EACH_SAFE (tap, node, &engine->taps) {
        hmap_remove(&engine->taps, &tap->node);
        etap_destroy(engine, tap);
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        worker_destroy(engine->workers[i]);
    }
    task_pool_destroy(engine->tasks);
    names_destroy(engine->names);
    engine_forget_lingering(engine);
    exporter_memory_destroy(engine->memory);
    hmap_destroy(&engine->taps);
    hmap_destroy(&engine->streams);
    hmap_destroy(&engine->sources);
    wake_uninit(&engine->wake);
    kern_paths_destroy(engine->paths);
    free(engine->own_tickets);
    free(engine->load);
    free(engine->workers);
    free(engine);
}

/* ## Plans. ## */

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

static bool
is_ours(const struct plan_tap *tap)
{
    return tap->run && tap->source.ifname && tap->spec;
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
            if (tap->stream) {
                tap->stream->n_wanted--;
            }
            etap_stop(tap);
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
    names_hurry(engine->names, now);
}

/* What was prepared for the workers is theirs, all at once: taps that start
 * together share what they can. */
static void
commit(struct engine *engine)
{
    for (size_t i = 0; i < engine->n_workers; i++) {
        worker_commit(engine->workers[i]);
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
            etap_create(engine, &plan->taps[i]);
        }
    }
    /* Only now: a stream that goes on in a changed tap stays open. */
    HMAP_FOR_EACH_SAFE (tap, node, &old) {
        hmap_remove(&old, &tap->node);
        etap_destroy(engine, tap);
    }
    hmap_destroy(&old);
    commit(engine);
    hurry(engine);
    wake_at_once(&engine->wake);
    engine->seqno++;
}

/* ## Rounds. ## */

/* What cannot go on as it is starts anew, its taps with it. */
static void
reopen_streams(struct engine *engine)
{
    struct engine_stream *stream;
    struct engine_tap *tap;

    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (!stream->reopen) {
            continue;
        }
        HMAP_FOR_EACH (tap, node, &engine->taps) {
            if (tap->stream == stream) {
                etap_stop(tap);
            }
        }
        estream_reopen(engine, stream);
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
        wake_at(&engine->wake, source->backoff.next);
        HMAP_FOR_EACH (tap, node, &engine->taps) {
            if (tap->source == source) {
                etap_stop(tap);
            }
        }
        esource_close(engine, source);
    }
}

void
engine_run(struct engine *engine, long long int now)
{
    struct engine_stream *stream;
    struct engine_tap *tap;

    engine_follow_hops(engine, now);
    engine_follow_addresses(engine, now);
    if (!wake_take(&engine->wake, now)) {
        commit(engine);
        return;
    }
    close_failed_sources(engine, now);
    names_run(engine->names, now);
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        estream_run(engine, stream, now);
    }
    reopen_streams(engine);
    engine_tell_own(engine, now);
    HMAP_FOR_EACH (tap, node, &engine->taps) {
        etap_run(engine, tap, now);
    }
    engine_poll_counters(engine, now);
    commit(engine);
    HMAP_FOR_EACH (tap, node, &engine->taps) {
        etap_update_state(engine, tap);
    }
}

void
engine_wait(struct engine *engine)
{
    wake_wait(&engine->wake);
    engine_wait_hops(engine);
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
    etap_get_status(tap, status);
    return true;
}

void
engine_set_files_full(struct engine *engine, bool full)
{
    atomic_store_relaxed(&engine->quota.full, full);
    wake_at_once(&engine->wake);
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
    for (size_t i = 0; i < engine->n_workers; i++) {
        if (!worker_is_idle(engine->workers[i])) {
            return false;
        }
    }
    return !engine->wake.at_once && task_pool_is_idle(engine->tasks);
}
