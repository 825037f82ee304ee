/* link-header.c -- link layers of other systems and media.
 *
 * BSD's loopback, PPP, Cisco's HDLC, 802.11 with radiotap, Linux's NFLOG,
 * Solaris's IPNET, as tcpdump.org's list of link types has them.  Called by
 * link.c for every frame of a capture of such a type.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/skip.h"

#include "base/ovs.h"

enum {
    PPP_UNCOMPRESSED = 0xff03,  /* Address and control, as in HDLC. */
    CISCO_UNICAST = 0x0f,       /* The first octet of Cisco's HDLC. */
    CISCO_MULTICAST = 0x8f,

    /* Address families, each as the system that writes them has it. */
    FAMILY_IPV4 = 2,
    FAMILY_IPV6_LINUX = 10,
    FAMILY_IPV6_NETBSD = 24,
    FAMILY_IPV6_SOLARIS = 26,
    FAMILY_IPV6_FREEBSD = 28,
    FAMILY_IPV6_DARWIN = 30,

    RADIOTAP_LEN = 8,           /* Without fields. */
    RADIOTAP_TSFT = 1 << 0,     /* Bits of the first word: a time, */
    RADIOTAP_FLAGS = 1 << 1,    /* flags, */
    RADIOTAP_MORE = 1u << 31,   /* another word. */
    RADIOTAP_PADDED = 0x20,     /* Flags: the header is padded to 4. */

    WIFI_LEN = 24,              /* With three addresses. */
    WIFI_TYPE_DATA = 2,
    WIFI_NO_DATA = 4,           /* Of a subtype, */
    WIFI_QOS = 8,               /* likewise. */
    WIFI_TO_FROM = 3,           /* Flags: of both, four addresses. */
    WIFI_PROTECTED = 0x40,
    WIFI_ORDER = 0x80,          /* With QoS: 4 octets more. */
    WIFI_AGGREGATE = 0x80,      /* QoS: frames in the frame. */

    NFLOG_LEN = 4,
    NFLOG_PAYLOAD = 9,
    NFLOG_MAX_ATTRIBUTES = 64,

    IPNET_LEN = 24,
};

static uint16_t
type_from_family(uint32_t family)
{
    switch (family) {
    case FAMILY_IPV4:
        return PKT_TYPE_IPV4;
    case FAMILY_IPV6_LINUX:
    case FAMILY_IPV6_NETBSD:
    case FAMILY_IPV6_SOLARIS:
    case FAMILY_IPV6_FREEBSD:
    case FAMILY_IPV6_DARWIN:
        return PKT_TYPE_IPV6;
    default:
        return PKT_TYPE_NONE;
    }
}

uint16_t
pkt_type_from_ppp(uint16_t protocol)
{
    switch (protocol) {
    case 0x0021:
        return PKT_TYPE_IPV4;
    case 0x0057:
        return PKT_TYPE_IPV6;
    case 0x0281:
        return PKT_TYPE_MPLS;
    case 0x0283:
        return PKT_TYPE_MPLS_MULTICAST;
    default:
        return PKT_TYPE_NONE;
    }
}

/* Four octets of family, in the order of who wrote it. */
static enum pkt_verdict
skip_null(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, 4)) {
        return pkt_cursor_lacks(c, 4, PKT_CUT);
    }
    uint32_t family = pkt_be32(pkt_cursor_at(c));
    c->ofs += 4;
    *type = type_from_family(family >> 16 ? __builtin_bswap32(family)
                             : family);
    return PKT_OK;
}

static enum pkt_verdict
skip_cisco_hdlc(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, 4)) {
        return pkt_cursor_lacks(c, 4, PKT_CUT);
    }
    *type = pkt_be16(pkt_cursor_at(c) + 2);
    c->ofs += 4;
    return PKT_OK;
}

/* With or without the octets that HDLC begins with; the protocol may be
 * compressed to one octet (RFC 1661, 6.5 and 6.6). */
static enum pkt_verdict
skip_ppp(struct pkt_cursor *c, uint16_t *type)
{
    if (pkt_cursor_has(c, 2)
        && pkt_be16(pkt_cursor_at(c)) == PPP_UNCOMPRESSED) {
        c->ofs += 2;
    }
    if (!pkt_cursor_has(c, 2)) {
        return pkt_cursor_lacks(c, 2, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t size = p[0] & 1 ? 1 : 2;
    *type = pkt_type_from_ppp(size == 1 ? p[0] : pkt_be16(p));
    c->ofs += size;
    return PKT_OK;
}

static enum pkt_verdict
skip_ppp_serial(struct pkt_cursor *c, uint16_t *type)
{
    uint8_t first = pkt_cursor_has(c, 1) ? *pkt_cursor_at(c) : 0;

    return (first == CISCO_UNICAST || first == CISCO_MULTICAST
            ? skip_cisco_hdlc(c, type) : skip_ppp(c, type));
}

static uint16_t
le16(const uint8_t *p)
{
    return p[1] << 8 | p[0];
}

/* True if the 802.11 header behind the radiotap header of 'length' bytes at
 * 'p' is padded. */
static bool
radiotap_is_padded(const uint8_t *p, uint32_t length)
{
    uint32_t present = le16(p + 4) | (uint32_t) le16(p + 6) << 16;
    uint32_t ofs, word = present;

    for (ofs = RADIOTAP_LEN; word & RADIOTAP_MORE; ofs += 4) {
        if (ofs + 4 > length) {
            return false;
        }
        word = le16(p + ofs) | (uint32_t) le16(p + ofs + 2) << 16;
    }
    if (present & RADIOTAP_TSFT) {
        ofs = ROUND_UP(ofs, 8) + 8;
    }
    return (present & RADIOTAP_FLAGS && ofs < length
            && p[ofs] & RADIOTAP_PADDED);
}

/* The bytes of the 802.11 header at 'p', 0 if what follows is no packet in the
 * clear. */
static uint32_t
wifi_length(const uint8_t *p)
{
    uint8_t type = p[0] >> 2 & 3, subtype = p[0] >> 4, flags = p[1];
    bool qos = subtype & WIFI_QOS;

    if (p[0] & 3 || type != WIFI_TYPE_DATA || subtype & WIFI_NO_DATA
        || flags & WIFI_PROTECTED) {
        return 0;
    }
    return (WIFI_LEN + ((flags & WIFI_TO_FROM) == WIFI_TO_FROM ? 6 : 0)
            + (qos ? 2 : 0) + (qos && flags & WIFI_ORDER ? 4 : 0));
}

static enum pkt_verdict
skip_radiotap(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, RADIOTAP_LEN)) {
        return pkt_cursor_lacks(c, RADIOTAP_LEN, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t length = le16(p + 2);
    if (p[0] || length < RADIOTAP_LEN) {
        return PKT_MALFORMED;
    } else if (!pkt_cursor_has(c, length + 2)) {
        return pkt_cursor_lacks(c, length + 2, PKT_CUT);
    }
    bool padded = radiotap_is_padded(p, length);
    c->ofs += length;

    p = pkt_cursor_at(c);
    uint32_t header = wifi_length(p);
    if (!header) {
        return PKT_NOT_IP;
    }
    uint32_t size = padded ? ROUND_UP(header, 4) : header;
    if (!pkt_cursor_has(c, size)) {
        return pkt_cursor_lacks(c, size, PKT_CUT);
    }
    bool has_four = (p[1] & WIFI_TO_FROM) == WIFI_TO_FROM;
    if (p[0] >> 4 & WIFI_QOS
        && p[has_four ? WIFI_LEN + 6 : WIFI_LEN] & WIFI_AGGREGATE) {
        return PKT_NOT_IP;      /* Several packets. */
    }
    c->ofs += size;
    *type = PKT_TYPE_LLC;
    return PKT_OK;
}

/* Attributes, of which one is the packet.  Their lengths are in the order of
 * who wrote them. */
static enum pkt_verdict
skip_nflog(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, NFLOG_LEN)) {
        return pkt_cursor_lacks(c, NFLOG_LEN, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    if (p[1]) {
        return PKT_NOT_IP;      /* A version that is not known. */
    }
    *type = type_from_family(p[0]);
    c->ofs += NFLOG_LEN;
    for (int i = 0; i < NFLOG_MAX_ATTRIBUTES && pkt_cursor_left(c); i++) {
        if (!pkt_cursor_has(c, 4)) {
            return pkt_cursor_lacks(c, 4, PKT_CUT);
        }
        p = pkt_cursor_at(c);
        bool big = le16(p) > pkt_cursor_left(c) || !p[2];
        uint32_t length = big ? pkt_be16(p) : le16(p);
        uint16_t attribute = big ? pkt_be16(p + 2) : le16(p + 2);
        if (length < 4 || length > pkt_cursor_left(c)) {
            return PKT_MALFORMED;
        } else if (attribute == NFLOG_PAYLOAD) {
            pkt_cursor_bound(c, length);
            c->ofs += 4;
            return PKT_OK;
        }
        length = MIN(ROUND_UP(length, 4), pkt_cursor_left(c));
        if (!pkt_cursor_has(c, length)) {
            return PKT_CUT;
        }
        c->ofs += length;
    }
    return PKT_NOT_IP;
}

static enum pkt_verdict
skip_ipnet(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, IPNET_LEN)) {
        return pkt_cursor_lacks(c, IPNET_LEN, PKT_CUT);
    }
    *type = type_from_family(pkt_cursor_at(c)[1]);
    c->ofs += IPNET_LEN;
    return PKT_OK;
}

enum pkt_verdict
pkt_skip_link(struct pkt_cursor *c, enum pkt_link link, uint16_t *type)
{
    switch (link) {
    case PKT_LINK_NULL:
        return skip_null(c, type);
    case PKT_LINK_CISCO_HDLC:
        return skip_cisco_hdlc(c, type);
    case PKT_LINK_PPP:
        return skip_ppp(c, type);
    case PKT_LINK_PPP_SERIAL:
        return skip_ppp_serial(c, type);
    case PKT_LINK_RADIOTAP:
        return skip_radiotap(c, type);
    case PKT_LINK_NFLOG:
        return skip_nflog(c, type);
    case PKT_LINK_IPNET:
        return skip_ipnet(c, type);
    case PKT_LINK_ETHERNET:
    case PKT_LINK_RAW_IP:
    case PKT_LINK_SLL:
    case PKT_LINK_SLL2:
        break;
    }
    OVS_NOT_REACHED();
}
