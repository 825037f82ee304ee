/* test-frames.c -- frames in, datagrams of packet protocols out, as a table.
 *
 * usage: test-frames [dump]
 *
 * Each line of standard input is a target and words in order:
 *
 *   ipv6, mtu=N                    of the collector and the path to it
 *   in, out, unknown, ifindex=N    of the frames that follow
 *   point-mtu=N, lost=N            of the interface, and of its capture
 *   sampling=N, instance=N         of the exporter
 *   now=US, run                    the clock, 0 at first; runs the exporter
 *   counters                       of the interface, 1001 and up
 *   wire=N, partial, raw, time=US  of the next frame: its length on the wire,
 *                                  the kernel's word, not Ethernet
 *   big=N, xN                      a frame of N bytes; the last one N times
 *   HEX, HEX+N                     a frame; and N zeros at its end
 *   burst                          hands over the frames so far at once
 *
 * Prints "line => datagram... counters", long datagrams as their first 16
 * bytes and a length, or "line => error"; with "dump", the datagrams for
 * text2pcap.  The output keeps what is lent until flush(), as a collector
 * does.  Used by plugin-frames.at.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "target/target.h"

enum {
    MAX_FRAMES = 1024,          /* In a burst. */
    HEADERS_LEN = 16,           /* Of a long datagram, shown. */
    MAX_SHOWN = 120,            /* Bytes of a datagram shown whole. */
};

struct test {
    struct exporter_output output;      /* Prints at the flush. */
    struct exporter_dgram lent[MAX_FRAMES];     /* What it keeps. */
    size_t n_lent;              /* Of 'lent'. */
    uint64_t now_us;            /* The clock. */
    bool dump;                  /* For text2pcap. */

    const struct exporter_class *class;
    struct exporter_conf conf;  /* For open. */
    struct exporter *exporter;  /* Opened with the first burst. */
    char *error;                /* Of open. */
    struct exporter_point point;        /* Of the frames. */
    struct pkt_frame next;      /* What the next frame is to be like. */
    struct pkt_frame frames[MAX_FRAMES];        /* Of the burst. */
    struct pkt pkts[MAX_FRAMES];        /* Of 'frames'. */
    size_t n;                   /* In the burst. */
};

static struct ds
gather(const struct exporter_dgram *dgram)
{
    struct ds bytes = DS_EMPTY_INITIALIZER;

    for (int i = 0; i < EXPORTER_MAX_IOV; i++) {
        ds_put_buffer(&bytes, dgram->iov[i].iov_base, dgram->iov[i].iov_len);
    }
    return bytes;
}

static void
print_dgram(const struct test *t, const struct exporter_dgram *dgram)
{
    struct ds bytes = gather(dgram);
    const uint8_t *p = (const uint8_t *) bytes.string;

    if (t->dump) {
        for (size_t i = 0; i < bytes.length; i++) {
            if (i % 16 == 0) {
                printf("%s%06"PRIxSIZE, i ? "\n" : "", i);
            }
            printf(" %02x", p[i]);
        }
        printf("\n\n");
    } else {
        size_t n = bytes.length > MAX_SHOWN ? HEADERS_LEN : bytes.length;

        for (size_t i = 0; i < n; i++) {
            printf("%02x", p[i]);
        }
        if (n < bytes.length) {
            printf("+%"PRIuSIZE, bytes.length - n);
        }
        printf(" ");
    }
    ds_destroy(&bytes);
}

static void
output_flush(struct exporter_output *output)
{
    struct test *t = CONTAINER_OF(output, struct test, output);

    for (size_t i = 0; i < t->n_lent; i++) {
        print_dgram(t, &t->lent[i]);
    }
    t->n_lent = 0;
}

static void
output_send(struct exporter_output *output,
            const struct exporter_dgram *dgrams, size_t n)
{
    struct test *t = CONTAINER_OF(output, struct test, output);

    for (size_t i = 0; i < n; i++) {
        if (!dgrams[i].lent) {
            print_dgram(t, &dgrams[i]);
            continue;
        }
        ovs_assert(t->n_lent < MAX_FRAMES);
        t->lent[t->n_lent++] = dgrams[i];
    }
}

/* ## The words of a line. ## */

static bool
is_open(struct test *t)
{
    if (!t->exporter && !t->error) {
        t->error = t->class->open(&t->conf, &t->exporter);
    }
    return t->exporter;
}

static void
burst(struct test *t)
{
    if (is_open(t)) {
        t->class->packets(t->exporter, t->pkts, t->n, &t->point, t->now_us);
        ovs_assert(!t->n_lent);         /* It has flushed. */
    }
    for (size_t i = 0; i < t->n; i++) {
        free(CONST_CAST(uint8_t *, t->frames[i].data));
    }
    t->n = 0;
}

/* Adds a frame; 'data' is in memory of exactly its size. */
static void
add_frame(struct test *t, uint8_t *data, size_t n)
{
    struct pkt_frame *frame = &t->frames[t->n];

    ovs_assert(t->n < MAX_FRAMES);
    *frame = t->next;
    frame->data = data;
    frame->caplen = n;
    frame->len = MAX(n, frame->len);
    pkt_parse(frame, &t->pkts[t->n++]);

    t->next = (struct pkt_frame) { .direction = t->next.direction };
}

static void
add_hex(struct test *t, const char *hex)
{
    size_t n_hex = strcspn(hex, "+") / 2;
    size_t n = n_hex + (hex[n_hex * 2] ? atoi(&hex[n_hex * 2 + 1]) : 0);
    uint8_t *data = xzalloc(n);

    for (size_t i = 0; i < n_hex; i++) {
        bool ok;

        data[i] = hexits_value(&hex[i * 2], 2, &ok);
        ovs_assert(ok);
    }
    add_frame(t, data, n);
}

static void
add_big(struct test *t, size_t n)
{
    uint8_t *data = xzalloc(n);

    memcpy(data, "\2\0\0\0\0\2\2\0\0\0\0\1\x88\xb5", MIN(n, 14));
    add_frame(t, data, n);
}

static void
repeat(struct test *t, int times)
{
    struct pkt_frame last = t->frames[t->n - 1];

    while (--times > 0) {
        add_frame(t, xmemdup(last.data, last.caplen), last.caplen);
    }
}

static void
run(struct test *t)
{
    burst(t);
    t->class->run(t->exporter, t->now_us);
}

static void
give_counters(struct test *t)
{
    const struct exporter_counters counters = {
        .ifindex = t->point.ifindex, .type = 6, .speed = 10000000000,
        .full_duplex = true, .admin_up = true, .oper_up = true,
        .in_octets = 5000000001001, .in_packets = 1002, .in_multicast = 3,
        .in_discards = 1004, .in_errors = 1005, .in_unknown = 1006,
        .out_octets = 5000000001007, .out_packets = 1008,
        .out_discards = 1009, .out_errors = 1010,
    };

    burst(t);
    t->class->counters(t->exporter, &counters, t->now_us);
}

static void
take_setting(struct test *t, const char *word)
{
    const char *value = strchr(word, '=');
    uint32_t number = value ? strtoul(value + 1, NULL, 0) : 0;

    if (!strcmp(word, "ipv6")) {
        t->conf.ipv6 = true;
    } else if (!strncmp(word, "mtu=", 4)) {
        t->conf.path_mtu = number;
    } else if (!strncmp(word, "ifindex=", 8)) {
        t->point.ifindex = number;
    } else if (!strncmp(word, "wire=", 5)) {
        t->next.len = number;
    } else if (!strncmp(word, "point-mtu=", 10)) {
        t->point.mtu = number;
    } else if (!strncmp(word, "lost=", 5)) {
        t->point.lost = number;
    } else if (!strncmp(word, "sampling=", 9)) {
        t->conf.sampling = number;
    } else if (!strncmp(word, "instance=", 9)) {
        t->conf.instance = number;
    } else if (!strncmp(word, "now=", 4)) {
        t->now_us = strtoull(value + 1, NULL, 0);
    } else if (!strncmp(word, "time=", 5)) {
        t->next.time_us = strtoull(value + 1, NULL, 0);
    } else if (!strncmp(word, "ns=", 3)) {
        t->next.time_ns = number;
    } else if (!strcmp(word, "in")) {
        t->next.direction = PKT_INGRESS;
    } else if (!strcmp(word, "out")) {
        t->next.direction = PKT_EGRESS;
    } else if (!strcmp(word, "unknown")) {
        t->next.direction = PKT_DIR_UNKNOWN;
    } else if (!strcmp(word, "partial")) {
        t->next.csum_partial = true;
    } else if (!strcmp(word, "raw")) {
        t->next.link = PKT_LINK_RAW_IP;
    } else if (pkt_link_from_name(word, &t->next.link)) {
        /* As libpcap calls it. */
    } else {
        ovs_fatal(0, "%s: what is this?", word);
    }
}

static void
take_word(struct test *t, const char *word)
{
    if (!strcmp(word, "burst")) {
        burst(t);
    } else if (!strcmp(word, "run")) {
        run(t);
    } else if (!strcmp(word, "counters")) {
        give_counters(t);
    } else if (!strncmp(word, "big=", 4)) {
        add_big(t, atoi(word + 4));
    } else if (word[0] == 'x' && isdigit((unsigned char) word[1])) {
        repeat(t, atoi(word + 1));
    } else if (strchr("+", word[strspn(word, "0123456789abcdef")])) {
        add_hex(t, word);
    } else {
        take_setting(t, word);
    }
}

static void
finish(struct test *t)
{
    burst(t);
    if (t->error) {
        printf("%s\n", t->error);
        free(t->error);
        return;
    }

    struct exporter_stats s = t->exporter->stats;
    ovs_assert(t->class->samples_itself
               || t->class->run(t->exporter, t->now_us) == UINT64_MAX);
    t->class->close(t->exporter, t->now_us);
    ovs_assert(!s.flows && !t->n_lent);
    if (!t->dump) {
        printf("packets=%"PRIu64" skipped=%"PRIu64" truncated=%"PRIu64,
               s.packets, s.skipped, s.truncated);
        if (s.unsampled) {
            printf(" unsampled=%"PRIu64, s.unsampled);
        }
        putchar('\n');
    }
}

static void
run_line(const char *line, bool dump)
{
    struct test *t = xzalloc(sizeof *t);
    char *copy = xstrdup(line), *save = NULL;
    struct target *target;
    char *error = target_parse(strtok_r(copy, " ", &save), &target);

    ovs_assert(!error);
    t->class = plugin_find(target->class->name);
    t->dump = dump;
    t->output.send = output_send;
    t->output.flush = output_flush;
    t->conf.target = target;
    t->conf.output = &t->output;
    t->conf.sampling = 1;
    in6_addr_set_mapped_ipv4(&t->conf.local, htonl(0x0a090001));
    if (!dump) {
        printf("%s => ", line);
    }
    for (char *p; (p = strtok_r(NULL, " ", &save)); ) {
        take_word(t, p);
    }
    finish(t);
    target_destroy(target);
    free(copy);
    free(t);
}

int
main(int argc, char *argv[])
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        run_line(ds_cstr(&line), argc > 1 && !strcmp(argv[1], "dump"));
    }
    ds_destroy(&line);
    return 0;
}
