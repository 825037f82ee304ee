/* encap.c -- encapsulations between Ethernet and IP that are seldom seen.
 *
 * Fabrics, provider bridges, rings, security tags: each has an EtherType, a
 * short header, and behind it a type or a whole Ethernet frame.  Only headers
 * that are in the clear are passed over.  Called by link.c for every frame
 * whose type is none of the usual ones.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/skip.h"

#include "base/ovs.h"

enum {
    MACSEC_VERSION = 0x80,
    MACSEC_SCI = 0x20,          /* A channel identifier of 8 octets. */
    MACSEC_ENCRYPTED = 0x08,
    MACSEC_CHANGED = 0x04,
};

/* Passes over 'n' bytes. */
static enum pkt_verdict
skip(struct pkt_cursor *c, uint32_t n)
{
    if (!pkt_cursor_has(c, n)) {
        return pkt_cursor_lacks(c, n, PKT_CUT);
    }
    c->ofs += n;
    return PKT_OK;
}

/* A header of 'n' bytes, whose last two are a type. */
static enum pkt_verdict
skip_to_type(struct pkt_cursor *c, uint32_t n, uint16_t *type)
{
    enum pkt_verdict verdict = skip(c, n);

    if (!verdict) {
        *type = pkt_be16(pkt_cursor_at(c) - 2);
    }
    return verdict;
}

/* A header of 'n' bytes before an Ethernet frame. */
static enum pkt_verdict
skip_to_frame(struct pkt_cursor *c, uint32_t n, uint16_t *type)
{
    *type = PKT_TYPE_TEB;
    return skip(c, n);
}

static enum pkt_verdict
skip_trill(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, 6)) {
        return pkt_cursor_lacks(c, 6, PKT_CUT);
    }
    uint16_t first = pkt_be16(pkt_cursor_at(c));
    if (first >> 14) {
        return PKT_NOT_IP;      /* A version that is not known. */
    }
    return skip_to_frame(c, 6 + (first >> 6 & 31) * 4, type);
}

/* Version, length in words of 4 octets less one, options; the one that there
 * is has a tag in its last two octets. */
static enum pkt_verdict
skip_cmd(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, 2)) {
        return pkt_cursor_lacks(c, 2, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    if (p[0] != 1 || !p[1]) {
        return PKT_NOT_IP;
    }
    return skip_to_type(c, 2 + p[1] * 4 + 2, type);
}

static enum pkt_verdict
skip_macsec(struct pkt_cursor *c, uint16_t *type)
{
    if (!pkt_cursor_has(c, 6)) {
        return pkt_cursor_lacks(c, 6, PKT_CUT);
    }
    uint8_t tci = *pkt_cursor_at(c);
    if (tci & (MACSEC_VERSION | MACSEC_ENCRYPTED | MACSEC_CHANGED)) {
        return PKT_NOT_IP;
    }
    return skip_to_type(c, 6 + (tci & MACSEC_SCI ? 8 : 0) + 2, type);
}

static enum pkt_verdict
skip_nsh(struct pkt_cursor *c, uint16_t *type)
{
    static const uint16_t types[] = {
        [1] = PKT_TYPE_IPV4, [2] = PKT_TYPE_IPV6, [3] = PKT_TYPE_TEB,
        [4] = PKT_TYPE_NSH, [5] = PKT_TYPE_MPLS,
    };

    if (!pkt_cursor_has(c, 8)) {
        return pkt_cursor_lacks(c, 8, PKT_CUT);
    }
    const uint8_t *p = pkt_cursor_at(c);
    uint32_t length = (p[1] & 63) * 4;
    if (p[0] >> 6 || p[3] >= ARRAY_SIZE(types) || !types[p[3]]) {
        return PKT_NOT_IP;
    } else if (length < 8) {
        return PKT_MALFORMED;
    }
    *type = types[p[3]];
    return skip(c, length);
}

enum pkt_verdict
pkt_skip_encap(struct pkt_cursor *c, uint16_t *type)
{
    switch (*type) {
    case PKT_TYPE_FABRICPATH:
        return skip_to_frame(c, 2, type);       /* Tree and TTL. */
    case PKT_TYPE_PBB:
        return skip_to_frame(c, 4, type);       /* Its flags and I-SID. */
    case PKT_TYPE_TRILL:
        return skip_trill(c, type);
    case PKT_TYPE_CMD:
        return skip_cmd(c, type);
    case PKT_TYPE_VNTAG:
    case PKT_TYPE_HSR:
        return skip_to_type(c, 6, type);
    case PKT_TYPE_ETAG:
        return skip_to_type(c, 8, type);
    case PKT_TYPE_MACSEC:
        return skip_macsec(c, type);
    case PKT_TYPE_NSH:
        return skip_nsh(c, type);
    default:
        return PKT_NOT_IP;
    }
}
