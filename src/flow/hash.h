/* hash.h -- from a key to a number that a stranger cannot steer.
 *
 * Multiplies words of the key, each combined with a secret of the table, to
 * 128 bits and folds the halves: two multiplications for a key of IPv4.  Who
 * does not know the secrets cannot choose flows that collide.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_HASH_H
#define OVSPAN_FLOW_HASH_H 1

#include <string.h>
#include "flow/entry.h"
#include "packet/packet.h"

struct ftab_secret {
    uint64_t k[4];              /* From the seed, by ftab_secret_init(). */
};

static inline uint64_t
ftab_mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    __extension__ unsigned __int128 m = (unsigned __int128) a * b;
    return (uint64_t) m ^ (uint64_t) (m >> 64);
#else
    uint64_t al = (uint32_t) a, ah = a >> 32;
    uint64_t bl = (uint32_t) b, bh = b >> 32;
    uint64_t low = al * bl, mid = ah * bl + (low >> 32);
    uint64_t mid2 = al * bh + (uint32_t) mid;
    uint64_t high = ah * bh + (mid >> 32) + (mid2 >> 32);
    return (mid2 << 32 | (uint32_t) low) ^ high;
#endif
}

/* Spreads a seed: steps of a Weyl sequence, each mixed. */
static inline void
ftab_secret_init(struct ftab_secret *s, uint32_t seed)
{
    uint64_t x = (uint64_t) seed << 32 | ~seed;

    for (int i = 0; i < 4; i++) {
        x += UINT64_C(0x9e3779b97f4a7c15);
        s->k[i] = ftab_mix(x, x ^ UINT64_C(0xd6e8feb86659fd93)) | 1;
    }
}

static inline uint64_t
ftab_digest_ipv6(const struct ftab_secret *s, const struct pkt *pkt)
{
    uint64_t w[4];

    memcpy(w, &pkt->src, 16);
    memcpy(w + 2, &pkt->dst, 16);
    return (ftab_mix(w[0] ^ s->k[0], w[1] ^ s->k[1])
            ^ ftab_mix(w[2] ^ s->k[2], w[3] ^ s->k[3]));
}

static inline uint32_t
ftab_hash(const struct ftab_secret *s, const struct ftab_key *key)
{
    uint64_t x = ftab_mix(key->addrs ^ s->k[0], key->ports ^ s->k[1]);
    return ftab_mix(x ^ key->rest ^ s->k[2], s->k[3]) >> 32;
}

/* The key of 'pkt', captured at 'ifindex'. */
static inline struct ftab_key
ftab_key_from_pkt(const struct ftab_secret *s, const struct pkt *pkt,
                  uint32_t ifindex)
{
    bool egress = pkt->frame->direction == PKT_EGRESS;
    bool ipv6 = pkt->ip_version == 6;
    uint64_t kind = ((egress ? FTAB_KIND_EGRESS : 0)
                     | (ipv6 ? FTAB_KIND_IPV6 : 0));
    return (struct ftab_key) {
        .addrs = (ipv6 ? ftab_digest_ipv6(s, pkt)
                  : (uint64_t) pkt->src.s6_addr32[3] << 32
                    | pkt->dst.s6_addr32[3]),
        .ports = ((uint64_t) pkt->src_port << 48
                  | (uint64_t) pkt->dst_port << 32
                  | (uint32_t) (pkt->vlan_tci[0] & 0xfff) << 16
                  | (pkt->vlan_tci[1] & 0xfff)),
        .rest = (ifindex
                 | (uint64_t) pkt->protocol << FTAB_PROTOCOL_SHIFT
                 | (uint64_t) pkt->tos << FTAB_TOS_SHIFT
                 | kind << FTAB_KIND_SHIFT),
    };
}

#endif /* flow/hash.h */
