/* frames.c -- what exporters of whole frames over GRE share.  See frames.h.
 *
 * Called through the classes of the encoders.  Invariant: what a datagram in
 * 'dgrams' points to stays as it is until the batch was flushed, which it is
 * before packets() returns.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/frames.h"

#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "packet/checksum.h"
#include "target/target.h"

enum {
    IPV4_LEN = 20,              /* Outer headers; no options are sent. */
    IPV6_LEN = 40,
    MAX_IP_LEN = 65535,         /* IPv4: with its header; IPv6: without. */
    DEFAULT_MTU = 1500,         /* If the path's is unknown. */
};

/* The bytes of a frame that one datagram can carry.  'mtu' 0: the kernel
 * fragments. */
static uint32_t
frame_limit(const struct frames *fr, uint32_t mtu)
{
    uint32_t outer = fr->ipv6 ? IPV6_LEN : IPV4_LEN;

    if (!mtu) {
        return MAX_IP_LEN - (fr->ipv6 ? 0 : outer) - fr->headers_len;
    }
    mtu = MIN(mtu, MAX_IP_LEN);
    return mtu > outer + fr->headers_len ? mtu - outer - fr->headers_len : 0;
}

void
frames_set_path_mtu(struct exporter *exporter, uint32_t path_mtu)
{
    struct frames *fr = frames_cast(exporter);
    uint32_t limit = path_mtu ? frame_limit(fr, path_mtu) : 0;

    if (fr->follow_path && limit) {
        fr->limit = limit;
    }
}

char *
frames_init(struct frames *fr, const struct exporter_class *class,
            const struct exporter_conf *conf, uint32_t headers_len,
            frames_put_headers *put_headers)
{
    const struct target *t = conf->target;

    fr->up.class = class;
    fr->output = conf->output;
    fr->put_headers = put_headers;
    fr->headers_len = headers_len;
    fr->fix_checksums = target_get_bool(t, "fix-checksums");
    fr->truncate = !strcmp(target_get(t, "oversize"), "truncate");
    fr->follow_path = fr->truncate && !target_has(t, "mtu");
    fr->ipv6 = conf->ipv6;

    uint32_t mtu = (!fr->truncate ? 0
                    : target_has(t, "mtu") ? target_get_int(t, "mtu")
                    : conf->path_mtu ? conf->path_mtu
                    : DEFAULT_MTU);
    fr->limit = frame_limit(fr, mtu);
    if (!fr->limit) {
        return xasprintf("%s: no byte of a frame fits an MTU of %"PRIu32"; "
                         "give a larger mtu", class->name, mtu);
    }
    return NULL;
}

static void
flush_batch(struct frames *fr)
{
    if (fr->n) {
        fr->output->send(fr->output, fr->dgrams, fr->n);
        exporter_output_flush(fr->output);
        fr->n = 0;
    }
}

/* Points 'iov' at 'length' bytes of a frame from 'skip' on, in their place the
 * checksum that was left to the hardware. */
static inline void
lend_frame(struct frames *fr, const struct pkt *pkt, uint32_t skip,
           uint32_t length, struct iovec *iov)
{
    uint8_t *data = CONST_CAST(uint8_t *, pkt->frame->data) + skip;
    uint8_t *checksum = fr->checksums[fr->n];
    uint32_t ofs;

    if (!fr->fix_checksums || !pkt_checksum_repair(pkt, &ofs, checksum)
        || ofs < skip || (ofs -= skip) >= length) {
        iov[0] = (struct iovec) { data, length };
        iov[1] = iov[2] = (struct iovec) { NULL, 0 };
        return;
    }
    uint32_t n = MIN(2, length - ofs);
    iov[0] = (struct iovec) { data, ofs };
    iov[1] = (struct iovec) { checksum, n };
    iov[2] = (struct iovec) { data + ofs + n, length - ofs - n };
}

/* Points 'iov' at 'length' bytes of a segment from 'skip' on, which is within
 * its headers. */
static void
lend_segment(struct frames *fr, const struct pkt_segment *segment,
             uint32_t skip, uint32_t length, struct iovec *iov)
{
    uint32_t n = MIN(length, segment->headers_len - skip);

    iov[0] = (struct iovec) { fr->inner[fr->n] + skip, n };
    iov[1] = (struct iovec) { CONST_CAST(uint8_t *, segment->payload),
                              length - n };
    iov[2] = (struct iovec) { NULL, 0 };
}

/* What is sent of a frame: all of it, or IP without what is before. */
struct payload {
    uint32_t skip;              /* Octets that are not sent. */
    uint16_t type;              /* As in struct frames_item. */
};

/* Where IP begins in a Linux cooked frame, which may be short; SIZE_MAX: it
 * does not. */
static size_t
cooked_ip_ofs(const struct pkt_frame *frame)
{
    static const uint8_t types[][2] = { { 0x08, 0x00 }, { 0x86, 0xdd } };
    enum { SLL_LEN = 16, SLL_TYPE = 14, SLL2_LEN = 20, SLL2_TYPE = 0 };
    bool sll = frame->link == PKT_LINK_SLL;

    if (frame->caplen < (sll ? SLL_LEN : SLL2_LEN)) {
        return SIZE_MAX;
    }
    const uint8_t *type = frame->data + (sll ? SLL_TYPE : SLL2_TYPE);
    return (memcmp(type, types[0], 2) && memcmp(type, types[1], 2) ? SIZE_MAX
            : sll ? SLL_LEN : SLL2_LEN);
}

/* Where IP begins in a frame of a link without Ethernet headers; SIZE_MAX: no
 * IP is there, or not up to the frame's end. */
static size_t
ip_ofs(const struct pkt *pkt)
{
    bool is_ip = pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED;

    switch (pkt->frame->link) {
    case PKT_LINK_RAW_IP:
        return 0;
    case PKT_LINK_SLL:
    case PKT_LINK_SLL2:
        return cooked_ip_ofs(pkt->frame);
    case PKT_LINK_NULL:
    case PKT_LINK_CISCO_HDLC:
    case PKT_LINK_PPP:
    case PKT_LINK_PPP_SERIAL:
    case PKT_LINK_IPNET:
        return (is_ip && !pkt->n_vlans && !pkt->mpls_ofs && !pkt->encap_type
                ? pkt->l3_ofs : SIZE_MAX);
    case PKT_LINK_ETHERNET:
    case PKT_LINK_RADIOTAP:
    case PKT_LINK_NFLOG:
        break;
    }
    return SIZE_MAX;
}

/* False if the link has no Ethernet headers, and the encoder cannot send what
 * it has. */
static bool
find_ip(const struct frames *fr, const struct pkt *pkt,
        struct payload *payload)
{
    const struct pkt_frame *frame = pkt->frame;
    size_t ofs = fr->carries_ip ? ip_ofs(pkt) : SIZE_MAX;

    if (ofs >= frame->caplen) {
        return false;
    }
    payload->skip = ofs;
    payload->type = (frame->data[ofs] >> 4 == 4 ? FRAMES_GRE_IPV4
                     : frame->data[ofs] >> 4 == 6 ? FRAMES_GRE_IPV6
                     : 0);
    return payload->type != 0;
}

/* Sends the frame or, if it is not NULL, the segment of it whose headers are
 * in 'inner'; false if it must be skipped.  Inline: of a plain frame nothing
 * of segments is left. */
static inline bool
add_frame(struct frames *fr, const struct pkt *pkt,
          const struct pkt_segment *segment,
          const struct exporter_point *point, struct payload payload)
{
    uint32_t have = (segment ? segment->headers_len + segment->payload_len
                     : pkt->frame->caplen) - payload.skip;
    uint32_t wire = (segment ? segment->len : pkt->frame->len) - payload.skip;

    if (have > fr->limit && !fr->truncate) {
        return false;
    }
    uint32_t length = MIN(have, fr->limit);
    struct frames_item item = {
        .pkt = pkt,
        .point = point,
        .len = wire,
        .cut = length < wire,
        .sequence = fr->sequence++,
        .type = payload.type,
    };
    struct exporter_dgram *dgram = &fr->dgrams[fr->n];

    fr->put_headers(fr, &item, fr->headers[fr->n]);
    dgram->iov[0] = (struct iovec) { fr->headers[fr->n], fr->headers_len };
    if (segment) {
        lend_segment(fr, segment, payload.skip, length, &dgram->iov[1]);
    } else {
        lend_frame(fr, pkt, payload.skip, length, &dgram->iov[1]);
    }
    dgram->lent = true;
    fr->n++;
    fr->up.stats.truncated += item.cut;
    if (fr->n == FRAMES_CHUNK) {
        flush_batch(fr);
    }
    return true;
}

/* The MTU that a frame is cut by.  Of a file none is known and frames stay as
 * they are, unless that is more than an IP packet carries and the connection
 * says where to cut. */
static uint32_t
mtu_for(const struct frames *fr, const struct pkt *pkt,
        const struct exporter_point *point, uint32_t mss)
{
    return (point->mtu ? point->mtu
            : mss && pkt->frame->caplen > fr->limit && !fr->truncate
            ? MAX_IP_LEN : 0);
}

/* Sends the frames that a super-frame stands for, which are one if it is
 * none; false if all of them are skipped. */
static bool
add_super_frame(struct frames *fr, const struct pkt *pkt,
                const struct exporter_point *point, struct payload payload)
{
    uint32_t mss = pkt_mss_find(point->mss, pkt);
    struct pkt_segmenter segmenter;
    struct pkt_segment segment;

    if (!pkt_segmenter_init(&segmenter, pkt, mtu_for(fr, pkt, point, mss),
                            mss)) {
        return add_frame(fr, pkt, NULL, point, payload);
    }
    bool sent = false;
    while (pkt_segmenter_next(&segmenter, fr->inner[fr->n], &segment)) {
        sent |= add_frame(fr, pkt, &segment, point, payload);
    }
    return sent;
}

void
frames_packets(struct exporter *exporter, const struct pkt *pkts, size_t n,
               const struct exporter_point *point,
               uint64_t now_us OVS_UNUSED)
{
    struct frames *fr = frames_cast(exporter);

    for (size_t i = 0; i < n; i++) {
        const struct pkt_frame *frame = pkts[i].frame;
        struct payload payload = { .type = FRAMES_GRE_TEB };
        bool sent = false;

        if (frame->link != PKT_LINK_ETHERNET
            && !find_ip(fr, &pkts[i], &payload)) {
            /* The frame is skipped. */
        } else if (!pkt_may_be_super(&pkts[i], point->mtu)
                   && frame->caplen <= fr->limit) {
            sent = add_frame(fr, &pkts[i], NULL, point, payload);
        } else {
            sent = add_super_frame(fr, &pkts[i], point, payload);
        }
        fr->up.stats.packets += sent;
        fr->up.stats.skipped += !sent;
    }
    flush_batch(fr);
}

/* Nothing ever waits. */
uint64_t
frames_run(struct exporter *exporter OVS_UNUSED, uint64_t now_us OVS_UNUSED)
{
    return UINT64_MAX;
}

void
frames_close(struct exporter *exporter, uint64_t now_us OVS_UNUSED)
{
    if (exporter) {
        free(frames_cast(exporter));
    }
}

uint16_t
frames_erspan_vlan(const struct pkt *pkt, int version)
{
    return version << 12 | (pkt->n_vlans ? pkt->vlan_tci[0] & VLAN_VID_MASK
                            : 0);
}

uint16_t
frames_erspan_cos(const struct pkt *pkt)
{
    return pkt->n_vlans ? pkt->vlan_tci[0] & VLAN_PCP_MASK : 0;
}
