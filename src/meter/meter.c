/* meter.c -- deals out bursts, and feeds taps of packets.  See meter.h.
 *
 * Called by a worker, or by `replay`.  No allocation per packet.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/private.h"

void
meter_init(struct meter *meter)
{
    ovs_list_init(&meter->tables);
    ovs_list_init(&meter->taps);
    meter->next_us = UINT64_MAX;
}

void
meter_add(struct meter *meter, struct mtap *tap)
{
    mstream_join(tap->stream, tap);
    if (tap->stream->class->flow) {
        mtable_join(meter, tap);
    } else {
        ovs_list_push_back(&meter->taps, &tap->node);
    }
}

void
meter_remove(struct meter *meter OVS_UNUSED, struct mtap *tap,
             uint64_t now_us)
{
    if (tap->table) {
        mtable_leave(tap, now_us);
    } else {
        ovs_list_remove(&tap->node);
    }
    mstream_leave(tap->stream, tap);
}

/* Puts what the limit lets through into 'chosen', which may be 'pkts'. */
static size_t
apply_limit(struct mtap *tap, const struct pkt *pkts, size_t n,
            struct pkt *chosen)
{
    size_t n_chosen = 0;

    for (size_t i = 0; i < n; i++) {
        const struct pkt_frame *frame = pkts[i].frame;

        if (mlimit_take(tap->conf.limit, frame->len, frame->time_us)) {
            chosen[n_chosen++] = pkts[i];
        }
    }
    mtap_count(tap, MTAP_dropped_limit, n - n_chosen);
    return n_chosen;
}

/* Gives 'pkts', cut to 'snaplen', to the tap's exporter. */
static void
send_cut(struct mtap *tap, const struct pkt *pkts, size_t n, uint64_t now_us)
{
    struct mstream *stream = tap->stream;
    struct pkt_frame frames[METER_BURST];
    struct pkt cut[METER_BURST];

    for (size_t i = 0; i < n; i++) {
        cut[i] = pkts[i];
        frames[i] = *pkts[i].frame;
        frames[i].caplen = MIN(frames[i].caplen, tap->conf.snaplen);
        cut[i].frame = &frames[i];
    }
    stream->class->packets(stream->exporter, cut, n, &tap->conf.point,
                           now_us);
}

static void
send_packets(struct mtap *tap, const struct pkt *pkts, size_t n,
             uint64_t now_us)
{
    struct mstream *stream = tap->stream;

    if (!n) {
        return;
    }
    mstream_enter(stream, tap);
    if (tap->conf.snaplen) {
        send_cut(tap, pkts, n, now_us);
    } else {
        stream->class->packets(stream->exporter, pkts, n, &tap->conf.point,
                               now_us);
    }
    if (stream->class->packets_wait) {
        stream->next_run_us = MIN(stream->next_run_us, now_us);
    }
    mstream_credit(stream);
}

static bool
samples(const struct mtap *tap)
{
    return tap->conf.sampling > 1 && !tap->stream->class->samples_itself;
}

/* The packets of 'tap' are chosen in place of a copy on the stack. */
static void
feed_chosen(struct mtap *tap, const struct pkt *pkts, size_t n,
            uint64_t now_us)
{
    struct pkt chosen[METER_BURST];

    if (samples(tap)) {
        size_t n_chosen = msampler_choose(&tap->sampler, pkts, n,
                                          tap->conf.sampling, chosen);

        tap->unsampled += n - n_chosen;
        n = n_chosen;
        pkts = chosen;
    }
    if (tap->conf.limit) {
        n = apply_limit(tap, pkts, n, chosen);
        pkts = chosen;
    }
    send_packets(tap, pkts, n, now_us);
}

static void
feed(struct mtap *tap, const struct pkt *pkts, size_t n, uint64_t bytes,
     uint64_t now_us)
{
    mtap_count(tap, MTAP_packets, n);
    mtap_count(tap, MTAP_bytes, bytes);
    if (samples(tap) || tap->conf.limit) {
        feed_chosen(tap, pkts, n, now_us);
    } else {
        send_packets(tap, pkts, n, now_us);
    }
}

void
meter_burst(struct meter *meter, const struct pkt *pkts, size_t n,
            uint64_t now_us)
{
    struct mtable *table;
    struct mtap *tap;
    uint64_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        bytes += pkts[i].frame->len;
    }
    LIST_FOR_EACH (table, node, &meter->tables) {
        LIST_FOR_EACH (tap, node, &table->taps) {
            mtap_count(tap, MTAP_packets, n);
            mtap_count(tap, MTAP_bytes, bytes);
        }
        mtable_burst(table, pkts, n, now_us);
        meter->next_us = MIN(meter->next_us, table->next_us);
    }
    LIST_FOR_EACH (tap, node, &meter->taps) {
        feed(tap, pkts, n, bytes, now_us);
    }
    /* Who is served first where a limit bites changes with every burst. */
    if (!ovs_list_is_short(&meter->taps)) {
        ovs_list_push_back(&meter->taps, ovs_list_pop_front(&meter->taps));
    }
}

void
meter_end(struct meter *meter, uint64_t now_us)
{
    struct mtable *table;

    LIST_FOR_EACH (table, node, &meter->tables) {
        mtable_end(table, now_us);
    }
}

void
meter_run(struct meter *meter, uint64_t now_us)
{
    struct mtable *table;

    meter->next_us = UINT64_MAX;
    LIST_FOR_EACH (table, node, &meter->tables) {
        mtable_run(table, now_us);
        meter->next_us = MIN(meter->next_us, table->next_us);
    }
}
