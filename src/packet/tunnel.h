/* tunnel.h -- what may be inside of a packet.
 *
 * Flows are metered by the outer header; only who must know where a
 * super-frame may be cut looks inside.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_TUNNEL_H
#define OVSPAN_PACKET_TUNNEL_H 1

#include "packet/packet.h"

struct pkt_tunnel {
    struct pkt_frame inner;     /* Ends where the outer IP packet does. */
    uint32_t ofs;               /* Of 'inner.data' in the outer frame. */
    bool udp;                   /* Behind an UDP header. */
    bool gre_checksum;          /* Behind a GRE header with a checksum. */
};

enum pkt_tunnel_kind {
    PKT_TUNNEL_IP,              /* IP in IP; GRE without a sequence. */
    PKT_TUNNEL_VXLAN,
    PKT_TUNNEL_GENEVE,
    PKT_TUNNEL_UDP_IP,          /* IP in UDP ("fou", "bareudp"). */
    PKT_N_TUNNELS
};

/* True if '*pkt', with verdict PKT_OK or PKT_SNAPPED, looks like one of
 * 'kind'.  Ports say nothing, as users choose them: whether what is inside
 * makes sense is for the caller to find out. */
bool pkt_tunnel_find(const struct pkt *pkt, enum pkt_tunnel_kind kind,
                     struct pkt_tunnel *);

#endif /* packet/tunnel.h */
