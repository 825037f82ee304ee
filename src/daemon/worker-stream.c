/* worker-stream.c -- an exporter with its collector, shared by taps.
 *
 * Runs in the worker's thread.
 *
 * Whose is a datagram?  With packets it is clear: what was sent while a tap's
 * packets were handed over.  A datagram of flows may hold records of several
 * taps and leaves later; it is credited to the tap whose record went in last.
 * So the counters of a stream's taps always add up to the stream's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/worker-private.h"
#include <sys/epoll.h>

/* How long the queue of a stream that was removed may take to empty. */
enum { DRAIN_US = 1000 * 1000 };

struct wstream *
wstream_create(const struct exporter_class *class, struct exporter *exporter,
               struct collector *collector)
{
    struct wstream *stream = xzalloc(sizeof *stream);

    stream->event.type = WEVENT_STREAM;
    stream->class = class;
    stream->exporter = exporter;
    stream->collector = collector;
    ovs_list_init(&stream->taps);
    stream->next_run_us = UINT64_MAX;
    return stream;
}

void
wstream_start(struct worker *w, struct wstream *stream)
{
    ovs_list_push_back(&w->streams, &stream->node);
    /* EPOLLERR, which is always reported: what came back by ICMP. */
    worker_watch(w, collector_fd(stream->collector), 0, &stream->event);
    stream->next_run_us = stream->class->run(stream->exporter, w->now_us);
    worker_wake_at(w, stream->next_run_us);
}

static void
follow_path_mtu(struct wstream *stream)
{
    if (stream->class->set_path_mtu) {
        uint32_t mtu = collector_get_mtu(stream->collector);

        if (mtu) {
            stream->class->set_path_mtu(stream->exporter, mtu);
        }
    }
}

/* Adds what happened since the last call to the tap that it belongs to. */
void
wstream_credit(struct wstream *stream)
{
    struct exporter_stats *before = &stream->exporter_credited;
    const struct exporter_stats *e = &stream->exporter->stats;
    struct collector_stats *sent = &stream->credited;
    struct collector_stats c;
    struct wtap *tap = stream->last_tap;

    if (!tap && !ovs_list_is_empty(&stream->taps)) {
        tap = CONTAINER_OF(ovs_list_front(&stream->taps), struct wtap,
                           stream_node);
    }
    collector_get_stats(stream->collector, &c);
    if (tap) {
        tap->stats.flows += e->flows - before->flows;
        tap->stats.skipped += e->skipped - before->skipped;
        tap->stats.truncated += e->truncated - before->truncated;
        tap->stats.sent_datagrams += c.sent_datagrams - sent->sent_datagrams;
        tap->stats.sent_bytes += c.sent_bytes - sent->sent_bytes;
        tap->stats.dropped_queue += c.dropped_queue - sent->dropped_queue;
        tap->stats.dropped_send += c.dropped_send - sent->dropped_send;
        wtap_publish(tap);
    }
    if (c.emsgsize != sent->emsgsize) {
        follow_path_mtu(stream);
    }
    *before = *e;
    *sent = c;
}

void
wstream_enter(struct wstream *stream, struct wtap *tap)
{
    if (stream->last_tap != tap) {
        wstream_credit(stream);
        stream->last_tap = tap;
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
    if (stream->next_run_us <= w->now_us) {
        stream->next_run_us = stream->class->run(stream->exporter, w->now_us);
    }
    worker_wake_at(w, stream->next_run_us == UINT64_MAX
                      ? UINT64_MAX
                      : MAX(stream->next_run_us,
                            w->now_us + WORKER_FLOOR_US));
    wstream_flush(w, stream);
    wstream_credit(stream);
}

bool
wstream_finish(struct worker *w, struct wstream *stream)
{
    stream->class->close(stream->exporter, w->now_us);
    stream->exporter = NULL;
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
