/* worker-tap.c -- a tap: sampling, limits, the flow table, the counters.
 *
 * Runs in the worker's thread; only wtap_get_stats() is for others.
 *
 * What is counted where: 'packets' and 'bytes' are all that the point saw,
 * before sampling.  What cannot become a flow is counted after sampling, as
 * it is lost to the flows alone: a frame that is no IP or whose headers lie is
 * sent like any other to a packet target.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/worker-private.h"
#include "packet/segments.h"

static ftab_export_cb export_record;

struct wtap *
wtap_create(struct wsource *source, struct wstream *stream,
            const struct wtap_conf *conf)
{
    struct wtap *tap = xzalloc(sizeof *tap);

    /* One for each of the two threads. */
    ovs_refcount_init(&tap->refs);
    ovs_refcount_ref(&tap->refs);
    tap->source = source;
    tap->stream = stream;
    tap->conf = *conf;
    tap->next_expire_us = UINT64_MAX;
    if (stream->class->flow) {
        struct ftab_conf ftab_conf = {
            .active_us = conf->active_us,
            .inactive_us = conf->inactive_us,
            .max_flows = conf->max_flows,
            .hash_seed = hash_pointer(tap, conf->ifindex),
            .macs = stream->class->macs,
        };
        tap->ftab = ftab_create(&ftab_conf, export_record, tap);
    }
    for (int i = 0; i < WTAP_N_COUNTERS; i++) {
        atomic_init(&tap->published[i], 0);
    }
    return tap;
}

void
wtap_start(struct wtap *tap)
{
    ovs_list_push_back(&tap->source->taps, &tap->source_node);
    ovs_list_push_back(&tap->stream->taps, &tap->stream_node);
    tap->dropped_base = tap->source->dropped_kernel;
}

void
wtap_destroy(struct worker *w, struct wtap *tap)
{
    struct wstream *stream = tap->stream;

    if (tap->ftab) {
        /* All of them at once are more than a queue holds. */
        collector_set_wait(stream->collector, true);
        ftab_flush(tap->ftab, FREC_END_FORCED);
        wstream_flush(w, stream);
        collector_set_wait(stream->collector, false);
        ftab_destroy(tap->ftab);
    }
    wstream_credit(stream);
    if (stream->last_tap == tap) {
        stream->last_tap = NULL;
    }
    ovs_list_remove(&tap->source_node);
    ovs_list_remove(&tap->stream_node);
    wtap_unref(tap);
}

void
wtap_unref(struct wtap *tap)
{
    if (tap && ovs_refcount_unref(&tap->refs) == 1) {
        free(tap);
    }
}

/* ## Counters. ## */

/* Each is written by this thread only, so a reader sees each of them whole
 * and never going back. */
void
wtap_publish(struct wtap *tap)
{
#define TAP_COUNTER(NAME)                                                   \
    atomic_store_relaxed(&tap->published[WTAP_##NAME], tap->stats.NAME);
    TAP_COUNTERS
#undef TAP_COUNTER
}

void
wtap_get_stats(const struct wtap *tap_, struct tap_stats *stats)
{
    struct wtap *tap = CONST_CAST(struct wtap *, tap_);

#define TAP_COUNTER(NAME)                                                   \
    atomic_read_relaxed(&tap->published[WTAP_##NAME], &stats->NAME);
    TAP_COUNTERS
#undef TAP_COUNTER
}

/* ## Packets. ## */

/* Takes 'n' of a bucket that fills with the time; false if they are not
 * there. */
bool
wbucket_take(struct wbucket *b, uint64_t n, uint64_t now_us)
{
    uint64_t full = b->rate * 1000000;

    if (!b->rate) {
        return true;
    }
    if (!b->filled_us || now_us < b->filled_us
        || now_us - b->filled_us >= 1000000) {
        b->tokens = full;
    } else {
        b->tokens = MIN(full,
                        b->tokens + (now_us - b->filled_us) * b->rate);
    }
    b->filled_us = now_us;
    /* What is larger than the bucket passes when it is full. */
    n = MIN(n * 1000000, full);
    if (b->tokens < n) {
        return false;
    }
    b->tokens -= n;
    return true;
}

/* Puts 1 in N of 'pkts' into the worker's 'chosen'. */
static size_t
choose_sample(struct worker *w, struct wtap *tap, const struct pkt *pkts,
              size_t n)
{
    size_t n_chosen = 0;

    for (size_t i = 0; i < n; i++) {
        if (++tap->sample >= tap->conf.sampling) {
            tap->sample = 0;
            w->chosen[n_chosen++] = pkts[i];
        }
    }
    return n_chosen;
}

/* Puts what the limits let through into 'chosen' ('pkts' may be it). */
static size_t
apply_limits(struct worker *w, struct wtap *tap, const struct pkt *pkts,
             size_t n)
{
    struct wsource *source = tap->source;
    size_t n_chosen = 0;

    for (size_t i = 0; i < n; i++) {
        if (wbucket_take(&source->pps, 1, w->now_us)
            && wbucket_take(&source->bps, pkts[i].frame->len * 8ULL,
                            w->now_us)) {
            w->chosen[n_chosen++] = pkts[i];
        } else {
            tap->stats.dropped_limit++;
        }
    }
    return n_chosen;
}

static void
send_packets(struct worker *w, struct wtap *tap, const struct pkt *pkts,
             size_t n)
{
    struct wstream *stream = tap->stream;
    struct wsource *source = tap->source;

    if (source->pps.rate || source->bps.rate) {
        n = apply_limits(w, tap, pkts, n);
        pkts = w->chosen;
    }
    if (n) {
        const struct exporter_point point = {
            .ifindex = tap->conf.ifindex, .mtu = tap->conf.mtu,
        };

        wstream_enter(stream, tap);
        stream->class->packets(stream->exporter, pkts, n, &point, w->now_us);
        wstream_credit(stream);
    }
}

/* Counts what makes no flow.  Returns true if some packet is larger than one
 * on the wire can be. */
static bool
look_over(struct wtap *tap, const struct pkt *pkts, size_t n)
{
    bool super = false;

    for (size_t i = 0; i < n; i++) {
        switch ((enum pkt_verdict) pkts[i].verdict) {
        case PKT_OK:
        case PKT_SNAPPED:
            super |= tap->conf.mtu && pkts[i].l3_len > tap->conf.mtu;
            break;
        case PKT_NOT_IP:
            tap->stats.skipped++;
            break;
        case PKT_MALFORMED:
            tap->stats.malformed++;
            break;
        case PKT_CUT:
            tap->stats.truncated++;
            break;
        }
    }
    return super;
}

static void
meter_packets(struct worker *w, struct wtap *tap, const struct pkt *pkts,
              size_t n)
{
    struct ftab_weight *weights = NULL;

    if (look_over(tap, pkts, n)) {
        weights = w->weights;
        for (size_t i = 0; i < n; i++) {
            struct pkt_segments s = { 1, pkts[i].l3_len };

            if (pkts[i].verdict == PKT_OK || pkts[i].verdict == PKT_SNAPPED) {
                s = pkt_count_segments(&pkts[i], tap->conf.mtu, 0);
            }
            weights[i] = (struct ftab_weight) { s.packets, s.octets };
        }
    }
    ftab_update(tap->ftab, pkts, n, tap->conf.ifindex, weights);
    tap->next_expire_us = MIN(tap->next_expire_us,
                              w->now_us + WORKER_FLOOR_US);
    worker_wake_at(w, tap->next_expire_us);
}

void
wtap_burst(struct worker *w, struct wtap *tap, const struct pkt *pkts,
           size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tap->stats.bytes += pkts[i].frame->len;
    }
    tap->stats.packets += n;
    if (tap->conf.sampling > 1) {
        n = choose_sample(w, tap, pkts, n);
        pkts = w->chosen;
    }
    if (tap->ftab) {
        meter_packets(w, tap, pkts, n);
    } else {
        send_packets(w, tap, pkts, n);
    }
    wtap_publish(tap);
}

/* ## Flows. ## */

static void
export_record(const struct frec *record, void *tap_)
{
    struct wtap *tap = tap_;
    struct wstream *stream = tap->stream;
    struct worker *w = tap->source->worker;

    wstream_enter(stream, tap);
    stream->class->flow(stream->exporter, record, w->now_us);
    stream->next_run_us = MIN(stream->next_run_us,
                              w->now_us + WORKER_FLOOR_US);
    worker_wake_at(w, stream->next_run_us);
}

void
wtap_expire(struct worker *w, struct wtap *tap)
{
    uint64_t next_us = ftab_expire(tap->ftab, w->now_us);

    tap->next_expire_us = MAX(next_us, w->now_us + WORKER_FLOOR_US);
    if (next_us == UINT64_MAX) {
        tap->next_expire_us = UINT64_MAX;
    }
}
