/* live-send.c -- send frames in batches, as fast as it goes or at a rate.
 *
 * Two uses in `make bench`: the generator of a live link's load, and the
 * least that sending ERSPAN costs with each kind of socket, which is what the
 * daemon is measured against.  Prints one line of what it sent and what that
 * took.
 *
 *     live-send [-r PPS] [-n COUNT] [-s SIZE] [-f FLOWS] [-b BATCH] [-B] [-c]
 *               KIND INTERFACE [DST-IP SRC-IP DST-MAC]
 *
 * KIND is "load" (UDP in IPv4 of FLOWS flows, from a packet socket), or, for
 * ERSPAN II of a frame of SIZE bytes to DST-IP, "raw" (a raw socket; the
 * kernel makes the IP header), "packet" (a packet socket, all headers are
 * ours), or "ring" (the same with a ring that is shared with the kernel).
 * -B passes over the device's queue (PACKET_QDISC_BYPASS).  With -c, frames of
 * ERSPAN come from a large memory in turn, so that no cache has them, as none
 * has what was captured.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_BATCH = 256,
    MAX_SIZE = 65536,
    GRE_LEN = 16,               /* With the ERSPAN header. */
    OUTER_LEN = ETHER_HDR_LEN + sizeof(struct iphdr) + GRE_LEN,
    SNDBUF = 4 * 1024 * 1024,
    RING_FRAMES = 2048,
    COLD_SIZE = 16 * 1024 * 1024,
};

static struct {
    const char *kind;
    const char *interface;
    struct in_addr dst, src;    /* Outer. */
    struct ether_addr dst_mac;
    uint64_t pps;               /* 0: as fast as it goes. */
    uint64_t count;
    size_t size;                /* Of a frame; inner for ERSPAN. */
    uint32_t flows;
    size_t batch;
    bool bypass;
    bool cold;
} conf = { .count = 1000000, .size = 100, .flows = 1000, .batch = 64 };

static int fd;
static uint8_t outer[MAX_BATCH][OUTER_LEN];
static uint8_t frames[MAX_BATCH][MAX_SIZE];
static struct iovec iovs[MAX_BATCH][2];
static struct mmsghdr msgs[MAX_BATCH];
static uint8_t cold[COLD_SIZE];
static size_t cold_next;
static uint8_t *ring;           /* Of RING_FRAMES slots. */
static size_t ring_next;
static size_t slot_size;

static void
fail(const char *what)
{
    fprintf(stderr, "live-send: %s: %s\n", what, strerror(errno));
    exit(EXIT_FAILURE);
}

static uint16_t
ip_checksum(const void *header_)
{
    const uint8_t *header = header_;
    uint32_t sum = 0;

    for (int i = 0; i < 20; i += 2) {
        sum += header[i] << 8 | header[i + 1];
    }
    sum = (sum & 0xffff) + (sum >> 16);
    return htons(~(sum + (sum >> 16)));
}

static void
put_ip(uint8_t *p, uint8_t protocol, size_t length, struct in_addr src,
       struct in_addr dst)
{
    struct iphdr ip = {
        .version = 4, .ihl = 5, .ttl = 64, .protocol = protocol,
        .tot_len = htons(length), .saddr = src.s_addr, .daddr = dst.s_addr,
    };

    ip.check = ip_checksum(&ip);
    memcpy(p, &ip, sizeof ip);
}

static void
get_mac(uint8_t *mac)
{
    struct ifreq ifr;

    memset(&ifr, 0, sizeof ifr);
    memcpy(ifr.ifr_name, conf.interface,
           strnlen(conf.interface, IFNAMSIZ - 1));
    if (ioctl(fd, SIOCGIFHWADDR, &ifr)) {
        fail(conf.interface);
    }
    memcpy(mac, ifr.ifr_hwaddr.sa_data, ETH_ALEN);
}

/* ## The sockets. ## */

static void
open_packet(void)
{
    struct sockaddr_ll sll = {
        .sll_family = AF_PACKET,
        .sll_ifindex = if_nametoindex(conf.interface),
    };
    int one = conf.bypass;

    fd = socket(AF_PACKET, SOCK_RAW, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *) &sll, sizeof sll)
        || setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
                      sizeof one)) {
        fail(conf.interface);
    }
}

static void
open_ring(void)
{
    int version = TPACKET_V2;
    slot_size = 256;
    while (slot_size < conf.size + OUTER_LEN + TPACKET2_HDRLEN) {
        slot_size *= 2;
    }
    struct tpacket_req req = {
        .tp_block_size = slot_size > 65536 ? slot_size : 65536,
        .tp_frame_size = slot_size,
        .tp_frame_nr = RING_FRAMES,
    };

    req.tp_block_nr = slot_size * RING_FRAMES / req.tp_block_size;
    open_packet();
    if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version)
        || setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &req, sizeof req)) {
        fail("ring");
    }
    ring = mmap(NULL, slot_size * RING_FRAMES, PROT_READ | PROT_WRITE,
                MAP_SHARED, fd, 0);
    if (ring == MAP_FAILED) {
        fail("mmap");
    }
}

static void
open_raw(void)
{
    struct sockaddr_in sin = { .sin_family = AF_INET, .sin_addr = conf.dst };
    int dont = IP_PMTUDISC_DONT;

    fd = socket(AF_INET, SOCK_RAW, IPPROTO_GRE);
    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &dont,
                             sizeof dont)
        || connect(fd, (struct sockaddr *) &sin, sizeof sin)) {
        fail("raw");
    }
}

/* ## What is sent. ## */

static void
prepare_load(size_t i, const uint8_t mac[ETH_ALEN])
{
    uint8_t *p = frames[i];
    struct in_addr dst = { htonl(0x0a010001) };

    memset(p, 0, conf.size);
    memcpy(p, "\x02\x00\x00\x00\x00\x99", ETH_ALEN);
    memcpy(p + ETH_ALEN, mac, ETH_ALEN);
    p[12] = 0x08;
    put_ip(p + ETHER_HDR_LEN, IPPROTO_UDP, conf.size - ETHER_HDR_LEN,
           (struct in_addr) { htonl(0x0a020000) }, dst);
    p[ETHER_HDR_LEN + 20 + 4] = (conf.size - ETHER_HDR_LEN - 20) >> 8;
    p[ETHER_HDR_LEN + 20 + 5] = conf.size - ETHER_HDR_LEN - 20;
    iovs[i][0] = (struct iovec) { p, conf.size };
    msgs[i].msg_hdr.msg_iovlen = 1;
}

/* Gives the frame another flow: its addresses' and ports' lower halves. */
static void
choose_flow(uint8_t *p)
{
    static uint64_t state = 88172645463325252ULL;
    struct iphdr ip;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    uint32_t flow = (state >> 16) % conf.flows;
    memcpy(&ip, p + ETHER_HDR_LEN, sizeof ip);
    ip.saddr = htonl(0x0a020000 + (flow & 0xffff));
    ip.daddr = htonl(0x0a010000 + (flow >> 8 & 0xffff));
    ip.check = 0;
    ip.check = ip_checksum(&ip);
    memcpy(p + ETHER_HDR_LEN, &ip, sizeof ip);
    p[34] = 0x40 | (flow & 0x3f);
    p[35] = flow >> 6;
    p[37] = 53;
}

static void
prepare_erspan(size_t i, const uint8_t mac[ETH_ALEN])
{
    uint8_t *p = outer[i];
    bool raw = !strcmp(conf.kind, "raw");
    size_t skip = raw ? OUTER_LEN - GRE_LEN : 0;

    prepare_load(i, mac);
    memcpy(p, &conf.dst_mac, ETH_ALEN);
    memcpy(p + ETH_ALEN, mac, ETH_ALEN);
    p[12] = 0x08;
    put_ip(p + ETHER_HDR_LEN, IPPROTO_GRE,
           OUTER_LEN - ETHER_HDR_LEN + conf.size, conf.src, conf.dst);
    memcpy(p + OUTER_LEN - GRE_LEN, "\x10\x00\x88\xbe\x00\x00\x00\x00"
           "\x10\x00\x00\x01\x00\x00\x00\x02", GRE_LEN);
    iovs[i][0] = (struct iovec) { p + skip, OUTER_LEN - skip };
    iovs[i][1] = (struct iovec) { frames[i], conf.size };
    msgs[i].msg_hdr.msg_iovlen = 2;
}

/* What is different in each frame of ERSPAN: its number, and, where we make
 * the IP header, its identification with the checksum. */
static void
number_erspan(uint8_t *p)
{
    static uint32_t number;
    uint32_t n = htonl(number);
    struct iphdr ip;

    memcpy(p + OUTER_LEN - GRE_LEN + 4, &n, sizeof n);
    memcpy(&ip, p + ETHER_HDR_LEN, sizeof ip);
    ip.id = htons(number++);
    ip.check = 0;
    ip.check = ip_checksum(&ip);
    memcpy(p + ETHER_HDR_LEN, &ip, sizeof ip);
}

static void
prepare(void)
{
    uint8_t mac[ETH_ALEN];

    get_mac(mac);
    memset(cold, 0x5a, conf.cold ? sizeof cold : 0);
    for (size_t i = 0; i < conf.batch; i++) {
        msgs[i].msg_hdr.msg_iov = iovs[i];
        if (!strcmp(conf.kind, "load")) {
            prepare_load(i, mac);
        } else {
            prepare_erspan(i, mac);
        }
    }
}

/* ## Sending. ## */

/* Puts 'n' frames into the ring, waiting for room. */
static void
fill_ring(size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct tpacket2_hdr *h
            = (struct tpacket2_hdr *) (ring + ring_next * slot_size);
        uint8_t *p = (uint8_t *) h + TPACKET2_HDRLEN
                     - sizeof(struct sockaddr_ll);

        while (__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE)
               != TP_STATUS_AVAILABLE) {
            if (send(fd, NULL, 0, 0) < 0) {
                fail("send");
            }
        }
        memcpy(p, iovs[i][0].iov_base, iovs[i][0].iov_len);
        memcpy(p + iovs[i][0].iov_len, frames[i], conf.size);
        h->tp_len = iovs[i][0].iov_len + conf.size;
        __atomic_store_n(&h->tp_status, TP_STATUS_SEND_REQUEST,
                         __ATOMIC_RELEASE);
        ring_next = (ring_next + 1) % RING_FRAMES;
    }
}

/* Returns how many the kernel took. */
static size_t
send_batch(size_t n)
{
    size_t done = 0;

    for (size_t i = 0; i < n; i++) {
        if (!strcmp(conf.kind, "load")) {
            choose_flow(frames[i]);
        } else {
            number_erspan(outer[i]);
        }
        if (conf.cold) {
            if (cold_next + conf.size > COLD_SIZE) {
                cold_next = 0;
            }
            iovs[i][1].iov_base = cold + cold_next;
            cold_next += conf.size;
        }
    }
    if (ring) {
        fill_ring(n);
        return send(fd, NULL, 0, 0) < 0 ? 0 : n;
    }
    while (done < n) {
        int retval = sendmmsg(fd, msgs + done, n - done, 0);

        if (retval < 0) {
            break;
        }
        done += retval;
    }
    return done;
}

static double
now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec + ts.tv_nsec / 1e9;
}

static void
sleep_until(double when)
{
    double left = when - now();

    if (left > 0) {
        struct timespec ts = { .tv_sec = left,
                               .tv_nsec = (left - (int64_t) left) * 1e9 };

        nanosleep(&ts, NULL);
    }
}

static double
seconds(const struct timeval *tv)
{
    return tv->tv_sec + tv->tv_usec / 1e6;
}

static void
run(void)
{
    uint64_t given = 0, sent = 0;
    double start = now();
    struct rusage before, usage;

    getrusage(RUSAGE_SELF, &before);
    prctl(PR_SET_TIMERSLACK, 1000UL);
    while (given < conf.count) {
        size_t n = conf.count - given < conf.batch ? conf.count - given
                   : conf.batch;

        if (conf.pps) {
            sleep_until(start + (double) given / conf.pps);
        }
        sent += send_batch(n);
        given += n;
    }
    double wall = now() - start;
    getrusage(RUSAGE_SELF, &usage);
    printf("sent=%"PRIu64" failed=%"PRIu64" user=%.6f system=%.6f "
           "wall=%.6f\n", sent, given - sent, seconds(&usage.ru_utime)
           - seconds(&before.ru_utime), seconds(&usage.ru_stime)
           - seconds(&before.ru_stime), wall);
}

static void
usage_error(void)
{
    fprintf(stderr, "usage: live-send [-r PPS] [-n COUNT] [-s SIZE] "
            "[-f FLOWS] [-b BATCH] [-B] [-c]\n"
            "                 load|raw|packet|ring INTERFACE "
            "[DST-IP SRC-IP DST-MAC]\n");
    exit(EXIT_FAILURE);
}

static void
parse(int argc, char *argv[])
{
    int c;

    while ((c = getopt(argc, argv, "r:n:s:f:b:Bc")) != -1) {
        switch (c) {
        case 'r':
            conf.pps = strtoull(optarg, NULL, 10);
            break;
        case 'n':
            conf.count = strtoull(optarg, NULL, 10);
            break;
        case 's':
            conf.size = strtoul(optarg, NULL, 10);
            break;
        case 'f':
            conf.flows = strtoul(optarg, NULL, 10);
            break;
        case 'b':
            conf.batch = strtoul(optarg, NULL, 10);
            break;
        case 'B':
            conf.bypass = true;
            break;
        case 'c':
            conf.cold = true;
            break;
        default:
            usage_error();
        }
    }
    argv += optind;
    argc -= optind;
    if (argc < 2 || !conf.batch || conf.batch > MAX_BATCH || !conf.flows
        || conf.size < 42 || conf.size > MAX_SIZE - OUTER_LEN) {
        usage_error();
    }
    conf.kind = argv[0];
    conf.interface = argv[1];
    if (strcmp(conf.kind, "load")
        && (argc != 5 || !inet_aton(argv[2], &conf.dst)
            || !inet_aton(argv[3], &conf.src)
            || !ether_aton_r(argv[4], &conf.dst_mac))) {
        usage_error();
    }
}

int
main(int argc, char *argv[])
{
    int sndbuf = SNDBUF;

    parse(argc, argv);
    if (!strcmp(conf.kind, "raw")) {
        open_raw();
    } else if (!strcmp(conf.kind, "ring")) {
        open_ring();
    } else {
        open_packet();
    }
    setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &sndbuf, sizeof sndbuf);
    prepare();
    run();
    return EXIT_SUCCESS;
}
