/* engine-stream.c -- the control side of a stream: from a target to an open
 * socket with an exporter, known to every worker.
 *
 * A stream is identified by what makes a sequence of its own on the wire:
 * type, collector, source address, session or engine; and, where it names
 * interfaces by ifIndex, by the namespace that these numbers are of, unless
 * the user gave it an identity.  Targets that agree in these share it, with
 * the other options of the first.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include <ctype.h>
#include "plugin/plugin.h"
#include <stdlib.h>
#include "export/target.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(engine_stream);

enum {
    LINGER_MS = 3000,           /* See struct engine_linger. */
    UNREACHABLE_US = 30 * 1000 * 1000,  /* How long an answer to GRE counts. */
};

/* Type, collector and source address. */
static char *
estream_place(const struct target *target)
{
    const char *source = estream_option(target, "source");
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "%s ", target->class->name);
    if (target->name) {
        ds_put_cstr(&s, target->name);
    } else {
        addr_format(&target->addr, &s);
    }
    ds_put_format(&s, " %s", source ? source : "");
    return ds_steal_cstr(&s);
}

/* And what else makes a sequence of its own.  A datagram of flows, or of what
 * the exporter chose, states one sampling rate, and interfaces of which two
 * namespaces may have the same ifIndex, so these belong to it too. */
static char *
estream_key(const struct plan_tap *tap)
{
    const struct target *target = tap->spec;
    static const char *const options[] = {
        "session", "key", "engine-type", "engine-id", "domain", "agent",
    };
    struct ds s = DS_EMPTY_INITIALIZER;
    char *place = estream_place(target);

    ds_put_cstr(&s, place);
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        const char *value = estream_option(target, options[i]);

        ds_put_format(&s, " %s", value ? value : "-");
    }
    const struct exporter_class *class = plugin_find(target->class->name);
    if (target->class->payload == TARGET_FLOWS
        || (class && class->samples_itself)) {
        ds_put_format(&s, " 1/%"PRIu32, tap->source.sampling);
        if (!estream_option(target, "domain")
            && !estream_option(target, "engine-id")) {
            ds_put_format(&s, " %"PRIu64, tap->source.netns);
        }
    }
    free(place);
    return ds_steal_cstr(&s);
}

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

/* The instance that a stream shows on the wire: by the engine or the domain
 * that the user chose, if any. */
static uint32_t
shown_instance(const struct engine_stream *stream)
{
    const char *domain = estream_option(stream->target, "domain");
    const char *type = estream_option(stream->target, "engine-type");
    const char *id = estream_option(stream->target, "engine-id");

    if (domain) {
        return strtoul(domain, NULL, 10) - 1;   /* As exporters do. */
    }
    return ((type ? atoi(type) << 8 : stream->instance & ~0xff)
            | (id ? atoi(id) : stream->instance & 0xff));
}

/* The least number that no stream of the same place has or shows. */
static uint32_t
choose_instance(const struct engine *engine, const char *place)
{
    /* Of so many numbers, they cannot take all. */
    size_t n = 2 * hmap_count(&engine->streams) + 1;
    unsigned long *taken = bitmap_allocate(n);
    struct engine_stream *stream;

    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (!strcmp(stream->place, place)) {
            uint32_t shown = shown_instance(stream);

            if (stream->instance < n) {
                bitmap_set1(taken, stream->instance);
            }
            if (shown < n) {
                bitmap_set1(taken, shown);
            }
        }
    }
    size_t instance = bitmap_scan(taken, false, 0, n);
    bitmap_free(taken);
    return instance;
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

/* What tells the capture files of one target's taps apart: the node, for a
 * person, and a number that is the same each time. */
static char *
file_of_tap(const struct plan_tap *tap)
{
    char *name = xasprintf("%s%s%.60s-%08"PRIx32, tap->netns,
                           tap->netns[0] ? "_" : "", tap->node_name,
                           hash_string(tap->key, 0));

    for (char *p = name; *p; p++) {
        if (!isalnum((unsigned char) *p) && *p != '_') {
            *p = '-';
        }
    }
    return name;
}

static struct engine_stream *
estream_create(struct engine *engine, const struct plan_tap *tap,
               const char *key, struct worker *preferred)
{
    struct engine_stream *stream = xzalloc(sizeof *stream);

    stream->key = xstrdup(key);
    stream->place = estream_place(tap->spec);
    stream->instance = choose_instance(engine, stream->place);
    stream->target = target_clone(tap->spec);
    stream->file = tap->spec->name ? file_of_tap(tap) : NULL;
    stream->sampling = tap->source.sampling;
    stream->worker = preferred ? preferred : least_loaded(engine);
    backoff_init(&stream->backoff);
    hmap_insert(&engine->streams, &stream->node, hash_string(key, 0));
    return stream;
}

/* True if 'a' and 'b', of one stream, agree in what the stream is opened with.
 * The timeouts are each tap's own. */
static bool
is_opened_alike(const struct target *a, const struct target *b)
{
    for (const struct target_option *o = a->class->options; o->name; o++) {
        const char *x = target_get(a, o->name), *y = target_get(b, o->name);

        if (strcmp(o->name, "active") && strcmp(o->name, "inactive")
            && strcmp(x ? x : "", y ? y : "")) {
            return false;
        }
    }
    return true;
}

struct engine_stream *
estream_ref(struct engine *engine, const struct plan_tap *tap,
            struct worker *preferred, const char **note)
{
    char *key = estream_key(tap);
    if (tap->spec->name) {
        /* Each tap has a file of its own. */
        char *whole = xasprintf("%s %s", key, tap->key);

        free(key);
        key = whole;
    }
    struct engine_stream *stream = estream_find(engine, key);

    *note = NULL;
    if (stream && !is_opened_alike(stream->target, tap->spec)) {
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
    resolve_destroy(stream->resolve);
    stream->resolve = NULL;
    if (stream->state == STREAM_OWN) {
        stream->exporter->class->close(stream->exporter, worker_wall_us());
        collector_close(stream->collector);
    } else if (stream->state == STREAM_READY) {
        struct engine_linger *linger = xmalloc(sizeof *linger);

        worker_remove_stream(stream->worker, stream->wstream);
        linger->flow = stream->flow;
        linger->until = time_msec() + LINGER_MS;
        ovs_list_push_back(&engine->lingering, &linger->node);
        engine_wake_at(engine, linger->until);
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
        target_destroy(stream->target);
        trouble_clear(&stream->trouble);
        trouble_clear(&stream->comment);
        free(stream->file);
        free(stream->place);
        free(stream->key);
        free(stream);
    }
}

void
estream_fail(struct engine *engine, struct engine_stream *stream,
             enum tap_reason reason, char *detail, long long int now)
{
    stream->state = STREAM_FAILED;
    trouble_set(&stream->trouble, reason, detail);
    backoff_failed(&stream->backoff, now, reason != TAP_R_BAD_TARGET);
    engine_wake_at(engine, stream->backoff.next);
}

static void
estream_resolve(struct engine *engine, struct engine_stream *stream,
                long long int now)
{
    const struct addr *addr = &stream->target->addr;
    struct in6_addr dst = addr->ip;
    char *error = NULL;

    if (addr->is_name) {
        if (!stream->resolve) {
            stream->resolve = resolve_start(addr->host, engine->reports);
        }
        if (!resolve_is_done(stream->resolve, &dst, &error)) {
            return;
        }
        resolve_destroy(stream->resolve);
        stream->resolve = NULL;
    }
    if (error) {
        estream_fail(engine, stream, TAP_R_NO_ROUTE, error, now);
    } else {
        estream_open(engine, stream, &dst, now);
    }
}

static bool
own_is_known(const struct engine *engine, uint64_t version)
{
    if (engine->own_version < version) {
        return false;
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        if (!worker_is_done(engine->workers[i], engine->own_tickets[i])) {
            return false;
        }
    }
    return true;
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
        if (stats.dropped_send) {
            trouble_set(&stream->comment, TAP_R_OK,
                        xstrdup("packets could not be written to the capture "
                                "file: is there space? See the log"));
        }
        return;
    }
    addr_format(&stream->target->addr, &where);
    if (stats.presence != COLLECTOR_HERE) {
        trouble_set(&stream->comment, TAP_R_COLLECTOR_UNREACHABLE,
                    collector_unreachable_detail(stream->target, &stats));
    } else if (stream->flow.proto == COLLECTOR_GRE
               && stats.last_unreachable_us
               && now_us < stats.last_unreachable_us + UNREACHABLE_US) {
        uint64_t left_us = stats.last_unreachable_us + UNREACHABLE_US - now_us;

        trouble_set(&stream->comment, TAP_R_COLLECTOR_UNREACHABLE,
                    collector_unreachable_detail(stream->target, &stats));
        engine_wake_at(engine, now + left_us / 1000 + 1);
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
        if (now < stream->backoff.next) {
            engine_wake_at(engine, stream->backoff.next);
            return;
        }
        stream->state = STREAM_RESOLVE;
    }
    if (stream->state == STREAM_RESOLVE) {
        estream_resolve(engine, stream, now);
    }
    if (stream->state == STREAM_OWN
        && own_is_known(engine, stream->own_version)) {
        stream->wstream = wstream_create(stream->exporter->class,
                                         stream->exporter, stream->collector);
        worker_add_stream(stream->worker, stream->wstream);
        stream->state = STREAM_READY;
        backoff_init(&stream->backoff);
        estream_find_hop(engine, stream);
        VLOG_DBG("stream \"%s\" is ready", stream->key);
    }
    if (stream->state == STREAM_READY) {
        estream_look_back(engine, stream, now);
    }
}

/* Forgets the addresses whose time is over. */
static void
expire_lingering(struct engine *engine, long long int now)
{
    struct engine_linger *linger;

    LIST_FOR_EACH_SAFE (linger, node, &engine->lingering) {
        if (now >= linger->until) {
            ovs_list_remove(&linger->node);
            free(linger);
            engine->own_changed = true;
        } else {
            engine_wake_at(engine, linger->until);
        }
    }
}

void
estream_tell_own(struct engine *engine, long long int now)
{
    struct engine_linger *linger;
    struct engine_stream *stream;
    struct collector_flow *flows;
    size_t n = 0;

    expire_lingering(engine, now);
    if (!engine->own_changed) {
        return;
    }
    flows = xcalloc(hmap_count(&engine->streams)
                    + ovs_list_size(&engine->lingering) + 1, sizeof *flows);
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (stream->state == STREAM_OWN || stream->state == STREAM_READY) {
            flows[n++] = stream->flow;
        }
    }
    LIST_FOR_EACH (linger, node, &engine->lingering) {
        flows[n++] = linger->flow;
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        engine->own_tickets[i] = worker_set_own(engine->workers[i], flows, n);
    }
    free(flows);
    engine->own_version++;
    engine->own_changed = false;
}
