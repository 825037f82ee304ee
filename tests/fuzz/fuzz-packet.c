/* fuzz-packet.c -- what pkt_parse() promises of any frame.
 *
 * Fields lie inside of the frame and agree with each other; the same frame
 * gives the same fields; a frame that was snapped anywhere gives the fields of
 * the whole one, as far as it has any; padding says nothing.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"
#include "packet/checksum.h"
#include "packet/decap.h"

static bool
is_metered(const struct pkt *pkt)
{
    return pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED;
}

static void
check_fields(const struct pkt *pkt)
{
    const struct pkt_frame *f = pkt->frame;
    uint32_t header = pkt->ip_version == 4 ? 20 : 40;

    ovs_assert(pkt->verdict <= PKT_CUT && pkt->n_vlans <= 8);
    if (!is_metered(pkt)) {
        return;
    }
    ovs_assert(pkt->ip_version == 4 || pkt->ip_version == 6);
    ovs_assert(pkt->l3_ofs + header <= f->caplen);
    ovs_assert(f->data[pkt->l3_ofs] >> 4 == pkt->ip_version);
    ovs_assert(pkt->l3_len >= header);
    ovs_assert((uint64_t) pkt->l3_ofs + pkt->l3_len <= f->len);
    ovs_assert(pkt->ip_version == 6 || IN6_IS_ADDR_V4MAPPED(&pkt->src));
    ovs_assert(!(pkt->frag & PKT_FRAG_LATER) || pkt->frag & PKT_FRAG_ANY);
    if (pkt->l4_ofs) {
        ovs_assert(pkt->l4_ofs >= pkt->l3_ofs + header
                   && pkt->l4_ofs <= f->caplen
                   && pkt->l4_ofs <= pkt->l3_ofs + pkt->l3_len);
    } else {
        ovs_assert(!pkt->src_port && !pkt->dst_port && !pkt->tcp_flags);
    }
    ovs_assert(pkt->protocol == IPPROTO_TCP || !pkt->tcp_flags);
    ovs_assert(pkt->tcp_flags <= 0xfff);
}

/* Parses a copy of the frame of 'pkt', of which 'caplen' bytes were captured
 * and 'padding' bytes follow on the wire, in memory of just that size. */
static void
parse_again(const struct pkt *pkt, uint32_t caplen, uint32_t padding,
            struct pkt_frame *frame, struct pkt *again)
{
    uint8_t *data = xmemdup(pkt->frame->data, MAX(caplen, 1));

    *frame = *pkt->frame;
    frame->data = data;
    frame->caplen = caplen;
    frame->len += padding;
    memset(again, 0xa5, sizeof *again);
    pkt_parse(frame, again);
    free(data);
}

/* The length of a jumbogram is in an extension header. */
static bool
same_length(const struct pkt *pkt, const struct pkt *cut)
{
    return pkt->l3_len == cut->l3_len
           || (pkt->ip_version == 6 && pkt->l3_len > UINT16_MAX);
}

static bool
same_network(const struct pkt *a, const struct pkt *b)
{
    return (!memcmp(&a->src, &b->src, sizeof a->src)
            && !memcmp(&a->dst, &b->dst, sizeof a->dst)
            && same_length(a, b) && a->tos == b->tos
            && a->ttl == b->ttl && a->ip_version == b->ip_version
            && a->n_vlans == b->n_vlans && a->eth_type == b->eth_type
            && !memcmp(a->vlan_tci, b->vlan_tci, sizeof a->vlan_tci));
}

/* The bytes of 'pkt' cut at 'caplen'. */
static void
check_snapped(const struct pkt *pkt, uint32_t caplen)
{
    struct pkt_frame frame;
    struct pkt cut;

    parse_again(pkt, caplen, 0, &frame, &cut);
    if (pkt->verdict == PKT_NOT_IP || pkt->verdict == PKT_CUT) {
        ovs_assert(cut.verdict == pkt->verdict || cut.verdict == PKT_CUT);
    } else if (is_metered(pkt)) {
        ovs_assert(is_metered(&cut) || cut.verdict == PKT_CUT);
    }
    if (is_metered(pkt) && is_metered(&cut)) {
        ovs_assert(same_network(pkt, &cut));
        ovs_assert(!cut.src_port || cut.src_port == pkt->src_port);
        ovs_assert(!cut.dst_port || cut.dst_port == pkt->dst_port);
        ovs_assert(!cut.tcp_flags || cut.tcp_flags == pkt->tcp_flags);
        if (pkt->verdict == PKT_OK && cut.verdict == PKT_OK) {
            ovs_assert(cut.protocol == pkt->protocol
                       && cut.src_port == pkt->src_port
                       && cut.dst_port == pkt->dst_port
                       && cut.tcp_flags == pkt->tcp_flags);
        }
    }
}

/* False if the length of the packet is that of the frame, as its own field is
 * 0. */
static bool
has_length(const struct pkt *pkt)
{
    const uint8_t *ip = pkt->frame->data + pkt->l3_ofs;

    return pkt->ip_version == 4 ? ip[2] | ip[3] : ip[4] | ip[5];
}

/* What is inside lies within. */
static void
check_inside(const struct pkt *pkt)
{
    struct pkt_frame frame;
    struct pkt inner;

    if (pkt_decap(pkt, PKT_MAX_DECAP, &inner, &frame)) {
        ovs_assert(is_metered(&inner) && inner.frame == &frame);
        ovs_assert(inner.outer_len + inner.l3_len <= pkt->l3_len);
        fuzz_touch(frame.data, frame.caplen);
    }
}

static void
check_repair(const struct pkt *pkt)
{
    uint8_t checksum[2];
    uint32_t ofs;

    if (pkt_checksum_repair(pkt, &ofs, checksum)) {
        ovs_assert(pkt->verdict == PKT_OK && ofs > pkt->l4_ofs
                   && ofs + 2 <= pkt->frame->caplen
                   && ofs + 2 <= pkt->l3_ofs + pkt->l3_len);
    }
}

void
fuzz_packet(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct fuzz_frames ff;

    fuzz_frames_read(&in, &ff);
    for (size_t i = 0; i < ff.n; i++) {
        const struct pkt *pkt = &ff.pkts[i];
        struct pkt_frame frame;
        struct pkt again;

        check_fields(pkt);
        check_repair(pkt);
        check_inside(pkt);
        parse_again(pkt, pkt->frame->caplen, 0, &frame, &again);
        again.frame = pkt->frame;
        ovs_assert(!memcmp(pkt, &again, sizeof again));

        if (pkt->verdict == PKT_OK && pkt->frame->len < 65536
            && has_length(pkt)) {
            parse_again(pkt, pkt->frame->caplen, 4, &frame, &again);
            again.frame = pkt->frame;
            ovs_assert(!memcmp(pkt, &again, sizeof again)
                       || pkt->frame->len + 4 > 65535);
        }
        for (uint32_t n = 0; n < MIN(pkt->frame->caplen, 256); n++) {
            check_snapped(pkt, n);
        }
    }
    fuzz_frames_uninit(&ff);
}
