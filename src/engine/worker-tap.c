/* worker-tap.c -- a tap: its place in a view's meter and in a stream.
 *
 * Runs in the worker's thread; only wtap_get_stats() is for others.  What a
 * tap does with packets is src/meter's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-private.h"
#include "random.h"

struct wtap *
wtap_create(struct wview *view, struct wstream *stream,
            const struct wtap_conf *conf)
{
    struct wtap *tap = xzalloc(sizeof *tap);

    tap->label = xasprintf("%s%s%s", conf->netns, conf->netns[0] ? "/" : "",
                           conf->node);
    struct mtap_conf mtap_conf = {
        .point = { .ifindex = conf->ifindex, .mtu = conf->mtu,
                   .label = tap->label, .mss = &view->source->mss },
        .sampling = conf->sampling,
        .seed = random_uint32(),
        .active_us = conf->active_us,
        .inactive_us = conf->inactive_us,
        .max_flows = conf->max_flows,
        .decap = conf->decap,
        .snaplen = conf->snaplen,
    };

    ovs_strlcpy(mtap_conf.point.name, conf->ifname,
                sizeof mtap_conf.point.name);
    /* One for each of the two threads. */
    ovs_refcount_init(&tap->refs);
    ovs_refcount_ref(&tap->refs);
    tap->view = view;
    tap->capture = conf->capture;
    tap->max_pps = conf->max_pps;
    tap->max_bps = conf->max_bps;
    tap->stream = stream;
    mtap_init(&tap->up, &stream->up, &mtap_conf);
    return tap;
}

/* What the tap's capture may send, which all taps of it share; NULL if there
 * is no bound. */
static struct wlimit *
limit_ref(struct wtap *tap)
{
    struct wview *view = tap->view;
    struct wlimit *limit;

    if (!tap->max_pps && !tap->max_bps) {
        return NULL;
    }
    LIST_FOR_EACH (limit, node, &view->limits) {
        if (uuid_equals(&limit->capture, &tap->capture)
            && limit->limit.packets.rate == tap->max_pps
            && limit->limit.bits.rate == tap->max_bps) {
            limit->n_taps++;
            return limit;
        }
    }
    limit = xzalloc(sizeof *limit);
    limit->capture = tap->capture;
    limit->n_taps = 1;
    mlimit_init(&limit->limit, tap->max_pps, tap->max_bps);
    ovs_list_push_back(&view->limits, &limit->node);
    return limit;
}

static void
limit_unref(struct wlimit *limit)
{
    if (limit && !--limit->n_taps) {
        ovs_list_remove(&limit->node);
        free(limit);
    }
}

void
wtap_start(struct worker *w, struct wtap *tap)
{
    struct wview *view = tap->view;

    /* What was lost before is not its loss. */
    wsource_read_drops(w, view->source);
    tap->dropped_base = view->source->dropped_kernel;
    tap->limit = limit_ref(tap);
    tap->up.conf.limit = tap->limit ? &tap->limit->limit : NULL;
    ovs_list_push_back(&view->taps, &tap->view_node);
    meter_add(&view->meter, &tap->up);
}

void
wtap_destroy(struct worker *w, struct wtap *tap)
{
    struct wstream *stream = tap->stream;

    /* All flows at once are more than a queue holds. */
    collector_set_wait(stream->collector, true);
    meter_remove(&tap->view->meter, &tap->up, w->now_us);
    wstream_flush(w, stream);
    collector_set_wait(stream->collector, false);
    wsource_read_drops(w, tap->view->source);
    ovs_list_remove(&tap->view_node);
    limit_unref(tap->limit);
    wtap_unref(tap);
}

void
wtap_unref(struct wtap *tap)
{
    if (tap && ovs_refcount_unref(&tap->refs) == 1) {
        free(tap->label);
        free(tap);
    }
}

void
wtap_get_stats(const struct wtap *tap, struct tap_stats *stats)
{
    mtap_get_stats(&tap->up, stats);
}
