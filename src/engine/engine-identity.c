/* engine-identity.c -- what tells streams apart.
 *
 * A stream is identified by what makes a sequence of its own on the wire:
 * type, collector, source address, session or engine; and, where it names
 * interfaces by ifIndex, by the namespace that these numbers are of, unless
 * the user gave it an identity.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <ctype.h>
#include <stdlib.h>
#include "engine/engine-stream.h"
#include "export/target.h"
#include "plan/plan.h"
#include "plugin/plugin.h"

const char *
estream_option(const struct target *target, const char *name)
{
    for (const struct target_option *o = target->class->options;
         o && o->name; o++) {
        if (!strcmp(o->name, name)) {
            return target_get(target, name);
        }
    }
    return NULL;
}

/* Type, collector, source address and interface. */
char *
estream_place(const struct target *target)
{
    const char *source = estream_option(target, "source");
    const char *device = estream_option(target, "dev");
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "%s ", target->class->name);
    if (target->name) {
        ds_put_cstr(&s, target->name);
    } else {
        addr_format(&target->addr, &s);
    }
    ds_put_format(&s, " %s %s", source ? source : "", device ? device : "");
    return ds_steal_cstr(&s);
}

/* And what else makes a sequence of its own.  A datagram of flows, or of what
 * the exporter chose, states one sampling rate, and interfaces of which two
 * namespaces may have the same ifIndex, so these belong to it too. */
char *
estream_key(const struct plan_tap *tap)
{
    const struct target *target = tap->spec;
    static const char *const options[] = {
        "session", "key", "engine-type", "engine-id", "domain", "agent",
    };
    struct ds s = DS_EMPTY_INITIALIZER;
    char *place = estream_place(target);

    ds_put_format(&s, "%s %"PRIu64, place, tap->source.to_netns);
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

/* The least number that no stream of the same place has or shows. */
uint32_t
estream_choose_instance(const struct hmap *streams, const char *place)
{
    /* Of so many numbers, they cannot take all. */
    size_t n = 2 * hmap_count(streams) + 1;
    unsigned long *taken = bitmap_allocate(n);
    struct engine_stream *stream;

    HMAP_FOR_EACH (stream, node, streams) {
        if (!strcmp(stream->place, place)) {
            uint32_t shown = collector_shown_instance(stream->target,
                                                      stream->instance);

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

/* Streams of one place that differ in their key cannot be one sequence; which
 * of them has an identity that a user gave to both is decided by time. */
const struct engine_stream *
estream_find_rival(const struct hmap *streams,
                   const struct engine_stream *stream)
{
    uint32_t shown = collector_shown_instance(stream->target,
                                              stream->instance);
    const struct engine_stream *other;

    HMAP_FOR_EACH (other, node, streams) {
        if (other != stream && other->n_wanted
            && (other->collector || (other->state == STREAM_RESOLVE
                                     && other->number < stream->number))
            && !strcmp(other->place, stream->place)
            && collector_shown_instance(other->target,
                                        other->instance) == shown) {
            return other;
        }
    }
    return NULL;
}

/* What tells the capture files of one target's taps apart: the node, for a
 * person, and a number that is the same each time. */
char *
estream_file(const struct plan_tap *tap)
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

/* True if 'a' and 'b', of one stream, agree in what the stream is opened with.
 * The timeouts are each tap's own. */
bool
estream_is_opened_alike(const struct target *a, const struct target *b)
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
