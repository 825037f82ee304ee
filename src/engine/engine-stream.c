/* engine-stream.c -- the control side of a stream: from a target to an open
 * socket with an exporter, known to every worker.
 *
 * Targets that agree in what identifies a stream (see engine-identity.c) share
 * it, with the other options of the first.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-stream.h"
#include <stdlib.h>
#include "export/target.h"
#include "openvswitch/vlog.h"
#include "plan/plan.h"

VLOG_DEFINE_THIS_MODULE(engine_stream);

/* How long an answer to GRE counts. */
enum { UNREACHABLE_US = 30 * 1000 * 1000 };
/* How often a capture file is looked at. */
enum { FILE_LOOK_MS = 2000 };

static struct engine_stream *
estream_find(const struct engine *engine, const char *key)
{
    struct engine_stream *stream;

    HMAP_FOR_EACH_WITH_HASH (stream, node, hash_string(key, 0),
                             &engine->streams) {
        if (!strcmp(stream->key, key)) {
            return stream;
        }
    }
    return NULL;
}

static struct worker *
least_loaded(const struct engine *engine)
{
    size_t best = 0;

    for (size_t i = 1; i < engine->n_workers; i++) {
        if (engine->load[i] < engine->load[best]) {
            best = i;
        }
    }
    return engine->workers[best];
}

static struct engine_stream *
estream_create(struct engine *engine, const struct plan_tap *tap,
               const char *key, struct worker *preferred)
{
    struct engine_stream *stream = xzalloc(sizeof *stream);

    stream->key = xstrdup(key);
    stream->number = engine->n_streams++;
    stream->place = estream_place(tap->spec);
    stream->instance = estream_choose_instance(&engine->streams,
                                               stream->place);
    stream->target = target_clone(tap->spec);
    stream->netns = tap->source.to_netns;
    stream->netns_path = nullable_xstrdup(tap->source.to_netns_path);
    stream->file = tap->spec->class->suffix ? estream_file(tap) : NULL;
    stream->sampling = tap->source.sampling;
    stream->worker = preferred ? preferred : least_loaded(engine);
    if (stream->target->addr.is_name) {
        stream->name = names_ref(engine->names, stream->target->addr.host,
                                 time_msec());
    }
    backoff_init(&stream->backoff);
    hmap_insert(&engine->streams, &stream->node, hash_string(key, 0));
    return stream;
}

struct engine_stream *
estream_ref(struct engine *engine, const struct plan_tap *tap,
            struct worker *preferred, const char **note)
{
    char *key = estream_key(tap);
    if (tap->spec->class->suffix) {
        /* Each tap has a file of its own. */
        char *whole = xasprintf("%s %s", key, tap->key);

        free(key);
        key = whole;
    }
    struct engine_stream *stream = estream_find(engine, key);

    *note = NULL;
    if (stream && !estream_is_opened_alike(stream->target, tap->spec)) {
        if (stream->n_wanted) {
            *note = "another target has the same collector and session: both "
                    "are one sequence, with the other options of that one";
        } else {
            /* Its options changed: taps that go keep it until then. */
            hmap_remove(&engine->streams, &stream->node);
            stream->replaced = true;
            stream = NULL;
        }
    }
    if (!stream) {
        stream = estream_create(engine, tap, key, preferred);
    }
    free(key);
    stream->n_taps++;
    stream->n_wanted++;
    return stream;
}

/* Closes what is open; the addresses stay hidden a little longer. */
static void
estream_close(struct engine *engine, struct engine_stream *stream)
{
    collector_close(stream->there);
    stream->there = NULL;
    if (stream->state == STREAM_OWN) {
        stream->exporter->class->close(stream->exporter, worker_wall_us());
        collector_close(stream->collector);
    } else if (stream->state == STREAM_READY) {
        worker_remove_stream(stream->worker, stream->wstream);
        engine_linger(engine, &stream->flow);
    }
    stream->exporter = NULL;
    stream->collector = NULL;
    stream->wstream = NULL;
    memset(&stream->hop, 0, sizeof stream->hop);
}

void
estream_unref(struct engine *engine, struct engine_stream *stream)
{
    if (stream && !--stream->n_taps) {
        estream_close(engine, stream);
        if (!stream->replaced) {
            hmap_remove(&engine->streams, &stream->node);
        }
        names_unref(engine->names, stream->name);
        target_destroy(stream->target);
        trouble_clear(&stream->trouble);
        trouble_clear(&stream->comment);
        trouble_clear(&stream->gone);
        free(stream->file);
        free(stream->netns_path);
        free(stream->place);
        free(stream->key);
        free(stream);
    }
}

/* Takes '*why'. */
static void
estream_fail(struct engine *engine, struct engine_stream *stream,
             const struct trouble *why, bool may_retry, long long int now)
{
    stream->state = STREAM_FAILED;
    trouble_set(&stream->trouble, why->reason, why->detail);
    backoff_failed(&stream->backoff, now, may_retry);
    wake_at(&engine->wake, stream->backoff.next);
}

/* True, and in '*why' a sentence, if another stream has the identity that
 * 'stream' is to have. */
static bool
estream_is_taken(const struct engine *engine,
                 const struct engine_stream *stream, struct trouble *why)
{
    const struct engine_stream *rival
        = estream_find_rival(&engine->streams, stream);

    if (!rival) {
        return false;
    }
    bool domain = strcmp(stream->target->class->name, "netflow5");
    why->reason = TAP_R_BAD_TARGET;
    why->detail = xasprintf(
        "this collector has another capture's records with that %s, sampled "
        "1 in %"PRIu32" where this one is 1 in %"PRIu32", and both would be "
        "one sequence; choose another %s for one of the targets",
        domain ? "domain" : "engine", MAX(rival->sampling, 1),
        MAX(stream->sampling, 1), domain ? "domain" : "engine-id");
    return true;
}

/* Opens it at the first address of its name that can be had.  On failure
 * stores why: rather what may change. */
static bool
open_by_name(struct engine *engine, struct engine_stream *stream,
             long long int now, struct trouble *why)
{
    const struct resolved *known = &stream->name->known;
    struct tries *tries = &stream->tries;

    if (!resolved_has(known, &tries->addr)) {
        tries_restart(tries, &known->addrs[0], known, now);
    }
    for (size_t i = 0; i < known->n; i++) {
        struct trouble this = { .reason = TAP_R_OK };

        if (estream_open(engine, stream, &tries->addr, &this)) {
            trouble_clear(why);
            return true;
        }
        if (why->reason == TAP_R_OK || why->reason == TAP_R_BAD_TARGET) {
            trouble_set(why, this.reason, this.detail);
        } else {
            trouble_clear(&this);
        }
        tries_next(tries, known, now);
    }
    name_doubt(engine->names, stream->name, now);
    return false;
}

static void
estream_resolve(struct engine *engine, struct engine_stream *stream,
                long long int now)
{
    const struct name *name = stream->name;
    struct trouble why = { .reason = TAP_R_OK };
    bool is_open = false;

    if (estream_is_taken(engine, stream, &why)) {
        estream_fail(engine, stream, &why, true, now);
        return;
    }
    if (!name) {
        is_open = estream_open(engine, stream, &stream->target->addr.ip, &why);
    } else if (name->known.n) {
        is_open = open_by_name(engine, stream, now, &why);
    } else if (name->known.error) {
        trouble_set(&why, TAP_R_NO_ROUTE, xstrdup(name->known.error));
    } else {
        return;
    }
    stream->name_seen = name ? name->version : 0;
    if (is_open) {
        trouble_clear(&stream->trouble);
        stream->state = STREAM_OWN;
        estream_hide(engine, stream);
    } else {
        estream_fail(engine, stream, &why, why.reason != TAP_R_BAD_TARGET,
                     now);
    }
}

void
estream_reopen(struct engine *engine, struct engine_stream *stream)
{
    estream_close(engine, stream);
    trouble_clear(&stream->comment);
    trouble_clear(&stream->gone);
    stream->reopen = false;
    stream->state = STREAM_RESOLVE;
    wake_at_once(&engine->wake);
}

/* How the file is doing, which nobody tells: it is looked at. */
static void
look_at_file(struct engine *engine, struct engine_stream *stream,
             const struct collector_stats *stats, long long int now)
{
    wake_at(&engine->wake, now + FILE_LOOK_MS);
    if (stats->file_error) {
        trouble_set(&stream->comment, trouble_of_file(stats->file_error),
                    collector_file_detail(stream->target, stream->file,
                                          stats->file_error));
    } else {
        char *path = collector_named_path(stream->target, stream->file);

        trouble_set(&stream->comment, TAP_R_OK,
                    xasprintf("written to %s", path));
        free(path);
    }
}

/* What came back from the collector's host. */
static void
estream_look_back(struct engine *engine, struct engine_stream *stream,
                  long long int now)
{
    struct ds where = DS_EMPTY_INITIALIZER;
    struct collector_stats stats;
    uint64_t now_us = worker_wall_us();

    collector_get_stats(stream->collector, &stats);
    if (stream->file) {
        look_at_file(engine, stream, &stats, now);
        return;
    }
    if (stream->target->name) {
        return;                 /* Nobody answers from this host. */
    }
    if (stream->gone.reason) {
        trouble_set(&stream->comment, stream->gone.reason,
                    xstrdup(stream->gone.detail));
        return;
    }
    addr_format(&stream->target->addr, &where);
    stream->connecting = stats.presence == COLLECTOR_CONNECTING;
    if (stream->connecting) {
        trouble_set(&stream->comment, TAP_R_OK,
                    xasprintf("%s is being connected to", ds_cstr(&where)));
    } else if (stats.presence != COLLECTOR_HERE) {
        trouble_set(&stream->comment, TAP_R_COLLECTOR_UNREACHABLE,
                    collector_unreachable_detail(stream->target, &stats));
    } else if (stream->flow.proto == COLLECTOR_GRE
               && stats.last_unreachable_us
               && now_us < stats.last_unreachable_us + UNREACHABLE_US) {
        uint64_t left_us = stats.last_unreachable_us + UNREACHABLE_US - now_us;

        trouble_set(&stream->comment, TAP_R_COLLECTOR_UNREACHABLE,
                    collector_unreachable_detail(stream->target, &stats));
        wake_at(&engine->wake, now + left_us / 1000 + 1);
    } else if (stats.proto_unreachable) {
        trouble_set(&stream->comment, TAP_R_OK,
                    xasprintf("%s answers that it has no GRE endpoint, as a "
                              "host that only sniffs does", ds_cstr(&where)));
    } else {
        trouble_clear(&stream->comment);
    }
    ds_destroy(&where);
}

void
estream_run(struct engine *engine, struct engine_stream *stream,
            long long int now)
{
    if (stream->state == STREAM_FAILED) {
        bool is_news = stream->name
                       && stream->name->version != stream->name_seen;

        if (now < stream->backoff.next && !is_news) {
            wake_at(&engine->wake, stream->backoff.next);
            return;
        }
        stream->state = STREAM_RESOLVE;
    }
    if (stream->state == STREAM_RESOLVE) {
        estream_resolve(engine, stream, now);
    }
    if (stream->state == STREAM_OWN
        && estream_is_hidden(engine, stream)) {
        stream->wstream = wstream_create(stream->exporter->class,
                                         stream->exporter, stream->collector);
        worker_add_stream(stream->worker, stream->wstream);
        stream->state = STREAM_READY;
        backoff_init(&stream->backoff);
        estream_find_hop(engine, stream);
        VLOG_DBG("stream \"%s\" is ready", stream->key);
    }
    /* What is known of where it was says nothing of where it goes. */
    if (stream->state == STREAM_READY
        && worker_is_done(stream->worker, stream->moved)) {
        estream_look_back(engine, stream, now);
        estream_follow(engine, stream, now);
    }
}
