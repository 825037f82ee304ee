/* fuzz-segments.c -- the frames that a super-frame stands for.
 *
 * The first bytes are the MTU and the MSS; the kernel says, too, that segments
 * are as long as the MSS, and of the header where the MTU is.  The frames that
 * are cut add up to what is counted: as many, and, where the outer header is
 * the one that is cut, with as many octets; each parses as the super-frame
 * does, and is no longer than the MTU unless the MSS says so.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "packet/mss.h"
#include "packet/segments.h"

/* Checks one segment and returns the octets of its IP packet. */
static uint64_t
check_segment(const struct pkt *pkt, const uint8_t *headers,
              const struct pkt_segment *s)
{
    uint32_t caplen = s->headers_len + s->payload_len;
    uint8_t *data = xmalloc(caplen);
    struct pkt_frame frame = *pkt->frame;
    struct pkt part;

    ovs_assert(s->headers_len <= PKT_SEGMENT_HEADERS && caplen <= s->len);
    memcpy(data, headers, s->headers_len);
    memcpy(data + s->headers_len, s->payload, s->payload_len);
    frame.data = data;
    frame.caplen = caplen;
    frame.len = s->len;
    pkt_parse(&frame, &part);
    ovs_assert(part.verdict == pkt->verdict);
    ovs_assert(!memcmp(&part.src, &pkt->src, sizeof part.src)
               && part.src_port == pkt->src_port
               && part.dst_port == pkt->dst_port
               && part.n_vlans == pkt->n_vlans
               && part.protocol == pkt->protocol);
    free(data);
    return part.l3_len;
}

static void
cut(const struct pkt *pkt, uint32_t mtu, uint32_t mss)
{
    uint8_t headers[PKT_SEGMENT_HEADERS];
    struct pkt_segments count = pkt_count_segments(pkt, mtu, mss);
    struct pkt_segmenter segmenter;
    struct pkt_segment segment;
    uint64_t n = 0, octets = 0;

    ovs_assert(count.packets >= 1 && count.octets >= pkt->l3_len / 2);
    if (!pkt_segmenter_init(&segmenter, pkt, mtu, mss)) {
        return;
    }
    while (pkt_segmenter_next(&segmenter, headers, &segment)) {
        octets += check_segment(pkt, headers, &segment);
        n++;
    }
    ovs_assert(n == count.packets && octets == count.octets);
}

/* As if the kernel said that segments of 'size' begin at 'ofs', or where the
 * transport header is. */
static void
cut_as_told(const struct pkt *pkt, uint16_t ofs, uint16_t size)
{
    static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
    struct pkt_frame frame = *pkt->frame;
    struct pkt told = *pkt;

    told.frame = &frame;
    frame.has_gso = true;
    frame.gso_size = MAX(size, 1);
    for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
        frame.gso_protocol = protocols[i];
        frame.gso_ofs = pkt->l4_ofs;
        cut(&told, 0, 0);
        frame.gso_ofs = ofs;
        pkt_count_segments(&told, 0, 0);
    }
}

void
fuzz_segments(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    uint32_t mtu = fuzz_get(&in, 2), mss = fuzz_get(&in, 2);
    struct pkt_mss *cache = xmalloc(sizeof *cache);
    struct fuzz_frames ff;

    pkt_mss_init(cache, 1);
    fuzz_frames_read(&in, &ff);
    for (size_t i = 0; i < ff.n; i++) {
        const struct pkt *pkt = &ff.pkts[i];

        pkt_mss_learn(cache, pkt);
        if (pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED) {
            uint32_t learnt = pkt_mss_find(cache, pkt);

            ovs_assert(!learnt || learnt >= PKT_MSS_LEAST);
            cut(pkt, mtu, learnt ? learnt : mss);
            cut_as_told(pkt, mtu, mss);
        }
    }
    fuzz_frames_uninit(&ff);
    free(cache);
}
