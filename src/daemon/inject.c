/* inject.c -- test packets from an interface.  See inject.h.
 *
 * ICMP echo requests and TCP SYNs leave through raw sockets, UDP through a
 * datagram socket, so that no connection state is left behind: a TCP SYN that
 * is answered is reset by the kernel, which does not know of it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/inject.h"
#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/reply.h"
#include "daemon/select.h"
#include "kernel/kernel.h"
#include "query/query.h"
#include "topo/topo.h"

enum {
    MAX_COUNT = 1000000,
    MAX_INTERVAL_MS = 3600 * 1000,
    MAX_SIZE = 65000,           /* Bytes after the ICMP, UDP or TCP header. */
    MAX_BURST = 64,             /* Packets in one round of the loop. */
    DEFAULT_PORT = 9,           /* discard */
    DEFAULT_SPORT = 40000,
    NEIGHBOUR_MS = 2000,        /* The kernel has asked twice then. */
    NEIGHBOUR_POLL_MS = 20,
};

struct inject {
    struct ovs_list node;       /* In 'injects'. */
    struct unixctl_conn *conn;  /* Waits for our reply. */
    char *node_name;            /* Of the interface that sends. */
    int fd;                     /* Bound to it, connected to 'dst'. */
    int type;                   /* IPPROTO_ICMP, _UDP or _TCP. */
    bool ipv6;                  /* 'dst' is IPv6. */
    struct sockaddr_storage src;        /* As routed. */
    struct sockaddr_storage dst;        /* Port in it for UDP only. */
    uint16_t sport, dport;      /* Host byte order; of UDP and TCP. */
    uint32_t size;              /* Bytes of payload. */
    uint32_t count;             /* Packets still to be sent. */
    uint32_t interval;          /* Between two, in ms. */
    uint32_t sent, failed;      /* So far. */
    int last_errno;             /* Of the last that failed. */
    char ifname[IFNAMSIZ];      /* Of the device, in its namespace. */
    long long int patience;     /* Until when a neighbour may answer. */
    bool silent;                /* It did not. */
    long long int next;         /* time_msec() of the next. */
    uint8_t *packet;            /* Header and payload. */
};

static struct ovs_list injects = OVS_LIST_INITIALIZER(&injects);

static void
inject_destroy(struct inject *in)
{
    if (in->fd >= 0) {
        close(in->fd);
    }
    free(in->node_name);
    free(in->packet);
    free(in);
}

/* ## Reading the request. ## */

static char * OVS_WARN_UNUSED_RESULT
get_number(const struct jsn *request, const char *name, int64_t def,
           int64_t min, int64_t max, uint32_t *value)
{
    int64_t n = jsn_get_integer(request, name, def);

    if (n < min || n > max) {
        return xasprintf("%s=%"PRId64": expected a number from %"PRId64
                         " to %"PRId64, name, n, min, max);
    }
    *value = n;
    return NULL;
}

static char * OVS_WARN_UNUSED_RESULT
parse_type(const struct jsn *request, int *type)
{
    const char *s = jsn_get_string(request, "type", "icmp");

    *type = (!strcmp(s, "icmp") ? IPPROTO_ICMP
             : !strcmp(s, "udp") ? IPPROTO_UDP
             : !strcmp(s, "tcp") ? IPPROTO_TCP
             : 0);
    return *type ? NULL : xasprintf("type=%s: expected icmp, udp or tcp", s);
}

static char * OVS_WARN_UNUSED_RESULT
parse_dst(struct inject *in, const struct jsn *request)
{
    const char *s = jsn_get_string(request, "dst", "");
    struct sockaddr_in *sin = ALIGNED_CAST(struct sockaddr_in *, &in->dst);
    struct sockaddr_in6 *sin6 = ALIGNED_CAST(struct sockaddr_in6 *, &in->dst);

    if (inet_pton(AF_INET, s, &sin->sin_addr) == 1) {
        sin->sin_family = AF_INET;
    } else if (inet_pton(AF_INET6, s, &sin6->sin6_addr) == 1) {
        sin6->sin6_family = AF_INET6;
        in->ipv6 = true;
    } else {
        return xasprintf("\"%s\": expected an IPv4 or IPv6 address to send "
                         "to", s);
    }
    return NULL;
}

static char * OVS_WARN_UNUSED_RESULT
parse_request(struct inject *in, const struct jsn *request)
{
    uint32_t sport, dport;
    char *error = parse_type(request, &in->type);

    if (!error) {
        error = parse_dst(in, request);
    }
    if (!error) {
        error = get_number(request, "count", 1, 1, MAX_COUNT, &in->count);
    }
    if (!error) {
        error = get_number(request, "interval", 1000, 0, MAX_INTERVAL_MS,
                           &in->interval);
    }
    if (!error) {
        error = get_number(request, "size", in->type == IPPROTO_TCP ? 0 : 56,
                           0, MAX_SIZE, &in->size);
    }
    if (!error) {
        error = get_number(request, "sport", DEFAULT_SPORT, 0, UINT16_MAX,
                           &sport);
    }
    if (!error) {
        error = get_number(request, "dport", DEFAULT_PORT, 1, UINT16_MAX,
                           &dport);
    }
    if (!error) {
        in->sport = sport;
        in->dport = dport;
    }
    return error;
}

/* The node with a kernel device that packets of 'node' leave by: itself, or
 * the interface of its name behind a port or a bridge; NULL: none. */
static const struct topo_node *
find_device(const struct topo_node *node)
{
    const struct topo_node *device = node->link ? node : NULL;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (!device && !strcmp(edge->relation, "layer2")
            && !strcmp(edge->child->name, node->name)) {
            device = find_device(edge->child);
        }
    }
    return device;
}

static const struct topo_node *
find_peer(const struct topo_node *device, const char *type)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &device->out) {
        const char *t = topo_map_find_string(&edge->meta, "Type");

        if (t && !strcmp(t, type)) {
            return edge->child;
        }
    }
    LIST_FOR_EACH (edge, in_node, &device->in) {
        const char *t = topo_map_find_string(&edge->meta, "Type");

        if (t && !strcmp(t, type)) {
            return edge->parent;
        }
    }
    return NULL;
}

/* Beside those that every link gives itself. */
static bool
has_address(const struct topo_node *device)
{
    static const char *const keys[] = { "IPV4", "IPV6" };

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct topo_value *list = topo_map_find(&device->meta, keys[i]);
        size_t n = list && list->type == TOPO_LIST ? topo_list_n(list) : 0;

        for (size_t j = 0; j < n; j++) {
            const struct topo_value *ip = topo_list_at(list, j);

            if (ip->type == TOPO_STRING && strncmp(ip->string, "fe80:", 5)) {
                return true;
            }
        }
    }
    return false;
}

/* The switch's end of a port, not the host's end of an internal one. */
static bool
is_switch_end(const struct topo_node *device)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, in_node, &device->in) {
        if (!strcmp(edge->relation, "layer2")
            && !strcmp(edge->parent->type, "ovsport")) {
            return strcmp(device->type, "internal") != 0;
        }
    }
    return false;
}

/* What the switch's end of a port sends goes away from the switch, to whoever
 * is at the other end; who gave it an address means that. */
static char * OVS_WARN_UNUSED_RESULT
check_side(const struct topo_node *device, const struct topo *topo)
{
    const struct topo_node *peer = find_peer(device, "veth");
    char *where = peer ? query_name_of(peer, topo) : NULL;
    char *why = NULL;

    if (is_switch_end(device) && !has_address(device)) {
        why = xasprintf("%s has no address, and what it sends goes to %s, "
                        "not into the switch: inject from %s", device->name,
                        where ? where : "whoever is at its other end",
                        where ? where
                        : "there, or from an internal port of the bridge");
    }
    free(where);
    return why;
}

/* The one interface with a kernel device that the selector gives; what is
 * selected has its name. */
static char * OVS_WARN_UNUSED_RESULT
find_sender(struct inject *in, const struct topo *topo,
            const struct jsn *request, const struct topo_node **nodep)
{
    const char *selector = jsn_get_string(request, "from", "");
    const struct topo_node *node;
    char *error = select_one(topo, selector, "inject sends from one", &node);

    if (error) {
        return error;
    }
    *nodep = find_device(node);
    in->node_name = query_name_of(node, topo);
    if (*nodep) {
        return check_side(*nodep, topo);
    }
    return (!strcmp(node->type, "netns") || !strcmp(node->type, "host")
            ? xasprintf("\"%s\" is the %s %s: pick an interface in it",
                        selector, node->type, node->name)
            : xasprintf("\"%s\" (%s) has no kernel device to send from",
                        node->name, node->type));
}

/* ## The socket. ## */

struct open_args {
    struct inject *in;          /* What to open it for. */
    const char *ifname;         /* To bind it to. */
};

static socklen_t
sockaddr_len(const struct inject *in)
{
    return (in->ipv6 ? sizeof(struct sockaddr_in6)
            : sizeof(struct sockaddr_in));
}

static void
set_port(struct sockaddr_storage *ss, bool ipv6, uint16_t port)
{
    if (ipv6) {
        ALIGNED_CAST(struct sockaddr_in6 *, ss)->sin6_port = htons(port);
    } else {
        ALIGNED_CAST(struct sockaddr_in *, ss)->sin_port = htons(port);
    }
}

static int
open_socket(struct inject *in, const char *ifname)
{
    int protocol = (in->type == IPPROTO_ICMP && in->ipv6 ? IPPROTO_ICMPV6
                    : in->type);
    int kind = in->type == IPPROTO_UDP ? SOCK_DGRAM : SOCK_RAW;
    socklen_t len = sizeof in->src;

    in->fd = socket(in->ipv6 ? AF_INET6 : AF_INET,
                    kind | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
    if (in->fd < 0
        || setsockopt(in->fd, SOL_SOCKET, SO_BINDTODEVICE, ifname,
                      strlen(ifname) + 1)) {
        return errno;
    }
    if (in->type == IPPROTO_UDP) {
        struct sockaddr_storage any = { .ss_family = in->dst.ss_family };

        set_port(&any, in->ipv6, in->sport);
        if (bind(in->fd, (struct sockaddr *) &any, sockaddr_len(in))) {
            return errno;
        }
        set_port(&in->dst, in->ipv6, in->dport);
    }
    if (connect(in->fd, (struct sockaddr *) &in->dst, sockaddr_len(in))
        || getsockname(in->fd, (struct sockaddr *) &in->src, &len)) {
        return errno;
    }
    return 0;
}

static int
open_socket_cb(void *args_)
{
    struct open_args *args = args_;

    return open_socket(args->in, args->ifname);
}

/* ## The packets. ## */

static size_t
header_len(const struct inject *in)
{
    return (in->type == IPPROTO_ICMP ? sizeof(struct icmphdr)
            : in->type == IPPROTO_TCP ? sizeof(struct tcphdr)
            : 0);
}

/* The sum over the pseudo-header of RFC 793; the kernel does IPv6's. */
static uint32_t
pseudo_header(const struct inject *in, size_t len)
{
    const struct sockaddr_in *src
        = ALIGNED_CAST(const struct sockaddr_in *, &in->src);
    const struct sockaddr_in *dst
        = ALIGNED_CAST(const struct sockaddr_in *, &in->dst);
    uint32_t sum = 0;

    sum = csum_add32(sum, src->sin_addr.s_addr);
    sum = csum_add32(sum, dst->sin_addr.s_addr);
    sum = csum_add16(sum, htons(IPPROTO_TCP));
    return csum_add16(sum, htons(len));
}

static void
compose_icmp(struct inject *in, uint32_t n)
{
    struct icmphdr *icmp = ALIGNED_CAST(struct icmphdr *, in->packet);

    icmp->type = in->ipv6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
    icmp->code = 0;
    icmp->un.echo.id = htons(getpid());
    icmp->un.echo.sequence = htons(n);
    icmp->checksum = 0;
    if (!in->ipv6) {
        icmp->checksum = csum(in->packet, header_len(in) + in->size);
    }
}

static void
compose_tcp(struct inject *in, uint32_t n)
{
    struct tcphdr *tcp = ALIGNED_CAST(struct tcphdr *, in->packet);
    size_t len = header_len(in) + in->size;

    memset(tcp, 0, sizeof *tcp);
    tcp->source = htons(in->sport);
    tcp->dest = htons(in->dport);
    tcp->seq = htonl(n);
    tcp->doff = sizeof *tcp / 4;
    tcp->syn = 1;
    tcp->window = htons(UINT16_MAX);
    if (!in->ipv6) {
        tcp->check = csum_finish(csum_continue(pseudo_header(in, len),
                                               in->packet, len));
    }
}

static void
send_one(struct inject *in)
{
    uint32_t n = in->sent + in->failed + 1;

    if (in->type == IPPROTO_ICMP) {
        compose_icmp(in, n);
    } else if (in->type == IPPROTO_TCP) {
        compose_tcp(in, n);
    }

    /* An ICMP error for an earlier packet is reported by the next send, which
     * then did not send. */
    size_t len = header_len(in) + in->size;
    ssize_t retval = send(in->fd, in->packet, len, 0);
    if (retval < 0 && errno == ECONNREFUSED) {
        retval = send(in->fd, in->packet, len, 0);
    }
    if (retval < 0) {
        in->failed++;
        in->last_errno = errno;
    } else {
        in->sent++;
    }
    in->count--;
}

/* Whether the kernel has asked by ARP for 'dst' and has no answer: then what
 * was sent waits for one, and nothing but the question has left.  What is
 * behind a router, or IPv6, is not known of. */
static bool
waits_for_neighbour(const struct inject *in)
{
    struct arpreq req;

    if (in->ipv6) {
        return false;
    }
    memset(&req, 0, sizeof req);
    memcpy(&req.arp_pa, &in->dst, sizeof req.arp_pa);
    ovs_strlcpy(req.arp_dev, in->ifname, sizeof req.arp_dev);
    return !ioctl(in->fd, SIOCGARP, &req) && !(req.arp_flags & ATF_COM);
}

/* Returns true if all was sent, and an answer to ARP need not be waited for
 * any more. */
static bool
is_finished(struct inject *in)
{
    long long int now = time_msec();

    if (in->count) {
        return false;
    } else if (!in->sent || !waits_for_neighbour(in)) {
        return true;
    }
    in->patience = in->patience ? in->patience : now + NEIGHBOUR_MS;
    in->silent = now >= in->patience;
    in->next = now + NEIGHBOUR_POLL_MS;
    return in->silent;
}

static void
finish(struct inject *in)
{
    if (!in->sent) {
        char *error = xasprintf("%s: nothing was sent: %s", in->node_name,
                                ovs_strerror(in->last_errno));
        unixctl_command_reply_error(in->conn, error);
        free(error);
        return;
    }

    struct jsn *reply = jsn_object();
    jsn_put_string(reply, "from", in->node_name);
    jsn_put_integer(reply, "sent", in->sent);
    jsn_put_integer(reply, "failed", in->failed);
    if (in->silent) {
        jsn_put_bool(reply, "no_arp", true);
    }
    reply_json(in->conn, reply);
}

static char * OVS_WARN_UNUSED_RESULT
inject_open(struct inject *in, const struct topo_node *node)
{
    const struct topo_link *link = node->link;
    struct open_args args = { .in = in, .ifname = link->name };
    int error = kern_call_in_netns(link->netns_path, link->netns,
                                   open_socket_cb, &args);

    if (error) {
        return xasprintf("cannot send from %s: %s", in->node_name,
                         error == ENETUNREACH
                         ? "no route to that address, or no address of its "
                           "own" : ovs_strerror(error));
    }
    if (in->type == IPPROTO_TCP && in->ipv6) {
        int ofs = offsetof(struct tcphdr, check);

        setsockopt(in->fd, IPPROTO_IPV6, IPV6_CHECKSUM, &ofs, sizeof ofs);
    }
    in->packet = xzalloc(header_len(in) + in->size + 1);
    ovs_strlcpy(in->ifname, link->name, sizeof in->ifname);
    return NULL;
}

char *
inject_start(const struct topo *topo, const struct jsn *request,
             struct unixctl_conn *conn)
{
    struct inject *in = xzalloc(sizeof *in);
    const struct topo_node *node;

    in->fd = -1;
    in->conn = conn;
    in->next = time_msec();

    char *error = parse_request(in, request);
    if (!error) {
        error = find_sender(in, topo, request, &node);
    }
    if (!error) {
        error = inject_open(in, node);
    }
    if (error) {
        inject_destroy(in);
        return error;
    }
    ovs_list_push_back(&injects, &in->node);
    return NULL;
}

void
inject_run(void)
{
    struct inject *in;

    LIST_FOR_EACH_SAFE (in, node, &injects) {
        for (int i = 0; i < MAX_BURST && in->count
                        && time_msec() >= in->next; i++) {
            send_one(in);
            in->next += in->interval;
        }
        if (is_finished(in)) {
            finish(in);
            ovs_list_remove(&in->node);
            inject_destroy(in);
        }
    }
}

void
inject_wait(void)
{
    const struct inject *in;

    LIST_FOR_EACH (in, node, &injects) {
        poll_timer_wait_until(in->next);
    }
}
