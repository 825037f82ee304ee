/* worker-stream.c -- an exporter with its collector, shared by taps.
 *
 * Runs in the worker's thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-private.h"
#include <sys/epoll.h>

/* How long the queue of a stream that was removed may take to empty. */
enum { DRAIN_US = 1000 * 1000 };

struct wstream *
wstream_create(const struct exporter_class *class, struct exporter *exporter,
               struct collector *collector)
{
    struct wstream *stream = xzalloc(sizeof *stream);

    stream->event.type = WEVENT_STREAM;
    mstream_init(&stream->up, class, exporter, collector_output(collector));
    stream->collector = collector;
    stream->presence_seen = collector_get_presence(collector);
    return stream;
}

/* EPOLLERR is always reported: what came back by ICMP. */
static void
watch_collector(struct worker *w, struct wstream *stream)
{
    worker_watch(w, collector_fd(stream->collector),
                 collector_events(stream->collector), &stream->event);
}

void
wstream_start(struct worker *w, struct wstream *stream)
{
    ovs_list_push_back(&w->streams, &stream->node);
    watch_collector(w, stream);
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
    if (seen != stream->unreachable_seen
        || stats.presence != stream->presence_seen) {
        stream->unreachable_seen = seen;
        stream->presence_seen = stats.presence;
        seq_change(w->reports);
    }
    if (stats.emsgsize != stream->emsgsize_seen) {
        stream->emsgsize_seen = stats.emsgsize;
        follow_path_mtu(stream);
    }
}

static void
greet(void *stream_)
{
    struct wstream *stream = stream_;

    if (stream->up.class->greet) {
        stream->up.class->greet(stream->up.exporter, stream->greet_us);
    }
}

/* A collector that is away is asked with what it must know first, and told it
 * when it is back, before the rest: then what was lost until now was not what
 * it needs to understand that. */
static void
look_for_return(struct worker *w, struct wstream *stream)
{
    uint64_t left_us;

    stream->greet_us = w->now_us;
    switch (collector_take_turn(stream->collector, &left_us)) {
    case COLLECTOR_GO_ON:
        break;
    case COLLECTOR_ASK:
        greet(stream);
        break;
    case COLLECTOR_WELCOME:
        collector_put_first(stream->collector, greet, stream);
        break;
    }
    if (left_us) {
        worker_wake_at(w, worker_floor(w, w->now_us + left_us));
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
    if (collector_get_presence(stream->collector) != COLLECTOR_HERE) {
        worker_wake_at(w, w->now_us + WORKER_FLOOR_US);
    }
}

/* The next step of what waits, paced. */
static void
wake_for_backlog(struct worker *w, const struct wstream *stream)
{
    worker_wake_at(w, w->now_us + collector_step_us(stream->collector));
}

void
wstream_flush(struct worker *w, struct wstream *stream)
{
    collector_flush(stream->collector);
    if (collector_has_backlog(stream->collector)
        && collector_get_presence(stream->collector) == COLLECTOR_HERE) {
        wake_for_backlog(w, stream);
    }
    report_errors(w, stream);
}

/* Who has not heard of this exporter is told first what it must know. */
void
wstream_move(struct worker *w, struct wstream *stream,
             struct collector *there)
{
    worker_unwatch(w, collector_fd(stream->collector));
    collector_adopt(stream->collector, there);
    watch_collector(w, stream);
    follow_path_mtu(stream);
    stream->greet_us = w->now_us;
    collector_put_first(stream->collector, greet, stream);
    wstream_flush(w, stream);
}

void
wstream_run(struct worker *w, struct wstream *stream)
{
    if (stream->draining) {
        collector_flush(stream->collector);
        if (w->now_us >= stream->drain_deadline_us) {
            collector_give_up(stream->collector);
        }
        if (!collector_has_backlog(stream->collector)) {
            wstream_destroy(w, stream);
        } else {
            wake_for_backlog(w, stream);
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
    collector_end_waiting(stream->collector);
    mstream_close(&stream->up, w->now_us);
    collector_flush(stream->collector);
    if (!collector_has_backlog(stream->collector)) {
        wstream_destroy(w, stream);
        return true;
    }
    stream->draining = true;
    stream->drain_deadline_us = w->now_us + DRAIN_US;
    wake_for_backlog(w, stream);
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
