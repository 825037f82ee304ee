/* checksum.h -- transport checksums that were left to the hardware.
 *
 * A frame captured where it is sent may carry, instead of its TCP or UDP
 * checksum, the folded sum of the pseudo-header alone: the kernel left the
 * rest to the network card (CHECKSUM_PARTIAL).  A copy of such a frame is to
 * leave with the checksum that the frame would have had on the wire.  A
 * checksum that is wrong in any other way is the sender's and stays.
 *
 * Pure; called for every packet of a packet target.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_CHECKSUM_H
#define OVSPAN_PACKET_CHECKSUM_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "packet/packet.h"

/* True if the transport checksum of 'pkt' was left to be filled in and can be,
 * that is, all that it covers was captured: stores where its two bytes are in
 * 'pkt->frame->data', and what they should be. */
bool pkt_checksum_repair(const struct pkt *, uint32_t *ofs,
                         uint8_t checksum[2]);

#endif /* packet/checksum.h */
