/* test-own.c -- which packets are our own export, as a table.
 *
 * Each line of standard input is one or more streams of ours and a packet,
 * separated by ";"; prints "line => own" or "line => other".
 *
 *   stream:  udp SRC/PORT>DST/PORT | tcp ... | gre SRC>DST session=N |
 *            gre SRC>DST any
 *   packet:  udp SRC/PORT>DST/PORT | tcp ... | gre SRC>DST WORD...
 *   words:   erspan1, erspan2=SESSION, erspan3=SESSION, key=KEY (transparent
 *            Ethernet), checksum (GRE's, before ERSPAN), first, later
 *            (fragments), cut=N (the last N bytes were not captured)
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

struct ends {
    struct in6_addr src, dst;   /* IPv4 as v4-mapped. */
    uint16_t src_port, dst_port;        /* 0: none. */
};

static void
parse_end(char *s, struct in6_addr *ip, uint16_t *port)
{
    char *slash = strchr(s, '/');
    struct in_addr ip4;

    if (slash) {
        *slash = '\0';
        *port = atoi(slash + 1);
    }
    if (inet_pton(AF_INET, s, &ip4) == 1) {
        in6_addr_set_mapped_ipv4(ip, ip4.s_addr);
    } else {
        ovs_assert(inet_pton(AF_INET6, s, ip) == 1);
    }
}

static struct ends
parse_ends(char *s)
{
    struct ends ends = { .src_port = 0 };
    char *arrow = strchr(s, '>');

    ovs_assert(arrow);
    *arrow = '\0';
    parse_end(s, &ends.src, &ends.src_port);
    parse_end(arrow + 1, &ends.dst, &ends.dst_port);
    return ends;
}

static struct collector_flow
parse_flow(char *text)
{
    char *save = NULL;
    char *proto = strtok_r(text, " ", &save);
    struct ends ends = parse_ends(strtok_r(NULL, " ", &save));
    char *session = strtok_r(NULL, " ", &save);
    struct collector_flow flow = {
        .proto = (!strcmp(proto, "udp") ? COLLECTOR_UDP
                  : !strcmp(proto, "tcp") ? COLLECTOR_TCP : COLLECTOR_GRE),
        .src = ends.src,
        .dst = ends.dst,
        .src_port = ends.src_port,
        .dst_port = ends.dst_port,
        .any_session = session && !strcmp(session, "any"),
    };

    if (session && !flow.any_session) {
        flow.session = atoi(strchr(session, '=') + 1);
    }
    return flow;
}

/* A packet in the making. */
struct sample {
    uint8_t bytes[256];         /* Ethernet, IP, transport. */
    size_t n;                   /* Bytes so far. */
    size_t ip_ofs;              /* Of the IP header. */
    size_t cut;                 /* Bytes not captured. */
    bool first, later;          /* Fragments. */
};

static void
put(struct sample *s, const void *p, size_t n)
{
    memcpy(s->bytes + s->n, p, n);
    s->n += n;
}

static void
put16(struct sample *s, uint16_t value)
{
    ovs_be16 be = htons(value);

    put(s, &be, sizeof be);
}

static void
put_gre(struct sample *s, const char *word, bool checksum)
{
    const char *value = strchr(word, '=');
    int number = value ? atoi(value + 1) : 0;
    uint16_t csum_flag = checksum ? 0x8000 : 0;

    if (!strncmp(word, "key", 3)) {
        put16(s, 0x2000);
        put16(s, 0x6558);
        put16(s, number >> 16);
        put16(s, number);
        return;
    }
    bool type1 = !strcmp(word, "erspan1");
    bool type3 = !strncmp(word, "erspan3", 7);
    put16(s, csum_flag | (type1 ? 0 : 0x1000));
    put16(s, type3 ? 0x22eb : 0x88be);
    if (checksum) {
        put(s, "\xab\xcd\0\0", 4);
    }
    if (!type1) {
        put(s, "\0\0\0\x09", 4);
        put16(s, type3 ? 0x2000 : 0x1000);
        put16(s, 0xfc00 | number);
        put(s, "\0\0\0\x01\0\0\0\0", type3 ? 8 : 4);
    }
    put(s, "\xff\xff\xff\xff\xff\xff", 6);
}

static void
put_ip(struct sample *s, const struct ends *ends, uint8_t protocol)
{
    bool v4 = IN6_IS_ADDR_V4MAPPED(&ends->src);

    put(s, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
    put16(s, v4 ? 0x0800 : 0x86dd);
    s->ip_ofs = s->n;
    if (v4) {
        put(s, "\x45\0\0\0\0\1\0\0\x40", 9);
        put(s, &protocol, 1);
        put16(s, 0);
        put(s, &ends->src.s6_addr[12], 4);
        put(s, &ends->dst.s6_addr[12], 4);
    } else {
        bool fragment = s->first || s->later;
        uint8_t next = fragment ? IPPROTO_FRAGMENT : protocol;

        put(s, "\x60\0\0\0\0\0", 6);
        put(s, &next, 1);
        put(s, "\x40", 1);
        put(s, &ends->src, 16);
        put(s, &ends->dst, 16);
        if (fragment) {
            put(s, &protocol, 1);
            put(s, "\0", 1);
            put16(s, s->later ? 0x4e8 : 1);
            put(s, "\0\0\0\7", 4);
        }
    }
}

/* Lengths and IPv4's fragment field, once all is there. */
static void
finish_ip(struct sample *s)
{
    uint8_t *ip = s->bytes + s->ip_ofs;
    bool v4 = ip[0] >> 4 == 4;
    size_t n = s->n - s->ip_ofs - (v4 ? 0 : 40);

    ip[v4 ? 3 : 5] = n;
    if (v4) {
        ip[6] = s->first ? 0x20 : 0;
        ip[7] = s->later ? 0x9d : 0;
    }
}

static void
make_packet(struct sample *s, char *text)
{
    char *save = NULL;
    char *proto = strtok_r(text, " ", &save);
    struct ends ends = parse_ends(strtok_r(NULL, " ", &save));
    const char *gre = "erspan1";
    bool checksum = false;

    for (char *p; (p = strtok_r(NULL, " ", &save)); ) {
        if (!strncmp(p, "cut=", 4)) {
            s->cut = atoi(p + 4);
        } else if (!strcmp(p, "first")) {
            s->first = true;
        } else if (!strcmp(p, "later")) {
            s->later = true;
        } else if (!strcmp(p, "checksum")) {
            checksum = true;
        } else {
            gre = p;
        }
    }
    bool udp = !strcmp(proto, "udp");
    bool tcp = !strcmp(proto, "tcp");
    put_ip(s, &ends, udp ? IPPROTO_UDP : tcp ? IPPROTO_TCP : IPPROTO_GRE);
    if (!udp && !tcp) {
        put_gre(s, gre, checksum);
    } else {
        put16(s, ends.src_port);
        put16(s, ends.dst_port);
        put(s, "\0\x08\0\0\0\0\0\0\x50\0\0\0\0\0\0\0", udp ? 4 : 16);
    }
    finish_ip(s);
}

static void
run_line(const char *line)
{
    struct collector_flow flows[8];
    struct sample s = { .n = 0 };
    size_t n = 0;
    char *copy = xstrdup(line);
    char *text = copy;

    for (char *next; (next = strchr(text, ';')); text = next + 1) {
        *next = '\0';
        ovs_assert(n < ARRAY_SIZE(flows));
        flows[n++] = parse_flow(text);
    }
    make_packet(&s, text);

    /* In memory of exactly the size captured. */
    uint8_t *data = xmemdup(s.bytes, s.n - s.cut);
    struct pkt_frame frame = {
        .data = data, .caplen = s.n - s.cut, .len = s.n,
    };
    struct pkt pkt;
    pkt_parse(&frame, &pkt);
    printf("%s => %s\n", line,
           collector_is_own(flows, n, &pkt) ? "own" : "other");
    free(data);
    free(copy);
}

int
main(void)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        run_line(ds_cstr(&line));
    }
    ds_destroy(&line);
    return 0;
}
