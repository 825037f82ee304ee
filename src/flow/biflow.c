/* biflow.c -- both ways of a connection as one flow.  See biflow.h.
 *
 * Called by table.c for each packet, where biflows are asked for.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/biflow.h"

#include <string.h>
#include "base/ovs.h"
#include "flow/extra.h"

/* ICMP's questions, and the answer to each. */
struct answer {
    uint8_t protocol;
    uint8_t question, answer;
};
static const struct answer answers[] = {
    { IPPROTO_ICMP, 8, 0 },     /* Echo. */
    { IPPROTO_ICMP, 13, 14 },   /* Timestamp. */
    { IPPROTO_ICMP, 15, 16 },   /* Information. */
    { IPPROTO_ICMP, 17, 18 },   /* Address mask. */
    { IPPROTO_ICMPV6, 128, 129 },
};

static bool
is_icmp(uint8_t protocol)
{
    return protocol == IPPROTO_ICMP || protocol == IPPROTO_ICMPV6;
}

/* The question that 'pkt', which is ICMP, answers, with the same code; or its
 * own type and code. */
static uint16_t
icmp_question(const struct pkt *pkt)
{
    for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
        if (answers[i].protocol == pkt->protocol
            && answers[i].answer == pkt->dst_port >> 8) {
            return answers[i].question << 8 | (pkt->dst_port & 0xff);
        }
    }
    return pkt->dst_port;
}

static bool
is_turned(const struct pkt *pkt)
{
    if (is_icmp(pkt->protocol)) {
        return icmp_question(pkt) != pkt->dst_port;
    }
    int order = memcmp(&pkt->src, &pkt->dst, sizeof pkt->src);

    return order > 0 || (!order && pkt->src_port > pkt->dst_port);
}

uint8_t
ftab_biflow_turn(const struct pkt *pkt, struct pkt *keyed,
                 struct pkt_frame *frame)
{
    bool turned = is_turned(pkt);

    *keyed = *pkt;
    *frame = *pkt->frame;
    keyed->frame = frame;
    keyed->tos = 0;
    if (!turned) {
        return 0;
    }
    keyed->src = pkt->dst;
    keyed->dst = pkt->src;
    if (is_icmp(pkt->protocol)) {
        keyed->dst_port = icmp_question(pkt);
    } else {
        keyed->src_port = pkt->dst_port;
        keyed->dst_port = pkt->src_port;
    }
    /* What comes in from there goes out to there. */
    if (frame->direction != PKT_DIR_UNKNOWN) {
        frame->direction = (frame->direction == PKT_EGRESS ? PKT_INGRESS
                            : PKT_EGRESS);
    }
    return 1;
}

/* ## Who began it. ## */

/* As the handshake says it; false if 'pkt' is not of one. */
static bool
learn_initiator(struct ftab_biflow *b, const struct pkt *pkt, uint8_t way)
{
    if (pkt->protocol != IPPROTO_TCP || !(pkt->tcp_flags & TCP_SYN)) {
        return false;
    }
    b->initiator = pkt->tcp_flags & TCP_ACK ? !way : way;
    b->is_known = true;
    return true;
}

/* Of TCP without a handshake nobody knows: then whoever has the greater port,
 * so that it is the same in each record.  Of all else it is who is seen
 * first; an answer of ICMP has a question. */
static void
guess_initiator(struct ftab_biflow *b, const struct pkt *pkt, uint8_t way)
{
    bool is_tcp = pkt->protocol == IPPROTO_TCP;

    b->initiator = (is_tcp && pkt->src_port < pkt->dst_port ? !way
                    : is_icmp(pkt->protocol) ? 0 : way);
    b->is_known = !is_tcp;
}

void
ftab_biflow_start(struct ftab_biflow *b, const struct pkt *pkt, uint8_t way,
                  bool goes_on)
{
    ftab_biflow_empty(b);
    b->mac_way = way;
    if (!goes_on && !learn_initiator(b, pkt, way)) {
        guess_initiator(b, pkt, way);
    }
}

void
ftab_biflow_empty(struct ftab_biflow *b)
{
    b->ways[0].packets = b->ways[1].packets = 0;
}

void
ftab_biflow_add(struct ftab_biflow *b, const struct pkt *pkt, uint8_t way,
                uint32_t packets, uint32_t octets, bool extra)
{
    struct ftab_way *w = &b->ways[way];
    uint64_t time_us = pkt->frame->time_us;
    bool start = !w->packets;

    if (start) {
        *w = (struct ftab_way) {
            .first_us = time_us,
            .last_us = time_us,
            .icmp = is_icmp(pkt->protocol) ? pkt->dst_port : 0,
            .tos = pkt->tos,
            .egress = pkt->frame->direction == PKT_EGRESS,
        };
    }
    w->packets += packets;
    w->octets += octets;
    w->first_us = MIN(w->first_us, time_us);
    w->last_us = MAX(w->last_us, time_us);
    w->tcp_flags |= pkt->tcp_flags;
    w->ip_flags |= pkt->ip_flags;
    if (extra) {
        ftab_extra_update(&w->extra, pkt, start);
    }
    if (!b->is_known) {
        learn_initiator(b, pkt, way);
    }
}

/* ## Records. ## */

static void
turn_key(struct frec_key *key)
{
    struct in6_addr src = key->src;
    uint16_t src_port = key->src_port;

    key->src = key->dst;
    key->dst = src;
    key->src_port = key->dst_port;
    key->dst_port = src_port;
}

static void
turn_macs(struct frec *r)
{
    uint8_t src[sizeof r->src_mac];

    memcpy(src, r->src_mac, sizeof src);
    memcpy(r->src_mac, r->dst_mac, sizeof src);
    memcpy(r->dst_mac, src, sizeof src);
}

/* Makes of '*r' the record of 'way'. */
static void
fill_way(const struct ftab_biflow *b, uint8_t way, struct frec *r)
{
    const struct ftab_way *w = &b->ways[way];
    uint32_t ifindex = r->key.in_ifindex | r->key.out_ifindex;

    if (way) {
        turn_key(&r->key);
    }
    if (is_icmp(r->key.protocol)) {
        r->key.src_port = 0;
        r->key.dst_port = w->icmp;
    }
    if (way != b->mac_way) {
        turn_macs(r);
    }
    r->key.in_ifindex = w->egress ? 0 : ifindex;
    r->key.out_ifindex = w->egress ? ifindex : 0;
    r->key.tos = w->tos;
    r->egress = w->egress;
    r->packets = w->packets;
    r->octets = w->octets;
    r->first_us = w->first_us;
    r->last_us = w->last_us;
    r->tcp_flags = w->tcp_flags;
    r->ip_flags = w->ip_flags;
    r->extra = w->extra;
}

void
ftab_biflow_fill(const struct ftab_biflow *b, struct frec *r,
                 struct frec *reverse)
{
    uint8_t way = b->initiator;
    bool only_reverse = !b->ways[way].packets;

    if (only_reverse) {
        way = !way;
    }
    r->biflow = (!b->is_known ? FREC_BIFLOW_ARBITRARY
                 : only_reverse ? FREC_BIFLOW_REVERSE
                 : FREC_BIFLOW_INITIATOR);
    if (!only_reverse && b->ways[!way].packets) {
        *reverse = *r;
        fill_way(b, !way, reverse);
        r->reverse = reverse;
    }
    fill_way(b, way, r);
}
