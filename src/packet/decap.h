/* decap.h -- the packet inside of a packet.
 *
 * For those who count what tunnels carry instead of the tunnels.  Pure; reads
 * no byte outside of the frame.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_DECAP_H
#define OVSPAN_PACKET_DECAP_H 1

#include "packet/packet.h"

enum { PKT_MAX_DECAP = 8 };

/* Looks into '*pkt', of any verdict, at most 'depth' tunnels deep: IP in IP,
 * GRE (with ERSPAN, EoIP and PPTP), VXLAN with and without GPE, Geneve, GTP-U,
 * L2TP versions 2 and 3, each by its protocol or UDP port.  Returns how many
 * there were.  If there were any, '*inner' is the innermost packet that could
 * be read, with verdict PKT_OK or PKT_SNAPPED, and '*frame' what it was parsed
 * of, which shares the bytes of pkt's; else they are left alone.  Where inside
 * of a tunnel there is no IP, the tunnel is what there is. */
unsigned int pkt_decap(const struct pkt *pkt, unsigned int depth,
                       struct pkt *inner, struct pkt_frame *frame);

/* Tunnels that can be told to be there. */
enum pkt_decap_kind {
    PKT_DECAP_GRE,              /* Not of ERSPAN. */
    PKT_DECAP_ERSPAN,
    PKT_DECAP_VXLAN,
    PKT_DECAP_GENEVE,
};
/* True if '*pkt' is whole and of that kind, on whatever UDP port; '*inside' is
 * what it carries then, unparsed. */
bool pkt_inside(const struct pkt *, enum pkt_decap_kind,
                struct pkt_frame *inside);

#endif /* packet/decap.h */
