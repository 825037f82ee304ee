/* transport.c -- ports, flags, ICMP types.
 *
 * Called by ip.c with the cursor at the transport header, bounded to the IP
 * packet.  A header that its own length fields contradict is malformed; in a
 * first fragment the rest of the header and of the data may be elsewhere, so
 * only the ports must be there.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/layers.h"

#include "base/ovs.h"

enum {
    TCP_LEN = 20,
    TCP_TO_FLAGS = 14,          /* Bytes up to the flags. */
    UDP_LEN = 8,
    SCTP_LEN = 12,
    ICMP_LEN = 8,
    ICMPV6_LEN = 4,
    PORTS_LEN = 4,
    MAX_LEN = 65535,            /* Of a 16-bit length field. */
};

static inline void
set_ports(struct pkt *pkt, const uint8_t *p)
{
    pkt->src_port = pkt_be16(p);
    pkt->dst_port = pkt_be16(p + 2);
}

/* What remains when a transport header of 'need' bytes was not captured
 * whole: its ports, if they are there. */
static enum pkt_verdict
parse_cut(struct pkt_cursor *c, struct pkt *pkt, uint32_t need)
{
    uint32_t least = pkt->frag ? PORTS_LEN : need;
    enum pkt_verdict verdict = pkt_cursor_lacks(c, least, PKT_SNAPPED);

    if (verdict == PKT_SNAPPED && pkt_cursor_has(c, PORTS_LEN)) {
        set_ports(pkt, pkt_cursor_at(c));
        /* A fragment ends where it ends: nothing was cut. */
        return pkt->frag && c->cap == c->wire ? PKT_OK : PKT_SNAPPED;
    }
    return verdict;
}

static inline enum pkt_verdict
parse_tcp(struct pkt_cursor *c, struct pkt *pkt)
{
    uint32_t left = pkt_cursor_left(c);
    if (OVS_UNLIKELY(!pkt_cursor_has(c, TCP_TO_FLAGS)
                     || (left < TCP_LEN && !pkt->frag))) {
        return parse_cut(c, pkt, TCP_LEN);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t header = (p[12] >> 4) * 4;
    if (header < TCP_LEN || (header > left && !pkt->frag)) {
        return PKT_MALFORMED;
    }
    set_ports(pkt, p);
    pkt->tcp_flags = pkt_be16(p + 12) & 0xfff;
    return PKT_OK;
}

/* UDP and UDP-Lite, whose length field says how much the checksum covers,
 * 0 meaning all. */
static inline enum pkt_verdict
parse_udp(struct pkt_cursor *c, struct pkt *pkt, bool lite)
{
    if (OVS_UNLIKELY(!pkt_cursor_has(c, UDP_LEN))) {
        return parse_cut(c, pkt, UDP_LEN);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t left = pkt_cursor_left(c);
    uint32_t length = pkt_be16(p + 4);
    bool empty_ok = lite || left > MAX_LEN;     /* Jumbograms: RFC 2675. */
    if ((length < UDP_LEN && !(length == 0 && empty_ok))
        || (length > left && !pkt->frag)) {
        return PKT_MALFORMED;
    }
    set_ports(pkt, p);
    return PKT_OK;
}

static inline enum pkt_verdict
parse_sctp(struct pkt_cursor *c, struct pkt *pkt)
{
    if (OVS_UNLIKELY(!pkt_cursor_has(c, SCTP_LEN))) {
        return parse_cut(c, pkt, SCTP_LEN);
    }
    set_ports(pkt, pkt_cursor_at(c));
    return PKT_OK;
}

static inline enum pkt_verdict
parse_icmp(struct pkt_cursor *c, struct pkt *pkt, uint32_t need)
{
    uint32_t left = pkt_cursor_left(c);
    if (left < need && !pkt->frag) {
        return PKT_MALFORMED;
    }
    if (!pkt_cursor_has(c, 2)) {
        return pkt_cursor_lacks(c, 2, PKT_SNAPPED);
    }
    const uint8_t *p = pkt_cursor_at(c);
    pkt->dst_port = p[0] << 8 | p[1];
    return PKT_OK;
}

enum pkt_verdict
pkt_parse_transport(struct pkt_cursor *c, struct pkt *pkt)
{
    pkt->l4_ofs = c->ofs;
    switch (pkt->protocol) {
    case IPPROTO_TCP:
        return parse_tcp(c, pkt);
    case IPPROTO_UDP:
        return parse_udp(c, pkt, false);
    case IPPROTO_UDPLITE:
        return parse_udp(c, pkt, true);
    case IPPROTO_SCTP:
        return parse_sctp(c, pkt);
    case IPPROTO_ICMP:
        return parse_icmp(c, pkt, ICMP_LEN);
    case IPPROTO_ICMPV6:
        return parse_icmp(c, pkt, ICMPV6_LEN);
    default:
        return PKT_OK;          /* Any other: no ports. */
    }
}
