/* meter.h -- from bursts of parsed packets to exporters.
 *
 * A meter is fed the packets of one point that have passed one filter, in
 * bursts.  It gives them to its taps: through a flow table to taps of flows
 * (those that agree in sampling and timeouts share one table, whose records
 * fan out to their exporters), sampled and limited to taps of packets.  All
 * that becomes of a packet is counted, by cause, for each tap.
 *
 * The same code runs in the daemon's workers and in `ovspan replay`.  Pure: no
 * sockets, no clock, no thread; time is an argument, in us since the epoch.
 *
 * What is counted where: 'packets' and 'bytes' are all that the filter passed,
 * before sampling.  What cannot become a flow is counted after sampling, as it
 * is lost to the flows alone: a frame that is no IP or whose headers lie is
 * sent like any other to a packet target.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_METER_METER_H
#define OVSPAN_METER_METER_H 1

#include "meter/tap.h"

enum { METER_BURST = 64 };      /* Packets at once, at most. */

struct meter {
    struct ovs_list tables;     /* struct mtable. */
    struct ovs_list taps;       /* struct mtap, of packets. */
    uint64_t next_us;           /* When meter_run() is due. */
};

void meter_init(struct meter *);

/* The tap, which the caller keeps, gets all packets from now on. */
void meter_add(struct meter *, struct mtap *);
/* It gets no more.  Its flows in memory are exported to it alone; flows that
 * it shared go on for the others. */
void meter_remove(struct meter *, struct mtap *, uint64_t now_us);

void meter_burst(struct meter *, const struct pkt *, size_t n,
                 uint64_t now_us);
/* Exports all flows in memory: nothing will follow. */
void meter_end(struct meter *, uint64_t now_us);
/* Exports flows that are due, a bounded number; sets 'next_us'. */
void meter_run(struct meter *, uint64_t now_us);

#endif /* meter/meter.h */
