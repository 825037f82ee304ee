/* collector-socket.c -- a socket towards a collector.
 *
 * A kind of collector: collector.c opens it and calls it through its table.  A
 * socket is connected, so that the kernel keeps the route, the path's MTU
 * and the errors that come back for it.  It never receives: a filter drops
 * whatever a collector may send, because nobody would read it, and a raw
 * socket would get a copy of all GRE from that host.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <unistd.h>
#include "base/ovs.h"

enum {
    QUEUE_SIZE = 4 * 1024 * 1024,       /* Bytes that may wait here. */
    /* Octets in which a datagram differs from those that others could make up.
     * The sequence of sFlow ends at 36 if the agent has an IPv6 address, that
     * of the others at 24; that of ERSPAN at 8, and no more need be quoted. */
    MARK_UDP = 36,
    MARK_GRE = 8,
};

static int
drop_received(int fd)
{
    struct sock_filter ret0 = BPF_STMT(BPF_RET | BPF_K, 0);
    struct sock_fprog fprog = { .len = 1, .filter = &ret0 };

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &fprog, sizeof fprog)
           ? errno : 0;
}

/* A number that a socket is told, unless 'leave' is set. */
struct option {
    int level, name;
    int value;
    bool leave;
};

static int
set_options(int fd, const struct option *options, size_t n)
{
    int error = 0;

    for (size_t i = 0; i < n && !error; i++) {
        const struct option *o = &options[i];

        error = (o->leave ? 0
                 : collector_set_int(fd, o->level, o->name, o->value));
    }
    return error;
}

/* What every packet has in its header. */
static int
set_hops(int fd, const struct collector_conf *conf)
{
    bool ipv6 = !IN6_IS_ADDR_V4MAPPED(&conf->dst);
    const struct option options[] = {
        { IPPROTO_IP, IP_TTL, conf->ttl, ipv6 || !conf->ttl },
        { IPPROTO_IP, IP_TOS, conf->dscp << 2, ipv6 || !conf->dscp },
        { IPPROTO_IPV6, IPV6_UNICAST_HOPS, conf->ttl, !ipv6 || !conf->ttl },
        { IPPROTO_IPV6, IPV6_TCLASS, conf->dscp << 2, !ipv6 || !conf->dscp },
    };

    return set_options(fd, options, ARRAY_SIZE(options));
}

static int
set_options4(int fd, const struct collector_conf *conf)
{
    const struct option options[] = {
        /* With PMTUDISC_DONT the kernel clears DF, picks identifications and
         * fragments what is larger than the path's MTU. */
        { IPPROTO_IP, IP_MTU_DISCOVER,
          conf->may_fragment ? IP_PMTUDISC_DONT : IP_PMTUDISC_DO, false },
        { IPPROTO_IP, IP_RECVERR, 1, false },
    };

    return set_options(fd, options, ARRAY_SIZE(options));
}

static int
set_options6(int fd, const struct collector_conf *conf)
{
    const struct option options[] = {
        { IPPROTO_IPV6, IPV6_MTU_DISCOVER,
          conf->may_fragment ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_DO, false },
        { IPPROTO_IPV6, IPV6_RECVERR, 1, false },
        /* What one address sends another in GRE is one flow whichever way it
         * takes here, so it has one label. */
        { IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, 0,
          conf->proto != COLLECTOR_GRE },
    };

    return set_options(fd, options, ARRAY_SIZE(options));
}

/* ## The way out. ## */

/* A broadcast address is refused as something forbidden; that is what it is if
 * it is let through with leave to broadcast. */
static bool
is_broadcast(int fd, const struct collector_conf *conf)
{
    return (!collector_set_int(fd, SOL_SOCKET, SO_BROADCAST, 1)
            && !collector_connect(fd, conf));
}

static int
connect_socket(int fd, const struct collector_conf *conf)
{
    int error = collector_bind_device(fd, conf);

    if (!error && !IN6_IS_ADDR_UNSPECIFIED(&conf->src)) {
        error = collector_bind(fd, conf, &conf->src, 0);
    }
    if (!error) {
        error = collector_connect(fd, conf);
    }
    return error == EACCES && is_broadcast(fd, conf) ? ENOTUNIQ : error;
}

/* An interface may have gone, and one of its name have come. */
static void
follow_device(struct collector *c)
{
    int ifindex = collector_find_device(c->fd, &c->conf);

    if (ifindex != collector_get_device(c)) {
        ignore(collector_bind_device(c->fd, &c->conf));
        collector_set(c, CC_DEVICE, ifindex);
    }
}

/* Looks the route up again; the local address stays. */
static void
reconnect_socket(struct collector *c)
{
    follow_device(c);
    ignore(collector_connect(c->fd, &c->conf));
}

bool
collector_has_address(const struct collector_conf *conf,
                      const struct in6_addr *addr)
{
    bool ipv6 = !IN6_IS_ADDR_V4MAPPED(addr);
    int fd = socket(ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return true;            /* Who knows. */
    }
    bool is_there = (!collector_bind_device(fd, conf)
                     && !collector_bind(fd, conf, addr, 0));
    close(fd);
    return is_there;
}

/* In place of the socket of datagrams, which has found the way there: what
 * will be connected from the same address, once its owner says so. */
static int
open_tcp(struct collector *c)
{
    close(c->fd);
    c->fd = socket(c->ipv6 ? AF_INET6 : AF_INET,
                   SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) {
        return errno;
    }

    int error = set_hops(c->fd, &c->conf);
    error = error ? error : collector_tcp_set_options(c->fd);
    error = error ? error : collector_bind_device(c->fd, &c->conf);
    error = error ? error : collector_bind(c->fd, &c->conf, &c->src, 0);
    error = error ? error : collector_read_local(c);
    c->tcp = collector_tcp_create();
    collector_set(c, CC_PRESENCE, COLLECTOR_CONNECTING);
    return error;
}

static int
open_socket(struct collector *c)
{
    bool gre = c->conf.proto == COLLECTOR_GRE;
    int error;

    c->fd = socket(c->ipv6 ? AF_INET6 : AF_INET,
                   (gre ? SOCK_RAW : SOCK_DGRAM)
                   | SOCK_NONBLOCK | SOCK_CLOEXEC,
                   gre ? IPPROTO_GRE : IPPROTO_UDP);
    if (c->fd < 0) {
        return errno;
    }
    collector_set_sndbuf(c->fd);
    error = drop_received(c->fd);
    if (!error) {
        error = (c->ipv6 ? set_options6(c->fd, &c->conf)
                 : set_options4(c->fd, &c->conf));
    }
    error = error ? error : set_hops(c->fd, &c->conf);
    if (!error) {
        error = connect_socket(c->fd, &c->conf);
    }
    follow_device(c);
    error = error ? error : collector_read_local(c);
    return error || c->conf.proto != COLLECTOR_TCP ? error : open_tcp(c);
}

/* There is no way that is to be found. */
static int
open_local(struct collector *c)
{
    c->way_open = true;
    c->fd = fcntl(c->conf.fd, F_DUPFD_CLOEXEC, 0);
    if (c->fd < 0) {
        return errno;
    }
    collector_set_sndbuf(c->fd);
    return 0;
}

int
collector_socket_open(struct collector *c, const struct collector_conf *conf)
{
    c->conf = *conf;
    c->ipv6 = !IN6_IS_ADDR_V4MAPPED(&conf->dst);
    cqueue_init(&c->queue, QUEUE_SIZE);
    cpace_init(&c->pace, conf->rate);
    crecent_init(&c->recent, (conf->proto == COLLECTOR_GRE ? MARK_GRE
                              : MARK_UDP));
    for (size_t i = 0; i < COLLECTOR_BATCH; i++) {
        c->msgs[i].msg_hdr.msg_iov = c->iovs[i];
        c->msgs[i].msg_hdr.msg_iovlen = EXPORTER_MAX_IOV;
    }

    int error = (conf->proto == COLLECTOR_LOCAL ? open_local(c)
                 : open_socket(c));
    if (!error && conf->proto == COLLECTOR_GRE && !conf->raw) {
        c->link = collector_link_create();
    }
    return error;
}

static void
socket_send(struct exporter_output *output,
            const struct exporter_dgram *dgrams, size_t n)
{
    collector_send(CONTAINER_OF(output, struct collector, output), dgrams, n);
}

static void
socket_flush(struct exporter_output *output)
{
    collector_flush(CONTAINER_OF(output, struct collector, output));
}

static void
socket_run(struct collector *c, uint64_t now_us)
{
    if (c->tcp) {
        collector_tcp_look(c);
    } else if (c->conf.proto != COLLECTOR_LOCAL) {
        collector_read_errors(c, now_us);
    }
    collector_flush(c);
}

static void
socket_close(struct collector *c)
{
    if (c->fd >= 0) {
        collector_drain(c);
    }
    collector_link_destroy(c->link);
    collector_tcp_destroy(c->tcp);
}

const struct collector_kind collector_socket_kind = {
    .send = socket_send,
    .flush = socket_flush,
    .run = socket_run,
    .close = socket_close,
};

int
collector_get_device(const struct collector *c)
{
    return collector_get(c, CC_DEVICE);
}

uint32_t
collector_get_mtu(struct collector *c)
{
    int mtu = 0;
    socklen_t length = sizeof mtu;

    /* Only datagrams can be too long for a path. */
    if (c->kind != &collector_socket_kind
        || c->conf.proto == COLLECTOR_TCP
        || c->conf.proto == COLLECTOR_LOCAL) {
        return 0;
    }
    /* The socket would answer for the route that it found first. */
    reconnect_socket(c);
    if (getsockopt(c->fd, c->ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
                   c->ipv6 ? IPV6_MTU : IP_MTU, &mtu, &length)) {
        return 0;
    }
    if (c->link) {
        collector_link_set_mtu(c->link, mtu);
    }
    return mtu;
}
