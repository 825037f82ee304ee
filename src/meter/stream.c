/* stream.c -- an exporter with its output, shared by taps.  See tap.h.
 *
 * Invariant: what the exporter and the output counted is in exactly one tap's
 * counters, or will be after the next mstream_credit().
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/private.h"

void
mstream_init(struct mstream *stream, const struct exporter_class *class,
             struct exporter *exporter, struct exporter_output *output)
{
    memset(stream, 0, sizeof *stream);
    stream->class = class;
    stream->exporter = exporter;
    stream->output = output;
    ovs_list_init(&stream->taps);
}

static void
credit_exporter(struct mstream *stream, struct mtap *tap)
{
    struct exporter_stats *before = &stream->exporter_credited;
    const struct exporter_stats *e = &stream->exporter->stats;

    if (tap) {
        mtap_count(tap, MTAP_flows, e->flows - before->flows);
        mtap_count(tap, MTAP_skipped, e->skipped - before->skipped);
        mtap_count(tap, MTAP_truncated, e->truncated - before->truncated);
        tap->unsampled += e->unsampled - before->unsampled;
        if (stream->class->packets) {
            tap->metered += e->packets - before->packets;
        } else {
            /* They went into flows, which then could not be said. */
            tap->metered -= e->skipped - before->skipped;
        }
    }
    *before = *e;
}

static void
credit_output(struct mstream *stream, struct mtap *tap)
{
    struct exporter_sent *before = &stream->sent_credited;
    struct exporter_sent s;

    stream->output->get_sent(stream->output, &s);
    if (tap) {
        mtap_count(tap, MTAP_sent_datagrams, s.datagrams - before->datagrams);
        mtap_count(tap, MTAP_sent_bytes, s.bytes - before->bytes);
        mtap_count(tap, MTAP_dropped_queue,
                   s.dropped_queue - before->dropped_queue);
        mtap_count(tap, MTAP_dropped_send,
                   s.dropped_send - before->dropped_send);
    }
    *before = s;
}

void
mstream_credit(struct mstream *stream)
{
    struct mtap *tap = stream->last_tap;

    if (!tap && !ovs_list_is_empty(&stream->taps)) {
        tap = CONTAINER_OF(ovs_list_front(&stream->taps), struct mtap,
                           stream_node);
    }
    if (stream->exporter) {
        credit_exporter(stream, tap);
    }
    credit_output(stream, tap);
}

void
mstream_enter(struct mstream *stream, struct mtap *tap)
{
    if (stream->last_tap != tap) {
        mstream_credit(stream);
        stream->last_tap = tap;
    }
}

void
mstream_join(struct mstream *stream, struct mtap *tap)
{
    ovs_list_push_back(&stream->taps, &tap->stream_node);
    if (stream->class->add_point) {
        stream->class->add_point(stream->exporter, &tap->conf.point);
        stream->next_run_us = 0;        /* It may have its name to tell. */
    }
}

void
mstream_leave(struct mstream *stream, struct mtap *tap)
{
    /* What it gave is to be in its counters. */
    exporter_output_flush(stream->output);
    mstream_credit(stream);
    if (stream->last_tap == tap) {
        stream->last_tap = NULL;
    }
    if (stream->class->remove_point && stream->exporter) {
        stream->class->remove_point(stream->exporter, &tap->conf.point);
    }
    ovs_list_remove(&tap->stream_node);
}

void
mstream_run(struct mstream *stream, uint64_t now_us)
{
    if (stream->next_run_us <= now_us) {
        stream->next_run_us = stream->class->run(stream->exporter, now_us);
    }
    mstream_credit(stream);
}

void
mstream_close(struct mstream *stream, uint64_t now_us)
{
    if (stream->exporter) {
        /* Its counters go with it; closing adds none to them. */
        mstream_credit(stream);
        stream->class->close(stream->exporter, now_us);
        stream->exporter = NULL;
        mstream_credit(stream);
    }
}
