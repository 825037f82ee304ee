/* segments.h -- what a super-frame stands for on the wire, and those frames.
 *
 * With TSO, GSO and GRO one frame of up to 64 KiB and more ("BIG TCP") is seen
 * where the wire carries several, each with headers of its own.  Those who
 * count flows ask how many packets and octets that is; those who send frames
 * on get them one by one, their payload lent from the super-frame.  Both say
 * the same.
 *
 * What a super-frame is made of: TCP, or UDP that the sender lets be cut, over
 * IPv4 or IPv6, alone or inside of VXLAN, Geneve, GRE or IP, with whatever is
 * below.  Where it is cut the kernel says (see struct pkt_frame), whatever is
 * around it.  Where it says nothing, as in a file, that is guessed: from the
 * MSS of the connection, else from the interface's MTU.  Other frames that are
 * longer than the MTU stay as they are: no guess is better than none.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_SEGMENTS_H
#define OVSPAN_PACKET_SEGMENTS_H 1

#include "packet/packet.h"

struct pkt_segments {
    uint32_t packets;           /* On the wire; at least 1. */
    uint32_t octets;            /* Layer 3, the headers of all of them. */
};

/* Counts what '*pkt', with verdict PKT_OK or PKT_SNAPPED, stands for.  'mtu'
 * is the IP MTU of the interface, 0 if it has none (a file): then the frame is
 * one packet if the kernel does not say else.  'mss' is that of its
 * connection, 0 if it is not known: see pkt_mss_find(). */
struct pkt_segments pkt_count_segments(const struct pkt *pkt, uint32_t mtu,
                                       uint32_t mss);

/* False for a packet that is one for certain: cheap, for each of them.  Of any
 * verdict, of which only those above can be super-frames. */
static inline bool
pkt_may_be_super(const struct pkt *pkt, uint32_t mtu)
{
    return (pkt->frame->has_gso ? pkt->frame->gso_size != 0
            : mtu && pkt->l3_len + pkt->outer_len > mtu);
}

enum {
    PKT_SEGMENT_HEADERS = 256,  /* Bytes of headers of one frame; super-frames
                                 * with longer ones are not cut. */
    PKT_SEGMENT_FIELDS = 8,     /* Headers with fields of each segment. */
};

/* A header whose fields differ from segment to segment. */
enum pkt_segment_field {
    PKT_SEG_PPPOE,
    PKT_SEG_IPV4,
    PKT_SEG_IPV6,
    PKT_SEG_GRE,                /* One with a checksum. */
    PKT_SEG_UDP,
    PKT_SEG_TCP,
};

/* Cuts one super-frame.  The members are those of segments.c. */
struct pkt_segmenter {
    const struct pkt_frame *frame;
    uint32_t headers;           /* Bytes of a segment before its payload. */
    uint32_t l3_ofs;            /* Of the outer IP header. */
    uint32_t jumbo_ofs;         /* Of a jumbo header that is left out, */
    uint32_t jumbo_len;         /* or 0. */
    bool routed;                /* The final address is in a routing header:
                                 * the checksum is not of what is seen. */
    bool elsewhere;             /* The header of each segment is not the one
                                 * that was found: it can be counted only. */
    uint32_t payload;           /* Bytes of the super-frame's. */
    uint32_t room;              /* Bytes of it in each segment but the last. */
    uint32_t n;                 /* Segments. */
    uint32_t next;              /* The one to be given next. */
    size_t n_fields;            /* Of the next, outer headers first. */
    struct {
        uint8_t type;           /* enum pkt_segment_field. */
        uint16_t ofs;           /* In a segment. */
    } fields[PKT_SEGMENT_FIELDS];
};

/* Prepares to cut '*pkt', of any verdict, which must stay until the end.
 * False if it is one frame, or has to stay one:
 *
 * - because it is no super-frame of those above;
 * - because it is cut inside of a tunnel that is not understood;
 * - because its headers were not captured whole;
 * - because its checksum is neither right nor left to the hardware: segments
 *   with right ones would hide that. */
bool pkt_segmenter_init(struct pkt_segmenter *, const struct pkt *pkt,
                        uint32_t mtu, uint32_t mss);

struct pkt_segment {
    uint32_t headers_len;       /* Bytes written to 'headers'. */
    const uint8_t *payload;     /* Lent from the super-frame. */
    uint32_t payload_len;       /* Bytes there, as far as captured. */
    uint32_t len;               /* Bytes of the whole frame on the wire. */
};

/* Writes the headers of the next segment, which are as a TCP stack would have
 * sent them.  False after the last.
 *
 * There are as many segments as there were frames, also where their payload
 * was not captured or in part: then 'headers_len' + 'payload_len' < 'len', and
 * the transport checksum is the super-frame's, as the right one cannot be
 * known. */
bool pkt_segmenter_next(struct pkt_segmenter *,
                        uint8_t headers[PKT_SEGMENT_HEADERS],
                        struct pkt_segment *);

/* Passes over the next 'n' segments, which there are. */
static inline void
pkt_segmenter_skip(struct pkt_segmenter *s, uint32_t n)
{
    s->next += n;
}

#endif /* packet/segments.h */
