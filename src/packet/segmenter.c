/* segmenter.c -- makes the frames that a super-frame stands for.
 *
 * Called by exporters of whole frames through segments.h.  Headers are copied
 * and changed, payload is lent and read once, for its checksum.  What the
 * kernel does in software for a device that cannot (tcp_gso_segment() and its
 * like) is what is to come out.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/segmenter.h"

#include "base/ovs.h"
#include "packet/cursor.h"
#include "packet/sum.h"

enum {
    TCP_CHECKSUM = 16,          /* Offsets in headers. */
    TCP_FLAGS = 13,
    UDP_LENGTH = 4,
    UDP_CHECKSUM = 6,
    GRE_CHECKSUM = 4,
    IPV6_LEN = 40,
    FIN = 0x01,
    PSH = 0x08,
    CWR = 0x80,
};

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

/* A sum as it stands in a header. */
static void
put_sum(uint8_t *p, uint64_t sum)
{
    uint16_t value = ~pkt_sum_fold(sum);

    memcpy(p, &value, sizeof value);
}

static uint16_t
get_raw16(const uint8_t *p)
{
    uint16_t value;

    memcpy(&value, p, sizeof value);
    return value;
}

/* The sum of the pseudo-header for the transport header in field 'i', in
 * front of which is the IP header in field 'i' - 1, of 'length' bytes. */
static uint64_t
sum_pseudo(const struct pkt_segmenter *s, size_t i, const uint8_t *headers,
           uint32_t length)
{
    const uint8_t *ip = headers + s->fields[i - 1].ofs;
    uint64_t sum = (s->fields[i - 1].type == PKT_SEG_IPV4
                    ? pkt_sum(0, ip + 12, 8) : pkt_sum(0, ip + 8, 32));

    return pkt_sum_pseudo(sum, s->fields[i].type == PKT_SEG_TCP ? IPPROTO_TCP
                               : IPPROTO_UDP, length);
}

/* Copies the headers of the super-frame, without a jumbo header. */
static void
copy_headers(const struct pkt_segmenter *s, uint8_t *headers)
{
    enum { NEXT = 6 };          /* Offset in an IPv6 header. */
    const uint8_t *data = s->frame->data;

    if (!s->jumbo_len) {
        memcpy(headers, data, s->headers);
        return;
    }
    memcpy(headers, data, s->jumbo_ofs);
    memcpy(headers + s->jumbo_ofs, data + s->jumbo_ofs + s->jumbo_len,
           s->headers - s->jumbo_ofs);
    headers[s->l3_ofs + NEXT] = data[s->jumbo_ofs];
}

/* True if the transport checksum of the whole is right, or was left to the
 * hardware, or cannot be judged. */
static bool
checksum_is_fine(const struct pkt_segmenter *s)
{
    size_t i = s->n_fields - 1;
    bool tcp = s->fields[i].type == PKT_SEG_TCP;
    uint8_t headers[PKT_SEGMENT_HEADERS];
    uint32_t ofs = s->fields[i].ofs;
    uint32_t length = s->headers - ofs + s->payload;
    uint32_t start = s->headers + s->jumbo_len;

    copy_headers(s, headers);
    uint16_t field = get_raw16(headers + ofs
                               + (tcp ? TCP_CHECKSUM : UDP_CHECKSUM));
    uint64_t sum = sum_pseudo(s, i, headers, length);
    if ((tcp && s->frame->csum_partial) || (!tcp && !field)
        || field == pkt_sum_fold(sum)
        || s->frame->caplen < start + s->payload) {
        return true;
    }
    sum = pkt_sum(sum, headers + ofs, s->headers - ofs);
    sum = pkt_sum(sum, s->frame->data + start, s->payload);
    return pkt_sum_fold(sum) == 0xffff;
}

bool
pkt_segmenter_can_cut(const struct pkt_segmenter *s)
{
    return s->headers <= PKT_SEGMENT_HEADERS && !s->routed && !s->elsewhere
           && s->headers + s->jumbo_len <= s->frame->caplen
           && checksum_is_fine(s);
}

/* A segment in work. */
struct work {
    const struct pkt_segmenter *s;
    uint8_t *headers;
    uint32_t ofs;               /* Of its payload in that of the whole. */
    uint32_t payload;           /* Bytes of it. */
    bool last;
    bool whole;                 /* All of it was captured. */
    uint64_t sum;               /* Of the payload and the headers from... */
    uint32_t sum_from;          /* ...this offset on. */
};

/* Fills in the checksum at 'ofs' of the transport or GRE header in field 'i',
 * which is the innermost that has none yet.  'length' is that of the header
 * and all behind it. */
static void
put_checksum(struct work *w, size_t i, uint32_t ofs, uint32_t length)
{
    const struct pkt_segmenter *s = w->s;
    uint32_t header_ofs = s->fields[i].ofs;
    uint8_t *header = w->headers + header_ofs;

    put16(header + ofs, 0);
    w->sum = pkt_sum(w->sum, header, w->sum_from - header_ofs);
    w->sum_from = header_ofs;

    uint64_t pseudo = (s->fields[i].type == PKT_SEG_GRE ? 0
                       : sum_pseudo(s, i, w->headers, length));
    put_sum(header + ofs, w->sum + pseudo);
    if (s->fields[i].type == PKT_SEG_UDP && !get_raw16(header + ofs)) {
        put16(header + ofs, 0xffff);    /* 0 would say that there is none. */
    }
    w->sum += get_raw16(header + ofs);
}

static void
put_ipv4(struct work *w, uint8_t *ip, uint32_t length)
{
    put16(ip + 2, length);
    put16(ip + 4, pkt_be16(ip + 4) + w->s->next);
    put16(ip + 10, 0);
    put_sum(ip + 10, pkt_sum(0, ip, (ip[0] & 15) * 4));
}

static void
put_tcp(struct work *w, uint8_t *tcp)
{
    put32(tcp + 4, pkt_be32(tcp + 4) + w->ofs);
    if (w->ofs) {
        tcp[TCP_FLAGS] &= ~CWR;
    }
    if (!w->last) {
        tcp[TCP_FLAGS] &= ~(FIN | PSH);
    }
}

/* Writes what field 'i' has of its own in this segment. */
static void
put_field(struct work *w, size_t i)
{
    uint32_t ofs = w->s->fields[i].ofs;
    uint32_t length = w->s->headers - ofs + w->payload;
    uint8_t *header = w->headers + ofs;

    switch ((enum pkt_segment_field) w->s->fields[i].type) {
    case PKT_SEG_PPPOE:
        put16(header + 4, length - 6);
        break;
    case PKT_SEG_IPV4:
        put_ipv4(w, header, length);
        break;
    case PKT_SEG_IPV6:
        put16(header + 4, length - IPV6_LEN);
        break;
    case PKT_SEG_GRE:
        if (w->whole) {
            put_checksum(w, i, GRE_CHECKSUM, length);
        }
        break;
    case PKT_SEG_UDP:
        put16(header + UDP_LENGTH, length);
        if (w->whole && get_raw16(header + UDP_CHECKSUM)) {
            put_checksum(w, i, UDP_CHECKSUM, length);
        }
        break;
    case PKT_SEG_TCP:
        put_tcp(w, header);
        if (w->whole) {
            put_checksum(w, i, TCP_CHECKSUM, length);
        }
        break;
    }
}

bool
pkt_segmenter_next(struct pkt_segmenter *s,
                   uint8_t headers[PKT_SEGMENT_HEADERS],
                   struct pkt_segment *segment)
{
    if (s->next == s->n) {
        return false;
    }
    uint32_t ofs = s->next * s->room;
    uint32_t payload = MIN(s->room, s->payload - ofs);
    uint32_t start = s->headers + s->jumbo_len + ofs;
    uint32_t captured = (s->frame->caplen > start
                         ? MIN(payload, s->frame->caplen - start) : 0);
    *segment = (struct pkt_segment) {
        .headers_len = s->headers,
        .payload = captured ? s->frame->data + start : s->frame->data,
        .payload_len = captured,
        .len = s->headers + payload,
    };

    struct work w = {
        .s = s,
        .headers = headers,
        .ofs = ofs,
        .payload = payload,
        .last = s->next == s->n - 1,
        .whole = captured == payload,
        .sum_from = s->headers,
    };
    copy_headers(s, headers);
    if (w.whole) {
        w.sum = pkt_sum(0, segment->payload, payload);
    }
    /* From the inside out, as outer checksums cover inner ones. */
    for (size_t i = s->n_fields; i-- > 0; ) {
        put_field(&w, i);
    }
    s->next++;
    return true;
}
