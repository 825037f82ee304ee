/* frames.h -- what exporters of whole frames over GRE share.
 *
 * An encoder (erspan1.c, erspan2.c, erspan3.c, gre.c) has a class of its own
 * and says how long its headers are and how to write them; all else is here:
 *
 * - super-frames are sent as the frames that they stand for;
 * - checksums that were left to the hardware are filled in;
 * - a frame that does not fit is cut, if the user said so, or else left to the
 *   kernel to fragment; what no IP packet carries is skipped;
 * - of links without Ethernet headers IP is sent, where the encoder can say
 *   so, else they are skipped;
 * - a datagram is lent: headers of ours, the frame where it lies;
 * - datagrams go to the output in batches.
 *
 * Every frame given is counted once, as sent or as skipped, a super-frame too;
 * truncated is what was sent shorter, so several of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_FRAMES_H
#define OVSPAN_PLUGIN_FRAMES_H 1

#include "base/ovs.h"
#include "export/exporter.h"
#include "packet/segments.h"

enum {
    FRAMES_CHUNK = 64,          /* Frames given to the output at once. */
    FRAMES_HEADERS = 24,        /* Bytes of the longest encoder's headers. */

    /* Of GRE; RFC 2784 and 2890. */
    FRAMES_GRE_KEY = 0x2000,
    FRAMES_GRE_SEQUENCE = 0x1000,
    FRAMES_GRE_ERSPAN = 0x88be, /* Types I and II. */
    FRAMES_GRE_ERSPAN3 = 0x22eb,
    FRAMES_GRE_TEB = 0x6558,    /* Transparent Ethernet bridging. */
    FRAMES_GRE_IPV4 = 0x0800,
    FRAMES_GRE_IPV6 = 0x86dd,
};

/* A frame about to be sent. */
struct frames_item {
    const struct pkt *pkt;      /* What it is, or is a part of. */
    const struct exporter_point *point;
    uint32_t len;               /* Bytes on the wire, of this frame. */
    bool cut;                   /* Fewer are sent. */
    uint32_t sequence;          /* Frames given to the output before. */
    uint16_t type;              /* FRAMES_GRE_TEB, or FRAMES_GRE_IPV4 or _IPV6
                                 * if only IP is sent of it. */
};

struct frames;
typedef void frames_put_headers(const struct frames *,
                                const struct frames_item *,
                                uint8_t headers[FRAMES_HEADERS]);

struct frames {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    frames_put_headers *put_headers;    /* Of the encoder. */
    uint32_t headers_len;       /* Bytes that it writes. */
    uint32_t sequence;          /* Of the next frame. */
    bool carries_ip;            /* The encoder can say that it is no frame. */
    bool fix_checksums;
    bool truncate;              /* Cut to 'limit'; else: skip. */
    bool follow_path;           /* 'limit' is the path's, not the user's. */
    bool ipv6;                  /* Of the outer header. */
    uint32_t limit;             /* Bytes of a frame that fit. */

    /* The batch in work: datagrams, and what they lend beside frames. */
    size_t n;
    struct exporter_dgram dgrams[FRAMES_CHUNK];
    uint8_t headers[FRAMES_CHUNK][FRAMES_HEADERS];      /* The encoder's. */
    uint8_t checksums[FRAMES_CHUNK][2]; /* In place of a frame's own. */
    uint8_t inner[FRAMES_CHUNK][PKT_SEGMENT_HEADERS];   /* Of segments. */
};

/* For an encoder's open(): fills in '*frames', which is zeros, with the
 * options that all have.  NULL, or an error text that the caller frees. */
char *frames_init(struct frames *, const struct exporter_class *,
                  const struct exporter_conf *, uint32_t headers_len,
                  frames_put_headers *) OVS_WARN_UNUSED_RESULT;

static inline struct frames *
frames_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct frames, up);
}

/* For an encoder's class; 'struct frames' is first in the encoder's. */
void frames_packets(struct exporter *, const struct pkt *, size_t n,
                    const struct exporter_point *, uint64_t now_us);
uint64_t frames_run(struct exporter *, uint64_t now_us);
void frames_close(struct exporter *, uint64_t now_us);
void frames_set_path_mtu(struct exporter *, uint32_t path_mtu);

/* The 16 bits with which ERSPAN types II and III begin: version and VLAN of
 * the outer tag, 0 without one; and its class of service where the next 16
 * bits have it. */
uint16_t frames_erspan_vlan(const struct pkt *, int version);
uint16_t frames_erspan_cos(const struct pkt *);
enum { FRAMES_ERSPAN_T = 1 << 10 };     /* Truncated; in those 16 bits. */

static inline void
frames_put16(uint8_t *p, uint16_t value)
{
    p[0] = value >> 8;
    p[1] = value;
}

static inline void
frames_put32(uint8_t *p, uint32_t value)
{
    frames_put16(p, value >> 16);
    frames_put16(p + 2, value);
}

#endif /* plugin/frames.h */
