/* test-exporter.c -- exporters of flows as a table: records as words,
 * datagrams as text.
 *
 * Each line of standard input is one life of an exporter: a target, settings
 * (boot=S, sampling=N, instance=N, mtu=N, v6=1), then in order: records
 * "flow:PACKETS:OCTETS:FIRST:LAST" with +i (input), +o (output), +p
 * (protocol), +t (ToS), +f (flags), +s, +d (ports), +v, +w (VLANs), +g (flags
 * of IP), +r (why it ended), +m (MACs, the last byte of the source's), each
 * with its number, +e (egress), +6 (IPv6), +xN (N times); "@TIME", which sets
 * the clock and runs; "mtu:N", "greet", "point:IFINDEX:NAME",
 * "unpoint:IFINDEX:NAME"; "close".  After "then" follows another life, with
 * the memory of the one before.  Times are seconds from an epoch.  Prints
 * "line => datagrams statistics".  With "hex" before the target the datagrams
 * are printed as bytes, with "full" every field is.
 *
 * "test-exporter elements" prints the elements of records and options with
 * their ids and lengths; "test-exporter dump" the datagrams for text2pcap;
 * "test-exporter bench TARGET N" the time that a record takes.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/ovs.h"
#include "exporter-print.h"
#include "openvswitch/vlog.h"
#include "plugin/elements.h"
#include "target/target.h"

#define EPOCH_US INT64_C(1600000000000000)

enum print_mode { PRINT_FIELDS, PRINT_HEX, PRINT_DUMP };

struct test_output {
    struct exporter_output up;  /* What the exporter sends to. */
    enum print_mode mode;       /* How to print what it sends. */
    struct printer printer;     /* For PRINT_FIELDS. */
    size_t limit;               /* No datagram may be longer; 0: none. */
};

static void
test_send(struct exporter_output *output, const struct exporter_dgram *dgram,
          size_t n)
{
    struct test_output *out = CONTAINER_OF(output, struct test_output, up);
    const uint8_t *p = dgram->iov[0].iov_base;
    size_t len = dgram->iov[0].iov_len;

    ovs_assert(n == 1 && !dgram->iov[1].iov_len && !dgram->iov[2].iov_len);
    ovs_assert(!out->limit || len <= out->limit);
    if (out->mode == PRINT_FIELDS) {
        if (printer_get(p, 2) == 5) {
            print_netflow5(p, len);
        } else {
            print_message(&out->printer, p, len);
        }
        return;
    }
    printf("%s", out->mode == PRINT_DUMP ? "000000" : "");
    for (size_t i = 0; i < len; i++) {
        printf("%s%02x", out->mode == PRINT_DUMP ? " " : "", p[i]);
    }
    printf("%s", out->mode == PRINT_DUMP ? "\n\n" : " ");
}

static uint64_t
to_us(double seconds)
{
    return EPOCH_US + (int64_t) (seconds * 1e6 + (seconds < 0 ? -0.5 : 0.5));
}

static void
set_address(struct frec *r)
{
    r->key.ip_version = 6;
    r->key.src = r->key.dst = (struct in6_addr) { { { 0xfd } } };
    r->key.src.s6_addr[15] = 1;
    r->key.dst.s6_addr[15] = 2;
}

static void
set_macs(struct frec *r, uint8_t last)
{
    memcpy(r->src_mac, "\2\1\0\0\0", 5);
    memcpy(r->dst_mac, "\2\2\0\0\0\1", 6);
    r->src_mac[5] = last;
}

/* Sets what one modifier says; false if there is none of that letter. */
static bool
apply_modifier(char letter, uint32_t value, struct frec *r)
{
    switch (letter) {
    case 'i': r->key.in_ifindex = value; return true;
    case 'o': r->key.out_ifindex = value; return true;
    case 'p': r->key.protocol = value; return true;
    case 't': r->key.tos = value; return true;
    case 'f': r->tcp_flags = value; return true;
    case 's': r->key.src_port = value; return true;
    case 'd': r->key.dst_port = value; return true;
    case 'v': r->key.vlan[0] = value; return true;
    case 'w': r->key.vlan[1] = value; return true;
    case 'g': r->ip_flags = value; return true;
    case 'r': r->end = value; return true;
    case 'm': set_macs(r, value); return true;
    case 'e': r->egress = true; return true;
    case '6': set_address(r); return true;
    default: return false;
    }
}

/* Sets what the modifiers in 'text' say; returns how many times. */
static int
apply_modifiers(char *text, struct frec *r)
{
    int times = 1;
    char *save = NULL;

    for (char *m = strtok_r(text, "+", &save); m;
         m = strtok_r(NULL, "+", &save)) {
        uint32_t value = strtoul(m + 1, NULL, 0);

        if (*m == 'x') {
            times = value;
        } else if (!apply_modifier(*m, value, r)) {
            ovs_fatal(0, "%s: unknown modifier", m);
        }
    }
    return times;
}

static void
do_flow(struct exporter *ex, char *word, uint64_t now_us)
{
    struct frec r = { .key = { .ip_version = 4, .protocol = 17 } };
    double first, last;
    int n;

    if (sscanf(word, "flow:%"SCNu64":%"SCNu64":%lf:%lf%n", &r.packets,
               &r.octets, &first, &last, &n) < 4) {
        ovs_fatal(0, "%s: not a record", word);
    }
    r.first_us = to_us(first);
    r.last_us = to_us(last);
    in6_addr_set_mapped_ipv4(&r.key.src, htonl(0x0a000001));
    in6_addr_set_mapped_ipv4(&r.key.dst, htonl(0x0a000002));
    for (int times = apply_modifiers(word + n, &r); times > 0; times--) {
        ex->class->flow(ex, &r, now_us);
    }
}

/* Words that are for classes that know them. */
static void
do_word(struct exporter *ex, char *word, uint64_t now_us)
{
    struct exporter_point point = { .mtu = 1500 };
    uint32_t mtu;

    if (!strcmp(word, "greet")) {
        ex->class->greet(ex, now_us);
    } else if (ovs_scan(word, "mtu:%"SCNu32, &mtu)) {
        ex->class->set_path_mtu(ex, mtu);
    } else if (ovs_scan(word, "point:%"SCNu32":%15s", &point.ifindex,
                        point.name)) {
        ex->class->add_point(ex, &point);
    } else if (ovs_scan(word, "unpoint:%"SCNu32":%15s", &point.ifindex,
                        point.name)) {
        ex->class->remove_point(ex, &point);
    } else {
        do_flow(ex, word, now_us);
    }
}

/* The words from 'word' on, after the settings. */
static void
run_words(struct exporter *ex, char *word, char **save, bool print_stats)
{
    uint64_t now_us = EPOCH_US, next_us = UINT64_MAX;
    struct exporter_stats stats;
    bool closed = false;

    for (; word && !closed; word = strtok_r(NULL, " ", save)) {
        if (word[0] == '@') {
            now_us = to_us(atof(word + 1));
            next_us = ex->class->run(ex, now_us);
        } else if (!strcmp(word, "close")) {
            closed = true;
        } else {
            do_word(ex, word, now_us);
        }
    }
    stats = ex->stats;
    ex->class->close(ex, now_us);
    if (print_stats) {
        printf("flows=%"PRIu64" packets=%"PRIu64, stats.flows, stats.packets);
        if (stats.skipped) {
            printf(" skipped=%"PRIu64, stats.skipped);
        }
        if (next_us != UINT64_MAX) {
            printf(" next=%g", (int64_t) (next_us - EPOCH_US) / 1e6);
        }
    }
}

/* One life; 'memory' is that of all. */
static void
run_life(char *line, enum print_mode mode, struct exporter_memory *memory)
{
    struct test_output out = { .up.send = test_send, .mode = mode };
    struct exporter_conf conf = {
        .output = &out.up, .boot_us = EPOCH_US, .memory = memory,
    };
    struct target *target;
    struct exporter *ex;
    char *save = NULL;
    char *word = strtok_r(line, " ", &save);
    int v6 = 0;

    if (!strcmp(word, "hex") || !strcmp(word, "full")) {
        out.printer.full = word[0] == 'f';
        out.mode = (mode == PRINT_FIELDS && word[0] == 'h' ? PRINT_HEX
                    : mode);
        word = strtok_r(NULL, " ", &save);
    }
    char *error = target_parse(word, &target);
    if (error) {
        ovs_fatal(0, "%s", error);
    }
    conf.target = target;
    while ((word = strtok_r(NULL, " ", &save))) {
        if (!strncmp(word, "boot=", 5)) {
            conf.boot_us = to_us(atof(word + 5));
        } else if (!ovs_scan(word, "sampling=%"SCNu32, &conf.sampling)
                   && !ovs_scan(word, "instance=%"SCNu32, &conf.instance)
                   && !ovs_scan(word, "mtu=%"SCNu32, &conf.path_mtu)
                   && !ovs_scan(word, "v6=%d", &v6)) {
            break;
        }
    }
    conf.ipv6 = v6;
    if (strcmp(target->class->name, "netflow5")) {
        out.limit = MAX(conf.path_mtu ? conf.path_mtu : 1400,
                        256 + 48) - (v6 ? 48 : 28);
    }

    error = plugin_find(target->class->name)->open(&conf, &ex);
    if (error) {
        printf("%s", error);
        free(error);
    } else {
        run_words(ex, word, &save, mode != PRINT_DUMP);
    }
    target_destroy(target);
}

static void
run_line(char *line, enum print_mode mode)
{
    struct exporter_memory *memory = exporter_memory_create();
    char *next;

    for (; line; line = next) {
        next = strstr(line, " then ");
        if (next) {
            *next = '\0';
            next += strlen(" then ");
        }
        run_life(line, mode, memory);
        if (next && mode != PRINT_DUMP) {
            printf(" then ");
        }
    }
    exporter_memory_destroy(memory);
    if (mode != PRINT_DUMP) {
        putchar('\n');
    }
}

/* ## ----- ## */
/* ## bench ## */
/* ## ----- ## */

static void
bench_send(struct exporter_output *output OVS_UNUSED,
           const struct exporter_dgram *dgram OVS_UNUSED, size_t n OVS_UNUSED)
{
}

static void
run_bench(const char *text, unsigned int n)
{
    struct exporter_output out = { .send = bench_send };
    struct exporter_conf conf = {
        .output = &out, .boot_us = EPOCH_US,
        .memory = exporter_memory_create(),
    };
    struct frec r = {
        .key = { .ip_version = 4, .protocol = 6 }, .packets = 1,
        .first_us = EPOCH_US,
    };
    struct target *target;
    struct exporter *ex;
    struct timespec a, b;

    char *error = target_parse(text, &target);
    conf.target = target;
    error = error ? error : plugin_find(target->class->name)->open(&conf, &ex);
    if (error) {
        ovs_fatal(0, "%s", error);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    for (unsigned int i = 0; i < n; i++) {
        r.key.src.s6_addr32[3] = i;
        r.octets = i;
        r.last_us = EPOCH_US + i;
        ex->class->flow(ex, &r, r.last_us);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    ex->class->close(ex, r.last_us);
    target_destroy(target);
    exporter_memory_destroy(conf.memory);
    printf("%s: %.1f ns a record\n", text,
           ((b.tv_sec - a.tv_sec) * 1e9 + b.tv_nsec - a.tv_nsec) / n);
}

static void
print_elements(void)
{
#define ELEMENT(NAME, ID, KIND, GROUP, LEN9, LEN10, HOW, VALUE) \
    printf("%s %d %d\n", #NAME, ID, MAX(LEN9, LEN10));
    TMPL_ELEMENTS
#undef ELEMENT
#define ELEMENT(NAME, ID, LEN) printf("%s %d %d\n", #NAME, ID, LEN);
    TMPL_OPTION_ELEMENTS
#undef ELEMENT
}

int
main(int argc, char *argv[])
{
    bool dump = argc > 1 && !strcmp(argv[1], "dump");
    struct ds line = DS_EMPTY_INITIALIZER;

    if (argc == 2 && !strcmp(argv[1], "elements")) {
        print_elements();
        return 0;
    }
    vlog_set_levels(NULL, VLF_ANY_DESTINATION, VLL_OFF);
    if (argc == 4 && !strcmp(argv[1], "bench")) {
        run_bench(argv[2], atoi(argv[3]));
        return 0;
    }
    while (!ds_get_line(&line, stdin)) {
        if (!dump) {
            printf("%s => ", ds_cstr(&line));
        }
        run_line(ds_cstr(&line), dump ? PRINT_DUMP : PRINT_FIELDS);
    }
    ds_destroy(&line);
    return 0;
}
