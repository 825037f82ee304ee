/* bench-gen.c -- writes a capture file for `make bench`.
 *
 * usage: bench-gen [OPTION]... FILE; the options are in usage() below.
 *
 * The file depends on the options alone: the same ones give the same bytes.
 * Every flow has at least one packet; the other packets are dealt out to flows
 * by Zipf's law.  Headers are right, and so is the checksum of IPv4, but those
 * of TCP and ICMP are not made (a meter does not look at them); those of UDP
 * are absent.  Flows do not end with FIN: the file ends first.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include "base/ovs.h"

enum {
    ETH_LEN = 14,
    MIN_FRAME = 60,             /* Ethernet's least, without FCS. */
    MAX_FRAME = 65535,
    MAX_FLOWS = 1 << 24,        /* A flow's number is in its address. */
    BUFFER = 1 << 20,
};

struct options {
    uint64_t packets;
    uint32_t flows;
    double zipf;                /* Exponent; 0: all flows alike. */
    uint32_t min_size;          /* Octets of IP; 'max_size' 0: IMIX. */
    uint32_t max_size;
    uint32_t ipv6;              /* Percent of flows. */
    uint32_t vlans;             /* Tags of which ids 1 to this; 0: untagged. */
    uint32_t snaplen;           /* 0: whole frames. */
    uint32_t rate;              /* Packets a second. */
    uint64_t seed;
    const char *file;
};

/* What is common to the packets of a flow. */
struct flow {
    uint32_t number;
    bool ipv6;
    uint8_t protocol;
    uint16_t vlan;              /* 0: untagged. */
    uint64_t bits;              /* Addresses and ports are made of these. */
};

/* Sampling in constant time by Walker's method: of the flows, one by chance,
 * then it or its alias. */
struct dice {
    uint32_t *keep;             /* Chance to stay, of 2**32. */
    uint32_t *alias;
    uint32_t n;
};

static uint64_t
mix(uint64_t x)
{
    x += UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void
dice_init(struct dice *dice, uint32_t n, double exponent)
{
    double *p = xmalloc(n * sizeof *p);
    uint32_t *small = xmalloc(n * sizeof *small);
    uint32_t *large = xmalloc(n * sizeof *large);
    uint32_t n_small = 0, n_large = 0;
    double sum = 0;

    dice->n = n;
    dice->keep = xmalloc(n * sizeof *dice->keep);
    dice->alias = xmalloc(n * sizeof *dice->alias);
    for (uint32_t i = 0; i < n; i++) {
        p[i] = pow(i + 1, -exponent);
        sum += p[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        p[i] *= n / sum;
        *(p[i] < 1 ? &small[n_small++] : &large[n_large++]) = i;
    }
    while (n_small && n_large) {
        uint32_t s = small[--n_small], l = large[n_large - 1];

        dice->keep[s] = p[s] * UINT32_MAX;
        dice->alias[s] = l;
        p[l] -= 1 - p[s];
        if (p[l] < 1) {
            n_large--;
            small[n_small++] = l;
        }
    }
    while (n_small || n_large) {        /* 1 but for rounding. */
        uint32_t i = n_small ? small[--n_small] : large[--n_large];

        dice->keep[i] = UINT32_MAX;
        dice->alias[i] = i;
    }
    free(p);
    free(small);
    free(large);
}

static uint32_t
dice_roll(const struct dice *dice, uint64_t bits)
{
    uint32_t i = ((bits >> 32) * dice->n) >> 32;

    return (uint32_t) bits <= dice->keep[i] ? i : dice->alias[i];
}

static void
make_flow(const struct options *o, uint32_t number, struct flow *f)
{
    uint64_t bits = mix(o->seed ^ mix(number));
    uint32_t percent = (bits & 0xffff) * 100 >> 16;

    f->number = number;
    f->bits = bits;
    f->ipv6 = (mix(bits) & 0xffff) * 100 >> 16 < o->ipv6;
    f->protocol = (percent < 80 ? IPPROTO_TCP
                   : percent < 98 ? IPPROTO_UDP
                   : f->ipv6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
    f->vlan = o->vlans ? 1 + (bits >> 16) % o->vlans : 0;
}

static uint8_t *
put16(uint8_t *p, uint16_t value)
{
    p[0] = value >> 8;
    p[1] = value;
    return p + 2;
}

static uint8_t *
put32(uint8_t *p, uint32_t value)
{
    return put16(put16(p, value >> 16), value);
}

/* An address of its own for each flow: multiplying by an odd number permutes
 * the numbers of 24 bits. */
static uint32_t
source_of(const struct flow *f)
{
    return 10 << 24 | ((f->number * UINT32_C(0x9e3779b1)) & 0xffffff);
}

static uint8_t *
put_ethernet(uint8_t *p, const struct flow *f)
{
    p = put32(put16(p, 0x0200), f->bits & 0x3ff);       /* To 1024 hosts... */
    p = put32(put16(p, 0x0201), source_of(f) & 0xfff);  /* from 4096. */
    if (f->vlan) {
        p = put16(put16(p, 0x8100), f->vlan);
    }
    return put16(p, f->ipv6 ? 0x86dd : 0x0800);
}

static uint8_t *
put_ipv4(uint8_t *p, const struct flow *f, uint16_t length, uint16_t id)
{
    uint8_t *start = p;

    p = put16(p, 0x4500);
    p = put16(p, length);
    p = put16(p, id);
    p = put16(p, 0x4000);               /* Don't fragment. */
    *p++ = 64;
    *p++ = f->protocol;
    p = put16(p, 0);
    p = put32(p, source_of(f));
    p = put32(p, 172 << 24 | 16 << 16 | (f->bits >> 24 & 0xfffff));
    put16(start + 10, ntohs(csum(start, p - start)));
    return p;
}

static uint8_t *
put_ipv6(uint8_t *p, const struct flow *f, uint16_t length)
{
    p = put32(p, 0x60000000);
    p = put16(p, length - 40);
    *p++ = f->protocol;
    *p++ = 64;
    p = put32(put32(p, 0x20010db8), f->bits >> 32);
    p = put32(put32(p, 0), source_of(f));
    p = put32(put32(p, 0x20010db8), 0xffff);
    return put32(put32(p, f->bits >> 16), f->bits & 0xffff);
}

static uint8_t *
put_transport(uint8_t *p, const struct flow *f, uint16_t length,
              bool is_first)
{
    uint16_t sport = 1024 + (f->bits >> 44) % 64000;
    uint16_t dport = f->bits & 1 << 20 ? 443 : 1 + (f->bits >> 8) % 1023;

    if (f->protocol == IPPROTO_TCP) {
        p = put16(put16(p, sport), dport);
        p = put32(put32(p, f->bits), 0);
        p = put16(p, 5 << 12 | (is_first ? TCP_SYN : TCP_ACK));
        return put32(put16(p, 65535), 0);
    } else if (f->protocol == IPPROTO_UDP) {
        return put32(put16(put16(p, sport), dport), (uint32_t) length << 16);
    }
    /* An echo request. */
    return put32(put32(p, f->ipv6 ? 128 << 24 : 8 << 24), f->bits);
}

static uint32_t
size_of(const struct options *o, uint64_t bits)
{
    if (!o->max_size) {
        uint32_t twelfth = (bits & 0xffff) * 12 >> 16;

        return twelfth < 7 ? 40 : twelfth < 11 ? 576 : 1500;
    }
    return o->min_size + (bits & 0xffffffff) % (o->max_size - o->min_size + 1);
}

static uint32_t
headers_of(const struct flow *f)
{
    return ((f->ipv6 ? 40 : 20)
            + (f->protocol == IPPROTO_TCP ? 20 : 8));
}

/* Writes a packet's headers over the start of 'frame' and returns its length
 * on the wire. */
static uint32_t
put_packet(const struct options *o, const struct flow *f, uint64_t number,
           bool is_first, uint8_t *frame)
{
    uint32_t headers = headers_of(f);
    uint32_t size = MAX(size_of(o, mix(number ^ ~o->seed)), headers);
    uint8_t *p = put_ethernet(frame, f);
    uint32_t used = p - frame;

    p = f->ipv6 ? put_ipv6(p, f, size) : put_ipv4(p, f, size, number);
    put_transport(p, f, size - (f->ipv6 ? 40 : 20), is_first);
    return MAX(used + size, MIN_FRAME);
}

static void
write_header(const struct options *o, FILE *file)
{
    uint32_t header[6] = {
        0xa1b2c3d4, 2 | 4 << 16, 0, 0,
        o->snaplen ? o->snaplen : MAX_FRAME + ETH_LEN, 1 /* Ethernet. */
    };

    fwrite(header, sizeof header, 1, file);
}

static void
write_packets(const struct options *o, FILE *file)
{
    const uint64_t epoch_us = UINT64_C(1700000000) * 1000000;
    uint32_t n_introduced = 0;
    static uint8_t frame[MAX_FRAME + ETH_LEN + 4];
    struct dice dice;

    for (size_t i = 0; i < sizeof frame; i++) {
        frame[i] = i * 7;
    }
    dice_init(&dice, o->flows, o->zipf);
    for (uint64_t i = 0; i < o->packets; i++) {
        struct flow f;
        bool is_first = n_introduced * o->packets <= i * o->flows;

        make_flow(o, is_first ? n_introduced++
                  : dice_roll(&dice, mix(o->seed + i)), &f);
        uint32_t len = put_packet(o, &f, i, is_first, frame);
        uint64_t us = epoch_us + i * 1000000 / o->rate;
        uint32_t header[4] = {
            us / 1000000, us % 1000000,
            o->snaplen ? MIN(len, o->snaplen) : len, len,
        };
        fwrite(header, sizeof header, 1, file);
        fwrite(frame, header[2], 1, file);
    }
    free(dice.keep);
    free(dice.alias);
}

static void OVS_NO_RETURN
usage(void)
{
    printf("\
%s: writes a capture file for benchmarks\n\
usage: %s [OPTION]... FILE\n\
  --packets=N      packets (default 4000000)\n\
  --flows=N        flows, each with a packet at least (default 100000)\n\
  --zipf=S         skew of the other packets over the flows (default 1.0)\n\
  --sizes=imix|N|MIN-MAX   octets of IP (default imix: 7 of 40, 4 of 576,\n\
                   1 of 1500)\n\
  --ipv6=PERCENT   of the flows (default 0)\n\
  --vlans=N        flows have one of N VLAN ids (default 0: untagged)\n\
  --snaplen=N      octets of a frame that are there (default 0: all)\n\
  --rate=PPS       packets a second, in the file (default 100000)\n\
  --seed=N         another file of the same kind (default 1)\n",
           program_name, program_name);
    exit(EXIT_SUCCESS);
}

static uint64_t
parse_number(const char *name, const char *text, uint64_t min, uint64_t max)
{
    unsigned long long int value;

    if (!str_to_ullong(text, 10, &value) || value < min || value > max) {
        ovs_fatal(0, "--%s=%s: not a number from %"PRIu64" to %"PRIu64,
                  name, text, min, max);
    }
    return value;
}

static void
parse_sizes(const char *text, struct options *o)
{
    unsigned int min, max;

    if (!strcmp(text, "imix")) {
        return;
    }
    if (!ovs_scan(text, "%u-%u", &min, &max)) {
        min = max = parse_number("sizes", text, 20, MAX_FRAME);
    }
    if (min > max || max > MAX_FRAME) {
        ovs_fatal(0, "--sizes=%s: not imix, N or MIN-MAX up to %d", text,
                  MAX_FRAME);
    }
    o->min_size = min;
    o->max_size = max;
}

static void
parse_option(const char *name, const char *value, struct options *o)
{
    if (!strcmp(name, "packets")) {
        o->packets = parse_number(name, value, 1, UINT32_MAX);
    } else if (!strcmp(name, "flows")) {
        o->flows = parse_number(name, value, 1, MAX_FLOWS);
    } else if (!strcmp(name, "zipf")) {
        if (!str_to_double(value, &o->zipf) || o->zipf < 0 || o->zipf > 10) {
            ovs_fatal(0, "--zipf=%s: not a number from 0 to 10", value);
        }
    } else if (!strcmp(name, "sizes")) {
        parse_sizes(value, o);
    } else if (!strcmp(name, "ipv6")) {
        o->ipv6 = parse_number(name, value, 0, 100);
    } else if (!strcmp(name, "vlans")) {
        o->vlans = parse_number(name, value, 0, 4094);
    } else if (!strcmp(name, "snaplen")) {
        o->snaplen = parse_number(name, value, 0, MAX_FRAME);
    } else if (!strcmp(name, "rate")) {
        o->rate = parse_number(name, value, 1, UINT32_MAX);
    } else {
        o->seed = parse_number(name, value, 0, UINT64_MAX);
    }
}

static void
parse_options(int argc, char *argv[], struct options *o)
{
    static const struct option longopts[] = {
        { "packets", required_argument, NULL, 'o' },
        { "flows", required_argument, NULL, 'o' },
        { "zipf", required_argument, NULL, 'o' },
        { "sizes", required_argument, NULL, 'o' },
        { "ipv6", required_argument, NULL, 'o' },
        { "vlans", required_argument, NULL, 'o' },
        { "snaplen", required_argument, NULL, 'o' },
        { "rate", required_argument, NULL, 'o' },
        { "seed", required_argument, NULL, 'o' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int c, i;

    while ((c = getopt_long(argc, argv, "h", longopts, &i)) != -1) {
        switch (c) {
        case 'o':
            parse_option(longopts[i].name, optarg, o);
            break;
        case 'h':
            usage();
        default:
            exit(EXIT_FAILURE);
        }
    }
    if (argc - optind != 1) {
        ovs_fatal(0, "exactly one FILE is needed; use --help");
    }
    if (o->flows > o->packets) {
        ovs_fatal(0, "there are more flows than packets");
    }
    o->file = argv[optind];
}

int
main(int argc, char *argv[])
{
    struct options o = {
        .packets = 4000000, .flows = 100000, .zipf = 1, .rate = 100000,
        .seed = 1,
    };

    set_program_name(argv[0]);
    parse_options(argc, argv, &o);
    FILE *file = fopen(o.file, "w");
    if (!file) {
        ovs_fatal(errno, "%s", o.file);
    }
    setvbuf(file, NULL, _IOFBF, BUFFER);
    write_header(&o, file);
    write_packets(&o, file);
    int failed = ferror(file);
    if (fclose(file) || failed) {
        ovs_fatal(errno, "%s: writing failed", o.file);
    }
    return 0;
}
