/* private.h -- what the files of a meter share.
 *
 * meter.c deals out bursts and feeds taps of packets, flows.c has the tables
 * and the taps of flows, stream.c credits what was sent, sampler.c chooses,
 * tap.c counts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_METER_PRIVATE_H
#define OVSPAN_METER_PRIVATE_H 1

#include "flow/table.h"
#include "meter/meter.h"

/* One flow table, and the taps that its records go to. */
struct mtable {
    struct ovs_list node;       /* In its meter's 'tables'. */
    struct ovs_list taps;       /* struct mtap, by 'node'. */
    struct mtap_conf conf;      /* What its taps agree in, */
    bool biflow;                /* and this. */
    struct ftab *ftab;          /* NULL until the first packet. */
    struct msampler sampler;
    uint64_t evictions;         /* Of 'ftab', those counted. */
    uint64_t now_us;            /* For the records that it gives. */
    uint64_t next_us;           /* When ftab_expire() is due. */
    struct mtap *only;          /* Whose records they are; NULL: all taps'. */
};

/* flows.c */
void mtable_join(struct meter *, struct mtap *);
void mtable_leave(struct mtap *, uint64_t now_us);
void mtable_burst(struct mtable *, const struct pkt *, size_t n,
                  uint64_t now_us);
void mtable_run(struct mtable *, uint64_t now_us);
void mtable_end(struct mtable *, uint64_t now_us);

/* stream.c */
void mstream_join(struct mstream *, struct mtap *);
void mstream_leave(struct mstream *, struct mtap *);
/* Before 'tap' gives anything to the exporter. */
void mstream_enter(struct mstream *, struct mtap *);

/* sampler.c.  Puts 1 in 'sampling' of 'pkts' into 'chosen', which may be
 * 'pkts'; returns how many. */
size_t msampler_choose(struct msampler *, const struct pkt *pkts, size_t n,
                       uint32_t sampling, struct pkt *chosen);

#endif /* meter/private.h */
