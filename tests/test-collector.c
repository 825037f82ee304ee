/* test-collector.c -- a collector's socket, driven by a script.
 *
 * Reads commands from standard input, a line each, and prints what they find
 * (see 'commands' at the end).  Datagrams carry a number that counts up, so
 * that a receiver sees their order; to GRE they have the headers of ERSPAN II
 * with that number as the sequence.  Used by export.at and system-export.at.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector.h"
#include "export/pace.h"
#include "export/recent.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/addr.h"
#include "base/ovs.h"

enum {
    MAX_LENT = 1024,            /* Datagrams lent before a flush. */
    MAX_SIZE = 65536,           /* Of a datagram. */
    WAIT_MS = 10 * 1000,        /* Bound for what does not come. */
};

struct test {
    struct collector *collector;        /* NULL: not open. */
    struct collector_conf conf;         /* As opened. */
    int receiver;                       /* UDP socket, or -1. */
    struct in6_addr receiver_ip;        /* Where it listens. */
    uint16_t receiver_port;             /* Where it listens. */
    uint32_t sent;                      /* Number of the next datagram. */
    uint32_t received;                  /* Number that should come next. */
    struct lent {
        uint8_t header[16];             /* With the number. */
    } lent[MAX_LENT];                   /* As it must stay until a flush. */
};

static uint8_t payload[MAX_SIZE];       /* The same of all datagrams. */

static uint64_t
now_us(void)
{
    return time_wall_usec();
}

/* ## The receiver. ## */

static void
cmd_receiver(struct test *t, char *args[])
{
    struct sockaddr_storage ss;
    socklen_t length = sizeof ss;
    struct addr addr;
    char *error = addr_parse(args[0], false, 0, &addr);

    ovs_assert(!error);
    t->receiver_ip = addr.ip;
    memset(&ss, 0, sizeof ss);
    if (IN6_IS_ADDR_V4MAPPED(&addr.ip)) {
        struct sockaddr_in *sin = (struct sockaddr_in *) &ss;

        sin->sin_family = AF_INET;
        sin->sin_addr.s_addr = in6_addr_get_mapped_ipv4(&addr.ip);
    } else {
        struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *) &ss;

        sin6->sin6_family = AF_INET6;
        sin6->sin6_addr = addr.ip;
    }
    addr_uninit(&addr);
    t->receiver = socket(ss.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ovs_assert(!bind(t->receiver, (struct sockaddr *) &ss, sizeof ss));
    ovs_assert(!getsockname(t->receiver, (struct sockaddr *) &ss, &length));
    t->receiver_port = ntohs(((struct sockaddr_in *) &ss)->sin_port);
}

static void
cmd_close_receiver(struct test *t, char *args[] OVS_UNUSED)
{
    close(t->receiver);
    t->receiver = -1;
}

static bool
receive_one(struct test *t)
{
    struct pollfd pfd = { .fd = t->receiver, .events = POLLIN };
    uint32_t number;

    if (poll(&pfd, 1, WAIT_MS) != 1) {
        printf("nothing came after %"PRIu32"\n", t->received);
        return false;
    }
    ssize_t n = recv(t->receiver, &number, sizeof number, 0);
    ovs_assert(n == sizeof number);
    if (ntohl(number) != t->received) {
        printf("%"PRIu32" came instead of %"PRIu32"\n", ntohl(number),
               t->received);
        return false;
    }
    t->received++;
    return true;
}

/* receive N: they come, in order, and no other is there. */
static void
cmd_receive(struct test *t, char *args[])
{
    struct pollfd pfd = { .fd = t->receiver, .events = POLLIN };
    int n = atoi(args[0]);
    int i = 0;

    while (i < n && receive_one(t)) {
        i++;
    }
    printf("received %d in order%s\n", i,
           poll(&pfd, 1, 0) ? ", and more are there" : "");
}

/* ## The collector. ## */

static struct in6_addr
parse_ip(const char *s)
{
    struct in6_addr ip;
    struct in_addr ip4;

    if (inet_pton(AF_INET, s, &ip4) == 1) {
        in6_addr_set_mapped_ipv4(&ip, ip4.s_addr);
    } else {
        ovs_assert(inet_pton(AF_INET6, s, &ip) == 1);
    }
    return ip;
}

static void
parse_setting(struct test *t, char *arg)
{
    char *value = strchr(arg, '=');

    if (!strcmp(arg, "fragment")) {
        t->conf.may_fragment = true;
        return;
    } else if (!strcmp(arg, "raw")) {
        t->conf.raw = true;
        return;
    }
    ovs_assert(value);
    *value++ = '\0';
    if (!strcmp(arg, "ttl")) {
        t->conf.ttl = atoi(value);
    } else if (!strcmp(arg, "dscp")) {
        t->conf.dscp = atoi(value);
    } else if (!strcmp(arg, "rate")) {
        t->conf.rate = atoi(value);
    } else if (!strcmp(arg, "port")) {
        t->conf.dst_port = atoi(value);
    } else if (!strcmp(arg, "src")) {
        t->conf.src = parse_ip(value);
    } else if (!strcmp(arg, "dev")) {
        ovs_strlcpy(t->conf.device, value, sizeof t->conf.device);
    } else if (!strcmp(arg, "zone")) {
        ovs_strlcpy(t->conf.zone, value, sizeof t->conf.zone);
    } else {
        OVS_NOT_REACHED();
    }
}

/* open udp|gre ADDRESS|receiver
 *      [fragment|raw|ttl=|dscp=|port=|src=|rate=|dev=|zone=]... */
static void
cmd_open(struct test *t, char *args[])
{
    t->conf = (struct collector_conf) {
        .proto = !strcmp(args[0], "gre") ? COLLECTOR_GRE : COLLECTOR_UDP,
        .dst_port = t->receiver_port,
        .rate = 10000,
    };
    t->conf.dst = (!strcmp(args[1], "receiver") ? t->receiver_ip
                   : parse_ip(args[1]));
    for (int i = 2; args[i]; i++) {
        parse_setting(t, args[i]);
    }
    t->sent = t->received = 0;
    collector_close(t->collector);
    int error = collector_open(&t->conf, &t->collector);
    printf("open: %s\n", error ? ovs_strerror(error) : "ok");
}

static void
cmd_close(struct test *t, char *args[] OVS_UNUSED)
{
    collector_close(t->collector);
    t->collector = NULL;
}

/* Writes the headers of the next datagram; returns their length. */
static size_t
put_header(struct test *t, uint8_t header[16])
{
    ovs_be32 number = htonl(t->sent++);

    if (t->conf.proto == COLLECTOR_UDP) {
        memcpy(header, &number, 4);
        return 4;
    }
    memcpy(header, "\x10\x00\x88\xbe", 4);
    memcpy(header + 4, &number, 4);
    memcpy(header + 8, "\x10\x00\x00\x01\x00\x00\x00\x02", 8);
    return 16;
}

static struct exporter_dgram
make_dgram(struct test *t, uint8_t header[16], size_t size, bool lent)
{
    size_t header_len = put_header(t, header);
    size_t rest = size - header_len;

    /* In three pieces, as a frame with a repaired checksum. */
    return (struct exporter_dgram) {
        .iov[0] = { header, header_len },
        .iov[1] = { payload, rest / 2 },
        .iov[3] = { payload + rest / 2, rest - rest / 2 },
        .lent = lent,
    };
}

/* lend N SIZE: the headers stay as they are until the flush. */
static void
cmd_lend(struct test *t, char *args[])
{
    struct exporter_output *output = collector_output(t->collector);
    int n = atoi(args[0]);

    ovs_assert(n <= MAX_LENT);
    for (int i = 0; i < n; i++) {
        struct lent *lent = &t->lent[t->sent % MAX_LENT];
        struct exporter_dgram dgram = make_dgram(t, lent->header,
                                                 atoi(args[1]), true);

        output->send(output, &dgram, 1);
    }
}

/* copy N SIZE: the header's place is used again at once. */
static void
cmd_copy(struct test *t, char *args[])
{
    struct exporter_output *output = collector_output(t->collector);
    int n = atoi(args[0]);
    uint8_t header[16];

    for (int i = 0; i < n; i++) {
        struct exporter_dgram dgram = make_dgram(t, header, atoi(args[1]),
                                                 false);

        output->send(output, &dgram, 1);
        memset(header, 0xff, sizeof header);
    }
}

static void
cmd_flush(struct test *t, char *args[] OVS_UNUSED)
{
    exporter_output_flush(collector_output(t->collector));
    printf("backlog: %s\n",
           collector_has_backlog(t->collector) ? "yes" : "no");
}

static void
cmd_drain(struct test *t, char *args[] OVS_UNUSED)
{
    collector_drain(t->collector);
}

/* pace RATE [TIME:WANTED]...: how many of those that are wanted may leave at
 * that time, in us. */
static void
cmd_pace(struct test *t OVS_UNUSED, char *args[])
{
    struct cpace pace;

    cpace_init(&pace, atoi(args[0]));
    printf("step %"PRIu64" us:", cpace_step_us(&pace));
    for (int i = 1; args[i]; i++) {
        char *wanted = strchr(args[i], ':');
        size_t n = MIN(cpace_allow(&pace, strtoull(args[i], NULL, 10)),
                       strtoull(wanted + 1, NULL, 10));

        cpace_take(&pace, n);
        printf(" %"PRIuSIZE, n);
    }
    printf("\n");
}

static void
cmd_wait(struct test *t, char *args[])
{
    collector_set_wait(t->collector, !strcmp(args[0], "on"));
}

static void
print_stat(const char *name, uint64_t value)
{
    if (value) {
        printf(" %s=%"PRIu64, name, value);
    }
}

static void
cmd_stats(struct test *t, char *args[] OVS_UNUSED)
{
    struct collector_stats s;

    collector_get_stats(t->collector, &s);
    printf("stats:");
    print_stat("sent_datagrams", s.sent_datagrams);
    print_stat("sent_bytes", s.sent_bytes);
    print_stat("dropped_queue", s.dropped_queue);
    print_stat("dropped_send", s.dropped_send);
    print_stat("emsgsize", s.emsgsize);
    print_stat("enobufs", s.enobufs);
    print_stat("eagain", s.eagain);
    print_stat("other", s.other);
    printf("\n");
}

/* Each datagram is accounted for. */
static void
cmd_balance(struct test *t, char *args[] OVS_UNUSED)
{
    struct collector_stats s;

    collector_get_stats(t->collector, &s);
    ovs_assert(s.dropped_send == s.emsgsize + s.enobufs + s.eagain + s.other);
    printf("given %"PRIu32", unaccounted %"PRId64"; lost:%s%s%s%s\n", t->sent,
           (int64_t) (t->sent - s.sent_datagrams - s.dropped_send
                      - s.dropped_queue),
           s.dropped_queue ? " queue" : "", s.enobufs ? " enobufs" : "",
           s.eagain ? " eagain" : "", s.other ? " other" : "");
}

static void
print_teller(const struct collector_stats *s)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ipv6_format_mapped(&s->teller, &ds);
    printf("%s%s", (s->told_by == COLLECTOR_TOLD_HERE ? "this host"
                    : s->told_by == COLLECTOR_TOLD_ITSELF ? "the collector "
                    : "the router "),
           s->told_by == COLLECTOR_TOLD_HERE ? "" : ds_cstr(&ds));
    ds_destroy(&ds);
}

/* judged: what has come back so far, and what of it is believed. */
static void
cmd_judged(struct test *t, char *args[] OVS_UNUSED)
{
    struct pollfd pfd = { .fd = collector_fd(t->collector), .events = 0 };
    bool any = poll(&pfd, 1, 0) == 1;
    struct collector_stats s;

    collector_run(t->collector, now_us());
    collector_get_stats(t->collector, &s);
    printf("%s came back, believed %"PRIu64"\n",
           any ? "something" : "nothing", s.unreachable);
}

/* recent OCTETS [N:LENGTH@TIME|?N:LENGTH@TIME]...: the datagram N of
 * that length is sent, or a quote of it comes, at that time. */
static void
cmd_recent(struct test *t OVS_UNUSED, char *args[])
{
    struct crecent *recent = xmalloc(sizeof *recent);

    crecent_init(recent, atoi(args[0]));
    printf("recent:");
    for (int i = 1; args[i]; i++) {
        unsigned int number, length, ms;
        bool quoted = args[i][0] == '?';
        uint8_t data[64] = { 0 };

        ovs_assert(sscanf(args[i] + quoted, "%u:%u@%u", &number, &length, &ms)
                   == 3 && length <= sizeof data);
        memcpy(data + 4, &number, sizeof number);
        if (quoted) {
            printf(" %s", crecent_has(recent, data, length, ms) ? "ours"
                   : "no");
        } else {
            /* In pieces, of which one is empty. */
            struct iovec iov[] = { { data, MIN(length, 4 + i % 9) },
                                   { NULL, 0 }, { NULL, 0 } };

            iov[2].iov_base = data + iov[0].iov_len;
            iov[2].iov_len = length - iov[0].iov_len;
            crecent_add(recent, iov, ARRAY_SIZE(iov), ms);
        }
    }
    printf("\n");
    free(recent);
}

/* errors: waits until something came back, then says what. */
static void
cmd_errors(struct test *t, char *args[] OVS_UNUSED)
{
    struct pollfd pfd = { .fd = collector_fd(t->collector), .events = 0 };
    uint64_t start = now_us();
    struct collector_stats s;

    do {
        poll(&pfd, 1, 100);
        collector_run(t->collector, now_us());
        collector_get_stats(t->collector, &s);
    } while (!s.unreachable && !s.proto_unreachable
             && now_us() < start + WAIT_MS * 1000);
    printf("unreachable: %s", s.unreachable ? "yes" : "no");
    if (s.unreachable) {
        printf(", %s, time %s, says ", ovs_strerror(s.last_unreachable_errno),
               s.last_unreachable_us >= start
               && s.last_unreachable_us <= now_us() ? "right" : "wrong");
        print_teller(&s);
    }
    printf("; protocol unreachable: %s\n", s.proto_unreachable ? "yes" : "no");
}

/* hop unknown|down; hop INTERFACE MAC MTU: of an interface of this
 * namespace. */
static void
cmd_hop(struct test *t, char *args[])
{
    struct collector_hop hop = { .type = COLLECTOR_HOP_UNKNOWN };

    if (!strcmp(args[0], "down")) {
        hop.type = COLLECTOR_HOP_DOWN;
    } else if (strcmp(args[0], "unknown")) {
        struct ifreq ifr = { .ifr_ifindex = 0 };
        struct ether_addr mac;
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        ovs_strlcpy(ifr.ifr_name, args[0], sizeof ifr.ifr_name);
        ovs_assert(!ioctl(fd, SIOCGIFHWADDR, &ifr));
        close(fd);
        ovs_assert(ether_aton_r(args[1], &mac));
        hop.type = COLLECTOR_HOP_ETHERNET;
        hop.ifindex = if_nametoindex(args[0]);
        hop.mtu = atoi(args[2]);
        memcpy(hop.src_mac, ifr.ifr_hwaddr.sa_data, sizeof hop.src_mac);
        memcpy(hop.dst_mac, &mac, sizeof hop.dst_mac);
    }
    collector_set_hop(t->collector, &hop);
}

static void
cmd_mtu(struct test *t, char *args[] OVS_UNUSED)
{
    printf("mtu: %"PRIu32"\n", collector_get_mtu(t->collector));
}

static void
cmd_local(struct test *t, char *args[] OVS_UNUSED)
{
    struct in6_addr src;
    uint16_t port;

    collector_get_local(t->collector, &src, &port);
    struct ds ds = DS_EMPTY_INITIALIZER;
    ipv6_format_mapped(&src, &ds);
    printf("local: %s, %s\n", ds_cstr(&ds), port ? "a port" : "no port");
    ds_destroy(&ds);
}

static const struct command {
    const char *name;
    void (*run)(struct test *, char *args[]);
} commands[] = {
    { "receiver", cmd_receiver },       /* ADDRESS */
    { "close-receiver", cmd_close_receiver },
    { "receive", cmd_receive },         /* N */
    { "open", cmd_open },
    { "close", cmd_close },
    { "lend", cmd_lend },               /* N SIZE */
    { "copy", cmd_copy },               /* N SIZE */
    { "flush", cmd_flush },
    { "drain", cmd_drain },
    { "wait", cmd_wait },               /* on|off */
    { "pace", cmd_pace },               /* RATE [TIME:WANTED]... */
    { "stats", cmd_stats },
    { "balance", cmd_balance },
    { "errors", cmd_errors },
    { "judged", cmd_judged },
    { "recent", cmd_recent },
    { "hop", cmd_hop },         /* unknown|down|INTERFACE MAC MTU */
    { "mtu", cmd_mtu },
    { "local", cmd_local },
};

static void
run_command(struct test *t, char *line)
{
    enum { MAX_ARGS = 16 };
    char *args[MAX_ARGS + 1] = { NULL };
    char *save = NULL;
    int n = 0;

    for (char *p = strtok_r(line, " ", &save); p && n < MAX_ARGS;
         p = strtok_r(NULL, " ", &save)) {
        args[n++] = p;
    }
    for (size_t i = 0; n && i < ARRAY_SIZE(commands); i++) {
        if (!strcmp(args[0], commands[i].name)) {
            commands[i].run(t, args + 1);
            fflush(stdout);
            return;
        }
    }
    ovs_assert(!n || args[0][0] == '#');
}

int
main(void)
{
    struct test *t = xzalloc(sizeof *t);
    struct ds line = DS_EMPTY_INITIALIZER;

    t->receiver = -1;
    memset(payload, 0x5a, sizeof payload);
    while (!ds_get_line(&line, stdin)) {
        run_command(t, ds_cstr(&line));
    }
    collector_close(t->collector);
    ds_destroy(&line);
    free(t);
    return 0;
}
