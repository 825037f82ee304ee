/* worker-source.c -- an open capture: reads bursts, parses them once, drops
 * our own traffic, gives the rest to its views.
 *
 * Runs in the worker's thread.  The first error ends a source: it is reported
 * once and the capture read no more; the control thread takes it away.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-private.h"
#include "base/task.h"
#include <sys/epoll.h>
#include "packet/mss.h"
#include "packet/unwrap.h"
#include "random.h"

/* Frames a source may give before others have their turn. */
enum { MAX_PER_ROUND = 8 * CAPTURE_BURST };

struct wsource *
wsource_create(struct capture *capture, const struct wrap *wrap)
{
    struct wsource *source = xzalloc(sizeof *source);

    source->event.type = WEVENT_SOURCE;
    source->capture = capture;
    source->wrap = *wrap;
    /* A capture has no link layer but these. */
    ignore(pkt_link_from_name(capture_link_name(capture), &source->link));
    ovs_list_init(&source->views);
    pkt_mss_init(&source->mss, random_uint64());
    source->next_stats_us = UINT64_MAX;
    atomic_init(&source->error, CAPTURE_OK);
    return source;
}

void
wsource_start(struct worker *w, struct wsource *source)
{
    source->worker = w;
    ovs_list_push_back(&w->sources, &source->node);
    worker_watch(w, capture_fd(source->capture), EPOLLIN, &source->event);
}

/* The kernel takes its time, while others' rings fill. */
struct closing {
    struct task task;
    struct capture *capture;
};

static void
closing_run(struct task *task)
{
    capture_close(CONTAINER_OF(task, struct closing, task)->capture);
}

static void
closing_discard(struct task *task)
{
    free(CONTAINER_OF(task, struct closing, task));
}

static void
start_closing(struct worker *w, struct capture *capture)
{
    struct closing *closing = xzalloc(sizeof *closing);

    closing->task.run = closing_run;
    closing->task.discard = closing_discard;
    closing->capture = capture;
    task_start_abandoned(w->tasks, &closing->task);
}

void
wsource_destroy(struct worker *w, struct wsource *source)
{
    struct wview *view;
    int error;

    LIST_FOR_EACH_SAFE (view, node, &source->views) {
        wview_destroy(w, view, false);
    }
    atomic_read_relaxed(&source->error, &error);
    if (!error) {
        worker_unwatch(w, capture_fd(source->capture));
    }
    ovs_list_remove(&source->node);
    start_closing(w, source->capture);
    free(source->detail);
    free(source);
}

enum capture_error
wsource_get_error(const struct wsource *source, const char **detail)
{
    int error;

    atomic_read_explicit(&CONST_CAST(struct wsource *, source)->error, &error,
                         memory_order_acquire);
    *detail = error ? source->detail : NULL;
    return error;
}

/* Reads how much the kernel dropped; each tap of the source lost it. */
void
wsource_read_drops(struct worker *w OVS_UNUSED, struct wsource *source)
{
    struct capture_stats stats;
    struct wview *view;
    struct wtap *tap;

    capture_get_stats(source->capture, &stats);
    source->dropped_kernel = stats.dropped_kernel;
    LIST_FOR_EACH (view, node, &source->views) {
        LIST_FOR_EACH (tap, view_node, &view->taps) {
            tap->up.conf.point.lost = stats.dropped_kernel;
            mtap_set(&tap->up, MTAP_dropped_kernel,
                     stats.dropped_kernel - tap->dropped_base);
        }
    }
}

static bool
is_own_datagram(const struct worker *w, const struct pkt *pkt)
{
    return (pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED)
           && w->own_dst[pkt->dst.s6_addr[15]]
           && collector_is_own(w->own, w->n_own, pkt);
}

/* Parses the packet that an ICMP error is about.  Its end is not quoted, so
 * its length on the wire is taken for granted. */
static bool
parse_quoted(const struct pkt *pkt, struct pkt_frame *frame,
             struct pkt *quoted)
{
    enum { ICMP_HEADER = 8 };
    uint32_t ofs = pkt->l4_ofs + ICMP_HEADER;

    if (!pkt->l4_ofs || ofs >= pkt->frame->caplen) {
        return false;
    }
    *frame = (struct pkt_frame) {
        .data = pkt->frame->data + ofs,
        .caplen = pkt->frame->caplen - ofs,
        .len = UINT32_MAX,
        .link = PKT_LINK_RAW_IP,
    };
    pkt_parse(frame, quoted);
    return true;
}

/* True for ICMP errors: their type is the upper half of the port. */
static bool
is_icmp_error(const struct pkt *pkt)
{
    unsigned int type = pkt->dst_port >> 8;

    return (pkt->protocol == IPPROTO_ICMP
            ? type == 3 || type == 4 || type == 5 || type == 11 || type == 12
            : pkt->protocol == IPPROTO_ICMPV6 && type >= 1 && type <= 4);
}

/* Our datagrams, and what hosts answer to them: if that were sent to a host
 * without an endpoint, it would answer again, and so on. */
static bool
is_own(const struct worker *w, const struct pkt *pkt)
{
    struct pkt_frame frame;
    struct pkt quoted;

    return w->n_own
           && (is_own_datagram(w, pkt)
               || (pkt->verdict == PKT_OK && is_icmp_error(pkt)
                   && parse_quoted(pkt, &frame, &quoted)
                   && is_own_datagram(w, &quoted)));
}

static enum pkt_direction
direction_to_pkt(uint8_t direction)
{
    return (direction == CAPTURE_IN ? PKT_INGRESS
            : direction == CAPTURE_OUT ? PKT_EGRESS
            : PKT_DIR_UNKNOWN);
}

/* Takes the wrap of a tunnel off of the frame in place 'i', if it has it. */
static void
unwrap(struct worker *w, const struct wsource *source, size_t i)
{
    struct pkt_frame inside;

    if (pkt_unwrap(&w->pkts[i], &source->wrap, &inside)) {
        w->unwrapped[i] = *w->captured[i];
        w->unwrapped[i].data = inside.data;
        w->unwrapped[i].caplen = inside.caplen;
        w->unwrapped[i].len = inside.len;
        w->captured[i] = &w->unwrapped[i];
        w->frames[i] = inside;
        pkt_parse(&w->frames[i], &w->pkts[i]);
    }
}

static void
handle_burst(const struct capture_frame *f, size_t n, void *source_)
{
    struct wsource *source = source_;
    struct worker *w = source->worker;
    struct wview *view;
    size_t n_pkts = 0;

    for (size_t i = 0; i < n; i++) {
        w->frames[n_pkts] = (struct pkt_frame) {
            .data = f[i].data,
            .caplen = f[i].caplen,
            .len = f[i].len,
            .time_us = f[i].time_us,
            .has_ns = f[i].has_ns,
            .time_ns = f[i].time_ns,
            .link = source->link,
            .direction = direction_to_pkt(f[i].direction == CAPTURE_BOTH
                                          ? source->direction
                                          : f[i].direction),
            .csum_partial = f[i].csum_partial,
            .has_gso = f[i].has_gso,
            .gso_protocol = f[i].gso_protocol,
            .gso_size = f[i].gso_size,
            .gso_ofs = f[i].gso_ofs,
        };
        pkt_parse(&w->frames[n_pkts], &w->pkts[n_pkts]);
        w->captured[n_pkts] = &f[i];
        if (source->wrap.type != WRAP_NONE) {
            unwrap(w, source, n_pkts);
        }
        pkt_mss_learn(&source->mss, &w->pkts[n_pkts]);
        n_pkts += !is_own(w, &w->pkts[n_pkts]);
    }
    if (n_pkts) {
        LIST_FOR_EACH (view, node, &source->views) {
            wview_burst(w, view, n_pkts);
        }
    }
}

/* After bursts: sees to it that what they made goes on. */
static void
wake_up_and_flush(struct worker *w, struct wsource *source)
{
    struct wview *view;
    struct wtap *tap;

    LIST_FOR_EACH (view, node, &source->views) {
        worker_wake_at(w, worker_floor(w, view->meter.next_us));
        LIST_FOR_EACH (tap, view_node, &view->taps) {
            worker_wake_at(w, worker_floor(w, tap->stream->up.next_run_us));
            if (collector_has_backlog(tap->stream->collector)) {
                wstream_flush(w, tap->stream);
            }
        }
    }
}

/* Only flows can wait: frames would leave in one burst, which the queue of an
 * interface may not hold. */
uint64_t
wsource_patience_us(const struct wsource *source)
{
    const struct wview *view;
    const struct wtap *tap;

    LIST_FOR_EACH (view, node, &source->views) {
        LIST_FOR_EACH (tap, view_node, &view->taps) {
            if (!tap->stream->up.class->flow) {
                return 0;
            }
        }
    }
    return capture_patience_us(source->capture);
}

void
wsource_run(struct worker *w, struct wsource *source)
{
    enum capture_error error;
    char *detail;
    size_t n;

    error = capture_run(source->capture, MAX_PER_ROUND, &n, handle_burst,
                        source, &detail);
    w->n_frames += n;
    w->more |= n >= MAX_PER_ROUND;
    if (n && source->next_stats_us == UINT64_MAX) {
        source->next_stats_us = w->now_us + WORKER_STATS_US;
        worker_wake_at(w, source->next_stats_us);
    }
    wake_up_and_flush(w, source);
    if (error) {
        wsource_read_drops(w, source);
        worker_unwatch(w, capture_fd(source->capture));
        source->detail = detail;
        atomic_store_explicit(&source->error, (int) error,
                              memory_order_release);
        seq_change(w->reports);
    }
}
