/* test-netflow5.c -- NetFlow v5 as a table: records as words, datagrams as
 * text.
 *
 * Each line of standard input is one life of an exporter: a target, settings
 * (boot=S, sampling=N, instance=N, mtu=N), then in order: records
 * "flow:PACKETS:OCTETS:FIRST:LAST" with +i (input), +o (output), +p
 * (protocol), +t (ToS), +f (flags), +s, +d (ports), each with its number, +6
 * (IPv6), +xN (N times); "@TIME", which sets the clock and runs; "close".
 * Times are seconds from an epoch.  Prints "line => datagrams statistics".
 * With "hex" before the target the datagrams are printed as bytes.
 *
 * "test-netflow5 dump" prints the datagrams for text2pcap instead.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/ovs.h"
#include "openvswitch/vlog.h"
#include "target/target.h"

#define EPOCH_US INT64_C(1600000000000000)

enum print_mode { PRINT_FIELDS, PRINT_HEX, PRINT_DUMP };

struct test_output {
    struct exporter_output up;  /* What the exporter sends to. */
    enum print_mode mode;       /* How to print what it sends. */
};

static uint32_t
get(const uint8_t *p, int n)
{
    uint32_t value = 0;

    while (n--) {
        value = value << 8 | *p++;
    }
    return value;
}

static void
print_addr(const uint8_t *p)
{
    char buf[INET_ADDRSTRLEN];

    printf("%s", inet_ntop(AF_INET, p, buf, sizeof buf));
}

static void
print_record(const uint8_t *p)
{
    ovs_assert(!get(p + 8, 4) && !p[36] && !get(p + 40, 4)
               && !get(p + 44, 4));
    printf(" (");
    print_addr(p);
    printf(":%"PRIu32" ", get(p + 32, 2));
    print_addr(p + 4);
    printf(":%"PRIu32" %u/%u/%u %"PRIu32">%"PRIu32" %"PRIu32"/%"PRIu32
           " %"PRIu32"-%"PRIu32")", get(p + 34, 2), p[38], p[39], p[37],
           get(p + 12, 2), get(p + 14, 2), get(p + 16, 4), get(p + 20, 4),
           get(p + 24, 4), get(p + 28, 4));
}

static void
print_fields(const uint8_t *p, size_t len)
{
    uint32_t n = get(p + 2, 2);

    ovs_assert(get(p, 2) == 5 && n >= 1 && n <= 30 && len == 24 + n * 48);
    printf("{n=%"PRIu32" up=%"PRIu32" at=%"PRIu32".%09"PRIu32" seq=%"PRIu32
           " engine=%u/%u", n, get(p + 4, 4), get(p + 8, 4), get(p + 12, 4),
           get(p + 16, 4), p[20], p[21]);
    if (get(p + 22, 2)) {
        printf(" sampling=%04"PRIx32, get(p + 22, 2));
    }
    for (uint32_t i = 0; i < n && n <= 3; i++) {
        print_record(p + 24 + i * 48);
    }
    printf("} ");
}

static void
test_send(struct exporter_output *output, const struct exporter_dgram *dgram,
          size_t n)
{
    struct test_output *out = CONTAINER_OF(output, struct test_output, up);
    const uint8_t *p = dgram->iov[0].iov_base;
    size_t len = dgram->iov[0].iov_len;

    ovs_assert(n == 1 && !dgram->iov[1].iov_len && !dgram->iov[2].iov_len);
    if (out->mode == PRINT_FIELDS) {
        print_fields(p, len);
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

/* Sets what the modifiers in 'text' say; returns how many times. */
static int
apply_modifiers(char *text, struct frec *r)
{
    int times = 1;
    char *save = NULL;

    for (char *m = strtok_r(text, "+", &save); m;
         m = strtok_r(NULL, "+", &save)) {
        uint32_t value = strtoul(m + 1, NULL, 0);
        switch (*m) {
        case 'i':
            r->key.in_ifindex = value;
            break;
        case 'o':
            r->key.out_ifindex = value;
            break;
        case 'p':
            r->key.protocol = value;
            break;
        case 't':
            r->key.tos = value;
            break;
        case 'f':
            r->tcp_flags = value;
            break;
        case 's':
            r->key.src_port = value;
            break;
        case 'd':
            r->key.dst_port = value;
            break;
        case '6':
            r->key.ip_version = 6;
            break;
        case 'x':
            times = value;
            break;
        default:
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
        exporter_netflow5_class.flow(ex, &r, now_us);
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
            do_flow(ex, word, now_us);
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
        putchar('\n');
    }
}

static void
run_line(char *line, enum print_mode mode)
{
    struct test_output out = { .up.send = test_send, .mode = mode };
    struct exporter_conf conf = { .output = &out.up, .boot_us = EPOCH_US };
    struct target *target;
    struct exporter *ex;
    char *save = NULL;
    char *word = strtok_r(line, " ", &save);

    if (!strcmp(word, "hex")) {
        out.mode = mode == PRINT_FIELDS ? PRINT_HEX : mode;
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
                   && !ovs_scan(word, "mtu=%"SCNu32, &conf.path_mtu)) {
            break;
        }
    }

    error = plugin_find("netflow5")->open(&conf, &ex);
    if (error) {
        printf("%s\n", error);
        free(error);
    } else {
        run_words(ex, word, &save, mode != PRINT_DUMP);
    }
    target_destroy(target);
}

int
main(int argc, char *argv[])
{
    bool dump = argc > 1 && !strcmp(argv[1], "dump");
    struct ds line = DS_EMPTY_INITIALIZER;

    vlog_set_levels(NULL, VLF_ANY_DESTINATION, VLL_OFF);
    while (!ds_get_line(&line, stdin)) {
        if (!dump) {
            printf("%s => ", ds_cstr(&line));
        }
        run_line(ds_cstr(&line), dump ? PRINT_DUMP : PRINT_FIELDS);
    }
    ds_destroy(&line);
    return 0;
}
