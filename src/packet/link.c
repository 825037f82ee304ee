/* link.c -- pkt_parse(), and the layers below IP.
 *
 * Ethernet, Linux cooked, VLAN tags, MPLS, PPPoE: down to an IP header, or
 * to PKT_NOT_IP; what is seldom seen is passed over by encap.c and
 * link-header.c.  Called for every packet: no allocation, no log.  Invariant:
 * every loop is bounded by a constant, whatever the bytes say.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/packet.h"

#include "packet/layers.h"
#include "packet/skip.h"

enum {
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_QINQ_OLD = 0x9100,     /* 802.1ad before it was a standard. */

    MIN_TYPE = 0x600,           /* A smaller one is a length. */
    SNAP_LEN = 8,               /* With LLC. */

    MAX_VLANS = 8,              /* Real networks have 2. */
    MAX_LABELS = 16,
    MAX_ENCAPS = 8,             /* Of all kinds, one in another. */
};

static inline enum pkt_verdict parse_type(struct pkt_cursor *, struct pkt *,
                                          uint16_t type);

/* IP by its version: nothing else says what it is in raw IP and MPLS. */
static enum pkt_verdict
parse_by_version(struct pkt_cursor *c, struct pkt *pkt)
{
    if (!pkt_cursor_has(c, 1)) {
        return pkt_cursor_lacks(c, 1, PKT_CUT);
    }
    switch (*pkt_cursor_at(c) >> 4) {
    case 4:
        pkt->eth_type = PKT_TYPE_IPV4;
        return pkt_parse_ipv4(c, pkt);
    case 6:
        pkt->eth_type = PKT_TYPE_IPV6;
        return pkt_parse_ipv6(c, pkt);
    default:
        return PKT_NOT_IP;
    }
}

/* Not inline, so that parse_type() can be. */
static __attribute__((__noinline__)) enum pkt_verdict
parse_mpls(struct pkt_cursor *c, struct pkt *pkt)
{
    for (int i = 0; i < MAX_LABELS; i++) {
        if (!pkt_cursor_has(c, 4)) {
            return pkt_cursor_lacks(c, 4, PKT_CUT);
        }
        bool bottom = pkt_cursor_at(c)[2] & 1;
        if (!pkt->mpls_ofs) {
            pkt->mpls_ofs = c->ofs;
        }
        c->ofs += 4;
        if (bottom) {
            return parse_by_version(c, pkt);
        }
    }
    return PKT_MALFORMED;
}

static enum pkt_verdict
parse_pppoe(struct pkt_cursor *c, struct pkt *pkt)
{
    if (!pkt_cursor_has(c, 8)) {
        return pkt_cursor_lacks(c, 8, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t length = pkt_be16(p + 4);      /* With the PPP protocol. */
    if (p[0] != 0x11 || length > pkt_cursor_left(c) - 6) {
        return PKT_MALFORMED;
    } else if (p[1]) {
        return PKT_NOT_IP;      /* A code other than "session data". */
    } else if (length < 2) {
        return PKT_MALFORMED;
    }
    /* An odd first byte is a compressed protocol (RFC 1661, 6.5), of which
     * RFC 2516 only advises against. */
    uint32_t size = p[6] & 1 ? 1 : 2;
    uint16_t protocol = size == 1 ? p[6] : pkt_be16(p + 6);
    c->ofs += 6 + size;
    pkt_cursor_bound(c, length - size);
    uint16_t type = pkt_type_from_ppp(protocol);
    return type == PKT_TYPE_NONE ? PKT_NOT_IP : parse_type(c, pkt, type);
}

/* A header of 'size' bytes with the Ethernet type at 'type_ofs'. */
static inline enum pkt_verdict
parse_fixed(struct pkt_cursor *c, struct pkt *pkt, uint32_t size,
            uint32_t type_ofs)
{
    if (!pkt_cursor_has(c, size)) {
        return pkt_cursor_lacks(c, size, PKT_CUT);
    }
    uint16_t type = pkt_be16(pkt_cursor_at(c) + type_ofs);
    c->ofs += size;
    return parse_type(c, pkt, type);
}

/* A whole Ethernet frame, or an encapsulation that has its own header. */
static enum pkt_verdict
parse_encap(struct pkt_cursor *c, struct pkt *pkt, uint16_t type)
{
    enum pkt_verdict verdict;

    if (c->n_encaps++ == MAX_ENCAPS) {
        return PKT_MALFORMED;
    } else if (type == PKT_TYPE_TEB) {
        return parse_fixed(c, pkt, 14, 12);
    }
    uint16_t inside = type;
    verdict = pkt_skip_encap(c, &inside);
    if (verdict) {
        return verdict;
    }
    pkt->encap_type = type;
    return parse_type(c, pkt, inside);
}

static enum pkt_verdict parse_vlan(struct pkt_cursor *, struct pkt *);
static enum pkt_verdict parse_llc(struct pkt_cursor *, struct pkt *);

/* What an Ethernet type announces. */
static inline enum pkt_verdict
parse_type(struct pkt_cursor *c, struct pkt *pkt, uint16_t type)
{
    pkt->eth_type = type;
    switch (type) {
    case PKT_TYPE_IPV4:
        return pkt_parse_ipv4(c, pkt);
    case PKT_TYPE_IPV6:
        return pkt_parse_ipv6(c, pkt);
    case TYPE_VLAN:
    case TYPE_QINQ:
    case TYPE_QINQ_OLD:
        return parse_vlan(c, pkt);
    case PKT_TYPE_MPLS:
    case PKT_TYPE_MPLS_MULTICAST:
        return parse_mpls(c, pkt);
    case PKT_TYPE_PPPOE:
        return parse_pppoe(c, pkt);
    default:
        return (type < MIN_TYPE ? parse_llc(c, pkt)
                : parse_encap(c, pkt, type));
    }
}

/* What follows a length of 802.3 where others have a type: LLC, which is not
 * IP unless SNAP gives the type after all. */
static enum pkt_verdict
parse_llc(struct pkt_cursor *c, struct pkt *pkt)
{
    static const uint8_t snap[] = { 0xaa, 0xaa, 3, 0, 0, 0 };

    if (!pkt_cursor_has(c, SNAP_LEN)) {
        return (pkt_cursor_lacks(c, SNAP_LEN, PKT_CUT) == PKT_CUT
                ? PKT_CUT : PKT_NOT_IP);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint16_t type = pkt_be16(p + sizeof snap);
    if (memcmp(p, snap, sizeof snap) || type < MIN_TYPE) {
        return PKT_NOT_IP;
    }
    c->ofs += SNAP_LEN;
    return parse_type(c, pkt, type);
}

static enum pkt_verdict
parse_vlan(struct pkt_cursor *c, struct pkt *pkt)
{
    if (pkt->n_vlans == MAX_VLANS) {
        return PKT_MALFORMED;
    }
    if (!pkt_cursor_has(c, 4)) {
        return pkt_cursor_lacks(c, 4, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    if (pkt->n_vlans < 2) {
        pkt->vlan_tci[pkt->n_vlans] = pkt_be16(p);
    }
    pkt->n_vlans++;
    c->ofs += 4;
    return parse_type(c, pkt, pkt_be16(p + 2));
}

static enum pkt_verdict
parse_other_link(struct pkt_cursor *c, struct pkt *pkt)
{
    uint16_t type = PKT_TYPE_LLC;
    enum pkt_verdict verdict = pkt_skip_link(c, pkt->frame->link, &type);

    return verdict ? verdict : parse_type(c, pkt, type);
}

static inline enum pkt_verdict
parse_link(struct pkt_cursor *c, struct pkt *pkt)
{
    switch (pkt->frame->link) {
    case PKT_LINK_ETHERNET:
        return parse_fixed(c, pkt, 14, 12);
    case PKT_LINK_RAW_IP:
        return parse_by_version(c, pkt);
    case PKT_LINK_SLL:
        return parse_fixed(c, pkt, 16, 14);
    case PKT_LINK_SLL2:
        return parse_fixed(c, pkt, 20, 0);
    case PKT_LINK_NULL:
    case PKT_LINK_CISCO_HDLC:
    case PKT_LINK_PPP:
    case PKT_LINK_PPP_SERIAL:
    case PKT_LINK_RADIOTAP:
    case PKT_LINK_NFLOG:
    case PKT_LINK_IPNET:
        break;
    }
    return parse_other_link(c, pkt);
}

PKT_NO_CANARY enum pkt_verdict
pkt_parse(const struct pkt_frame *frame, struct pkt *pkt)
{
    /* A file may claim fewer bytes on the wire than it holds. */
    struct pkt_cursor c = {
        .data = frame->data,
        .cap = frame->caplen,
        .wire = frame->len > frame->caplen ? frame->len : frame->caplen,
    };
    memset(pkt, 0, sizeof *pkt);
    pkt->frame = frame;
    enum pkt_verdict verdict = parse_link(&c, pkt);
    pkt->verdict = verdict;
    return verdict;
}
