/* tunnel.c -- what may be inside of a packet.  See tunnel.h.
 *
 * Called by segments.c, for super-frames only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/tunnel.h"

#include "base/ovs.h"
#include "packet/layers.h"
#include "packet/skip.h"

enum {
    UDP_LEN = 8,
    VXLAN_LEN = 8,
    VXLAN_VNI = 0x08,           /* Flags: the network id is there, */
    VXLAN_GROUP = 0x80,         /* and a group policy. */
    GENEVE_LEN = 8,             /* Without options. */
};

/* What of the transport header and behind it was captured. */
static bool
has_bytes(const struct pkt *pkt, uint32_t n)
{
    return pkt->l4_ofs && pkt->l4_ofs + n <= pkt->frame->caplen
           && pkt->l4_ofs + n < pkt->l3_ofs + pkt->l3_len;
}

/* The length of a GRE header that a segment can be given, and in '*link' what
 * follows; 0 for others: sequence numbers would have to be made up. */
static uint32_t
gre_length(const struct pkt *pkt, enum pkt_link *link, bool *checksum)
{
    if (!has_bytes(pkt, 4)) {
        return 0;
    }
    const uint8_t *gre = pkt->frame->data + pkt->l4_ofs;
    uint16_t flags = pkt_be16(gre);
    uint16_t type = pkt_be16(gre + 2);

    if (flags & ~(GRE_CSUM | GRE_KEY)
        || (type != PKT_TYPE_TEB && type != PKT_TYPE_IPV4
            && type != PKT_TYPE_IPV6)) {
        return 0;
    }
    *link = type == PKT_TYPE_TEB ? PKT_LINK_ETHERNET : PKT_LINK_RAW_IP;
    *checksum = flags & GRE_CSUM;
    return 4 + (flags & GRE_CSUM ? 4 : 0) + (flags & GRE_KEY ? 4 : 0);
}

static bool
is_vxlan(const uint8_t *p)
{
    return p[0] == VXLAN_VNI ? !p[1] && !p[2] && !p[3] && !p[7]
           : p[0] == (VXLAN_VNI | VXLAN_GROUP) && !p[7];
}

static bool
is_geneve(const uint8_t *p)
{
    return !(p[0] >> 6) && !(p[1] & 0x3f) && pkt_be16(p + 2) == PKT_TYPE_TEB
           && !p[7];
}

/* The length of the UDP header and that of the tunnel behind it, 0 if it is
 * none of 'kind'. */
static uint32_t
udp_tunnel_length(const struct pkt *pkt, enum pkt_tunnel_kind kind)
{
    const uint8_t *p = pkt->frame->data + pkt->l4_ofs + UDP_LEN;

    switch (kind) {
    case PKT_TUNNEL_VXLAN:
        return (has_bytes(pkt, UDP_LEN + VXLAN_LEN) && is_vxlan(p)
                ? UDP_LEN + VXLAN_LEN : 0);
    case PKT_TUNNEL_GENEVE:
        return (has_bytes(pkt, UDP_LEN + GENEVE_LEN) && is_geneve(p)
                ? UDP_LEN + GENEVE_LEN + (p[0] & 0x3f) * 4 : 0);
    case PKT_TUNNEL_UDP_IP:
        return UDP_LEN;
    case PKT_TUNNEL_IP:
    case PKT_N_TUNNELS:
        break;
    }
    return 0;
}

bool
pkt_tunnel_find(const struct pkt *pkt, enum pkt_tunnel_kind kind,
                struct pkt_tunnel *t)
{
    enum pkt_link link = PKT_LINK_RAW_IP;
    bool udp = pkt->protocol == IPPROTO_UDP;
    bool gre_checksum = false;
    uint32_t length = 0;

    if (udp != (kind != PKT_TUNNEL_IP)) {
        return false;
    } else if (udp) {
        length = udp_tunnel_length(pkt, kind);
        if (kind != PKT_TUNNEL_UDP_IP) {
            link = PKT_LINK_ETHERNET;
        }
    } else if (pkt->protocol == IPPROTO_GRE) {
        length = gre_length(pkt, &link, &gre_checksum);
    }
    bool bare = pkt->protocol == IPPROTO_IPIP || pkt->protocol == IPPROTO_IPV6;
    if ((!length && !bare) || !has_bytes(pkt, length)) {
        return false;
    }

    uint32_t ofs = pkt->l4_ofs + length;
    const struct pkt_frame *f = pkt->frame;
    uint32_t end = pkt->l3_ofs + pkt->l3_len;
    *t = (struct pkt_tunnel) {
        .inner = {
            .data = f->data + ofs,
            .caplen = MIN(f->caplen, end) - ofs,
            .len = end - ofs,
            .link = link,
        },
        .ofs = ofs,
        .udp = udp,
        .gre_checksum = gre_checksum,
    };
    return true;
}
