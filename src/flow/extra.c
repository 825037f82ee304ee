/* extra.c -- what few ask for of a flow.  See extra.h.
 *
 * Called by table.c for each packet, where it is asked for.  pkt_parse() has
 * looked at the bytes up to the TCP flags; what follows them may have been cut
 * or lie, so that each step is bounded here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/extra.h"

#include "base/ovs.h"

enum {
    KIND_END = 0,
    KIND_NOP = 1,
};

/* The octets of a packet's TCP header that are there; 0 if the fixed ones are
 * not. */
static uint32_t
tcp_header_len(const struct pkt *pkt)
{
    const struct pkt_frame *frame = pkt->frame;
    uint32_t end = MIN(frame->caplen, pkt->l3_ofs + pkt->l3_len);

    if (pkt->protocol != IPPROTO_TCP || !pkt->l4_ofs
        || end < pkt->l4_ofs + TCP_HEADER_LEN) {
        return 0;
    }
    uint32_t header = (frame->data[pkt->l4_ofs + 12] >> 4) * 4;
    return MIN(header, end - pkt->l4_ofs);
}

/* Sets the bits of the kinds among the options in the 'n' octets at 'p'. */
static void
add_kinds(uint8_t bits[32], const uint8_t *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; ) {
        uint8_t kind = p[i];

        bits[31 - kind / 8] |= 1 << kind % 8;
        if (kind == KIND_NOP) {
            i++;
        } else if (kind != KIND_END && i + 1 < n && p[i + 1] >= 2) {
            i += p[i + 1];
        } else {
            break;
        }
    }
}

static void
add_tcp_options(struct frec_extra *extra, const struct pkt *pkt)
{
    uint32_t header = tcp_header_len(pkt);

    if (header > TCP_HEADER_LEN) {
        add_kinds(extra->tcp_options,
                  &pkt->frame->data[pkt->l4_ofs + TCP_HEADER_LEN],
                  header - TCP_HEADER_LEN);
    }
}

/* pkt_parse() has walked the stack to its bottom, but that of a packet inside
 * of this one may be the one that it remembers. */
static void
set_labels(struct frec_extra *extra, const struct pkt *pkt)
{
    const struct pkt_frame *frame = pkt->frame;
    uint32_t ofs = pkt->mpls_ofs;

    if (!ofs) {
        return;
    }
    const uint8_t *p = frame->data + ofs;
    extra->mpls = p[0] << 16 | p[1] << 8 | p[2];
    for (size_t i = 0; i < ARRAY_SIZE(extra->mpls_lower) && !(p[2] & 1)
         && frame->caplen - ofs >= 8; i++) {
        ofs += 4;
        p += 4;
        memcpy(extra->mpls_lower[i], p, 3);
    }
}

void
ftab_extra_update(struct frec_extra *extra, const struct pkt *pkt, bool start)
{
    if (start) {
        const uint8_t *tcp = pkt->frame->data + pkt->l4_ofs;

        *extra = (struct frec_extra) {
            .tcp_window = tcp_header_len(pkt) ? tcp[14] << 8 | tcp[15] : 0,
            .min_ttl = pkt->ttl,
            .max_ttl = pkt->ttl,
            .priority = { pkt->vlan_tci[0] >> 13, pkt->vlan_tci[1] >> 13 },
        };
        set_labels(extra, pkt);
    }
    extra->min_ttl = MIN(extra->min_ttl, pkt->ttl);
    extra->max_ttl = MAX(extra->max_ttl, pkt->ttl);
    add_tcp_options(extra, pkt);
}
