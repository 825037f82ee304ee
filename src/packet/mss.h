/* mss.h -- the segment sizes that connections agreed on.
 *
 * The frames that a TCP super-frame stands for are as long as the MSS allows
 * that the connection's SYN and SYN-ACK announced.  A cache remembers it for
 * the last some thousand connections of one point:
 *
 *     pkt_mss_learn(mss, pkt)         for every packet, before sampling: costs
 *                                     a test of one bit unless it is a SYN
 *     pkt_mss_find(mss, pkt)          for a super-frame only
 *
 * What it returns is the 'mss' that pkt_count_segments() takes.  Of fixed
 * size, in the caller's memory; a flood of SYNs costs at most that others are
 * forgotten, whose frames are then cut by the interface's MTU.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_MSS_H
#define OVSPAN_PACKET_MSS_H 1

#include "packet/packet.h"

enum {
    PKT_MSS_SETS = 1024,        /* A power of two. */
    PKT_MSS_WAYS = 4,           /* One cache line. */
    PKT_MSS_LEAST = 48,         /* No stack sends smaller segments, whatever
                                 * a peer announces (Linux's tcp_min_snd_mss),
                                 * so that none makes thousands of frames of
                                 * one. */
};

/* A connection.  Which of its ends is 0 is a matter of order alone. */
struct pkt_mss_entry {
    uint64_t key;               /* Of addresses and ports; 0: empty. */
    uint16_t mss[2];            /* Announced by each end; 0: not seen. */
};

struct pkt_mss {
    uint64_t secret[3];         /* So that nobody chooses what collides. */
    struct pkt_mss_entry sets[PKT_MSS_SETS][PKT_MSS_WAYS]; /* Newest first. */
};

/* 'seed' is random where packets are live, constant where runs must repeat. */
void pkt_mss_init(struct pkt_mss *, uint64_t seed);

void pkt_mss_learn_syn(struct pkt_mss *, const struct pkt *);

/* Looks at '*pkt', as pkt_parse() left it, whatever its verdict. */
static inline void
pkt_mss_learn(struct pkt_mss *mss, const struct pkt *pkt)
{
    enum { SYN = 1 << 1 };

    if (__builtin_expect(pkt->tcp_flags & SYN, 0)) {
        pkt_mss_learn_syn(mss, pkt);
    }
}

/* The MSS of the connection of '*pkt', a TCP packet with verdict PKT_OK or
 * PKT_SNAPPED: the smaller of what its ends announced, or the one that was
 * seen; 0 if none was, or for other packets.  'mss' may be NULL: 0. */
uint32_t pkt_mss_find(const struct pkt_mss *mss, const struct pkt *);

#endif /* packet/mss.h */
