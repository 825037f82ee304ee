/* biflow.h -- both ways of a connection as one flow (RFC 5103).
 *
 * The key of a biflow is that of one of its two ways, always the same one:
 * packets of the other are turned.  The class of service is not in it, since
 * the ways may differ in that; nor is the type of an ICMP answer, which is
 * counted to its question.
 *
 * Private to the room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_BIFLOW_H
#define OVSPAN_FLOW_BIFLOW_H 1

#include "flow/entry.h"
#include "packet/packet.h"

/* Stores '*pkt' in '*keyed', with '*frame', as its flow's key is to be made of
 * it.  Returns its way. */
uint8_t ftab_biflow_turn(const struct pkt *pkt, struct pkt *keyed,
                         struct pkt_frame *frame);

/* A flow begins with 'pkt', of 'way'; or only its next record, if 'goes_on':
 * then who began it is known already. */
void ftab_biflow_start(struct ftab_biflow *, const struct pkt *, uint8_t way,
                       bool goes_on);
/* Counts 'pkt', of 'way', which stands for 'packets' of 'octets'. */
void ftab_biflow_add(struct ftab_biflow *, const struct pkt *, uint8_t way,
                     uint32_t packets, uint32_t octets, bool extra);
/* Nothing was counted yet; who began it stays known. */
void ftab_biflow_empty(struct ftab_biflow *);

/* Makes of '*r', which has all of the entry, the record of the way of who
 * began it, or of the only one, and '*reverse' of the other, if there was
 * any. */
void ftab_biflow_fill(const struct ftab_biflow *, struct frec *r,
                      struct frec *reverse);

#endif /* flow/biflow.h */
