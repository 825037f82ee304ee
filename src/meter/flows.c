/* flows.c -- flow tables, and the taps that their records go to.
 *
 * Taps that agree in point, sampling and timeouts share a table if they join
 * before its first packet; a tap that comes later has a table of its own, as
 * its counters are to start with it.  A tap that leaves is given all flows in
 * memory, which go on for those that stay.
 *
 * A protocol that cannot carry IPv6 is told so of each packet, not of each
 * record: what is skipped is seen at once, and adds up with the packets.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/private.h"
#include "packet/decap.h"
#include "packet/segments.h"
#include "packet/unread.h"

#define CAUSE(NAME, WHAT)                                                    \
    BUILD_ASSERT_DECL((int) MTAP_skipped_ipv6 + (int) PKT_UNREAD_##NAME      \
                      == (int) MTAP_skipped_##NAME);
SKIP_CAUSES(CAUSE)
#undef CAUSE

static void
export_to(struct mtable *table, struct mtap *tap, const struct frec *record)
{
    struct mstream *stream = tap->stream;

    if (stream->class->ipv4_only && record->key.ip_version != 4) {
        return;
    }
    mstream_enter(stream, tap);
    stream->class->flow(stream->exporter, record, table->now_us);
    stream->next_run_us = MIN(stream->next_run_us, table->now_us);
}

static void
export_record(const struct frec *record, void *table_)
{
    struct mtable *table = table_;
    struct mtap *tap;

    if (table->only) {
        export_to(table, table->only, record);
        return;
    }
    LIST_FOR_EACH (tap, node, &table->taps) {
        export_to(table, tap, record);
    }
}

/* ## Joining and leaving. ## */

static struct mtable *
mtable_create(const struct mtap *tap)
{
    struct mtable *table = xzalloc(sizeof *table);

    ovs_list_init(&table->taps);
    table->conf = tap->conf;
    table->biflow = tap->stream->exporter->biflow;
    table->next_us = UINT64_MAX;
    return table;
}

/* The first packet is there: whoever shares the table has joined it. */
static void
mtable_start(struct mtable *table)
{
    struct ftab_conf conf = {
        .active_us = table->conf.active_us,
        .inactive_us = table->conf.inactive_us,
        .max_flows = table->conf.max_flows,
        .hash_seed = table->conf.seed,
        .biflow = table->biflow,
    };
    struct mtap *tap;

    LIST_FOR_EACH (tap, node, &table->taps) {
        conf.macs |= tap->stream->class->macs;
        conf.extra |= tap->stream->exporter->extra;
    }
    table->ftab = ftab_create(&conf, export_record, table);
}

static bool
is_alike(const struct mtable *table, const struct mtap *tap)
{
    const struct mtap_conf *a = &table->conf, *b = &tap->conf;

    return (table->biflow == tap->stream->exporter->biflow
            && a->point.ifindex == b->point.ifindex
            && a->point.mtu == b->point.mtu && a->sampling == b->sampling
            && a->active_us == b->active_us
            && a->inactive_us == b->inactive_us
            && a->max_flows == b->max_flows && a->decap == b->decap);
}

void
mtable_join(struct meter *meter, struct mtap *tap)
{
    struct mtable *table;

    LIST_FOR_EACH (table, node, &meter->tables) {
        if (!table->ftab && is_alike(table, tap)) {
            break;
        }
    }
    if (!table) {
        table = mtable_create(tap);
        ovs_list_push_back(&meter->tables, &table->node);
    }
    ovs_list_push_back(&table->taps, &tap->node);
    tap->table = table;
}

void
mtable_leave(struct mtap *tap, uint64_t now_us)
{
    struct mtable *table = tap->table;

    if (table->ftab) {
        table->now_us = now_us;
        table->only = tap;
        ftab_visit(table->ftab, FREC_END_FORCED);
        table->only = NULL;
    }
    ovs_list_remove(&tap->node);
    tap->table = NULL;
    if (ovs_list_is_empty(&table->taps)) {
        ovs_list_remove(&table->node);
        ftab_destroy(table->ftab);
        free(table);
    }
}

/* ## Packets. ## */

/* What is in a burst, for flows. */
struct tally {
    uint64_t ipv4, ipv6;        /* Go into flows. */
    uint64_t not_ip, malformed, cut;    /* Do not. */
    bool is_super;              /* Some packet may be several on a wire. */
};

static void
look_over(const struct pkt *pkts, size_t n, uint32_t mtu, struct tally *t)
{
    for (size_t i = 0; i < n; i++) {
        switch ((enum pkt_verdict) pkts[i].verdict) {
        case PKT_OK:
        case PKT_SNAPPED:
            t->ipv6 += pkts[i].ip_version == 6;
            t->ipv4 += pkts[i].ip_version != 6;
            t->is_super |= pkt_may_be_super(&pkts[i], mtu);
            break;
        case PKT_NOT_IP:
            t->not_ip++;
            break;
        case PKT_MALFORMED:
            t->malformed++;
            break;
        case PKT_CUT:
            t->cut++;
            break;
        }
    }
}

static void
count(struct mtap *tap, const struct tally *t)
{
    bool ipv4_only = tap->stream->class->ipv4_only;

    tap->metered += t->ipv4 + (ipv4_only ? 0 : t->ipv6);
    if (t->not_ip || (ipv4_only && t->ipv6)) {
        mtap_count(tap, MTAP_skipped,
                   t->not_ip + (ipv4_only ? t->ipv6 : 0));
        mtap_count(tap, MTAP_skipped_ipv6, ipv4_only ? t->ipv6 : 0);
    }
    if (t->malformed || t->cut) {
        mtap_count(tap, MTAP_malformed, t->malformed);
        mtap_count(tap, MTAP_truncated, t->cut);
    }
}

/* Where there are packets without IP: which. */
static void
count_unread(struct mtable *table, const struct pkt *pkts, size_t n)
{
    struct mtap *tap;

    for (size_t i = 0; i < n; i++) {
        if (pkts[i].verdict == PKT_NOT_IP) {
            enum mtap_counter which = MTAP_skipped_ipv6
                                      + (int) pkt_unread(&pkts[i]);

            LIST_FOR_EACH (tap, node, &table->taps) {
                mtap_count(tap, which, 1);
            }
        }
    }
}

static void
weigh(const struct pkt *pkts, size_t n, const struct exporter_point *point,
      struct ftab_weight *weights)
{
    for (size_t i = 0; i < n; i++) {
        struct pkt_segments s = { 1, pkts[i].l3_len };

        if (pkts[i].verdict == PKT_OK || pkts[i].verdict == PKT_SNAPPED) {
            s = pkt_count_segments(&pkts[i], point->mtu,
                                   pkt_mss_find(point->mss, &pkts[i]));
        }
        weights[i] = (struct ftab_weight) { s.packets, s.octets };
    }
}

/* Counts the flows that were exported to make room. */
static void
count_evictions(struct mtable *table)
{
    uint64_t evictions = ftab_evictions(table->ftab);
    struct mtap *tap;

    if (evictions != table->evictions) {
        LIST_FOR_EACH (tap, node, &table->taps) {
            mtap_count(tap, MTAP_evicted, evictions - table->evictions);
        }
        table->evictions = evictions;
    }
}

static void
update(struct mtable *table, const struct pkt *pkts, size_t n)
{
    const struct exporter_point *point = &table->conf.point;
    struct ftab_weight weights[METER_BURST];
    struct tally tally = { .ipv4 = 0 };
    struct mtap *tap;

    look_over(pkts, n, point->mtu, &tally);
    LIST_FOR_EACH (tap, node, &table->taps) {
        count(tap, &tally);
    }
    if (OVS_UNLIKELY(tally.not_ip)) {
        count_unread(table, pkts, n);
    }
    if (tally.is_super) {
        weigh(pkts, n, point, weights);
    }
    ftab_update(table->ftab, pkts, n, point->ifindex,
                tally.is_super ? weights : NULL);
    count_evictions(table);
}

/* update(), of what is inside of 'pkts'. */
static void
update_inner(struct mtable *table, const struct pkt *pkts, size_t n)
{
    struct pkt_frame frames[METER_BURST];
    struct pkt inner[METER_BURST];

    for (size_t i = 0; i < n; i++) {
        if (!pkt_decap(&pkts[i], table->conf.decap, &inner[i], &frames[i])) {
            inner[i] = pkts[i];
        }
    }
    update(table, inner, n);
}

void
mtable_burst(struct mtable *table, const struct pkt *pkts, size_t n,
             uint64_t now_us)
{
    struct pkt chosen[METER_BURST];

    table->now_us = now_us;
    if (!table->ftab) {
        mtable_start(table);
    }
    if (table->conf.sampling > 1) {
        size_t n_chosen = msampler_choose(&table->sampler, pkts, n,
                                          table->conf.sampling, chosen);
        struct mtap *tap;

        LIST_FOR_EACH (tap, node, &table->taps) {
            tap->unsampled += n - n_chosen;
        }
        pkts = chosen;
        n = n_chosen;
    }
    if (table->conf.decap) {
        update_inner(table, pkts, n);
    } else {
        update(table, pkts, n);
    }
    /* When exactly is asked of the table once it is looked at. */
    table->next_us = MIN(table->next_us, now_us);
}

void
mtable_run(struct mtable *table, uint64_t now_us)
{
    if (table->next_us <= now_us) {
        table->now_us = now_us;
        table->next_us = ftab_expire(table->ftab, now_us);
    }
}

void
mtable_end(struct mtable *table, uint64_t now_us)
{
    if (table->ftab) {
        table->now_us = now_us;
        ftab_flush(table->ftab, FREC_END_FORCED);
    }
}
