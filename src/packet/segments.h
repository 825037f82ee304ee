/* segments.h -- what a super-frame stands for on the wire.
 *
 * With TSO, GSO and GRO one frame of up to 64 KiB and more is seen where the
 * wire carries several packets, each with headers of its own.  Those who count
 * flows ask here how many packets and octets that is.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_SEGMENTS_H
#define OVSPAN_PACKET_SEGMENTS_H 1

#include "packet/packet.h"

struct pkt_segments {
    uint32_t packets;           /* On the wire; at least 1. */
    uint32_t octets;            /* Layer 3, the headers of all of them. */
};

/* Counts what '*pkt', with verdict PKT_OK or PKT_SNAPPED, stands for.  'mtu'
 * is the IP MTU of the interface, 0 if it has none (a file): then the frame is
 * one packet.  'mss' is what the connection's SYN announced, 0 if it was not
 * seen: then what the MTU leaves room for. */
struct pkt_segments pkt_count_segments(const struct pkt *, uint32_t mtu,
                                       uint32_t mss);

#endif /* packet/segments.h */
