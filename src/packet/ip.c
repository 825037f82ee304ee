/* ip.c -- IPv4 with its options, IPv6 with its extension headers.
 *
 * Called by link.c with the cursor at an IP header.  Sets l3_len from the
 * header's own length field once it is known not to lie, and bounds the cursor
 * to it, so that Ethernet padding is never taken for data.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/layers.h"

#include "base/ovs.h"

enum {
    IPV4_LEN = 20,              /* Without options. */
    IPV6_LEN = 40,
    MAX_LEN = 65535,            /* Of a 16-bit length field. */
    MAX_SUPER_LEN = 1 << 20,    /* Of a packet that is larger than its length
                                 * field can say: Linux makes 512 KiB. */
    MAX_EXTENSIONS = 16,        /* Headers walked in one packet. */
    OPTION_PAD1 = 0,            /* The option that has no length. */
    OPTION_JUMBO = 0xc2,        /* RFC 2675. */
};

static void
set_mapped(struct in6_addr *addr, const uint8_t *ipv4)
{
    addr->s6_addr32[2] = htonl(0xffff);
    memcpy(&addr->s6_addr32[3], ipv4, 4);
}

/* The length of an IPv4 packet whose length field is 0: one that is too large
 * for it ("BIG TCP"), or one of TCP that its sender left to the hardware to
 * cut, which fills in the lengths.  0 for any other. */
static uint32_t
ipv4_length_of_zero(const struct pkt_cursor *c, const uint8_t *p,
                    uint32_t header)
{
    uint32_t left = pkt_cursor_left(c);
    bool is_fragment = pkt_be16(p + 6) & 0x3fff;

    if (left <= MAX_LEN && (p[9] != IPPROTO_TCP || is_fragment)) {
        return 0;
    }
    return left >= header && left <= MAX_SUPER_LEN ? left : 0;
}

/* The length of the IPv4 packet that starts here, or 0 if its header lies. */
static inline uint32_t
ipv4_length(const struct pkt_cursor *c, const uint8_t *p, uint32_t header)
{
    uint32_t total = pkt_be16(p + 2);

    if (OVS_UNLIKELY(!total)) {
        return ipv4_length_of_zero(c, p, header);
    }
    return total >= header && total <= pkt_cursor_left(c) ? total : 0;
}

enum pkt_verdict
pkt_parse_ipv4(struct pkt_cursor *c, struct pkt *pkt)
{
    if (!pkt_cursor_has(c, IPV4_LEN)) {
        return pkt_cursor_lacks(c, IPV4_LEN, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t header = (p[0] & 15) * 4;
    uint32_t length = ipv4_length(c, p, header);
    if (p[0] >> 4 != 4 || header < IPV4_LEN || !length) {
        return PKT_MALFORMED;
    }

    uint16_t frag = pkt_be16(p + 6);
    pkt->l3_ofs = c->ofs;
    pkt->l3_len = length;
    pkt->ip_version = 4;
    pkt->ip_flags = frag >> 13 & (PKT_IP_DF | PKT_IP_MF);
    pkt->tos = p[1];
    pkt->ttl = p[8];
    pkt->protocol = p[9];
    set_mapped(&pkt->src, p + 12);
    set_mapped(&pkt->dst, p + 16);

    pkt_cursor_bound(c, length);
    if (OVS_UNLIKELY(frag & 0x3fff)) {
        pkt->frag = PKT_FRAG_ANY | (frag & 0x1fff ? PKT_FRAG_LATER : 0);
    }
    if (OVS_UNLIKELY(!pkt_cursor_has(c, header))) {
        return PKT_SNAPPED;     /* 'length' covers the header. */
    }
    c->ofs += header;
    return pkt->frag & PKT_FRAG_LATER ? PKT_OK : pkt_parse_transport(c, pkt);
}

/* The value of the jumbo payload option among the options in the 'n' bytes at
 * 'p', or 0 if there is none. */
static uint32_t
find_jumbo(const uint8_t *p, uint32_t n)
{
    for (uint32_t i = 0; i + 1 < n; ) {
        if (p[i] == OPTION_PAD1) {
            i++;
            continue;
        }
        uint32_t size = 2 + p[i + 1];
        if (p[i] == OPTION_JUMBO && size == 6 && i + size <= n) {
            return pkt_be32(p + i + 2);
        }
        i += size;
    }
    return 0;
}

static bool
is_extension(uint8_t protocol)
{
    switch (protocol) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_FRAGMENT:
    case IPPROTO_DSTOPTS:
    case IPPROTO_AH:
    case IPPROTO_MH:
        return true;
    default:
        return false;
    }
}

/* The length of an IPv6 packet whose payload length is 0: a jumbogram, a
 * super-frame that has no room for its length, one of TCP that the hardware is
 * to cut (pkt_parse_ipv6() sees to it that TCP is what follows), or really
 * nothing.  The cursor is at the IPv6 header.  0 if the header lies. */
static uint32_t
ipv6_length_of_zero(struct pkt_cursor c, uint8_t next)
{
    uint32_t left = pkt_cursor_left(&c);

    c.ofs += IPV6_LEN;
    if (next == IPPROTO_NONE) {
        return IPV6_LEN;
    } else if (left > MAX_SUPER_LEN
               || (left <= IPV6_LEN + MAX_LEN && next != IPPROTO_TCP
                   && !is_extension(next))) {
        return 0;
    } else if (next != IPPROTO_HOPOPTS || !pkt_cursor_has(&c, 8)) {
        return left;
    }
    const uint8_t *p = pkt_cursor_at(&c);
    uint32_t size = (p[1] + 1) * 8;
    if (!pkt_cursor_has(&c, size)) {
        return left;
    }
    uint32_t jumbo = find_jumbo(p + 2, size - 2);
    if (!jumbo) {
        return left;
    }
    return (jumbo > MAX_LEN && jumbo <= left - IPV6_LEN
            ? IPV6_LEN + jumbo : 0);
}

/* Walks the extension headers up to a transport header. */
static enum pkt_verdict
walk_extensions(struct pkt_cursor *c, struct pkt *pkt)
{
    for (int i = 0; is_extension(pkt->protocol); i++) {
        if (i == MAX_EXTENSIONS) {
            return PKT_MALFORMED;
        }
        if (!pkt_cursor_has(c, 8)) {
            return pkt_cursor_lacks(c, 8, PKT_SNAPPED);
        }
        const uint8_t *p = pkt_cursor_at(c);
        uint32_t size = (p[1] + 1) * 8;
        if (pkt->protocol == IPPROTO_AH) {
            size = (p[1] + 2) * 4;
        } else if (pkt->protocol == IPPROTO_FRAGMENT) {
            size = 8;
            uint16_t frag = pkt_be16(p + 2);
            if (frag & 0xfff9) {        /* Offset, or more to come. */
                pkt->frag |= PKT_FRAG_ANY;
            }
            if (frag & 1) {
                pkt->ip_flags |= PKT_IP_MF;
            }
            if (frag & 0xfff8) {
                /* What follows is the middle of something. */
                pkt->frag |= PKT_FRAG_LATER;
                pkt->protocol = p[0];
                return PKT_OK;
            }
        }
        if (!pkt_cursor_has(c, size)) {
            return pkt_cursor_lacks(c, size, PKT_SNAPPED);
        }
        pkt->protocol = p[0];
        c->ofs += size;
    }
    return pkt_parse_transport(c, pkt);
}

/* Of a packet whose length field is 0: what it carries may have been cut off
 * by the capture. */
static bool
may_have_no_length(const struct pkt *pkt)
{
    return (pkt->l3_len == IPV6_LEN || pkt->l3_len > IPV6_LEN + MAX_LEN
            || is_extension(pkt->protocol)
            || (pkt->protocol == IPPROTO_TCP && !pkt->frag));
}

enum pkt_verdict
pkt_parse_ipv6(struct pkt_cursor *c, struct pkt *pkt)
{
    if (!pkt_cursor_has(c, IPV6_LEN)) {
        return pkt_cursor_lacks(c, IPV6_LEN, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t payload = pkt_be16(p + 4);
    uint32_t length = (payload ? IPV6_LEN + payload
                       : ipv6_length_of_zero(*c, p[6]));
    if (p[0] >> 4 != 6 || !length || length > pkt_cursor_left(c)) {
        return PKT_MALFORMED;
    }

    pkt->l3_ofs = c->ofs;
    pkt->l3_len = length;
    pkt->ip_version = 6;
    pkt->tos = p[0] << 4 | p[1] >> 4;
    pkt->protocol = p[6];
    pkt->ttl = p[7];
    memcpy(&pkt->src, p + 8, 16);
    memcpy(&pkt->dst, p + 24, 16);

    pkt_cursor_bound(c, length);
    c->ofs += IPV6_LEN;
    enum pkt_verdict verdict = walk_extensions(c, pkt);
    if (OVS_UNLIKELY(!payload) && !may_have_no_length(pkt)) {
        return PKT_MALFORMED;
    }
    return verdict;
}
