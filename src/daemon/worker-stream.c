/* worker-stream.c -- an exporter with its collector, shared by taps.
 *
 * Runs in the worker's thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/worker-private.h"
#include <sys/epoll.h>

/* How long the queue of a stream that was removed may take to empty. */
enum { DRAIN_US = 1000 * 1000 };

/* Longer than between two answers. */
enum { RETURN_US = 1500 * 1000 };

struct wstream *
wstream_create(const struct exporter_class *class, struct exporter *exporter,
               struct collector *collector)
{
    struct wstream *stream = xzalloc(sizeof *stream);

    stream->event.type = WEVENT_STREAM;
    mstream_init(&stream->up, class, exporter, collector_output(collector));
    stream->collector = collector;
    return stream;
}

void
wstream_start(struct worker *w, struct wstream *stream)
{
    ovs_list_push_back(&w->streams, &stream->node);
    /* EPOLLERR, which is always reported: what came back by ICMP. */
    worker_watch(w, collector_fd(stream->collector), 0, &stream->event);
    /* Runs first when its taps have joined. */
    worker_wake_at(w, worker_floor(w, stream->up.next_run_us));
}

static void
follow_path_mtu(struct wstream *stream)
{
    const struct exporter_class *class = stream->up.class;

    if (class->set_path_mtu && stream->up.exporter) {
        uint32_t mtu = collector_get_mtu(stream->collector);

        if (mtu) {
            class->set_path_mtu(stream->up.exporter, mtu);
        }
    }
}

/* Lets the control thread know of answers that were read meanwhile, by the
 * collector itself too. */
static void
report_errors(struct worker *w, struct wstream *stream)
{
    struct collector_stats stats;
    uint64_t seen;

    collector_get_stats(stream->collector, &stats);
    seen = stats.unreachable + stats.proto_unreachable;
    if (seen != stream->unreachable_seen) {
        stream->unreachable_seen = seen;
        seq_change(w->reports);
    }
    if (stats.unreachable != stream->away_seen) {
        stream->away_seen = stats.unreachable;
        stream->away_us = w->now_us;
        stream->away_sent = stats.sent_datagrams;
        worker_wake_at(w, w->now_us + WORKER_FLOOR_US);
    }
    if (stats.emsgsize != stream->emsgsize_seen) {
        stream->emsgsize_seen = stats.emsgsize;
        follow_path_mtu(stream);
    }
}

/* ## A collector that is away, and comes back. ##
 *
 * What is sent to a host where nobody receives is answered by ICMP, which
 * hosts send about once a second.  It receives again when something was sent
 * and for longer than that no answer came.  As that is known only when what
 * was sent is gone, it is greeted before too, as often as answers may come: so
 * the first that it gets is what it must know first. */

static void
greet(struct worker *w, struct wstream *stream)
{
    const struct exporter_class *class = stream->up.class;

    if (class->greet) {
        class->greet(stream->up.exporter, w->now_us);
    }
    stream->greeted_us = w->now_us;
}

static void
look_for_return(struct worker *w, struct wstream *stream)
{
    struct collector_stats stats;

    if (!stream->away_us) {
        return;
    }
    collector_get_stats(stream->collector, &stats);
    if (stats.sent_datagrams > stream->away_sent
        && w->now_us - stream->away_us >= RETURN_US) {
        stream->away_us = 0;
        greet(w, stream);
    } else if (stats.sent_datagrams > stream->greeted_sent
               && w->now_us - stream->greeted_us >= RETURN_US) {
        greet(w, stream);
        collector_flush(stream->collector);
        collector_get_stats(stream->collector, &stats);
        stream->greeted_sent = stats.sent_datagrams;
    }
    if (stream->away_us) {
        worker_wake_at(w, w->now_us + WORKER_FLOOR_US);
    }
}

void
wstream_give_counters(struct worker *w, struct wstream *stream,
                      const struct exporter_counters *counters)
{
    stream->up.class->counters(stream->up.exporter, counters, w->now_us);
    worker_wake_at(w, w->now_us + WORKER_FLOOR_US);
}

void
wstream_set_hop(struct wstream *stream, const struct collector_hop *hop)
{
    collector_set_hop(stream->collector, hop);
}

void
wstream_read_errors(struct worker *w, struct wstream *stream)
{
    collector_run(stream->collector, w->now_us);
    report_errors(w, stream);
}

void
wstream_flush(struct worker *w, struct wstream *stream)
{
    collector_flush(stream->collector);
    if (collector_has_backlog(stream->collector)) {
        worker_wake_at(w, w->now_us + COLLECTOR_PACE_US);
    }
    report_errors(w, stream);
}

void
wstream_run(struct worker *w, struct wstream *stream)
{
    if (stream->draining) {
        collector_flush(stream->collector);
        if (!collector_has_backlog(stream->collector)
            || w->now_us >= stream->drain_deadline_us) {
            wstream_destroy(w, stream);
        } else {
            worker_wake_at(w, w->now_us + COLLECTOR_PACE_US);
        }
        return;
    }
    follow_path_mtu(stream);
    look_for_return(w, stream);
    mstream_run(&stream->up, w->now_us);
    worker_wake_at(w, worker_floor(w, stream->up.next_run_us));
    wstream_flush(w, stream);
    mstream_credit(&stream->up);
}

bool
wstream_finish(struct worker *w, struct wstream *stream)
{
    mstream_close(&stream->up, w->now_us);
    collector_flush(stream->collector);
    if (!collector_has_backlog(stream->collector)) {
        wstream_destroy(w, stream);
        return true;
    }
    stream->draining = true;
    stream->drain_deadline_us = w->now_us + DRAIN_US;
    worker_wake_at(w, w->now_us + COLLECTOR_PACE_US);
    return false;
}

void
wstream_destroy(struct worker *w, struct wstream *stream)
{
    worker_unwatch(w, collector_fd(stream->collector));
    ovs_list_remove(&stream->node);
    collector_close(stream->collector);
    free(stream);
}
