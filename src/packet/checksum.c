/* checksum.c -- fills in transport checksums.  See checksum.h.
 *
 * Called by exporters of whole frames.  The test whether there is something to
 * do reads the headers alone; only a frame that needs it is summed up.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/checksum.h"

#include <netinet/in.h>
#include <string.h>
#include "base/ovs.h"
#include "packet/sum.h"
#include "packet/tunnel.h"

enum {
    TCP_CHECKSUM = 16,          /* Offset in a TCP header. */
    UDP_CHECKSUM = 6,           /* Offset in a UDP header. */
};

/* The sum of the pseudo-header of 'length' bytes of payload. */
static uint64_t
sum_pseudo(const struct pkt *pkt, uint32_t length)
{
    /* Of IPv4, the last four bytes of the mapped addresses. */
    size_t ofs = pkt->ip_version == 4 ? 12 : 0;
    uint64_t sum = pkt_sum(0, &pkt->src.s6_addr[ofs], 16 - ofs);

    sum = pkt_sum(sum, &pkt->dst.s6_addr[ofs], 16 - ofs);
    return pkt_sum_pseudo(sum, pkt->protocol, length);
}

/* The offset of the checksum in the transport header, 0 if it has none that
 * is computed this way. */
static uint32_t
checksum_offset(const struct pkt *pkt)
{
    return (pkt->protocol == IPPROTO_TCP ? TCP_CHECKSUM
            : pkt->protocol == IPPROTO_UDP ? UDP_CHECKSUM
            : 0);
}

/* The bytes that the checksum covers: of UDP what its header says, which may
 * be less than the IP packet has. */
static uint32_t
covered_length(const struct pkt *pkt, const uint8_t *l4, uint32_t length)
{
    if (pkt->protocol == IPPROTO_UDP) {
        uint32_t udp_length = l4[4] << 8 | l4[5];

        if (udp_length >= UDP_CHECKSUM + 2 && udp_length <= length) {
            return udp_length;
        }
    }
    return length;
}

/* True if 'field' is what a sender leaves that counts on its hardware.
 *
 * The kernel's word alone is believed for TCP only: with UDP it may be about a
 * packet inside of a tunnel, whose outer checksum is complete. */
static bool
is_partial(const struct pkt *pkt, uint16_t field, uint16_t pseudo)
{
    return field == pseudo || (pkt->frame->csum_partial
                               && pkt->protocol == IPPROTO_TCP);
}

static bool
repair(const struct pkt *pkt, uint32_t *ofs, uint8_t checksum[2])
{
    uint32_t field_ofs = checksum_offset(pkt);

    if (pkt->verdict != PKT_OK || !field_ofs || !pkt->l4_ofs || pkt->frag) {
        return false;
    }
    uint32_t header = pkt->l4_ofs - pkt->l3_ofs;
    if (pkt->l3_len < header + field_ofs + 2
        || pkt->l3_ofs + (uint64_t) pkt->l3_len > pkt->frame->caplen) {
        return false;
    }

    const uint8_t *l4 = pkt->frame->data + pkt->l4_ofs;
    uint32_t length = covered_length(pkt, l4, pkt->l3_len - header);
    uint64_t pseudo = sum_pseudo(pkt, length);
    uint16_t field;

    memcpy(&field, l4 + field_ofs, sizeof field);
    if (!is_partial(pkt, field, pkt_sum_fold(pseudo))) {
        return false;
    }

    /* The field itself counts as zero. */
    uint64_t sum = pkt_sum(pseudo, l4, field_ofs);
    sum = pkt_sum(sum, l4 + field_ofs + 2, length - field_ofs - 2);
    uint16_t value = ~pkt_sum_fold(sum);
    if (!value && pkt->protocol == IPPROTO_UDP) {
        value = 0xffff;         /* 0 would say that there is none. */
    }
    *ofs = pkt->l4_ofs + field_ofs;
    memcpy(checksum, &value, sizeof value);
    return true;
}

/* What is in a tunnel is left to the hardware, while the checksum around it is
 * complete already, made for what is to come.  One tunnel: more the kernel
 * does not leave.  It is seldom, and a function of its own so that the canary
 * of its packet is not on the way of all others. */
static __attribute__((__noinline__)) bool
repair_inner(const struct pkt *pkt, uint32_t *ofs, uint8_t checksum[2])
{
    for (enum pkt_tunnel_kind kind = 0; kind < PKT_N_TUNNELS; kind++) {
        struct pkt_tunnel tunnel;
        struct pkt inner;

        if (pkt_tunnel_find(pkt, kind, &tunnel)
            && pkt_parse(&tunnel.inner, &inner) == PKT_OK
            && repair(&inner, ofs, checksum)) {
            *ofs += tunnel.ofs;
            return true;
        }
    }
    return false;
}

bool
pkt_checksum_repair(const struct pkt *pkt, uint32_t *ofs, uint8_t checksum[2])
{
    return repair(pkt, ofs, checksum)
           || (pkt->frame->csum_partial && pkt->verdict == PKT_OK
               && !pkt->frag && pkt->protocol != IPPROTO_TCP
               && repair_inner(pkt, ofs, checksum));
}
