/* unwrap.h -- the frame inside of a packet of a tunnel that is known.
 *
 * For copies that the switch makes of a frame after it has put the tunnel's
 * headers on.  Pure; reads no byte outside of the frame.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_UNWRAP_H
#define OVSPAN_PACKET_UNWRAP_H 1

#include "base/wrap.h"
#include "packet/packet.h"

/* The longest headers in front of what pkt_unwrap() gives: Ethernet with two
 * tags, IPv6, and Geneve with all its options. */
enum { PKT_MAX_WRAP = 22 + 40 + 8 + 8 + 63 * 4 };

/* True if '*pkt' is of the tunnel; '*inside' is the Ethernet frame that it
 * carries then, with everything else as in pkt's frame, and shares its
 * bytes. */
bool pkt_unwrap(const struct pkt *, const struct wrap *,
                struct pkt_frame *inside);

#endif /* packet/unwrap.h */
