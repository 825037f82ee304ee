/* entry.h -- a flow in memory, and the pool that flows live in.
 *
 * Used by this room only.  An entry is one cache line, as it is what a packet
 * touches; the addresses of IPv6 do not fit and lie beside it, and are read
 * only where their digest in the key is equal; MAC addresses, struct
 * frec_extra and struct ftab_biflow lie beside it too, where they are asked
 * for.  Entries are named by number, never move, and are allocated in chunks,
 * so that growth copies nothing.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_ENTRY_H
#define OVSPAN_FLOW_ENTRY_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "flow/record.h"

/* No entry. */
#define FTAB_NONE UINT32_MAX

/* A key in three words.  Of 'rest': the ifindex, then from bit 32 on the
 * protocol, the ToS, FTAB_KIND_*, and, in entries only, the IP and TCP flags
 * of all packets. */
struct ftab_key {
    uint64_t addrs;             /* IPv4: both; IPv6: a digest. */
    uint64_t ports;             /* Ports, and the two VLAN ids. */
    uint64_t rest;              /* See above. */
};

enum {
    FTAB_KIND_IPV6 = 1 << 0,
    FTAB_KIND_EGRESS = 1 << 1,  /* The ifindex is that of the output. */

    FTAB_PROTOCOL_SHIFT = 32,
    FTAB_TOS_SHIFT = 40,
    FTAB_KIND_SHIFT = 48,       /* 2 bits. */
    FTAB_IP_FLAGS_SHIFT = 50,   /* 2 bits: PKT_IP_*. */
    FTAB_TCP_FLAGS_SHIFT = 52,  /* 12 bits. */
};

struct ftab_addrs {
    struct in6_addr src, dst;   /* Of an IPv6 flow. */
};

struct ftab_macs {
    uint8_t src[6], dst[6];     /* Of the first packet; zeros: not known. */
};

/* What went one way in a biflow. */
struct ftab_way {
    uint64_t packets;           /* 0: nothing, the rest is not valid. */
    uint64_t octets;
    uint64_t first_us, last_us;
    uint16_t tcp_flags;         /* OR of all packets. */
    uint16_t icmp;              /* ICMP: type * 256 + code. */
    uint8_t ip_flags;           /* OR of all packets. */
    uint8_t tos;                /* Of the first packet. */
    bool egress;                /* Sent by the point's interface. */
    struct frec_extra extra;    /* Where it is asked for. */
};

struct ftab_biflow {
    struct ftab_way ways[2];    /* As the key says it, and turned. */
    uint8_t initiator;          /* The way of who began it... */
    bool is_known;              /* ...so far as that can be seen. */
    uint8_t mac_way;            /* That of the MAC addresses. */
};

struct ftab_entry {
    struct ftab_key key;        /* With the OR of the flags. */
    uint64_t packets;           /* At least 1; 0: not in use. */
    uint64_t octets;            /* Layer 3. */
    uint64_t first_us;          /* The least of the packets' times. */
    uint64_t last_us;           /* The greatest. */
    uint32_t next;              /* In the wheel's list, or the free list. */
    uint32_t prev;              /* See wheel.c. */
};

enum {
    FTAB_CHUNK_BITS = 10,
    FTAB_CHUNK = 1 << FTAB_CHUNK_BITS,  /* Entries in a chunk. */
    FTAB_SLAB = 32,             /* Chunks in a slab: 2 MB of entries. */
};

struct ftab_pool {
    /* NULL past those allocated.  Past the first FTAB_SLAB chunks, which are
     * allocated one by one, as many are got at once, while 'max' allows. */
    struct ftab_entry **chunks;
    struct ftab_addrs **addrs;  /* As 'chunks'; NULL until a flow of IPv6. */
    struct ftab_macs **macs;    /* As 'chunks'; NULL if none are kept. */
    struct frec_extra **extra;  /* Likewise. */
    struct ftab_biflow **biflows;       /* Likewise; then no 'extra'. */
    uint32_t max;               /* Bound on entries. */
    uint32_t high;              /* Entries below this number were used. */
    uint32_t free;              /* Head of those free again; FTAB_NONE. */
    uint32_t n;                 /* Entries in use. */
    size_t memory;              /* Bytes allocated. */
};

void ftab_pool_init(struct ftab_pool *, uint32_t max, bool macs, bool extra,
                    bool biflow);
void ftab_pool_uninit(struct ftab_pool *);
void ftab_pool_clear(struct ftab_pool *);       /* Keeps the memory. */

/* The number of an entry to use, or FTAB_NONE if the pool is full. */
uint32_t ftab_pool_get(struct ftab_pool *, bool ipv6);
void ftab_pool_put(struct ftab_pool *, uint32_t);

/* Makes room for the addresses of IPv6 in the entry's chunk. */
void ftab_pool_need_addrs(struct ftab_pool *, uint32_t);

static inline struct ftab_entry *
ftab_pool_entry(const struct ftab_pool *pool, uint32_t i)
{
    return &pool->chunks[i >> FTAB_CHUNK_BITS][i & (FTAB_CHUNK - 1)];
}

static inline struct ftab_addrs *
ftab_pool_addrs(const struct ftab_pool *pool, uint32_t i)
{
    return &pool->addrs[i >> FTAB_CHUNK_BITS][i & (FTAB_CHUNK - 1)];
}

/* Only of a pool that keeps them. */
static inline struct ftab_macs *
ftab_pool_macs(const struct ftab_pool *pool, uint32_t i)
{
    return &pool->macs[i >> FTAB_CHUNK_BITS][i & (FTAB_CHUNK - 1)];
}

/* Likewise. */
static inline struct frec_extra *
ftab_pool_extra(const struct ftab_pool *pool, uint32_t i)
{
    return &pool->extra[i >> FTAB_CHUNK_BITS][i & (FTAB_CHUNK - 1)];
}

/* Likewise. */
static inline struct ftab_biflow *
ftab_pool_biflow(const struct ftab_pool *pool, uint32_t i)
{
    return &pool->biflows[i >> FTAB_CHUNK_BITS][i & (FTAB_CHUNK - 1)];
}

#endif /* flow/entry.h */
