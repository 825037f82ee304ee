/* worker-tap.c -- a tap: its place in a source's meter and in a stream.
 *
 * Runs in the worker's thread; only wtap_get_stats() is for others.  What a
 * tap does with packets is src/meter's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/worker-private.h"
#include "random.h"

struct wtap *
wtap_create(struct wsource *source, struct wstream *stream,
            const struct wtap_conf *conf)
{
    struct wtap *tap = xzalloc(sizeof *tap);
    struct mtap_conf mtap_conf = {
        .point = { .ifindex = conf->ifindex, .mtu = conf->mtu,
                   .mss = &source->mss },
        .sampling = conf->sampling,
        .seed = random_uint32(),
        .active_us = conf->active_us,
        .inactive_us = conf->inactive_us,
        .max_flows = conf->max_flows,
        .snaplen = source->snaplen,
        .limit = mlimit_is_set(&source->limit) ? &source->limit : NULL,
    };

    ovs_strlcpy(mtap_conf.point.name, conf->ifname,
                sizeof mtap_conf.point.name);
    /* One for each of the two threads. */
    ovs_refcount_init(&tap->refs);
    ovs_refcount_ref(&tap->refs);
    tap->source = source;
    tap->stream = stream;
    mtap_init(&tap->up, &stream->up, &mtap_conf);
    return tap;
}

void
wtap_start(struct wtap *tap)
{
    ovs_list_push_back(&tap->source->taps, &tap->source_node);
    meter_add(&tap->source->meter, &tap->up);
    tap->dropped_base = tap->source->dropped_kernel;
}

void
wtap_destroy(struct worker *w, struct wtap *tap)
{
    struct wstream *stream = tap->stream;

    /* All flows at once are more than a queue holds. */
    collector_set_wait(stream->collector, true);
    meter_remove(&tap->source->meter, &tap->up, w->now_us);
    wstream_flush(w, stream);
    collector_set_wait(stream->collector, false);
    ovs_list_remove(&tap->source_node);
    wtap_unref(tap);
}

void
wtap_unref(struct wtap *tap)
{
    if (tap && ovs_refcount_unref(&tap->refs) == 1) {
        free(tap);
    }
}

void
wtap_get_stats(const struct wtap *tap, struct tap_stats *stats)
{
    mtap_get_stats(&tap->up, stats);
}
