/* unwrap.c -- the frame inside of a packet of a tunnel that is known.  See
 * unwrap.h.
 *
 * Called by the engine for each frame of such a capture.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/unwrap.h"

#include "base/ovs.h"
#include "packet/cursor.h"
#include "packet/decap.h"

enum {
    UDP_LEN = 8,
    VNI_OFS = UDP_LEN + 4,      /* Of VXLAN and Geneve alike; 24 bits. */
    GRE_HAS_CHECKSUM = 0x8000,
    GRE_HAS_KEY = 0x2000,
    GRE_LEN = 4,
    SESSION_OFS = 8 + 2,        /* Behind GRE with a sequence. */
    SESSION_MASK = 0x3ff,
};

/* Zeros are any. */
static bool
is_from_or_to(const struct in6_addr *known, const struct in6_addr *ip)
{
    return (!ipv6_addr_is_set(known) || ipv6_addr_equals(known, ip));
}

/* The 'n' bytes at 'ofs' behind the start of the transport header, or NULL. */
static const uint8_t *
bytes_at(const struct pkt *pkt, uint32_t ofs, uint32_t n)
{
    return (pkt->l4_ofs + ofs + n <= pkt->frame->caplen
            ? pkt->frame->data + pkt->l4_ofs + ofs : NULL);
}

static bool
has_gre_key(const struct pkt *pkt, uint32_t key)
{
    const uint8_t *gre = bytes_at(pkt, 0, GRE_LEN);
    uint16_t flags = gre ? pkt_be16(gre) : 0;
    const uint8_t *p = bytes_at(pkt, (flags & GRE_HAS_CHECKSUM
                                      ? GRE_LEN + 4 : GRE_LEN), 4);

    return flags & GRE_HAS_KEY && p && pkt_be32(p) == key;
}

static bool
has_key(const struct pkt *pkt, const struct wrap *w)
{
    const uint8_t *p;

    switch (w->type) {
    case WRAP_VXLAN:
    case WRAP_GENEVE:
        p = bytes_at(pkt, VNI_OFS, 4);
        return p && pkt_be32(p) >> 8 == w->key;
    case WRAP_GRE:
        return has_gre_key(pkt, w->key);
    case WRAP_ERSPAN:
        p = bytes_at(pkt, SESSION_OFS, 2);
        return p && (pkt_be16(p) & SESSION_MASK) == w->key;
    case WRAP_NONE:
        break;
    }
    return false;
}

/* Where the switch knows of a tunnel no more than its type, that is looked
 * at. */
bool
pkt_unwrap(const struct pkt *pkt, const struct wrap *w,
           struct pkt_frame *inside)
{
    static const enum pkt_decap_kind kinds[] = {
        [WRAP_VXLAN] = PKT_DECAP_VXLAN, [WRAP_GENEVE] = PKT_DECAP_GENEVE,
        [WRAP_GRE] = PKT_DECAP_GRE, [WRAP_ERSPAN] = PKT_DECAP_ERSPAN,
    };

    if (w->type == WRAP_NONE || pkt->verdict != PKT_OK
        || !is_from_or_to(&w->remote, &pkt->dst)
        || !is_from_or_to(&w->local, &pkt->src)
        || (w->port && pkt->dst_port != w->port)
        || (w->has_key && !has_key(pkt, w))) {
        return false;
    }
    return (pkt_inside(pkt, kinds[w->type], inside)
            && inside->link == PKT_LINK_ETHERNET);
}
