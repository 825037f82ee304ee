/* segmenter.h -- between segments.c, which finds out where to cut, and
 * segmenter.c, which cuts.  Private to the room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_SEGMENTER_H
#define OVSPAN_PACKET_SEGMENTER_H 1

#include "packet/segments.h"

/* Fills in everything; of '*pkt', which pkt_may_be_super(), only what was
 * captured is read, the rest is guessed.  False if it is one frame. */
bool pkt_segmenter_plan(struct pkt_segmenter *, const struct pkt *pkt,
                        uint32_t mtu, uint32_t mss);

/* True if what was planned can be done exactly. */
bool pkt_segmenter_can_cut(const struct pkt_segmenter *);

#endif /* packet/segmenter.h */
