/* unread.h -- what a frame is that no flow can be made of.
 *
 * Pure; asked only of frames that are skipped, which are few.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_UNREAD_H
#define OVSPAN_PACKET_UNREAD_H 1

#include "base/tap-counters.h"
#include "packet/packet.h"

enum pkt_unread {
#define CAUSE(NAME, WHAT) PKT_UNREAD_##NAME,
    SKIP_CAUSES(CAUSE)
#undef CAUSE
    PKT_N_UNREADS
};

/* Of a packet with verdict PKT_NOT_IP: what is in it, or else around it, that
 * has a name. */
enum pkt_unread pkt_unread(const struct pkt *);

#endif /* packet/unread.h */
