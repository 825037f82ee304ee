/* table.c -- the flow table: from parsed packets to flow records.
 *
 * Called by a worker, or by `replay`, for each burst.  Joins four parts: keys
 * and their hash (hash.h), the index (index.c), the entries (pool.c) and the
 * wheel (wheel.c).
 *
 * Invariants: an entry in use is in the index once and in the wheel once, and
 * has at least one packet that was not yet exported, but for a biflow that
 * goes on.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/table.h"

#include "base/ovs.h"
#include "flow/biflow.h"
#include "flow/extra.h"
#include "flow/hash.h"
#include "flow/index.h"
#include "flow/wheel.h"

enum {
    BURST = 32,                 /* Packets whose memory is fetched at once. */
    EVICT_PROBE = 16,           /* Flows compared to find one to evict. */
    EXPIRE_WORK = 1024,         /* Flows looked at in one ftab_expire(). */
    CLOSE_US = 1000 * 1000,     /* From FIN or RST to the export. */
    MAX_FLOWS = 1 << 30,        /* Numbers of entries have 31 bits. */

    /* Of 16 slots of the index, those that may be in use: the faster, and
     * what keeps a flow of IPv6 with MAC addresses below 128 bytes. */
    FILL = 10,
    FILL_MACS = 13,
};

/* Packets that are no later than this before a flow's first still belong to
 * it. */
#define MAX_BACK_US (INT64_C(7200) * 1000 * 1000)
#define CLOSING ((uint64_t) (TCP_FIN | TCP_RST) << FTAB_TCP_FLAGS_SHIFT)
#define KEY_MASK ((UINT64_C(1) << FTAB_IP_FLAGS_SHIFT) - 1)

struct ftab {
    int64_t active_us;          /* As in ftab_conf. */
    int64_t inactive_us;        /* As in ftab_conf. */
    int64_t close_us;           /* Inactive timeout after FIN or RST. */
    struct ftab_secret secret;  /* For hashing. */
    struct ftab_index index;    /* Key to entry. */
    struct ftab_pool pool;      /* Entries. */
    struct ftab_wheel wheel;    /* When to look at them. */
    bool has_extra;             /* Struct frec_extra is kept. */
    bool has_more;              /* That, or struct ftab_biflow. */
    uint32_t victim;            /* Where the next eviction looks first. */
    uint64_t evictions;         /* For lack of memory. */
    ftab_export_cb *export;     /* Takes records. */
    void *aux;                  /* For 'export'. */
};

/* A packet on its way through a burst. */
struct work {
    struct ftab_key key;        /* Its flow's. */
    uint32_t hash;              /* Of 'key'. */
    uint32_t entry;             /* With this hash, before the burst. */
    const struct pkt *pkt;      /* The packet; of a table of biflows that of a
                                 * 'struct keyed'. */
    struct ftab_weight weight;  /* What it counts as. */
};

/* A packet as the key of its biflow has it. */
struct keyed {
    struct pkt pkt;
    struct pkt_frame frame;     /* Of 'pkt'. */
    const struct pkt *seen;     /* As it was. */
    uint8_t way;
};

static const struct keyed *
keyed_of(const struct work *w)
{
    return CONTAINER_OF(w->pkt, struct keyed, pkt);
}

struct ftab *
ftab_create(const struct ftab_conf *conf, ftab_export_cb *export, void *aux)
{
    struct ftab *ft = xzalloc(sizeof *ft);

    ft->active_us = MIN(conf->active_us, INT64_MAX / 2);
    ft->inactive_us = MIN(conf->inactive_us, INT64_MAX / 2);
    ft->close_us = MIN(ft->inactive_us, CLOSE_US);
    ft->has_extra = conf->extra;
    ft->has_more = conf->extra || conf->biflow;
    ft->export = export;
    ft->aux = aux;
    ftab_secret_init(&ft->secret, conf->hash_seed);
    ftab_index_init(&ft->index, conf->macs ? FILL_MACS : FILL);
    ftab_pool_init(&ft->pool, MIN(MAX(conf->max_flows, 1), MAX_FLOWS),
                   conf->macs, conf->extra && !conf->biflow, conf->biflow);
    ftab_wheel_init(&ft->wheel);
    return ft;
}

void
ftab_destroy(struct ftab *ft)
{
    if (ft) {
        ftab_index_uninit(&ft->index);
        ftab_pool_uninit(&ft->pool);
        free(ft);
    }
}

/* export_entry(), of an entry with more beside it.  One of a biflow that went
 * on may have seen no packet since its last record. */
static void
export_more(const struct ftab *ft, uint32_t i, struct frec *r)
{
    struct frec reverse;

    if (!r->packets) {
        return;
    } else if (ft->pool.biflows) {
        ftab_biflow_fill(ftab_pool_biflow(&ft->pool, i), r, &reverse);
    } else {
        r->extra = *ftab_pool_extra(&ft->pool, i);
    }
    ft->export(r, ft->aux);
}

static void
export_entry(const struct ftab *ft, uint32_t i, enum frec_end end)
{
    const struct ftab_entry *e = ftab_pool_entry(&ft->pool, i);
    uint64_t rest = e->key.rest;
    uint8_t kind = rest >> FTAB_KIND_SHIFT;
    bool egress = kind & FTAB_KIND_EGRESS;
    struct frec r = {
        .key = {
            .src_port = e->key.ports >> 48,
            .dst_port = e->key.ports >> 32,
            .vlan = { e->key.ports >> 16, e->key.ports },
            .in_ifindex = egress ? 0 : rest,
            .out_ifindex = egress ? rest : 0,
            .protocol = rest >> FTAB_PROTOCOL_SHIFT,
            .tos = rest >> FTAB_TOS_SHIFT,
            .ip_version = kind & FTAB_KIND_IPV6 ? 6 : 4,
        },
        .packets = e->packets,
        .octets = e->octets,
        .first_us = e->first_us,
        .last_us = e->last_us,
        .tcp_flags = rest >> FTAB_TCP_FLAGS_SHIFT,
        .ip_flags = rest >> FTAB_IP_FLAGS_SHIFT & (PKT_IP_DF | PKT_IP_MF),
        .end = end,
        .egress = egress,
    };
    if (kind & FTAB_KIND_IPV6) {
        const struct ftab_addrs *addrs = ftab_pool_addrs(&ft->pool, i);
        r.key.src = addrs->src;
        r.key.dst = addrs->dst;
    } else {
        r.key.src.s6_addr32[2] = r.key.dst.s6_addr32[2] = htonl(0xffff);
        r.key.src.s6_addr32[3] = e->key.addrs >> 32;
        r.key.dst.s6_addr32[3] = e->key.addrs;
    }
    if (ft->pool.macs) {
        const struct ftab_macs *macs = ftab_pool_macs(&ft->pool, i);
        memcpy(r.src_mac, macs->src, sizeof r.src_mac);
        memcpy(r.dst_mac, macs->dst, sizeof r.dst_mac);
    }
    if (OVS_UNLIKELY(ft->has_more)) {
        export_more(ft, i, &r);
    } else {
        ft->export(&r, ft->aux);
    }
}

/* Takes an entry out of everything but the pool. */
static void
unlink_entry(struct ftab *ft, uint32_t i)
{
    struct ftab_key key = ftab_pool_entry(&ft->pool, i)->key;

    key.rest &= KEY_MASK;
    ftab_index_remove(&ft->index, ftab_hash(&ft->secret, &key), i);
    ftab_wheel_remove(&ft->wheel, &ft->pool, i);
}

static int64_t
idle_us(const struct ftab *ft, const struct ftab_entry *e)
{
    return e->key.rest & CLOSING ? ft->close_us : ft->inactive_us;
}

/* When 'e' ends if no packet comes. */
static uint64_t
due_us(const struct ftab *ft, const struct ftab_entry *e)
{
    return MIN(e->first_us + ft->active_us, e->last_us + idle_us(ft, e));
}

/* If 'e' has ended by 'now_us', why; else 0.  Whether the wheel came round or
 * a packet did makes no difference, so that records do not depend on how often
 * ftab_expire() is called. */
static enum frec_end
has_ended(const struct ftab *ft, const struct ftab_entry *e, uint64_t now_us)
{
    if ((int64_t) (now_us - e->last_us) >= idle_us(ft, e)) {
        return (e->key.rest & CLOSING ? FREC_END_DETECTED
                : FREC_END_INACTIVE);
    }
    return ((int64_t) (now_us - e->first_us) >= ft->active_us
            ? FREC_END_ACTIVE : 0);
}

/* ## ---------- ## */
/* ## ftab_update ## */
/* ## ---------- ## */

/* Exports the flow that was idle longest among the next few, and returns its
 * entry.  Only when the pool is full, so every entry is in use. */
static uint32_t
evict(struct ftab *ft, bool ipv6)
{
    uint32_t oldest = ft->victim;

    for (int n = 0; n < EVICT_PROBE; n++) {
        const struct ftab_entry *a = ftab_pool_entry(&ft->pool, ft->victim);
        if (a->last_us < ftab_pool_entry(&ft->pool, oldest)->last_us) {
            oldest = ft->victim;
        }
        ft->victim = ft->victim + 1 < ft->pool.max ? ft->victim + 1 : 0;
    }
    ft->evictions += ftab_pool_entry(&ft->pool, oldest)->packets != 0;
    export_entry(ft, oldest, FREC_END_RESOURCES);
    unlink_entry(ft, oldest);
    if (ipv6) {
        ftab_pool_need_addrs(&ft->pool, oldest);
    }
    return oldest;
}

static void
set_macs(struct ftab_macs *macs, const struct pkt_frame *frame)
{
    if (frame->link == PKT_LINK_ETHERNET) {
        memcpy(macs->dst, frame->data, sizeof macs->dst);
        memcpy(macs->src, frame->data + sizeof macs->dst, sizeof macs->src);
    } else {
        memset(macs, 0, sizeof *macs);
    }
}

static inline uint64_t
flags_of(const struct pkt *pkt)
{
    return ((uint64_t) pkt->tcp_flags << FTAB_TCP_FLAGS_SHIFT
            | (uint64_t) pkt->ip_flags << FTAB_IP_FLAGS_SHIFT);
}

/* Counts a packet in what few ask for. */
static __attribute__((__noinline__)) void
update_more(struct ftab *ft, uint32_t i, const struct work *w)
{
    if (ft->pool.biflows) {
        const struct keyed *k = keyed_of(w);

        ftab_biflow_add(ftab_pool_biflow(&ft->pool, i), k->seen, k->way,
                        w->weight.packets, w->weight.octets, ft->has_extra);
    } else {
        ftab_extra_update(ftab_pool_extra(&ft->pool, i), w->pkt, false);
    }
}

/* The same of the first packet of a flow, or of its next record. */
static void
start_more(struct ftab *ft, uint32_t i, const struct work *w, bool goes_on)
{
    if (ft->pool.biflows) {
        const struct keyed *k = keyed_of(w);

        ftab_biflow_start(ftab_pool_biflow(&ft->pool, i), k->seen, k->way,
                          goes_on);
        update_more(ft, i, w);
    } else {
        ftab_extra_update(ftab_pool_extra(&ft->pool, i), w->pkt, true);
    }
}

/* Sets what is not key in an entry to what it is of its first packet; of the
 * next record of a flow that 'goes_on'. */
static void
start_entry(struct ftab *ft, uint32_t i, struct ftab_entry *e,
            const struct work *w, bool goes_on)
{
    if (ft->pool.macs) {
        set_macs(ftab_pool_macs(&ft->pool, i), w->pkt->frame);
    }
    if (OVS_UNLIKELY(ft->has_more)) {
        start_more(ft, i, w, goes_on);
    }
    e->key.rest = w->key.rest | flags_of(w->pkt);
    e->packets = w->weight.packets;
    e->octets = w->weight.octets;
    e->first_us = e->last_us = w->pkt->frame->time_us;
}

static void
add_entry(struct ftab *ft, const struct work *w)
{
    bool ipv6 = w->pkt->ip_version == 6;
    uint32_t i = ftab_pool_get(&ft->pool, ipv6);
    if (i == FTAB_NONE) {
        i = evict(ft, ipv6);
    }

    struct ftab_entry *e = ftab_pool_entry(&ft->pool, i);
    e->key = w->key;
    if (ipv6) {
        *ftab_pool_addrs(&ft->pool, i) = (struct ftab_addrs) {
            .src = w->pkt->src, .dst = w->pkt->dst,
        };
    }
    start_entry(ft, i, e, w, false);
    ftab_index_insert(&ft->index, w->hash, i);
    ftab_wheel_put(&ft->wheel, &ft->pool, i, due_us(ft, e));
}

static void
move_in_wheel(struct ftab *ft, uint32_t i, const struct ftab_entry *e)
{
    ftab_wheel_remove(&ft->wheel, &ft->pool, i);
    ftab_wheel_put(&ft->wheel, &ft->pool, i, due_us(ft, e));
}

/* The entry has ended by its next packet, which begins a record of its own.
 * Not inline, so that update_entry() can be. */
static void
restart_entry(struct ftab *ft, uint32_t i, const struct work *w,
              enum frec_end end)
{
    struct ftab_entry *e = ftab_pool_entry(&ft->pool, i);

    export_entry(ft, i, end);
    start_entry(ft, i, e, w, end == FREC_END_ACTIVE);
    move_in_wheel(ft, i, e);
}

static ALWAYS_INLINE inline void
update_entry(struct ftab *ft, uint32_t i, struct ftab_entry *e,
             const struct work *w)
{
    uint64_t time_us = w->pkt->frame->time_us;
    enum frec_end end = has_ended(ft, e, time_us);
    /* Hours before the flow began is another flow: times that were wrong for a
     * while, or captures that were appended to one another. */
    if (OVS_UNLIKELY(end
                     || (int64_t) (time_us - e->first_us) < -MAX_BACK_US)) {
        restart_entry(ft, i, w, end ? end : FREC_END_INACTIVE);
        return;
    }

    uint64_t flags = flags_of(w->pkt);
    bool sooner = (flags & CLOSING && !(e->key.rest & CLOSING))
                  || time_us < e->first_us;
    e->key.rest |= flags;
    e->packets += w->weight.packets;
    e->octets += w->weight.octets;
    e->first_us = MIN(e->first_us, time_us);
    e->last_us = MAX(e->last_us, time_us);
    if (OVS_UNLIKELY(ft->has_more)) {
        update_more(ft, i, w);
    }
    if (OVS_UNLIKELY(sooner)) {
        move_in_wheel(ft, i, e);
    }
}

static inline bool
is_entry_of(const struct ftab *ft, uint32_t i, const struct ftab_entry *e,
            const struct work *w)
{
    if (e->key.addrs != w->key.addrs || e->key.ports != w->key.ports
        || (e->key.rest & KEY_MASK) != w->key.rest) {
        return false;
    } else if (w->pkt->ip_version == 4) {
        return true;
    }
    const struct ftab_addrs *addrs = ftab_pool_addrs(&ft->pool, i);
    return (!memcmp(&addrs->src, &w->pkt->src, sizeof addrs->src)
            && !memcmp(&addrs->dst, &w->pkt->dst, sizeof addrs->dst));
}

/* Finds the first entry whose key has the hash of 'w', probably its own, and
 * fetches it. */
static inline void
fetch_entry(const struct ftab *ft, struct work *w)
{
    const struct ftab_index *index = &ft->index;
    const struct ftab_slot *slot;

    for (uint32_t i = ftab_index_home(index, w->hash); ;
         i = ftab_index_next(index, i)) {
        slot = &index->slots[i];
        if (slot->hash == w->hash || slot->entry == FTAB_NONE) {
            break;
        }
    }
    w->entry = slot->entry;
    if (w->entry != FTAB_NONE) {
        OVS_PREFETCH_WRITE(ftab_pool_entry(&ft->pool, w->entry));
    }
}

/* A flow that was not there before the burst, or whose hash another has. */
static void
update_other(struct ftab *ft, const struct work *w)
{
    const struct ftab_index *index = &ft->index;

    for (uint32_t i = ftab_index_home(index, w->hash); ;
         i = ftab_index_next(index, i)) {
        const struct ftab_slot *slot = &index->slots[i];
        if (slot->entry == FTAB_NONE) {
            add_entry(ft, w);
            return;
        } else if (slot->hash == w->hash) {
            struct ftab_entry *e = ftab_pool_entry(&ft->pool, slot->entry);
            if (is_entry_of(ft, slot->entry, e, w)) {
                update_entry(ft, slot->entry, e, w);
                return;
            }
        }
    }
}

/* Three passes, so that the memory that a packet needs is on its way while
 * the packets before it are worked on: the slot in the index was asked for by
 * ftab_update(), then the entry is, then both are there.  Meanwhile an entry
 * may have been given to another flow, so its key is what counts; none is
 * given back within a burst. */
static void
update_burst(struct ftab *ft, struct work *work, size_t n)
{
    if (n) {
        ftab_wheel_start(&ft->wheel, work[0].pkt->frame->time_us);
    }
    for (size_t i = 0; i < n; i++) {
        fetch_entry(ft, &work[i]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct work *w = &work[i];

        if (OVS_LIKELY(w->entry != FTAB_NONE)) {
            struct ftab_entry *e = ftab_pool_entry(&ft->pool, w->entry);

            if (OVS_LIKELY(is_entry_of(ft, w->entry, e, w))) {
                update_entry(ft, w->entry, e, w);
                continue;
            }
        }
        update_other(ft, w);
    }
}

static inline void
prepare(const struct ftab *ft, struct work *w, const struct pkt *pkt,
        uint32_t ifindex)
{
    w->pkt = pkt;
    w->key = ftab_key_from_pkt(&ft->secret, pkt, ifindex);
    w->hash = ftab_hash(&ft->secret, &w->key);
    OVS_PREFETCH(&ft->index.slots[ftab_index_home(&ft->index, w->hash)]);
}

/* ftab_update(), of a table of biflows. */
static void
update_biflows(struct ftab *ft, const struct pkt *pkts, size_t n,
               uint32_t ifindex, const struct ftab_weight *weights)
{
    struct keyed keyed[BURST];
    struct work work[BURST];
    size_t n_work = 0;

    for (size_t i = 0; i < n; i++) {
        if (pkts[i].verdict != PKT_OK && pkts[i].verdict != PKT_SNAPPED) {
            continue;
        }
        struct work *w = &work[n_work];
        struct keyed *k = &keyed[n_work];
        k->seen = &pkts[i];
        k->way = ftab_biflow_turn(&pkts[i], &k->pkt, &k->frame);
        w->weight = (weights ? weights[i]
                     : (struct ftab_weight) { 1, pkts[i].l3_len });
        prepare(ft, w, &k->pkt, ifindex);
        if (++n_work == BURST) {
            update_burst(ft, work, n_work);
            n_work = 0;
        }
    }
    update_burst(ft, work, n_work);
}

void
ftab_update(struct ftab *ft, const struct pkt *pkts, size_t n,
            uint32_t ifindex, const struct ftab_weight *weights)
{
    struct work work[BURST];
    size_t n_work = 0;

    if (OVS_UNLIKELY(ft->pool.biflows)) {
        update_biflows(ft, pkts, n, ifindex, weights);
        return;
    }

    for (size_t i = 0; i < n; i++) {
        const struct pkt *pkt = &pkts[i];
        if (pkt->verdict != PKT_OK && pkt->verdict != PKT_SNAPPED) {
            continue;
        }
        struct work *w = &work[n_work++];
        prepare(ft, w, pkt, ifindex);
        w->weight = (weights ? weights[i]
                     : (struct ftab_weight) { 1, pkt->l3_len });
        if (n_work == BURST) {
            update_burst(ft, work, n_work);
            n_work = 0;
        }
    }
    update_burst(ft, work, n_work);
}

/* ## ------------------------- ## */
/* ## ftab_expire and ftab_flush ## */
/* ## ------------------------- ## */

/* Entry 'e' is to be looked at after this one: fetches what that will need,
 * the slot in the index and the entry behind it. */
static void
fetch_next(const struct ftab *ft, const struct ftab_entry *e)
{
    struct ftab_key key = e->key;

    key.rest &= KEY_MASK;
    OVS_PREFETCH_WRITE(&ft->index.slots[
        ftab_index_home(&ft->index, ftab_hash(&ft->secret, &key))]);
    if (e->next != FTAB_NONE) {
        OVS_PREFETCH_WRITE(ftab_pool_entry(&ft->pool, e->next));
    }
}

/* Who began a biflow is to be known in its next record too: exports it and
 * keeps it, empty, until it has ended or another packet comes.  False, and
 * nothing is done, for all else that has ended. */
static bool
go_on(struct ftab *ft, uint32_t i, struct ftab_entry *e, enum frec_end end)
{
    if (OVS_LIKELY(!ft->pool.biflows) || end != FREC_END_ACTIVE
        || !e->packets) {
        return false;
    }
    export_entry(ft, i, end);
    ftab_biflow_empty(ftab_pool_biflow(&ft->pool, i));
    e->key.rest &= KEY_MASK;
    e->packets = e->octets = 0;
    /* Later than any packet that may be its next one. */
    e->first_us = e->last_us + ft->inactive_us;
    return true;
}

uint64_t
ftab_expire(struct ftab *ft, uint64_t now_us)
{
    for (int work = 0; work < EXPIRE_WORK; work++) {
        uint32_t i = ftab_wheel_next(&ft->wheel, now_us);
        if (i == FTAB_NONE) {
            return ft->pool.n ? ftab_wheel_next_us(&ft->wheel) : UINT64_MAX;
        }

        struct ftab_entry *e = ftab_pool_entry(&ft->pool, i);
        if (e->next != FTAB_NONE) {
            fetch_next(ft, ftab_pool_entry(&ft->pool, e->next));
        }
        enum frec_end end = has_ended(ft, e, now_us);
        if (!end && (int64_t) (e->last_us - now_us) > ft->inactive_us) {
            end = FREC_END_INACTIVE;    /* The clock was set back. */
        }
        if (end && !go_on(ft, i, e, end)) {
            export_entry(ft, i, end);
            unlink_entry(ft, i);
            ftab_pool_put(&ft->pool, i);
        } else {
            move_in_wheel(ft, i, e);
        }
    }
    return now_us;              /* There is more to do. */
}

/* In the order of memory, which for a million flows takes half of the time of
 * following lists. */
void
ftab_visit(const struct ftab *ft, enum frec_end end)
{
    for (uint32_t i = 0; i < ft->pool.high; i++) {
        if (ftab_pool_entry(&ft->pool, i)->packets) {
            export_entry(ft, i, end);
        }
    }
}

void
ftab_flush(struct ftab *ft, enum frec_end end)
{
    ftab_visit(ft, end);
    ftab_index_clear(&ft->index);
    ftab_pool_clear(&ft->pool);
    ftab_wheel_init(&ft->wheel);
}

size_t
ftab_count(const struct ftab *ft)
{
    return ft->pool.n;
}

size_t
ftab_memory(const struct ftab *ft)
{
    return (sizeof *ft + ftab_index_memory(&ft->index) + ft->pool.memory);
}

uint64_t
ftab_evictions(const struct ftab *ft)
{
    return ft->evictions;
}
