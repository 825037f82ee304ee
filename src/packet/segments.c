/* segments.c -- where a super-frame is to be cut.  See segments.h.
 *
 * Called for frames of which the kernel says that they are super-frames, or,
 * where it says nothing, that are longer than the MTU; reads their headers
 * again, as pkt_parse() did not keep their lengths, and those inside of a
 * tunnel for the first time.  What is found out here is carried out by
 * segmenter.c, or counted only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/segments.h"

#include "base/ovs.h"
#include "packet/layers.h"
#include "packet/segmenter.h"
#include "packet/tunnel.h"

enum {
    TCP_LEN = 20,               /* Without options. */
    TCP_LEN_USUAL = 32,         /* With a timestamp, as most have. */
    UDP_LEN = 8,
    IPV6_LEN = 40,
    IPV6_NEXT = 6,              /* Offset of the next header. */
    OPTION_JUMBO = 0xc2,        /* RFC 2675. */
    JUMBO_LEN = 8,              /* Of a hop-by-hop header with this alone. */
    TYPE_PPPOE = 0x8864,
    SLL2_LEN = 20,
    PPPOE_LEN = 8,              /* With the PPP protocol. */
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    MAX_LEN = 65535,
    MAX_DEPTH = 2,              /* Tunnels in tunnels. */
    MAX_EXTENSIONS = 16,
};

static void
add_field(struct pkt_segmenter *s, enum pkt_segment_field type, uint32_t ofs)
{
    ovs_assert(s->n_fields < PKT_SEGMENT_FIELDS);
    s->fields[s->n_fields].type = type;
    s->fields[s->n_fields].ofs = ofs > s->l3_ofs ? ofs - s->jumbo_len : ofs;
    s->n_fields++;
}

/* The bytes of the header of a PPPoE session if that is what is before the IP
 * header, else 0.  With MPLS the last byte but one is odd: the bottom of the
 * stack; a compressed PPP protocol is told from it by what is before. */
static uint32_t
pppoe_length(const struct pkt *pkt)
{
    const uint8_t *ip = pkt->frame->data + pkt->l3_ofs;
    uint16_t protocol = pkt->ip_version == 4 ? PPP_IPV4 : PPP_IPV6;

    if (pkt->l3_ofs < 14 + PPPOE_LEN - 1) {
        return 0;
    } else if (pkt->frame->link == PKT_LINK_SLL2
               && pkt_be16(pkt->frame->data) == TYPE_PPPOE) {
        return pkt->l3_ofs - SLL2_LEN;  /* Its type is at its start. */
    } else if (ip[-1] == protocol && pkt_be16(ip - 9) == TYPE_PPPOE
               && pkt_be16(ip - 7) == 0x1100) {
        return PPPOE_LEN - 1;
    }
    return (pkt->l3_ofs >= 14 + PPPOE_LEN && pkt_be16(ip - 2) == protocol
            ? PPPOE_LEN : 0);
}

/* Notes a header that the kernel adds to super-frames alone: their length is
 * in it.  False if there is one among other options. */
static bool
note_jumbo(struct pkt_segmenter *s, const struct pkt *pkt)
{
    const uint8_t *ip = pkt->frame->data + pkt->l3_ofs;

    if (pkt->ip_version != 6 || pkt->l3_len <= IPV6_LEN + MAX_LEN
        || ip[IPV6_NEXT] != IPPROTO_HOPOPTS
        || pkt->l4_ofs < pkt->l3_ofs + IPV6_LEN + JUMBO_LEN) {
        return true;
    }
    s->jumbo_ofs = pkt->l3_ofs + IPV6_LEN;
    s->jumbo_len = JUMBO_LEN;
    return !ip[IPV6_LEN + 1] && ip[IPV6_LEN + 2] == OPTION_JUMBO;
}

/* False if one of the extension headers of 'pkt' is of the whole packet.
 * A routing header is believed to have been used up, or else the addresses
 * are not those of the checksum: '*routed'. */
static bool
check_extensions(const struct pkt *pkt, bool *routed)
{
    const uint8_t *data = pkt->frame->data;
    uint32_t ofs = pkt->l3_ofs + IPV6_LEN;
    uint8_t next = data[pkt->l3_ofs + IPV6_NEXT];

    *routed = false;
    for (int i = 0; pkt->ip_version == 6 && ofs < pkt->l4_ofs; i++) {
        if (next == IPPROTO_AH || next == IPPROTO_FRAGMENT
            || i == MAX_EXTENSIONS) {
            return false;
        }
        *routed |= next == IPPROTO_ROUTING && data[ofs + 3];
        next = data[ofs];
        ofs += (data[ofs + 1] + 1) * 8;
    }
    return true;
}

/* The length of the TCP header at 'l4_ofs'; if it was not captured, a good
 * guess.  A header that was captured up to its length only was not checked: it
 * may lie. */
static uint32_t
tcp_header_length(const struct pkt_frame *f, uint32_t l4_ofs)
{
    uint32_t ofs = l4_ofs + 12;
    uint32_t length = ofs < f->caplen ? (f->data[ofs] >> 4) * 4 : 0;

    return length >= TCP_LEN ? length : TCP_LEN_USUAL;
}

/* Finds a packet with 'kind' of tunnel around it that fills 'pkt' up. */
static bool
find_inner(const struct pkt *pkt, enum pkt_tunnel_kind kind,
           struct pkt_tunnel *tunnel, struct pkt *inner)
{
    if (!pkt_tunnel_find(pkt, kind, tunnel)) {
        return false;
    }
    enum pkt_verdict verdict = pkt_parse(&tunnel->inner, inner);
    return (verdict == PKT_OK || verdict == PKT_SNAPPED) && inner->l4_ofs
           && !inner->frag
           && inner->l3_ofs + inner->l3_len == tunnel->inner.len;
}

/* Looks for tunnels: fills in their headers and stores the innermost packet
 * and the offset of its frame. */
static bool
find_innermost(struct pkt_segmenter *s, const struct pkt *pkt,
               struct pkt_tunnel tunnels[MAX_DEPTH],
               struct pkt *innermost, uint32_t *base)
{
    *innermost = *pkt;
    *base = 0;
    for (int depth = 0; ; depth++) {
        enum pkt_tunnel_kind kind = 0;
        struct pkt inner;
        bool routed;

        if (!check_extensions(innermost, &routed)) {
            return false;
        }
        s->routed = routed;
        add_field(s, innermost->ip_version == 4 ? PKT_SEG_IPV4 : PKT_SEG_IPV6,
                  *base + innermost->l3_ofs);
        while (depth < MAX_DEPTH && kind < PKT_N_TUNNELS
               && !find_inner(innermost, kind, &tunnels[depth], &inner)) {
            kind++;
        }
        if (depth == MAX_DEPTH || kind == PKT_N_TUNNELS) {
            return true;
        }
        if (tunnels[depth].udp || tunnels[depth].gre_checksum) {
            add_field(s, tunnels[depth].udp ? PKT_SEG_UDP : PKT_SEG_GRE,
                      *base + innermost->l4_ofs);
        }
        *base += tunnels[depth].ofs;
        *innermost = inner;
    }
}

/* UDP that may be cut says that all of the packet is its own. */
static bool
udp_fills_packet(const struct pkt *pkt)
{
    const struct pkt_frame *f = pkt->frame;
    uint32_t ofs = pkt->l4_ofs + 4;
    uint32_t have = pkt->l3_ofs + pkt->l3_len - pkt->l4_ofs;

    return ofs + 2 > f->caplen || have > MAX_LEN
           || pkt_be16(f->data + ofs) == have;
}

/* The transport header of the super-frame that each segment has, at '*l4_ofs':
 * what was found, unless the kernel says that it is another one.  Its
 * protocol; 0: none that is cut. */
static uint8_t
find_cut(struct pkt_segmenter *s, const struct pkt *inner, uint32_t base,
         uint32_t *l4_ofs)
{
    const struct pkt_frame *f = s->frame;

    *l4_ofs = base + inner->l4_ofs;
    if (f->has_gso) {
        s->elsewhere = f->gso_protocol != inner->protocol
                       || (f->gso_ofs && f->gso_ofs != *l4_ofs);
        if (f->gso_ofs) {
            *l4_ofs = f->gso_ofs;
            return f->gso_protocol;
        }
    }
    return (inner->protocol == IPPROTO_TCP
            || (inner->protocol == IPPROTO_UDP
                && (f->has_gso || udp_fills_packet(inner)))
            ? inner->protocol : 0);
}

/* The room for payload in each frame, by what is known of the path. */
static uint32_t
guess_room(const struct pkt_segmenter *s, uint32_t mtu, uint32_t max_headers)
{
    uint32_t room = MIN(mtu + s->l3_ofs, max_headers);

    return room > s->headers ? room - s->headers : 0;
}

bool
pkt_segmenter_plan(struct pkt_segmenter *s, const struct pkt *pkt,
                   uint32_t mtu, uint32_t mss)
{
    struct pkt_tunnel tunnels[MAX_DEPTH];
    struct pkt inner;
    uint32_t base, l4_ofs;

    memset(s, 0, sizeof *s);
    s->frame = pkt->frame;
    s->l3_ofs = pkt->l3_ofs;
    uint32_t pppoe = pppoe_length(pkt);
    if (pppoe) {
        add_field(s, PKT_SEG_PPPOE, pkt->l3_ofs - pppoe);
    }
    if (!note_jumbo(s, pkt)
        || !find_innermost(s, pkt, tunnels, &inner, &base)) {
        return false;
    }

    uint8_t protocol = find_cut(s, &inner, base, &l4_ofs);
    if (!protocol) {
        return false;
    }
    bool tcp = protocol == IPPROTO_TCP;
    uint32_t l4 = tcp ? tcp_header_length(s->frame, l4_ofs) : UDP_LEN;
    add_field(s, tcp ? PKT_SEG_TCP : PKT_SEG_UDP, l4_ofs);
    s->headers = l4_ofs + l4 - s->jumbo_len;

    /* An MSS counts the TCP options as data (RFC 6691); that of what is in a
     * tunnel is not known. */
    s->room = (s->frame->has_gso ? s->frame->gso_size
               : guess_room(s, mtu, tcp && mss && !base
                            ? s->headers - l4 + TCP_LEN + mss : UINT32_MAX));
    uint32_t length = pkt->l3_ofs + pkt->l3_len - s->jumbo_len;
    if (!s->room || s->headers < s->l3_ofs || length <= s->headers) {
        return false;
    }
    s->payload = length - s->headers;
    s->n = (s->payload - 1) / s->room + 1;
    return s->n > 1;
}

/* True for what may be a super-frame, in whose headers something is to be
 * found. */
static bool
is_candidate(const struct pkt *pkt, uint32_t mtu)
{
    return pkt_may_be_super(pkt, mtu) && !pkt->frag && pkt->l4_ofs;
}

/* The MTU that a packet has within whatever is around it. */
static uint32_t
mtu_inside(const struct pkt *pkt, uint32_t mtu)
{
    return mtu > pkt->outer_len ? mtu - pkt->outer_len : 0;
}

struct pkt_segments
pkt_count_segments(const struct pkt *pkt, uint32_t mtu, uint32_t mss)
{
    struct pkt_segmenter s;

    if (!is_candidate(pkt, mtu)
        || !pkt_segmenter_plan(&s, pkt, mtu_inside(pkt, mtu), mss)) {
        return (struct pkt_segments) { 1, pkt->l3_len };
    }
    return (struct pkt_segments) {
        s.n, s.payload + s.n * (s.headers - s.l3_ofs),
    };
}

bool
pkt_segmenter_init(struct pkt_segmenter *s, const struct pkt *pkt,
                   uint32_t mtu, uint32_t mss)
{
    return (pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED)
           && is_candidate(pkt, mtu)
           && pkt_segmenter_plan(s, pkt, mtu_inside(pkt, mtu), mss)
           && pkt_segmenter_can_cut(s);
}
