/* engine-source.c -- the control side of an open capture.
 *
 * Taps at one point on one worker share a source, of whatever capture they
 * are: one socket, one ring, one parse.  A tap that asks for a ring has one of
 * that size; others take what there is.  Once it is open, which takes a while
 * (see engine-opening.c), it is handed to its worker.
 *
 *   closed --> opening --> open
 *     ^           |          |
 *     +-- failed -+----------+
 *
 * An interface that is down or has gone is tried again, with a back-off and
 * whenever the plan was made anew: the topology knows sooner than we do.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-source.h"
#include <stdlib.h>

static char *
esource_place(const struct plan_tap *tap, const struct worker *worker)
{
    const struct plan_source *s = &tap->source;
    char *wrap = wrap_to_text(&s->wrap);
    char *place = xasprintf("%p %"PRIu64" %s %d %s %s", worker, s->netns,
                            s->netns_path ? s->netns_path : "", s->ifindex,
                            s->ifname, wrap);

    free(wrap);
    return place;
}

struct engine_source *
esource_find(struct engine *engine, const struct plan_tap *tap,
             const struct worker *worker)
{
    char *place = esource_place(tap, worker);
    char *view = eview_key(tap);
    struct engine_source *source;

    HMAP_FOR_EACH_WITH_HASH (source, node, hash_string(place, 0),
                             &engine->sources) {
        if (!strcmp(source->place, place)
            && (!tap->source.ring || tap->source.ring == source->ring)
            && (!source->only || !strcmp(source->only, view))) {
            break;
        }
    }
    free(view);
    free(place);
    return source;
}

struct engine_source *
esource_ref(struct engine *engine, const struct plan_tap *tap,
            struct worker *worker)
{
    struct engine_source *source = esource_find(engine, tap, worker);

    if (!source) {
        source = xzalloc(sizeof *source);
        source->place = esource_place(tap, worker);
        source->ring = tap->source.ring;
        source->worker = worker;
        source->wrap = tap->source.wrap;
        ovs_list_init(&source->views);
        ovs_list_init(&source->compiling);
        backoff_init(&source->backoff);
        hmap_insert(&engine->sources, &source->node,
                    hash_string(source->place, 0));
    }
    source->n_taps++;
    return source;
}

struct engine_source *
esource_move(struct engine *engine, struct engine_source *old,
             const struct plan_tap *tap)
{
    struct engine_source *source = esource_ref(engine, tap, old->worker);

    esource_unref(engine, old);
    return source;
}

void
esource_close(struct engine *engine, struct engine_source *source)
{
    opening_abandon(engine->tasks, source->opening);
    source->opening = NULL;
    compiling_abandon_all(engine->tasks, source);
    if (source->wsource) {
        eview_forget_all(source);
        worker_remove_source(source->worker, source->wsource);
        source->wsource = NULL;
        capture_view_destroy(source->opened.view);
        free(source->opened.key);
        memset(&source->opened, 0, sizeof source->opened);
    }
}

void
esource_unref(struct engine *engine, struct engine_source *source)
{
    if (source && !--source->n_taps) {
        esource_close(engine, source);
        hmap_remove(&engine->sources, &source->node);
        trouble_clear(&source->trouble);
        free(source->place);
        free(source->only);
        free(source);
    }
}

/* What a retry cannot mend waits for another plan. */
static bool
may_retry(enum tap_reason reason)
{
    return reason != TAP_R_BAD_FILTER && reason != TAP_R_NOT_TAPPABLE;
}

void
esource_fail(struct engine *engine, struct engine_source *source,
             struct trouble *why, long long int now)
{
    esource_close(engine, source);
    trouble_set(&source->trouble, why->reason, why->detail);
    backoff_failed(&source->backoff, now, may_retry(why->reason));
    wake_at(&engine->wake, source->backoff.next);
}

/* Hands what was opened to the worker. */
static void
esource_opened(struct engine_source *source, const struct opened *opened,
               long long int now)
{
    trouble_clear(&source->trouble);
    backoff_init(&source->backoff);
    source->backoff.last = now;
    source->opened = *opened;
    if (!capture_is_shareable(opened->capture) && !source->only) {
        source->only = xstrdup(opened->key);
    }
    source->wsource = wsource_create(opened->capture, &source->wrap);
    worker_add_source(source->worker, source->wsource);
}

void
esource_open(struct engine *engine, struct engine_source *source,
             const struct plan_tap *tap, long long int now)
{
    struct opened opened;
    struct trouble why;

    if (source->wsource) {
        return;
    }
    if (!source->opening) {
        if (now < source->backoff.next) {
            wake_at(&engine->wake, source->backoff.next);
        } else {
            source->opening = opening_start(engine->tasks, tap);
        }
        return;
    }
    if (opening_finish(engine->tasks, source->opening, &opened, &why)) {
        source->opening = NULL;
        if (opened.capture) {
            esource_opened(source, &opened, now);
        } else {
            free(opened.key);
            esource_fail(engine, source, &why, now);
        }
    }
}

bool
esource_has_failed(struct engine_source *source, enum tap_reason *reason,
                   const char **detail)
{
    enum capture_error error = CAPTURE_OK;

    *reason = source->trouble.reason;
    *detail = source->trouble.detail;
    if (source->wsource) {
        error = wsource_get_error(source->wsource, detail);
        *reason = trouble_of_capture(error);
    }
    return *reason != TAP_R_OK;
}
