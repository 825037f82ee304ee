/* fuzz-flow.c -- the flow table counts every packet once, however it comes.
 *
 * The packets of the input go into two tables, one by one and in bursts: both
 * give the same records, whose sums are those of the packets.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"
#include "flow/table.h"

enum { MAX_RECORDS = 8 * FUZZ_MAX_FRAMES };

struct sums {
    uint64_t packets, octets;   /* In records. */
    size_t n;                   /* Records. */
    struct frec records[MAX_RECORDS];
};

/* Without what lies between the members. */
static void
copy_record(struct frec *dst, const struct frec *src)
{
    memset(dst, 0, sizeof *dst);
    dst->key = src->key;
    dst->packets = src->packets;
    dst->octets = src->octets;
    dst->first_us = src->first_us;
    dst->last_us = src->last_us;
    dst->tcp_flags = src->tcp_flags;
    dst->ip_flags = src->ip_flags;
    dst->end = src->end;
    dst->egress = src->egress;
    dst->biflow = src->biflow;
    memcpy(dst->src_mac, src->src_mac, sizeof dst->src_mac);
    memcpy(dst->dst_mac, src->dst_mac, sizeof dst->dst_mac);
}

static void
add_record(const struct frec *r, void *sums_)
{
    struct sums *sums = sums_;

    ovs_assert(r->packets && r->first_us <= r->last_us);
    ovs_assert(r->biflow <= FREC_BIFLOW_REVERSE);
    if (r->reverse) {
        ovs_assert(!r->reverse->reverse && r->biflow != FREC_BIFLOW_REVERSE);
        add_record(r->reverse, sums_);
    }
    ovs_assert(r->end >= FREC_END_INACTIVE && r->end <= FREC_END_RESOURCES);
    ovs_assert(sums->n < MAX_RECORDS);
    sums->packets += r->packets;
    sums->octets += r->octets;
    copy_record(&sums->records[sums->n++], r);
}

/* Meters 'ff' in bursts of 'burst'. */
static void
meter(const struct fuzz_frames *ff, const struct ftab_conf *conf,
      size_t burst, struct sums *sums)
{
    struct ftab *ft = ftab_create(conf, add_record, sums);

    memset(sums, 0, sizeof *sums);
    for (size_t i = 0; i < ff->n; i += burst) {
        ftab_update(ft, &ff->pkts[i], MIN(burst, ff->n - i), 7, NULL);
        ovs_assert(ftab_count(ft) <= conf->max_flows);
    }
    ftab_flush(ft, FREC_END_FORCED);
    ovs_assert(!ftab_count(ft));
    ftab_destroy(ft);
}

void
fuzz_flow(const uint8_t *data, size_t size)
{
    static struct sums one, many;
    struct fuzz_input in = { data, size };
    struct ftab_conf conf = {
        .active_us = (1 + fuzz_get(&in, 1)) * UINT64_C(1000000),
        .inactive_us = (1 + fuzz_get(&in, 1)) * UINT64_C(100000),
        .max_flows = 1 + fuzz_get(&in, 1) % 32,
        .hash_seed = 1,
    };
    size_t burst = 1 + fuzz_get(&in, 1) % FUZZ_MAX_FRAMES;
    struct fuzz_frames ff;
    uint64_t packets = 0, octets = 0;

    conf.macs = burst & 1;
    conf.extra = burst & 2;
    conf.biflow = burst & 4;
    fuzz_frames_read(&in, &ff);
    for (size_t i = 0; i < ff.n; i++) {
        if (ff.pkts[i].verdict == PKT_OK
            || ff.pkts[i].verdict == PKT_SNAPPED) {
            packets++;
            octets += ff.pkts[i].l3_len;
        }
    }
    meter(&ff, &conf, 1, &one);
    meter(&ff, &conf, burst, &many);
    ovs_assert(one.packets == packets && one.octets == octets);
    ovs_assert(one.n == many.n
               && !memcmp(one.records, many.records,
                          one.n * sizeof *one.records));
    fuzz_frames_uninit(&ff);
}
