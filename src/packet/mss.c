/* mss.c -- the segment sizes that connections agreed on.  See mss.h.
 *
 * A cache of sets: a connection is in one set only, and a new one takes the
 * place of the oldest there.  Connections are told apart by 64 bits of a keyed
 * hash, not by their addresses: an error there is cheap, and one in 2^62.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/mss.h"

#include <string.h>
#include "base/ovs.h"
#include "packet/cursor.h"

enum {
    TCP_LEN = 20,               /* Without options. */
    OPT_END = 0,
    OPT_NOP = 1,
    OPT_MSS = 2,
    OPT_MSS_LEN = 4,
    DEFAULT_MSS = 536,          /* Announced by silence (RFC 9293). */
};

static uint64_t
mix(uint64_t x)
{
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return x ^ x >> 32;
}

void
pkt_mss_init(struct pkt_mss *mss, uint64_t seed)
{
    memset(mss, 0, sizeof *mss);
    for (size_t i = 0; i < ARRAY_SIZE(mss->secret); i++) {
        mss->secret[i] = mix(seed += UINT64_C(0x9e3779b97f4a7c15));
    }
}

/* A number for one end of a connection. */
static uint64_t
hash_end(const struct pkt_mss *mss, const struct in6_addr *addr, uint16_t port)
{
    uint64_t words[2];

    memcpy(words, addr, sizeof words);
    return mix(mix(mix(words[0] ^ mss->secret[0]) ^ words[1]
                   ^ mss->secret[1]) ^ port ^ mss->secret[2]);
}

/* The connection of 'pkt', the same in both directions, and which of its ends
 * has sent it. */
static uint64_t
hash_connection(const struct pkt_mss *mss, const struct pkt *pkt, int *sender)
{
    uint64_t src = hash_end(mss, &pkt->src, pkt->src_port);
    uint64_t dst = hash_end(mss, &pkt->dst, pkt->dst_port);

    *sender = src > dst;
    return mix(MIN(src, dst) + mix(MAX(src, dst))) | 1;
}

static size_t
set_of(uint64_t key)
{
    return key >> 32 & (PKT_MSS_SETS - 1);
}

/* What the header of a SYN announces, or 0 if it was not captured whole. */
static uint32_t
announced_mss(const struct pkt *pkt)
{
    const struct pkt_frame *f = pkt->frame;
    const uint8_t *tcp = f->data + pkt->l4_ofs;
    uint32_t captured = f->caplen > pkt->l4_ofs ? f->caplen - pkt->l4_ofs : 0;
    uint32_t header = captured >= TCP_LEN ? (tcp[12] >> 4) * 4 : 0;

    if (header < TCP_LEN || header > captured) {
        return 0;
    }
    for (uint32_t i = TCP_LEN; i < header && tcp[i] != OPT_END; ) {
        if (tcp[i] == OPT_NOP) {
            i++;
            continue;
        }
        uint32_t size = i + 1 < header ? tcp[i + 1] : 0;
        if (size < 2 || size > header - i) {
            break;
        }
        if (tcp[i] == OPT_MSS && size == OPT_MSS_LEN) {
            uint16_t value = pkt_be16(&tcp[i + 2]);

            return value ? MAX(value, PKT_MSS_LEAST) : DEFAULT_MSS;
        }
        i += size;
    }
    return DEFAULT_MSS;
}

/* Makes 'key' the newest of its set, forgetting the oldest if it is new. */
static struct pkt_mss_entry *
insert(struct pkt_mss *mss, uint64_t key)
{
    struct pkt_mss_entry *set = mss->sets[set_of(key)];
    struct pkt_mss_entry entry = { .key = key };
    size_t i = 0;

    while (i < PKT_MSS_WAYS - 1 && set[i].key != key) {
        i++;
    }
    if (set[i].key == key) {
        entry = set[i];
    }
    memmove(&set[1], &set[0], i * sizeof *set);
    set[0] = entry;
    return &set[0];
}

void
pkt_mss_learn_syn(struct pkt_mss *mss, const struct pkt *pkt)
{
    uint32_t value;
    int sender;

    if (pkt->verdict != PKT_OK || pkt->protocol != IPPROTO_TCP || pkt->frag
        || !(value = announced_mss(pkt))) {
        return;
    }
    struct pkt_mss_entry *entry = insert(mss, hash_connection(mss, pkt,
                                                              &sender));
    entry->mss[sender] = value;
    if (!(pkt->tcp_flags & TCP_ACK)) {
        entry->mss[!sender] = 0;        /* A new connection. */
    }
}

uint32_t
pkt_mss_find(const struct pkt_mss *mss, const struct pkt *pkt)
{
    int sender;

    if (!mss || pkt->protocol != IPPROTO_TCP || pkt->frag) {
        return 0;
    }
    uint64_t key = hash_connection(mss, pkt, &sender);
    const struct pkt_mss_entry *set = mss->sets[set_of(key)];
    for (size_t i = 0; i < PKT_MSS_WAYS; i++) {
        if (set[i].key == key) {
            uint32_t a = set[i].mss[0], b = set[i].mss[1];

            return !a || !b ? a | b : MIN(a, b);
        }
    }
    return 0;
}
