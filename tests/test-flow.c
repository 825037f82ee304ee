/* test-flow.c -- the flow table as a table: packets as words, records as text.
 *
 * Each line of standard input is one life of a table: settings (active=S,
 * inactive=S, max=N, if=N, macs=1, biflow=1), then in order of time packets
 * TIME:FLOW:LENGTH[:TCP-FLAGS], where a flow is a letter (capital: IPv6) with
 * +vVLAN, +wVLAN (inner), +tTOS, +e (egress), +pPACKETS (of a super-frame),
 * +iFLAGS (of IP), +mMAC (a letter of the source; small: of Ethernet), +r (the
 * other way); @TIME, which expires, and "flush".  Times are seconds.  Prints
 * "line => records" and how many flows are left.
 *
 * "test-flow random SEED MAX-FLOWS PACKETS" feeds random packets and compares
 * with a model that knows no wheel, no index and no burst.
 * "test-flow bursts SEED MAX-FLOWS PACKETS" feeds the same random packets in
 * bursts of different sizes: the records must be the same, in the same order.
 * "test-flow memory FLOWS" checks what a flow costs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/ovs.h"

#define EPOCH_US UINT64_C(1600000000000000)

static const char *const ends[] = {
    "-", "inactive", "active", "detected", "forced", "resources",
};

/* A packet of flow 'letter', of which only what flows read is set. */
static void
make_pkt(char letter, double seconds, uint32_t length, uint16_t flags,
         struct pkt_frame *frame, struct pkt *pkt)
{
    memset(frame, 0, sizeof *frame);
    memset(pkt, 0, sizeof *pkt);
    frame->link = PKT_LINK_RAW_IP;
    frame->time_us = EPOCH_US + (int64_t) (seconds * 1e6 + 0.5);
    pkt->frame = frame;
    pkt->verdict = PKT_OK;
    pkt->l3_len = length;
    pkt->tcp_flags = flags;
    pkt->protocol = IPPROTO_TCP;
    pkt->src_port = 1024;
    pkt->dst_port = 80;
    pkt->ip_version = letter >= 'a' ? 4 : 6;
    if (pkt->ip_version == 4) {
        in6_addr_set_mapped_ipv4(&pkt->src, htonl(0x0a000000 | letter));
        in6_addr_set_mapped_ipv4(&pkt->dst, htonl(0x0a000100 | letter));
    } else {
        pkt->src.s6_addr[0] = pkt->dst.s6_addr[0] = 0xfd;
        pkt->src.s6_addr[15] = letter;
        pkt->dst.s6_addr[14] = letter;
    }
}

/* ## ----- ## */
/* ## table ## */
/* ## ----- ## */

/* Who began it, where that is known, and what came back. */
static void
print_biflow(const struct frec *r)
{
    if (r->biflow) {
        printf(" who=%u", r->biflow);
    }
    if (r->reverse) {
        ovs_assert(r->reverse->key.src_port == r->key.dst_port
                   && r->reverse->key.dst_port == r->key.src_port
                   && ipv6_addr_equals(&r->reverse->key.src, &r->key.dst)
                   && ipv6_addr_equals(&r->reverse->key.dst, &r->key.src)
                   && r->reverse->end == r->end);
        printf(" back %"PRIu64"/%"PRIu64" %g-%g", r->reverse->packets,
               r->reverse->octets,
               (int64_t) (r->reverse->first_us - EPOCH_US) / 1e6,
               (int64_t) (r->reverse->last_us - EPOCH_US) / 1e6);
        if (r->reverse->tcp_flags) {
            printf(" flags=%u", r->reverse->tcp_flags);
        }
    }
}

static void
print_record(const struct frec *r, void *aux OVS_UNUSED)
{
    const struct frec_key *key = &r->key;

    bool turned = key->src_port == 80;

    ovs_assert(key->protocol == IPPROTO_TCP && !key->pad[0]
               && key->dst_port == (turned ? 1024 : 80)
               && key->src_port == (turned ? 80 : 1024));
    ovs_assert(key->ip_version == (IN6_IS_ADDR_V4MAPPED(&key->src) ? 4 : 6));
    printf("%c%s", key->src.s6_addr[15], turned ? "<" : "");
    if (key->vlan[0] || key->vlan[1]) {
        printf(" vlan=%u,%u", key->vlan[0], key->vlan[1]);
    }
    if (key->tos) {
        printf(" tos=%u", key->tos);
    }
    if (key->in_ifindex || key->out_ifindex) {
        printf(" %"PRIu32">%"PRIu32, key->in_ifindex, key->out_ifindex);
    }
    printf(" %"PRIu64"/%"PRIu64" %g-%g", r->packets, r->octets,
           (int64_t) (r->first_us - EPOCH_US) / 1e6,
           (int64_t) (r->last_us - EPOCH_US) / 1e6);
    if (r->tcp_flags) {
        printf(" flags=%u", r->tcp_flags);
    }
    if (r->ip_flags) {
        printf(" ip=%u", r->ip_flags);
    }
    if (r->src_mac[5]) {
        ovs_assert(!memcmp(r->src_mac, "\2\1\0\0\0", 5)
                   && !memcmp(r->dst_mac, "\2\2\0\0\0", 6));
        printf(" mac=%c", r->src_mac[5]);
    }
    ovs_assert(!r->egress || !key->in_ifindex);
    print_biflow(r);
    printf(" %s; ", ends[r->end]);
}

static void
turn(struct pkt *pkt)
{
    struct in6_addr src = pkt->src;

    pkt->src = pkt->dst;
    pkt->dst = src;
    pkt->src_port = 80;
    pkt->dst_port = 1024;
}

static void
apply_modifiers(char *text, struct pkt_frame *frame, uint8_t eth[12],
                struct pkt *pkt, struct ftab_weight *weight)
{
    char *save = NULL;

    for (char *m = strtok_r(text, "+", &save); m;
         m = strtok_r(NULL, "+", &save)) {
        int value = atoi(m + 1);
        switch (*m) {
        case 'v':
            pkt->vlan_tci[0] = value;
            break;
        case 'w':
            pkt->vlan_tci[1] = value;
            break;
        case 't':
            pkt->tos = value;
            break;
        case 'e':
            frame->direction = PKT_EGRESS;
            break;
        case 'p':
            weight->packets = value;
            break;
        case 'i':
            pkt->ip_flags = value;
            break;
        case 'm':
            frame->link = (m[1] >= 'a' ? PKT_LINK_ETHERNET
                           : PKT_LINK_SLL);
            memcpy(eth, "\2\2\0\0\0\0\2\1\0\0\0", 11);
            eth[11] = m[1];
            frame->data = eth;
            break;
        case 'r':
            turn(pkt);
            break;
        default:
            ovs_fatal(0, "%s: unknown modifier", m);
        }
    }
}

static void
do_packet(struct ftab *ft, const char *word, uint32_t ifindex)
{
    struct pkt_frame frame;
    struct pkt pkt;
    double seconds;
    char letter;
    char modifiers[64] = "";
    uint8_t eth[12];
    int n = 0;

    if (sscanf(word, "%lf:%c%n", &seconds, &letter, &n) < 2) {
        ovs_fatal(0, "%s: not a packet", word);
    }
    word += n;
    size_t len = strcspn(word, ":");
    ovs_assert(len < sizeof modifiers);
    memcpy(modifiers, word, len);
    unsigned int length = 0, flags = 0;
    sscanf(word + len, ":%u:%u", &length, &flags);

    struct ftab_weight weight = { 1, length };
    make_pkt(letter, seconds, length, flags, &frame, &pkt);
    apply_modifiers(modifiers, &frame, eth, &pkt, &weight);
    ftab_update(ft, &pkt, 1, ifindex, weight.packets > 1 ? &weight : NULL);
}

/* As a worker does: again while there is more to do.  The table asks to be
 * called soon while it has flows, and only then. */
static void
expire(struct ftab *ft, uint64_t now_us)
{
    uint64_t next_us;

    do {
        next_us = ftab_expire(ft, now_us);
    } while (next_us <= now_us);
    if (ftab_count(ft)) {
        ovs_assert(next_us - now_us < 1000000);
    } else {
        ovs_assert(next_us == UINT64_MAX);
    }
}

static void
run_line(char *line)
{
    struct ftab_conf conf = {
        .active_us = 60 * 1000000, .inactive_us = 15 * 1000000,
        .max_flows = 1000, .hash_seed = 1,
    };
    unsigned int ifindex = 0, active, inactive, max, macs, biflow;
    struct ftab *ft = NULL;
    char *save = NULL;

    for (char *word = strtok_r(line, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        if (ovs_scan(word, "active=%u", &active)) {
            conf.active_us = active * UINT64_C(1000000);
        } else if (ovs_scan(word, "inactive=%u", &inactive)) {
            conf.inactive_us = inactive * UINT64_C(1000000);
        } else if (ovs_scan(word, "max=%u", &max)) {
            conf.max_flows = max;
        } else if (ovs_scan(word, "macs=%u", &macs)) {
            conf.macs = macs;
        } else if (ovs_scan(word, "biflow=%u", &biflow)) {
            conf.biflow = biflow;
        } else if (!ovs_scan(word, "if=%u", &ifindex)) {
            if (!ft) {
                ft = ftab_create(&conf, print_record, NULL);
            }
            if (word[0] == '@') {
                expire(ft, EPOCH_US + (int64_t) (atof(word + 1) * 1e6));
            } else if (!strcmp(word, "flush")) {
                ftab_flush(ft, FREC_END_FORCED);
            } else {
                do_packet(ft, word, ifindex);
            }
        }
    }
    printf("%"PRIuSIZE"\n", ftab_count(ft));
    ftab_destroy(ft);
}

/* ## ------ ## */
/* ## random ## */
/* ## ------ ## */

enum { N_FLOWS = 400, MAX_BURST = 100 };

#define ACTIVE_US UINT64_C(20000000)
#define INACTIVE_US UINT64_C(3000000)
#define CLOSE_US UINT64_C(1000000)

/* What has to come out, or has come out, for one flow. */
struct total {
    uint64_t packets;           /* All. */
    uint64_t octets;            /* All. */
    uint64_t records;           /* How many. */
    uint64_t digest;            /* Sum over the records of their hashes. */
};

struct model {
    struct frec open;           /* The record that is growing. */
    struct total want;          /* From the packets. */
    struct total have;          /* From the records. */
    uint64_t last_us;           /* Of the last record. */
};

struct experiment {
    struct model flows[N_FLOWS];
    struct ftab *ft;            /* Under test. */
    uint64_t now_us;            /* Of the last packet or expiry. */
    bool ordered;               /* Times never go back. */
    bool bounded;               /* Flows may be evicted. */
    uint64_t evicted;           /* Records that said so. */
    uint64_t x;                 /* State of the random numbers. */
};

static uint32_t
random_below(struct experiment *ex, uint32_t n)
{
    ex->x ^= ex->x << 13;
    ex->x ^= ex->x >> 7;
    ex->x ^= ex->x << 17;
    return (ex->x >> 20) % n;
}

static bool
is_closing(const struct frec *r)
{
    return r->tcp_flags & (TCP_FIN | TCP_RST);
}

static uint64_t
record_due(const struct frec *r)
{
    return MIN(r->first_us + ACTIVE_US,
               r->last_us + (is_closing(r) ? CLOSE_US : INACTIVE_US));
}

static void
add_record(struct total *t, const struct frec *r)
{
    uint64_t fields[] = {
        r->packets, r->octets, r->first_us, r->last_us,
        r->tcp_flags << 8 | r->ip_flags, r->src_mac[5],
    };
    t->packets += r->packets;
    t->octets += r->octets;
    t->records++;
    t->digest += hash_bytes(fields, sizeof fields, 0);
}

/* Which flow a record is of: its source address says. */
static struct model *
model_of(struct experiment *ex, const struct frec *r)
{
    unsigned int i = r->key.src.s6_addr[14] << 8 | r->key.src.s6_addr[15];

    ovs_assert(i < N_FLOWS);
    ovs_assert(r->key.ip_version == (i % 3 ? 4 : 6));
    ovs_assert(r->key.dst_port == i && r->key.vlan[0] == i % 5);
    return &ex->flows[i];
}

static void
take_record(const struct frec *r, void *ex_)
{
    struct experiment *ex = ex_;

    struct model *m = model_of(ex, r);

    ovs_assert(r->packets && r->first_us <= r->last_us);
    /* The records of a flow do not overlap. */
    ovs_assert(!ex->ordered || r->first_us >= m->last_us);
    m->last_us = r->last_us;
    add_record(&m->have, r);
    ex->evicted += r->end == FREC_END_RESOURCES;
    if (ex->ordered && r->end < FREC_END_FORCED) {
        uint64_t due_us = record_due(r);
        ovs_assert(due_us <= ex->now_us);
        ovs_assert(ex->now_us - due_us < 1000000);
    }
}

static void
model_packet(struct model *m, const struct pkt *pkt)
{
    struct frec *r = &m->open;
    uint64_t time_us = pkt->frame->time_us;

    if (r->packets && time_us >= record_due(r)) {
        add_record(&m->want, r);
        r->packets = 0;
    }
    if (!r->packets) {
        *r = (struct frec) { .first_us = time_us, .last_us = time_us };
        r->src_mac[5] = pkt->frame->data[11];
    }
    r->packets++;
    r->octets += pkt->l3_len;
    r->first_us = MIN(r->first_us, time_us);
    r->last_us = MAX(r->last_us, time_us);
    r->tcp_flags |= pkt->tcp_flags;
    r->ip_flags |= pkt->ip_flags;
}

static void
random_packet(struct experiment *ex, uint8_t macs[12],
              struct pkt_frame *frame, struct pkt *pkt)
{
    /* Few flows are busy, many are rare. */
    uint32_t i = random_below(ex, 1 + random_below(ex, N_FLOWS));
    static const uint8_t flags[] = { TCP_ACK, TCP_SYN, TCP_FIN, TCP_RST };
    uint32_t f = random_below(ex, 64);

    make_pkt(i % 3 ? 'a' : 'A', 0, 40 + random_below(ex, 1460),
             flags[f < 4 ? f : 0], frame, pkt);
    pkt->src.s6_addr[14] = i >> 8;
    pkt->src.s6_addr[15] = i;
    pkt->dst_port = i;
    pkt->vlan_tci[0] = i % 5;
    pkt->ip_flags = random_below(ex, 20) ? 0 : random_below(ex, 4);
    memset(macs, random_below(ex, 256), 12);
    frame->link = PKT_LINK_ETHERNET;
    frame->data = macs;
    ex->now_us += random_below(ex, 4000);
    frame->time_us = ex->now_us;
    if (!ex->ordered) {
        frame->time_us -= random_below(ex, 100000);
        if (!random_below(ex, 1000)) {
            frame->time_us -= UINT64_C(1000000) * random_below(ex, 4000);
            ex->now_us += UINT64_C(1000000) * random_below(ex, 400);
        }
    }
}

static void
random_burst(struct experiment *ex)
{
    struct pkt_frame frames[MAX_BURST];
    struct pkt pkts[MAX_BURST];
    uint8_t macs[MAX_BURST][12];
    size_t n = 1 + random_below(ex, MAX_BURST);

    for (size_t i = 0; i < n; i++) {
        random_packet(ex, macs[i], &frames[i], &pkts[i]);
        if (!random_below(ex, 20)) {
            pkts[i].verdict = PKT_MALFORMED;    /* Does not count. */
        } else {
            uint32_t flow = pkts[i].dst_port;
            model_packet(&ex->flows[flow], &pkts[i]);
        }
    }
    ftab_update(ex->ft, pkts, n, 7, NULL);
}

/* All that went in came out, once. */
static void
check_totals(struct experiment *ex)
{
    for (size_t i = 0; i < N_FLOWS; i++) {
        struct model *m = &ex->flows[i];
        if (m->open.packets) {
            add_record(&m->want, &m->open);
        }
        ovs_assert(m->want.packets == m->have.packets);
        ovs_assert(m->want.octets == m->have.octets);
        if (ex->ordered && !ex->bounded) {
            ovs_assert(m->want.records == m->have.records);
            ovs_assert(m->want.digest == m->have.digest);
        }
    }
}

static void
run_random(uint32_t seed, size_t max_flows, unsigned int packets,
           bool ordered)
{
    struct experiment *ex = xzalloc(sizeof *ex);
    struct ftab_conf conf = {
        .active_us = ACTIVE_US, .inactive_us = INACTIVE_US,
        .max_flows = max_flows, .hash_seed = seed, .macs = true,
    };

    ex->ft = ftab_create(&conf, take_record, ex);
    ex->now_us = EPOCH_US;
    ex->ordered = ordered;
    ex->bounded = max_flows < N_FLOWS;
    ex->x = seed + UINT64_C(88172645463325252);
    for (unsigned int n = 0; n < packets; n += MAX_BURST / 2) {
        random_burst(ex);
        ovs_assert(ftab_count(ex->ft) <= max_flows);
        expire(ex->ft, ex->now_us);
        if (!random_below(ex, 500)) {
            ftab_flush(ex->ft, FREC_END_FORCED);
            for (size_t i = 0; i < N_FLOWS; i++) {
                struct model *m = &ex->flows[i];
                if (m->open.packets) {
                    add_record(&m->want, &m->open);
                    m->open.packets = 0;
                }
            }
        }
    }
    ftab_flush(ex->ft, FREC_END_FORCED);
    ovs_assert(!ftab_count(ex->ft));
    ovs_assert(ex->evicted == ftab_evictions(ex->ft));
    ovs_assert(ex->bounded || !ex->evicted);
    check_totals(ex);
    ftab_destroy(ex->ft);
    free(ex);
}

/* ## ------ ## */
/* ## bursts ## */
/* ## ------ ## */

static void
digest_record(const struct frec *r, void *digest_)
{
    uint32_t *digest = digest_;

    *digest = hash_bytes(&r->key, sizeof r->key, *digest);
    *digest = hash_add64(*digest, r->packets ^ r->octets << 32);
    *digest = hash_add64(*digest, r->first_us);
    *digest = hash_add64(*digest, r->last_us);
    *digest = hash_add(*digest, r->tcp_flags << 8 | r->end);
    *digest = hash_bytes(r->src_mac, sizeof r->src_mac, *digest);
}

/* A number that says which records came out, in which order.  'n' is a
 * multiple of 'burst'. */
static uint32_t
digest_in_bursts(const struct pkt *pkts, size_t n, size_t max_flows,
                 size_t burst)
{
    enum { EXPIRE_EVERY = 840 };        /* A multiple of every burst. */
    struct ftab_conf conf = {
        .active_us = ACTIVE_US, .inactive_us = INACTIVE_US,
        .max_flows = max_flows, .macs = true,
    };
    uint32_t digest = 0;
    struct ftab *ft = ftab_create(&conf, digest_record, &digest);

    for (size_t i = 0; i + burst <= n; i += burst) {
        ftab_update(ft, &pkts[i], burst, 7, NULL);
        if ((i + burst) % EXPIRE_EVERY == 0) {
            ftab_expire(ft, pkts[i + burst - 1].frame->time_us);
        }
    }
    ftab_flush(ft, FREC_END_FORCED);
    ftab_destroy(ft);
    return digest;
}

static void
run_bursts(uint32_t seed, size_t max_flows, size_t n)
{
    static const size_t bursts[] = { 2, 7, 30, 60, 84, 840 };
    struct experiment ex = {
        .now_us = EPOCH_US, .x = seed + UINT64_C(88172645463325252),
    };
    struct pkt_frame *frames = xmalloc(n * sizeof *frames);
    struct pkt *pkts = xmalloc(n * sizeof *pkts);
    uint8_t (*macs)[12] = xmalloc(n * sizeof *macs);

    for (size_t i = 0; i < n; i++) {
        random_packet(&ex, macs[i], &frames[i], &pkts[i]);
        frames[i].caplen = 14;
    }
    uint32_t digest = digest_in_bursts(pkts, n, max_flows, 1);
    for (size_t i = 0; i < ARRAY_SIZE(bursts); i++) {
        ovs_assert(digest_in_bursts(pkts, n, max_flows, bursts[i])
                   == digest);
    }
    free(frames);
    free(pkts);
    free(macs);
}

/* ## ------ ## */
/* ## memory ## */
/* ## ------ ## */

static void
ignore_record(const struct frec *r OVS_UNUSED, void *aux OVS_UNUSED)
{
}

static size_t
bytes_per_flow(unsigned int n, char letter, bool macs)
{
    struct ftab_conf conf = {
        .active_us = ACTIVE_US, .inactive_us = INACTIVE_US, .max_flows = n,
        .macs = macs,
    };
    struct ftab *ft = ftab_create(&conf, ignore_record, NULL);

    for (uint32_t i = 0; i < 2 * n; i++) {
        struct pkt_frame frame;
        struct pkt pkt;

        make_pkt(letter, 0, 40, 0, &frame, &pkt);
        memcpy(&pkt.src.s6_addr[12], &i, sizeof i);
        ftab_update(ft, &pkt, 1, 7, NULL);
    }
    ovs_assert(ftab_count(ft) == n && ftab_evictions(ft) == n);
    size_t bytes = ftab_memory(ft) / n;
    ftab_destroy(ft);
    return bytes;
}

int
main(int argc, char *argv[])
{
    if (argc == 5 && !strcmp(argv[1], "random")) {
        for (int ordered = 0; ordered < 2; ordered++) {
            run_random(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), ordered);
        }
        return 0;
    } else if (argc == 5 && !strcmp(argv[1], "bursts")) {
        run_bursts(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
        return 0;
    } else if (argc == 3 && !strcmp(argv[1], "memory")) {
        for (int macs = 0; macs < 2; macs++) {
            size_t ipv4 = bytes_per_flow(atoi(argv[2]), 'a', macs);
            size_t ipv6 = bytes_per_flow(atoi(argv[2]), 'A', macs);
            printf("%"PRIuSIZE" %"PRIuSIZE"\n", ipv4, ipv6);
            ovs_assert(ipv4 <= 128 && ipv6 <= 128);
        }
        return 0;
    }

    struct ds line = DS_EMPTY_INITIALIZER;
    while (!ds_get_line(&line, stdin)) {
        printf("%s => ", ds_cstr(&line));
        run_line(ds_cstr(&line));
    }
    ds_destroy(&line);
    return 0;
}
