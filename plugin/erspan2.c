/* erspan2.c -- whole frames in GRE as ERSPAN type II.
 *
 * Called through exporter_erspan2_class.  A datagram is a GRE header with a
 * sequence number, the ERSPAN header, and the frame as captured, which is lent
 * to the output, not copied:
 *
 *      0                   1                   2                   3
 *     |  GRE flags: sequence only     |  protocol 0x88be              |
 *     |  sequence number                                              |
 *     | Ver=1 |  VLAN                 | COS | En|T|  session          |
 *     |  reserved             |  index                                |
 *
 * Invariant: the sequence counts the frames given to the output, so that a
 * hole at the collector is a loss on the way, or one that the output counted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "packet/checksum.h"
#include "target/target.h"

enum {
    FLAGS_SEQUENCE = 0x1000,         /* Sequence present, nothing else. */
    PROTO_ERSPAN = 0x88be,
    HEADERS_LEN = 16,           /* GRE and ERSPAN. */
    ERSPAN_VERSION = 1,         /* Of type II. */
    EN_TAGGED = 3,              /* The tag is kept in the frame. */
    T_BIT = 1 << 10,
    INDEX_MASK = 0x7ffff,       /* Of an ifIndex; the bit above: egress. */
    EGRESS_SHIFT = 19,
    IPV4_LEN = 20,              /* Outer headers; no options are sent. */
    IPV6_LEN = 40,
    MAX_IP_LEN = 65535,         /* IPv4: with its header; IPv6: without. */
    DEFAULT_MTU = 1500,         /* If the path's is unknown. */
    CHUNK = 64,                 /* Frames given to the output at once. */
};

/* What is lent of a datagram beside the frame. */
struct slot {
    uint8_t headers[HEADERS_LEN];       /* GRE and ERSPAN. */
    uint8_t checksum[2];        /* In place of the frame's own. */
};

struct erspan2 {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    uint32_t sequence;          /* Of the next frame. */
    uint16_t session;
    bool has_index;             /* 'index' was given by the user. */
    uint32_t index;             /* 20 bits. */
    bool fix_checksums;
    bool truncate;              /* Cut to 'limit'; else: skip. */
    bool follow_path;           /* 'limit' is the path's, not the user's. */
    bool ipv6;                  /* Of the outer header. */
    uint32_t limit;             /* Bytes of a frame that fit. */
    size_t n;                   /* Slots and datagrams in use. */
    struct slot slots[CHUNK];
    struct exporter_dgram dgrams[CHUNK];        /* Of 'slots'. */
};

static struct erspan2 *
erspan2_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct erspan2, up);
}

static void
put16(uint8_t *p, uint16_t value)
{
    p[0] = value >> 8;
    p[1] = value;
}

static void
put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value);
}

/* The bytes of a frame that one datagram can carry.  'mtu' 0: the kernel
 * fragments. */
static uint32_t
frame_limit(uint32_t mtu, bool ipv6)
{
    uint32_t outer = ipv6 ? IPV6_LEN : IPV4_LEN;

    if (!mtu) {
        return MAX_IP_LEN - (ipv6 ? 0 : outer) - HEADERS_LEN;
    }
    mtu = MIN(mtu, MAX_IP_LEN);
    return mtu > outer + HEADERS_LEN ? mtu - outer - HEADERS_LEN : 0;
}

static void
erspan2_set_path_mtu(struct exporter *exporter, uint32_t path_mtu)
{
    struct erspan2 *es = erspan2_cast(exporter);
    uint32_t limit = path_mtu ? frame_limit(path_mtu, es->ipv6) : 0;

    if (es->follow_path && limit) {
        es->limit = limit;
    }
}

static char *
erspan2_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    const struct target *t = conf->target;
    bool truncate = !strcmp(target_get(t, "oversize"), "truncate");
    uint32_t mtu = (!truncate ? 0
                    : target_has(t, "mtu") ? target_get_int(t, "mtu")
                    : conf->path_mtu ? conf->path_mtu
                    : DEFAULT_MTU);
    uint32_t limit = frame_limit(mtu, conf->ipv6);

    *exporter = NULL;
    if (!limit) {
        return xasprintf("erspan2: no byte of a frame fits an MTU of "
                         "%"PRIu32"; give a larger mtu", mtu);
    }

    struct erspan2 *es = xzalloc(sizeof *es);
    es->up.class = &exporter_erspan2_class;
    es->output = conf->output;
    es->session = target_get_int(t, "session");
    es->has_index = target_has(t, "index");
    es->index = target_get_int(t, "index");
    es->fix_checksums = target_get_bool(t, "fix-checksums");
    es->truncate = truncate;
    es->follow_path = truncate && !target_has(t, "mtu");
    es->ipv6 = conf->ipv6;
    es->limit = limit;
    *exporter = &es->up;
    return NULL;
}

static void
put_headers(const struct erspan2 *es, const struct pkt *pkt, uint32_t ifindex,
            bool cut, uint8_t headers[HEADERS_LEN])
{
    uint16_t tci = pkt->n_vlans ? pkt->vlan_tci[0] : 0;
    uint16_t en = pkt->n_vlans ? EN_TAGGED : 0;
    uint32_t egress = pkt->frame->direction == PKT_EGRESS;
    uint32_t index = (es->has_index ? es->index
                      : (ifindex & INDEX_MASK) | egress << EGRESS_SHIFT);

    put16(headers, FLAGS_SEQUENCE);
    put16(headers + 2, PROTO_ERSPAN);
    put32(headers + 4, es->sequence);
    put16(headers + 8, ERSPAN_VERSION << 12 | (tci & VLAN_VID_MASK));
    put16(headers + 10, (tci & VLAN_PCP_MASK) | en << 11
                        | (cut ? T_BIT : 0) | es->session);
    put32(headers + 12, index);
}

/* Points 'iov' at the first 'length' bytes of the frame, in their place the
 * checksum that was left to the hardware. */
static void
lend_frame(const struct erspan2 *es, const struct pkt *pkt, size_t length,
           uint8_t checksum[2], struct iovec *iov)
{
    uint8_t *data = CONST_CAST(uint8_t *, pkt->frame->data);
    uint32_t ofs;

    if (!es->fix_checksums || !pkt_checksum_repair(pkt, &ofs, checksum)
        || ofs >= length) {
        iov[0] = (struct iovec) { data, length };
        iov[1] = iov[2] = (struct iovec) { NULL, 0 };
        return;
    }
    size_t n = MIN(2, length - ofs);
    iov[0] = (struct iovec) { data, ofs };
    iov[1] = (struct iovec) { checksum, n };
    iov[2] = (struct iovec) { data + ofs + n, length - ofs - n };
}

static void
flush_chunk(struct erspan2 *es)
{
    if (es->n) {
        es->output->send(es->output, es->dgrams, es->n);
        exporter_output_flush(es->output);
        es->n = 0;
    }
}

static void
add_frame(struct erspan2 *es, const struct pkt *pkt, uint32_t ifindex)
{
    const struct pkt_frame *frame = pkt->frame;
    bool too_long = frame->caplen > es->limit;

    /* ERSPAN carries Ethernet alone.  A super-frame that no IP packet can
     * carry would have to be sent as the frames that it stands for. */
    if (frame->link != PKT_LINK_ETHERNET || (too_long && !es->truncate)) {
        es->up.stats.skipped++;
        return;
    }

    size_t length = too_long ? es->limit : frame->caplen;
    bool cut = length < frame->len;
    struct slot *slot = &es->slots[es->n];
    struct exporter_dgram *dgram = &es->dgrams[es->n++];

    put_headers(es, pkt, ifindex, cut, slot->headers);
    dgram->iov[0] = (struct iovec) { slot->headers, HEADERS_LEN };
    lend_frame(es, pkt, length, slot->checksum, &dgram->iov[1]);
    dgram->lent = true;

    es->sequence++;
    es->up.stats.packets++;
    es->up.stats.truncated += cut;
    if (es->n == CHUNK) {
        flush_chunk(es);
    }
}

static void
erspan2_packets(struct exporter *exporter, const struct pkt *pkts, size_t n,
                const struct exporter_point *point,
                uint64_t now_us OVS_UNUSED)
{
    struct erspan2 *es = erspan2_cast(exporter);

    for (size_t i = 0; i < n; i++) {
        add_frame(es, &pkts[i], point->ifindex);
    }
    flush_chunk(es);
}

/* Nothing ever waits. */
static uint64_t
erspan2_run(struct exporter *exporter OVS_UNUSED, uint64_t now_us OVS_UNUSED)
{
    return UINT64_MAX;
}

static void
erspan2_close(struct exporter *exporter, uint64_t now_us OVS_UNUSED)
{
    if (exporter) {
        free(erspan2_cast(exporter));
    }
}

const struct exporter_class exporter_erspan2_class = {
    .name = "erspan2",
    .open = erspan2_open,
    .close = erspan2_close,
    .packets = erspan2_packets,
    .run = erspan2_run,
    .set_path_mtu = erspan2_set_path_mtu,
};
