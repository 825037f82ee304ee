/* fuzz-ovs.c -- our parser agrees with OVS's, flow_extract().
 *
 * Whole Ethernet frames go through both.  What both know must be equal; where
 * the two differ on purpose is said here, and nowhere else is a difference
 * taken:
 *
 * - OVS looks at two tags of 802.1Q and 802.1ad, we at eight, those of type
 *   0x9100 among them, and into MPLS and PPPoE.
 * - OVS does not check the version field of IP, nor UDP's length, and leaves
 *   out the ports of a transport header that is cut or lies; such a packet is
 *   malformed here.  Of a first fragment we take what ports there are.
 * - We bound IPv6's extension headers to 16, and walk the mobility header,
 *   which OVS takes for a protocol.  Reserved bits alone make no fragment.
 *   A later fragment of IPv6 has protocol 44 in OVS; here it is what is
 *   fragmented.
 * - An IPv6 payload of length 0 is malformed here, but for "no next header".
 * - Only we know ports of UDP-Lite, only OVS a type of IGMP.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"
#include "base/ovs-flow.h"

enum { IGMP = 2, MOBILITY = 135 };

static void
check_vlans(const struct pkt *pkt, const struct flow *flow)
{
    for (int i = 0; i < 2; i++) {
        uint16_t ours = i < pkt->n_vlans ? pkt->vlan_tci[i] | VLAN_CFI : 0;

        ovs_assert(ours == ntohs(flow->vlans[i].tci));
    }
}

static void
check_network(const struct pkt *pkt, const struct flow *flow)
{
    uint8_t frag = ((flow->nw_frag & FLOW_NW_FRAG_ANY ? PKT_FRAG_ANY : 0)
                    | (flow->nw_frag & FLOW_NW_FRAG_LATER
                       ? PKT_FRAG_LATER : 0));

    if (pkt->ip_version == 4) {
        ovs_assert(in6_addr_get_mapped_ipv4(&pkt->src) == flow->nw_src
                   && in6_addr_get_mapped_ipv4(&pkt->dst) == flow->nw_dst);
        ovs_assert(pkt->frag == frag);
    } else {
        ovs_assert(ipv6_addr_equals(&pkt->src, &flow->ipv6_src)
                   && ipv6_addr_equals(&pkt->dst, &flow->ipv6_dst));
        ovs_assert((pkt->frag | PKT_FRAG_ANY) == (frag | PKT_FRAG_ANY)
                   && pkt->frag <= frag);
    }
    ovs_assert(pkt->tos == flow->nw_tos && pkt->ttl == flow->nw_ttl);
    if (!(pkt->frag & PKT_FRAG_LATER && pkt->ip_version == 6)
        && flow->nw_proto != MOBILITY) {
        ovs_assert(pkt->protocol == flow->nw_proto);
    }
}

/* 'pkt' is whole and not a later fragment. */
static void
check_transport(const struct pkt *pkt, const struct flow *flow)
{
    uint16_t src = ntohs(flow->tp_src), dst = ntohs(flow->tp_dst);

    switch (flow->nw_proto) {
    case IPPROTO_TCP:
    case IPPROTO_UDP:
    case IPPROTO_SCTP:
        if (!pkt->frag || src || dst) {
            ovs_assert(pkt->src_port == src && pkt->dst_port == dst);
            ovs_assert(flow->nw_proto != IPPROTO_TCP
                       || pkt->tcp_flags == ntohs(flow->tcp_flags));
        }
        break;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
        /* OVS wants 8 bytes of either. */
        ovs_assert(!pkt->src_port);
        if (pkt->l3_ofs + pkt->l3_len - pkt->l4_ofs >= 8) {
            ovs_assert(pkt->dst_port == src * 256 + dst);
        }
        break;
    case IPPROTO_UDPLITE:
    case IGMP:
    case MOBILITY:
        break;
    default:
        ovs_assert(!pkt->src_port && !pkt->dst_port && !src && !dst);
    }
}

/* The length field of the IP header at 'ip' is 0. */
static bool
has_no_length(const uint8_t *ip)
{
    return ip[0] >> 4 == 4 ? !ip[2] && !ip[3] : !ip[4] && !ip[5];
}

static void
check_ip(const struct pkt *pkt, const struct dp_packet *packet,
         const struct flow *flow)
{
    const uint8_t *ip = pkt->frame->data + packet->l3_ofs;

    if (packet->l4_ofs == UINT16_MAX) {
        /* A length of 0 is TCP's for the hardware to fill in. */
        ovs_assert(pkt->verdict == PKT_MALFORMED
                   || (pkt->protocol == IPPROTO_TCP && has_no_length(ip)));
    } else if (pkt->verdict == PKT_MALFORMED) {
        /* Stricter: the version, lengths, the transport header. */
        bool version = ip[0] >> 4 == (flow->dl_type == htons(ETH_TYPE_IP)
                                      ? 4 : 6);
        ovs_assert(!version || flow->dl_type == htons(ETH_TYPE_IPV6)
                   || flow->nw_proto == IPPROTO_TCP
                   || flow->nw_proto == IPPROTO_UDP
                   || flow->nw_proto == IPPROTO_UDPLITE
                   || flow->nw_proto == IPPROTO_SCTP
                   || flow->nw_proto == IPPROTO_ICMP
                   || flow->nw_proto == IPPROTO_ICMPV6);
    } else {
        ovs_assert(pkt->verdict == PKT_OK);
        ovs_assert(pkt->l3_ofs == packet->l3_ofs);
        check_network(pkt, flow);
        if (!(pkt->frag & PKT_FRAG_LATER)) {
            ovs_assert(flow->nw_proto == MOBILITY
                       || pkt->l4_ofs == packet->l4_ofs);
            check_transport(pkt, flow);
        }
    }
}

static void
compare(const struct pkt *pkt)
{
    const struct pkt_frame *f = pkt->frame;
    struct dp_packet packet;
    struct flow flow;

    dp_packet_use_const(&packet, f->data, f->caplen);
    pkt_metadata_init(&packet.md, 0);
    flow_extract(&packet, &flow);
    if (f->caplen < ETH_HEADER_LEN) {
        ovs_assert(pkt->verdict == PKT_MALFORMED);
        return;
    }
    switch (ntohs(flow.dl_type)) {
    case ETH_TYPE_VLAN_8021Q:
    case ETH_TYPE_VLAN_8021AD:
    case 0x9100:
    case ETH_TYPE_MPLS:
    case ETH_TYPE_MPLS_MCAST:
    case 0x8864:                /* PPPoE. */
    case 0x22f3:                /* TRILL, and others of encap.c. */
    case 0x6558:
    case 0x8903:
    case 0x8909:
    case 0x8926:
    case 0x88e5:
    case 0x88e7:
    case 0x892f:
    case 0x893f:
    case 0x894f:
        break;                  /* Only we look further. */
    case ETH_TYPE_IP:
    case ETH_TYPE_IPV6:
        check_vlans(pkt, &flow);
        check_ip(pkt, &packet, &flow);
        break;
    default:
        check_vlans(pkt, &flow);
        ovs_assert(pkt->verdict == PKT_NOT_IP);
    }
}

void
fuzz_ovs(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct fuzz_frames ff;

    fuzz_frames_read(&in, &ff);
    for (size_t i = 0; i < ff.n; i++) {
        if (ff.frames[i].link == PKT_LINK_ETHERNET
            && ff.frames[i].len == ff.frames[i].caplen) {
            compare(&ff.pkts[i]);
        }
    }
    fuzz_frames_uninit(&ff);
}
