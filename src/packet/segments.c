/* segments.c -- what a super-frame stands for on the wire.
 *
 * Called for frames that are longer than the MTU of the interface; reads the
 * frame again for its header lengths, as pkt_parse() did not keep them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/segments.h"

#include "packet/layers.h"

enum {
    TCP_LEN = 20,               /* Without options. */
    UDP_LEN = 8,
    IPV6_LEN = 40,
    IPV6_NEXT = 6,              /* Offset of the next header. */
    JUMBO_LEN = 8,              /* Of a hop-by-hop header with a jumbo
                                 * payload option. */
    MAX_LEN = 65535,
};

static uint32_t
tcp_header_length(const struct pkt *pkt)
{
    const struct pkt_frame *f = pkt->frame;
    uint32_t ofs = pkt->l4_ofs + 12;

    return ofs < f->caplen ? (f->data[ofs] >> 4) * 4 : TCP_LEN;
}

/* Bytes of a header that the kernel adds to the first hop's super-frame only:
 * segments are short enough to do without. */
static uint32_t
jumbo_header_length(const struct pkt *pkt)
{
    return (pkt->ip_version == 6 && pkt->l3_len > IPV6_LEN + MAX_LEN
            && pkt->frame->data[pkt->l3_ofs + IPV6_NEXT] == IPPROTO_HOPOPTS
            ? JUMBO_LEN : 0);
}

struct pkt_segments
pkt_count_segments(const struct pkt *pkt, uint32_t mtu, uint32_t mss)
{
    struct pkt_segments one = { 1, pkt->l3_len };
    bool tcp = pkt->protocol == IPPROTO_TCP;
    if (!mtu || pkt->l3_len <= mtu || pkt->frag || !pkt->l4_ofs
        || (!tcp && pkt->protocol != IPPROTO_UDP)) {
        return one;
    }

    uint32_t jumbo = jumbo_header_length(pkt);
    uint32_t l3 = pkt->l4_ofs - pkt->l3_ofs - jumbo;
    uint32_t l4 = tcp ? tcp_header_length(pkt) : UDP_LEN;
    uint32_t length = pkt->l3_len - jumbo;

    /* An MSS counts the TCP options as data (RFC 6691). */
    uint32_t room = tcp && mss ? mss + TCP_LEN : mtu > l3 ? mtu - l3 : 0;
    if (room <= l4 || length <= l3 + l4) {
        return one;
    }
    uint32_t data = length - l3 - l4;
    uint32_t n = (data - 1) / (room - l4) + 1;
    return (struct pkt_segments) { n, length + (n - 1) * (l3 + l4) };
}
