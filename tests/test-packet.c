/* test-packet.c -- the parser as a table: frames as words, fields as text.
 *
 * Each line of standard input is a frame: a link type ('links' below), then
 * words that stand for bytes (see 'words' below; anything else is
 * hexadecimal) and settings: snap=N (captured), wire=N (on the wire), mtu=N,
 * mss=N, decap=N, gso=SIZE:PROTOCOL:OFFSET (of a super-frame, by the kernel;
 * zeros: it is none), wrap=TYPE/PORT/KEY (of a tunnel to 10.0.0.2; 0: any).
 * Prints "line => fields".
 *
 * "test-packet torture" cuts and changes each frame in every place instead,
 * in memory of exactly its size, and checks what must always hold.
 * "test-packet hexdump" prints the Ethernet frames for text2pcap.
 * "test-packet segments" prints the frames that each stands for, captured
 * bytes of each and their length on the wire.
 * "test-packet decap" looks into N tunnels, and prints into how many it did
 * and the fields of the innermost packet.
 * "test-packet unwrap" prints the fields of the frame inside of the known
 * tunnel, or "none".
 * "test-packet mss" lets a cache learn from each and prints what it finds.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/packet.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/ovs.h"
#include "packet/decap.h"
#include "packet/mss.h"
#include "packet/segments.h"
#include "packet/unread.h"
#include "packet/unwrap.h"

enum { MAX_FRAME = 300000 };

struct sample {
    struct pkt_frame frame;     /* 'data' is 'bytes'. */
    uint32_t mtu, mss;          /* For pkt_count_segments(). */
    unsigned int decap;         /* For pkt_decap(). */
    struct wrap wrap;           /* For pkt_unwrap(). */
    uint8_t bytes[MAX_FRAME];   /* The frame. */
};

static void
put(struct sample *s, const void *data, size_t n)
{
    ovs_assert(s->frame.len + n <= MAX_FRAME);
    memcpy(s->bytes + s->frame.len, data, n);
    s->frame.len += n;
}

static void
put8(struct sample *s, uint8_t value)
{
    put(s, &value, 1);
}

static void
put16(struct sample *s, uint16_t value)
{
    put8(s, value >> 8);
    put8(s, value);
}

static void
put_zeros(struct sample *s, unsigned int n)
{
    while (n--) {
        put8(s, 0);
    }
}

/* ## What the words mean; 'a' and 'b' are the numbers after its colons. ## */

static void
word_mac(struct sample *s, unsigned int a OVS_UNUSED,
         unsigned int b OVS_UNUSED)
{
    put(s, "\x02\0\0\0\0\1\x02\0\0\0\0\2", 12);
}

static void
word_ip4(struct sample *s, unsigned int total, unsigned int protocol)
{
    put16(s, 0x4500);
    put16(s, total);
    put_zeros(s, 4);
    put8(s, 64);
    put8(s, protocol);
    put_zeros(s, 2);
    put(s, "\x0a\0\0\1\x0a\0\0\2", 8);
}

static void
word_ip6(struct sample *s, unsigned int payload, unsigned int next)
{
    put(s, "\x60\0\0\0", 4);
    put16(s, payload);
    put8(s, next);
    put8(s, 64);
    put(s, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
    put(s, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2", 16);
}

static void
word_tcp(struct sample *s, unsigned int flags, unsigned int header)
{
    put16(s, 1024);
    put16(s, 80);
    put_zeros(s, 8);
    put8(s, (header ? header : 20) / 4 << 4 | flags >> 8);
    put8(s, flags);
    put_zeros(s, 6);
}

static void
word_udp(struct sample *s, unsigned int length, unsigned int b OVS_UNUSED)
{
    put16(s, 1025);
    put16(s, 53);
    put16(s, length);
    put_zeros(s, 2);
}

static void
word_icmp(struct sample *s, unsigned int type, unsigned int code)
{
    put8(s, type);
    put8(s, code);
    put_zeros(s, 6);
}

static void
word_zero(struct sample *s, unsigned int n, unsigned int b OVS_UNUSED)
{
    put_zeros(s, n);
}

static const struct {
    const char *name;           /* Of the word. */
    void (*put)(struct sample *, unsigned int, unsigned int);
} words[] = {
    { "mac", word_mac },        /* mac: two addresses. */
    { "ip4", word_ip4 },        /* ip4:TOTAL-LENGTH:PROTOCOL */
    { "ip6", word_ip6 },        /* ip6:PAYLOAD-LENGTH:NEXT-HEADER */
    { "tcp", word_tcp },        /* tcp[:FLAGS[:HEADER-LENGTH]] */
    { "udp", word_udp },        /* udp:LENGTH */
    { "icmp", word_icmp },      /* icmp:TYPE:CODE */
    { "zero", word_zero },      /* zero:N */
};

static bool
put_word(struct sample *s, const char *word)
{
    size_t n = strcspn(word, ":");
    unsigned int a = 0, b = 0;

    sscanf(word + n, ":%u:%u", &a, &b);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (strlen(words[i].name) == n && !memcmp(words[i].name, word, n)) {
            words[i].put(s, a, b);
            return true;
        }
    }
    return false;
}

static void
put_hex(struct sample *s, const char *word)
{
    for (; word[0]; word += 2) {
        bool ok;
        uintmax_t byte = hexits_value(word, 2, &ok);
        if (!ok) {
            ovs_fatal(0, "%s: not a word and not hexadecimal", word);
        }
        put8(s, byte);
    }
}

static bool
is_gso(struct sample *s, const char *word)
{
    struct pkt_frame *f = &s->frame;

    f->has_gso |= ovs_scan(word, "gso=%"SCNu16":%"SCNu8":%"SCNu16,
                           &f->gso_size, &f->gso_protocol, &f->gso_ofs);
    return !strncmp(word, "gso=", 4);
}

static bool
is_partial(struct sample *s, const char *word)
{
    s->frame.csum_partial |= !strcmp(word, "partial");
    return !strcmp(word, "partial");
}

/* "vxlan/4789/5". */
static bool
is_wrap(struct sample *s, const char *word)
{
    static const char *const types[] = {
        "none", "vxlan", "geneve", "gre", "erspan",
    };
    char type[8];

    if (!ovs_scan(word, "wrap=%7[a-z]/%"SCNu16"/%"SCNu32, type,
                  &s->wrap.port, &s->wrap.key)) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
        if (!strcmp(type, types[i])) {
            s->wrap.type = i;
        }
    }
    s->wrap.has_key = s->wrap.key != 0;
    in6_addr_set_mapped_ipv4(&s->wrap.remote, htonl(0x0a000002));
    return true;
}

static void
parse_line(const char *line, struct sample *s)
{
    static const char *const links[] = {
        "eth", "raw", "sll", "sll2", "null", "chdlc", "ppp", "serial",
        "wifi", "nflog", "ipnet",
    };
    char *copy = xstrdup(line);
    char *save = NULL;
    char *word = strtok_r(copy, " ", &save);
    uint32_t snap = UINT32_MAX, wire = 0;

    memset(s, 0, offsetof(struct sample, bytes));
    for (size_t i = 0; i < ARRAY_SIZE(links); i++) {
        if (!strcmp(word, links[i])) {
            s->frame.link = i;
        }
    }
    while ((word = strtok_r(NULL, " ", &save))) {
        if (!ovs_scan(word, "snap=%"SCNu32, &snap)
            && !ovs_scan(word, "wire=%"SCNu32, &wire)
            && !ovs_scan(word, "mtu=%"SCNu32, &s->mtu)
            && !ovs_scan(word, "mss=%"SCNu32, &s->mss)
            && !ovs_scan(word, "decap=%u", &s->decap)
            && !is_partial(s, word) && !is_wrap(s, word)
            && !is_gso(s, word)
            && !put_word(s, word)) {
            put_hex(s, word);
        }
    }
    s->frame.caplen = MIN(s->frame.len, snap);
    s->frame.len = wire ? wire : s->frame.len;
    s->frame.data = s->bytes;
    free(copy);
}

static void
print_addr(const struct in6_addr *addr, uint16_t port)
{
    char buf[INET6_ADDRSTRLEN];

    if (IN6_IS_ADDR_V4MAPPED(addr)) {
        inet_ntop(AF_INET, &addr->s6_addr[12], buf, sizeof buf);
    } else {
        inet_ntop(AF_INET6, addr, buf, sizeof buf);
    }
    printf(" %s.%u", buf, port);
}

static void
print_ip(const struct pkt *pkt)
{
    print_addr(&pkt->src, pkt->src_port);
    print_addr(&pkt->dst, pkt->dst_port);
    printf(" proto=%u len=%"PRIu32" l3=%u l4=%u", pkt->protocol, pkt->l3_len,
           pkt->l3_ofs, pkt->l4_ofs);
    if (pkt->tos) {
        printf(" tos=%u", pkt->tos);
    }
    if (pkt->ttl != 64) {
        printf(" ttl=%u", pkt->ttl);
    }
    if (pkt->tcp_flags) {
        printf(" flags=%u", pkt->tcp_flags);
    }
    if (pkt->mpls_ofs) {
        printf(" mpls=%u", pkt->mpls_ofs);
    }
    if (pkt->frag) {
        printf(" frag=%s", pkt->frag & PKT_FRAG_LATER ? "later" : "first");
    }
    if (pkt->ip_flags) {
        printf(" ip=%s%s", pkt->ip_flags & PKT_IP_DF ? "d" : "",
               pkt->ip_flags & PKT_IP_MF ? "m" : "");
    }
}

static void
print_fields(const struct sample *s, const struct pkt *pkt)
{
    static const char *const verdicts[] = {
        "ok", "not-ip", "malformed", "snapped", "cut",
    };
    enum pkt_verdict verdict = pkt->verdict;

    printf("%s", verdicts[verdict]);
    bool ip = verdict == PKT_OK || verdict == PKT_SNAPPED;
    if (ip) {
        print_ip(pkt);
    } else if (verdict == PKT_NOT_IP) {
        static const char *const unreads[] = {
#define CAUSE(NAME, WHAT) #NAME,
            SKIP_CAUSES(CAUSE)
#undef CAUSE
        };
        printf(" type=%04x %s", pkt->eth_type, unreads[pkt_unread(pkt)]);
    }
    if (pkt->n_vlans) {
        printf(" vlans=%u:%04x,%04x", pkt->n_vlans, pkt->vlan_tci[0],
               pkt->vlan_tci[1]);
    }
    if (ip && s->mtu) {
        struct pkt_segments n = pkt_count_segments(pkt, s->mtu, s->mss);
        printf(" segments=%"PRIu32"/%"PRIu32, n.packets, n.octets);
    }
    putchar('\n');
}

/* The same of what is inside of the frame's packet, and how deep. */
static void
print_inner(const struct sample *s, struct pkt *pkt)
{
    struct pkt_frame frame;

    printf("%u ", pkt_decap(pkt, s->decap, pkt, &frame));
    print_fields(s, pkt);
}

static void
print_unwrapped(const struct sample *s, const struct pkt *pkt)
{
    struct pkt_frame frame;
    struct pkt inside;

    if (pkt_unwrap(pkt, &s->wrap, &frame)) {
        pkt_parse(&frame, &inside);
        printf("%"PRIu32"/%"PRIu32" ", frame.caplen, frame.len);
        print_fields(s, &inside);
    } else {
        puts("none");
    }
}

/* ## ------- ## */
/* ## torture ## */
/* ## ------- ## */

/* What holds for the frames that any frame stands for. */
static void
check_segments_of(const struct pkt *pkt, uint32_t mtu, uint32_t mss)
{
    uint8_t headers[PKT_SEGMENT_HEADERS];
    struct pkt_segmenter s;
    struct pkt_segment seg;
    uint32_t octets = 0, n = 0, sum = 0;

    if (!pkt_segmenter_init(&s, pkt, mtu, mss)) {
        return;
    }
    struct pkt_segments count = pkt_count_segments(pkt, mtu, mss);
    while (pkt_segmenter_next(&s, headers, &seg)) {
        ovs_assert(seg.headers_len + seg.payload_len <= seg.len);
        ovs_assert(pkt->frame->has_gso || seg.len - pkt->l3_ofs <= mtu);
        for (uint32_t i = 0; i < seg.payload_len; i++) {
            sum += seg.payload[i];      /* May be read. */
        }
        octets += seg.len - pkt->l3_ofs;
        n++;
    }
    ovs_assert(n == count.packets && octets == count.octets && n > 1);
    ovs_assert(sum <= UINT32_MAX);
}

/* Guessed, and as any kernel says. */
static void
check_segments(const struct pkt *pkt, uint32_t mtu, uint32_t mss)
{
    static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP };
    struct pkt_frame frame = *pkt->frame;
    struct pkt told = *pkt;

    check_segments_of(pkt, mtu, mss);
    frame.has_gso = true;
    /* Small enough to cut, large enough for how often this is done. */
    frame.gso_size = mss ? mss + 1 : 1000;
    told.frame = &frame;
    for (size_t i = 0; i < ARRAY_SIZE(protocols); i++) {
        frame.gso_protocol = protocols[i];
        frame.gso_ofs = pkt->l4_ofs + i * mss;
        check_segments_of(&told, mtu, mss);
    }
}

/* What holds for every frame, whatever its bytes. */
static void
check_laws(const struct pkt_frame *f, const struct pkt *pkt)
{
    ovs_assert(pkt->frame == f);
    ovs_assert(pkt->l4_ofs <= f->caplen);
    if (pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED) {
        ovs_assert(pkt->ip_version == 4 || pkt->ip_version == 6);
        uint32_t least = pkt->ip_version == 4 ? 20 : 40;
        ovs_assert(pkt->l3_len >= least);
        ovs_assert(pkt->l3_ofs + least <= f->caplen);
        ovs_assert(pkt->l3_ofs + pkt->l3_len <= f->len);
        ovs_assert(!pkt->l4_ofs || pkt->l4_ofs >= pkt->l3_ofs + least);
        ovs_assert(pkt->n_vlans <= 8);
        struct pkt_segments n = pkt_count_segments(pkt, 1500, 0);
        ovs_assert(n.packets >= 1);
        ovs_assert(n.octets >= pkt->l3_len - 8 || n.octets == pkt->l3_len);
        check_segments(pkt, 1500, 0);
        check_segments(pkt, 100, 50);
    } else {
        ovs_assert(pkt_unread(pkt) < PKT_N_UNREADS);
        ovs_assert(pkt->verdict <= PKT_CUT);
    }
}

/* What is inside is within. */
static void
check_inside(const struct pkt *pkt)
{
    struct pkt_frame frame;
    struct pkt inner;

    if (pkt_decap(pkt, PKT_MAX_DECAP, &inner, &frame)) {
        ovs_assert(inner.verdict == PKT_OK || inner.verdict == PKT_SNAPPED);
        ovs_assert(inner.frame == &frame);
        ovs_assert(inner.outer_len + inner.l3_len <= pkt->l3_len);
        ovs_assert(frame.data > pkt->frame->data
                   && frame.data + frame.caplen
                      <= pkt->frame->data + pkt->frame->caplen);
        check_laws(&frame, &inner);
    }
}

/* Likewise of every kind of tunnel that can be told to be there. */
static void
check_unwrapped(const struct pkt *pkt)
{
    for (int type = WRAP_VXLAN; type <= WRAP_ERSPAN; type++) {
        struct wrap wrap = { .type = type, .has_key = true, .key = 5 };
        struct pkt_frame frame;
        struct pkt inside;

        pkt_unwrap(pkt, &wrap, &frame);
        wrap.has_key = false;
        if (pkt_unwrap(pkt, &wrap, &frame)) {
            ovs_assert(frame.data > pkt->frame->data
                       && frame.caplen <= frame.len
                       && frame.data + frame.caplen
                          <= pkt->frame->data + pkt->frame->caplen);
            pkt_parse(&frame, &inside);
            check_laws(&frame, &inside);
        }
    }
}

/* Parses 'f' from memory that ends where it ends, so that a sanitizer sees a
 * read past it. */
static enum pkt_verdict
parse_exactly(const struct pkt_frame *f)
{
    uint8_t *data = xmemdup(f->data, MAX(f->caplen, 1));
    uint8_t *exact = f->caplen ? data : data + 1;
    struct pkt_frame copy = *f;
    struct pkt pkt;

    copy.data = exact;
    pkt_parse(&copy, &pkt);
    check_laws(&copy, &pkt);
    check_inside(&pkt);
    check_unwrapped(&pkt);
    free(data);
    return pkt.verdict;
}

/* Cuts at every byte: a capture's cut makes no frame malformed, and a cut on
 * the wire makes none longer. */
static void
torture_cuts(const struct sample *s, enum pkt_verdict whole)
{
    for (uint32_t n = 0; n < MIN(s->frame.caplen, 300); n++) {
        struct pkt_frame f = s->frame;
        f.caplen = n;
        enum pkt_verdict verdict = parse_exactly(&f);
        ovs_assert(verdict == whole || verdict == PKT_SNAPPED
                   || verdict == PKT_CUT
                   || (whole == PKT_MALFORMED && verdict == PKT_OK));
        f.len = n;
        verdict = parse_exactly(&f);
        ovs_assert(verdict != PKT_SNAPPED && verdict != PKT_CUT);
    }
}

static void
torture_bytes(struct sample *s)
{
    static const uint8_t flips[] = {
        0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff, 0x0f, 0xf0,
    };
    for (uint32_t i = 0; i < MIN(s->frame.caplen, 128); i++) {
        uint8_t old = s->bytes[i];
        for (size_t j = 0; j < ARRAY_SIZE(flips); j++) {
            s->bytes[i] = old ^ flips[j];
            enum pkt_verdict whole = parse_exactly(&s->frame);
            if (j == 8) {
                torture_cuts(s, whole);
            }
        }
        s->bytes[i] = old;
    }
}

static void
torture(struct sample *s)
{
    /* A snapped sample is not whole: only its bytes are changed. */
    enum pkt_verdict whole = parse_exactly(&s->frame);
    if (s->frame.caplen == s->frame.len) {
        torture_cuts(s, whole);
        torture_bytes(s);
    }
}

static void
print_hex(const uint8_t *p, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        printf("%02x", p[i]);
    }
}

static void
print_segments(const struct sample *sample)
{
    uint8_t headers[PKT_SEGMENT_HEADERS];
    struct pkt_segmenter s;
    struct pkt_segment seg;
    struct pkt pkt;

    pkt_parse(&sample->frame, &pkt);
    if (!pkt_segmenter_init(&s, &pkt, sample->mtu, sample->mss)) {
        printf("one\n");
        return;
    }
    while (pkt_segmenter_next(&s, headers, &seg)) {
        print_hex(headers, seg.headers_len);
        print_hex(seg.payload, seg.payload_len);
        printf("/%"PRIu32" ", seg.len);
    }
    putchar('\n');
}

static void
hexdump(const struct sample *s)
{
    printf("000000");
    for (uint32_t i = 0; i < s->frame.caplen; i++) {
        printf(" %02x", s->bytes[i]);
    }
    printf("\n\n");
}

/* The MSS of a frame's connection, after learning from the frame. */
static void
print_mss(struct pkt_mss *mss, const struct sample *s)
{
    struct pkt pkt;

    pkt_parse(&s->frame, &pkt);
    pkt_mss_learn(mss, &pkt);
    printf("%"PRIu32"\n", pkt_mss_find(mss, &pkt));
}

int
main(int argc, char *argv[])
{
    struct pkt_mss *mss = xmalloc(sizeof *mss);
    const char *mode = argc > 1 ? argv[1] : "table";
    struct sample *s = xmalloc(sizeof *s);
    struct ds line = DS_EMPTY_INITIALIZER;

    pkt_mss_init(mss, 1);
    while (!ds_get_line(&line, stdin)) {
        parse_line(ds_cstr(&line), s);
        if (!strcmp(mode, "hexdump")) {
            hexdump(s);
            continue;
        }
        if (!strcmp(mode, "torture")) {
            torture(s);
            continue;
        }
        if (!strcmp(mode, "segments")) {
            print_segments(s);
            continue;
        }
        printf("%s => ", ds_cstr(&line));
        if (!strcmp(mode, "mss")) {
            print_mss(mss, s);
        } else {
            struct pkt pkt;

            pkt_parse(&s->frame, &pkt);
            if (!strcmp(mode, "decap")) {
                print_inner(s, &pkt);
            } else if (!strcmp(mode, "unwrap")) {
                print_unwrapped(s, &pkt);
            } else {
                print_fields(s, &pkt);
            }
        }
    }
    free(mss);
    ds_destroy(&line);
    free(s);
    return 0;
}
