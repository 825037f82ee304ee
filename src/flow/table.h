/* table.h -- the flow table: from parsed packets to flow records.
 *
 * One table belongs to one worker.  It finds or makes the flow of each packet
 * of a burst (hash all, prefetch all, then update all), and gives records to
 * its callback when flows end: FIN or RST seen and 1 s passed, inactive,
 * active, memory, shutdown.  No allocation per packet: the table grows by
 * doubling up to its bound; then the flow that was idle longest in a bounded
 * probe is exported and its place taken, and counted.
 *
 * Pure.  Time is packet time or an argument, in us since the epoch; packets
 * out of order in time do no harm (first is the least, last the greatest).
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_TABLE_H
#define OVSPAN_FLOW_TABLE_H 1

#include <stddef.h>
#include <stdint.h>
#include "flow/record.h"

struct ftab;

struct ftab_conf {
    uint64_t active_us;         /* Active timeout. */
    uint64_t inactive_us;       /* Inactive timeout. */
    size_t max_flows;           /* Bound on flows in memory. */
    uint32_t hash_seed;
    bool macs;                  /* Keep MAC addresses: 12 bytes a flow. */
    bool extra;                 /* Keep struct frec_extra: 72 bytes a flow. */
    bool biflow;                /* Both ways of a connection are one flow: up
                                 * to 240 bytes more. */
};

/* Takes '*record' by value; must not call into the table. */
typedef void ftab_export_cb(const struct frec *, void *aux);

struct ftab *ftab_create(const struct ftab_conf *, ftab_export_cb *,
                         void *aux);
void ftab_destroy(struct ftab *);       /* Exports nothing. */

/* Counts the packets with verdict PKT_OK and PKT_SNAPPED among 'pkts' into
 * their flows; others are ignored.  'ifindex' is that of the interface they
 * were captured at: input for ingress, output for egress.  'weights', when
 * not NULL, says for each packet how many packets and octets it stands for
 * (a super-frame). */
struct ftab_weight {
    uint32_t packets;
    uint32_t octets;
};
void ftab_update(struct ftab *, const struct pkt *pkts, size_t n,
                 uint32_t ifindex, const struct ftab_weight *weights);

/* Exports what is due at 'now_us'; bounded work, so that it is called often.
 * Returns the time when the next call is due (UINT64_MAX: when there is
 * nothing). */
uint64_t ftab_expire(struct ftab *, uint64_t now_us);

/* Exports everything, with 'end'. */
void ftab_flush(struct ftab *, enum frec_end);
/* Gives a record of every flow, and changes nothing: for one of several who
 * share the table and takes no more. */
void ftab_visit(const struct ftab *, enum frec_end);

size_t ftab_count(const struct ftab *);
size_t ftab_memory(const struct ftab *);        /* Bytes. */
uint64_t ftab_evictions(const struct ftab *);   /* For lack of memory. */

#endif /* flow/table.h */
