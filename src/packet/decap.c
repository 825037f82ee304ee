/* decap.c -- the packet inside of a packet.  See decap.h.
 *
 * Each kind of tunnel is a function that takes the cursor behind its outer
 * headers, moves it to what is carried, and says how that begins; then
 * pkt_parse() is called for it as for any frame.  What cannot be told (the
 * length of an L2TPv3 cookie) is tried, and counts if it is IP in every
 * detail.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/decap.h"

#include "base/ovs.h"
#include "packet/cursor.h"
#include "packet/skip.h"

enum {
    PROTO_L2TP = 115,

    PORT_L2TP = 1701,
    PORT_GTPU = 2152,
    PORT_VXLAN = 4789,
    PORT_VXLAN_GPE = 4790,
    PORT_GENEVE = 6081,
    PORT_VXLAN_LINUX = 8472,    /* Linux's default. */
    UDP_LEN = 8,

    GRE_HAS_CHECKSUM = 0x8000,
    GRE_HAS_ROUTING = 0x4000,
    GRE_HAS_KEY = 0x2000,
    GRE_HAS_SEQUENCE = 0x1000,
    GRE_HAS_ACK = 0x0080,       /* Version 1. */
    GRE_VERSION_MASK = 7,
    GRE_TYPE_EOIP = 0x6400,     /* MikroTik's, version 1. */
    GRE_TYPE_PPP = 0x880b,      /* PPTP's, version 1. */
    GRE_TYPE_ERSPAN = 0x88be,   /* Type I without a sequence, else II. */
    GRE_TYPE_ERSPAN3 = 0x22eb,

    GENEVE_VERSION = 0xc0,
    VXLAN_VNI = 0x08,
    VXLAN_GPE = 0x04,
    GTP_G_PDU = 255,
    GTP_EXTENDED = 0x04,
    GTP_MAX_EXTENSIONS = 16,

    L2TP_CONTROL = 0x8000,
    L2TP_LENGTH = 0x4000,
    L2TP_SEQUENCE = 0x0800,
    L2TP_OFFSET = 0x0200,
};

/* What a tunnel carries. */
struct inside {
    struct pkt_cursor c;        /* At its first byte. */
    enum pkt_link link;
};

/* Passes over 'n' bytes that must have been captured, with some behind. */
static bool
pass(struct pkt_cursor *c, uint32_t n)
{
    if (n >= pkt_cursor_left(c) || !pkt_cursor_has(c, n)) {
        return false;
    }
    c->ofs += n;
    return true;
}

/* How what an EtherType announces begins. */
static bool
link_from_type(uint16_t type, enum pkt_link *link)
{
    *link = type == PKT_TYPE_TEB ? PKT_LINK_ETHERNET : PKT_LINK_RAW_IP;
    return (type == PKT_TYPE_TEB || type == PKT_TYPE_IPV4
            || type == PKT_TYPE_IPV6);
}

static bool
erspan_inside(struct inside *in, uint16_t type, bool has_sequence)
{
    uint32_t length = 0;

    if (type == GRE_TYPE_ERSPAN3) {
        if (!pkt_cursor_has(&in->c, 12)) {
            return false;
        }
        length = pkt_cursor_at(&in->c)[11] & 1 ? 20 : 12;
        if ((pkt_cursor_at(&in->c)[10] >> 2 & 31) == 2) {
            in->link = PKT_LINK_RAW_IP;
            return pass(&in->c, length);
        }
    } else if (has_sequence) {
        length = 8;
    }
    in->link = PKT_LINK_ETHERNET;
    return pass(&in->c, length);
}

/* Version 1, behind its fixed header: EoIP's length and tunnel id stand where
 * PPTP has a key. */
static bool
enhanced_gre_inside(struct inside *in, uint16_t flags, uint16_t type)
{
    uint32_t more = ((flags & GRE_HAS_SEQUENCE ? 4 : 0)
                     + (flags & GRE_HAS_ACK ? 4 : 0));

    if (!(flags & GRE_HAS_KEY)
        || (type != GRE_TYPE_EOIP && type != GRE_TYPE_PPP)) {
        return false;
    }
    in->link = type == GRE_TYPE_EOIP ? PKT_LINK_ETHERNET : PKT_LINK_PPP;
    return pass(&in->c, 4 + more);
}

static bool
gre_inside(struct inside *in)
{
    if (!pkt_cursor_has(&in->c, 4)) {
        return false;
    }
    uint16_t flags = pkt_be16(pkt_cursor_at(&in->c));
    uint16_t type = pkt_be16(pkt_cursor_at(&in->c) + 2);
    uint32_t more = ((flags & GRE_HAS_CHECKSUM ? 4 : 0)
                     + (flags & GRE_HAS_KEY ? 4 : 0)
                     + (flags & GRE_HAS_SEQUENCE ? 4 : 0));

    if (!pass(&in->c, 4)) {
        return false;
    } else if ((flags & GRE_VERSION_MASK) == 1) {
        return enhanced_gre_inside(in, flags, type);
    } else if (flags & (GRE_VERSION_MASK | GRE_HAS_ROUTING)
               || !pass(&in->c, more)) {
        return false;
    } else if (type == GRE_TYPE_ERSPAN || type == GRE_TYPE_ERSPAN3) {
        return erspan_inside(in, type, flags & GRE_HAS_SEQUENCE);
    }
    return link_from_type(type, &in->link);
}

static bool
vxlan_inside(struct inside *in, bool gpe)
{
    static const uint16_t types[] = {
        [1] = PKT_TYPE_IPV4, [2] = PKT_TYPE_IPV6, [3] = PKT_TYPE_TEB,
        [4] = PKT_TYPE_NSH,
    };

    if (!pkt_cursor_has(&in->c, 8)) {
        return false;
    }
    uint8_t flags = pkt_cursor_at(&in->c)[0];
    uint8_t next = pkt_cursor_at(&in->c)[3];
    uint16_t type = PKT_TYPE_TEB;
    if (!(flags & VXLAN_VNI) || !pass(&in->c, 8)) {
        return false;
    }
    if (gpe && flags & VXLAN_GPE) {
        if (next >= ARRAY_SIZE(types)) {
            return false;
        }
        type = types[next];
    }
    if (type == PKT_TYPE_NSH && pkt_skip_encap(&in->c, &type)) {
        return false;
    }
    return link_from_type(type, &in->link);
}

static bool
geneve_inside(struct inside *in)
{
    if (!pkt_cursor_has(&in->c, 8)) {
        return false;
    }
    const uint8_t *p = pkt_cursor_at(&in->c);
    return (!(p[0] & GENEVE_VERSION) && link_from_type(pkt_be16(p + 2),
                                                       &in->link)
            && pass(&in->c, 8 + (p[0] & 63) * 4));
}

/* Each extension header says its length, in words of 4 octets, at its start
 * and what follows at its end (3GPP TS 29.281, 5.2). */
static bool
gtp_inside(struct inside *in)
{
    if (!pkt_cursor_has(&in->c, 12)) {
        return false;
    }
    const uint8_t *p = pkt_cursor_at(&in->c);
    uint8_t next = p[0] & GTP_EXTENDED ? p[11] : 0;

    if (p[0] >> 4 != 3 || p[1] != GTP_G_PDU
        || !pass(&in->c, p[0] & 7 ? 12 : 8)) {
        return false;
    }
    for (int i = 0; next; i++) {
        if (i == GTP_MAX_EXTENSIONS || !pkt_cursor_has(&in->c, 1)) {
            return false;
        }
        uint32_t length = pkt_cursor_at(&in->c)[0] * 4;
        if (!length || !pass(&in->c, length)) {
            return false;
        }
        next = pkt_cursor_at(&in->c)[-1];
    }
    in->link = PKT_LINK_RAW_IP;
    return true;
}

/* Version 2: PPP. */
static bool
l2tp2_inside(struct inside *in, uint16_t flags)
{
    uint32_t length = (6 + (flags & L2TP_LENGTH ? 2 : 0)
                       + (flags & L2TP_SEQUENCE ? 4 : 0));

    if (flags & L2TP_OFFSET) {
        if (!pkt_cursor_has(&in->c, length + 2)) {
            return false;
        }
        length += 2 + pkt_be16(pkt_cursor_at(&in->c) + length);
    }
    in->link = PKT_LINK_PPP;
    return pass(&in->c, length);
}

/* Where what is inside begins depends on the tunnel's setup: a cookie of 0, 4
 * or 8 octets, a sublayer of 4 or none. */
static bool
l2tp3_inside(struct inside *in)
{
    struct pkt_cursor start = in->c;

    in->link = PKT_LINK_ETHERNET;
    for (uint32_t more = 0; more <= 12; more += 4) {
        struct pkt_frame frame = { .link = in->link };
        struct pkt pkt;

        in->c = start;
        if (!pass(&in->c, more)) {
            return false;
        }
        frame.data = pkt_cursor_at(&in->c);
        frame.caplen = in->c.cap - in->c.ofs;
        frame.len = pkt_cursor_left(&in->c);
        if (pkt_parse(&frame, &pkt) == PKT_OK) {
            return true;
        }
    }
    return false;
}

static bool
l2tp_udp_inside(struct inside *in)
{
    if (!pkt_cursor_has(&in->c, 8)) {
        return false;
    }
    uint16_t flags = pkt_be16(pkt_cursor_at(&in->c));
    if (flags & L2TP_CONTROL) {
        return false;
    }
    switch (flags & 15) {
    case 2:
        return l2tp2_inside(in, flags);
    case 3:
        return pass(&in->c, 8) && l2tp3_inside(in);
    default:
        return false;
    }
}

/* By the port of either end: answers go back, for some. */
static bool
udp_inside(const struct pkt *pkt, struct inside *in)
{
    if (!pass(&in->c, UDP_LEN)) {
        return false;
    }
    switch (pkt->dst_port) {
    case PORT_VXLAN:
    case PORT_VXLAN_LINUX:
        return vxlan_inside(in, false);
    case PORT_VXLAN_GPE:
        return vxlan_inside(in, true);
    case PORT_GENEVE:
        return geneve_inside(in);
    case PORT_GTPU:
        return gtp_inside(in);
    case PORT_L2TP:
        return l2tp_udp_inside(in);
    default:
        return pkt->src_port == PORT_L2TP && l2tp_udp_inside(in);
    }
}

/* Starts behind the headers of IP. */
static bool
begin_inside(const struct pkt *pkt, struct inside *in)
{
    const struct pkt_frame *f = pkt->frame;

    if (pkt->verdict != PKT_OK || pkt->frag || !pkt->l4_ofs
        || pkt->l4_ofs >= f->caplen) {
        return false;
    }
    in->c = (struct pkt_cursor) {
        .data = f->data,
        .ofs = pkt->l4_ofs,
        .cap = f->caplen,
        .wire = MAX(f->len, f->caplen),
    };
    pkt_cursor_bound(&in->c, pkt->l3_ofs + pkt->l3_len - pkt->l4_ofs);
    return true;
}

static bool
find_inside(const struct pkt *pkt, struct inside *in)
{
    if (!begin_inside(pkt, in)) {
        return false;
    }
    switch (pkt->protocol) {
    case IPPROTO_IPIP:
    case IPPROTO_IPV6:
        in->link = PKT_LINK_RAW_IP;
        return true;
    case IPPROTO_GRE:
        return gre_inside(in);
    case IPPROTO_UDP:
        return udp_inside(pkt, in);
    case PROTO_L2TP:
        /* A session of 0 is control. */
        return (pkt_cursor_has(&in->c, 4)
                && pkt_be32(pkt_cursor_at(&in->c)) && pass(&in->c, 4)
                && l2tp3_inside(in));
    default:
        return false;
    }
}

/* The segments of a frame are those of what is inside of it from 'ofs' on,
 * unless each has a tunnel of its own. */
static void
enter_segments(struct pkt_frame *frame, uint32_t ofs)
{
    if (frame->gso_ofs > ofs) {
        frame->gso_ofs -= ofs;
    } else if (frame->gso_ofs) {
        frame->gso_protocol = frame->gso_size = frame->gso_ofs = 0;
    }
}

/* The frame that starts at 'in', with all else as in 'outer'. */
static struct pkt_frame
inside_frame(const struct pkt_frame *outer, const struct inside *in)
{
    struct pkt_frame frame = *outer;

    frame.data = outer->data + in->c.ofs;
    frame.caplen = in->c.cap - in->c.ofs;
    frame.len = pkt_cursor_left(&in->c);
    frame.link = in->link;
    enter_segments(&frame, in->c.ofs);
    return frame;
}

static bool
is_erspan(const struct inside *in)
{
    uint16_t type = (pkt_cursor_has(&in->c, 4)
                     ? pkt_be16(pkt_cursor_at(&in->c) + 2) : 0);

    return type == GRE_TYPE_ERSPAN || type == GRE_TYPE_ERSPAN3;
}

static bool
find_kind(const struct pkt *pkt, enum pkt_decap_kind kind, struct inside *in)
{
    if (pkt->protocol == IPPROTO_GRE) {
        return ((kind == PKT_DECAP_GRE || kind == PKT_DECAP_ERSPAN)
                && is_erspan(in) == (kind == PKT_DECAP_ERSPAN)
                && gre_inside(in));
    }
    return (pkt->protocol == IPPROTO_UDP && pass(&in->c, UDP_LEN)
            && (kind == PKT_DECAP_VXLAN ? vxlan_inside(in, false)
                : kind == PKT_DECAP_GENEVE && geneve_inside(in)));
}

bool
pkt_inside(const struct pkt *pkt, enum pkt_decap_kind kind,
           struct pkt_frame *inside)
{
    struct inside in;

    if (!begin_inside(pkt, &in) || !find_kind(pkt, kind, &in)) {
        return false;
    }
    *inside = inside_frame(pkt->frame, &in);
    return true;
}

unsigned int
pkt_decap(const struct pkt *pkt, unsigned int depth, struct pkt *inner,
          struct pkt_frame *frame)
{
    struct pkt_frame next_frame;
    struct pkt next = *pkt;
    struct inside in;
    unsigned int n = 0;

    while (n < depth && n < PKT_MAX_DECAP && find_inside(&next, &in)) {
        uint32_t outer = next.outer_len + in.c.ofs - next.l3_ofs;

        next_frame = inside_frame(next.frame, &in);
        pkt_parse(&next_frame, &next);
        if (next.verdict != PKT_OK && next.verdict != PKT_SNAPPED) {
            break;
        }
        outer += next.l3_ofs;
        if (outer > UINT16_MAX) {
            break;
        }
        next.outer_len = outer;
        *frame = next_frame;
        *inner = next;
        inner->frame = frame;
        next.frame = frame;
        n++;
    }
    return n;
}
