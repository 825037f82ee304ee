/* collector-link.c -- GRE that leaves through a packet socket.
 *
 * A raw socket makes the kernel look up the route, build the IP header and ask
 * netfilter for each datagram, which is about half of what sending one costs.
 * While the control half says which hop the collector is behind, datagrams are
 * given to the interface as whole frames instead; the IP header is ours then,
 * and so is fragmentation.  Without a hop, and for whatever is unusual, the
 * raw socket sends: it is right always.
 *
 * Called by collector-send.c with datagrams that were lent, and by whoever
 * sets the hop.  Both sockets hand frames to the same interface within the
 * call, so order is kept.
 *
 * Invariant: each datagram given is sent, counted as lost, or left to the
 * caller; a hop that the kernel refuses is not tried again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/ovs.h"

enum {
    IPV4_LEN = sizeof(struct iphdr),
    IPV6_LEN = sizeof(struct ip6_hdr),
    FRAG6_LEN = sizeof(struct ip6_frag),
    OUTER_MAX = ETHER_HDR_LEN + IPV6_LEN + FRAG6_LEN,
    /* The first pieces of a datagram are copied behind our headers as far as
     * there is room, its headers always: copying some hundred bytes takes less
     * than one more piece for the kernel. */
    START_LEN = 384,
    MAX_IOV = 1 + EXPORTER_MAX_IOV,
    MAX_IP_LEN = 65535,         /* IPv4: with its header; IPv6: without. */
    /* One datagram in this time goes through the raw socket, so that the
     * kernel sees that its neighbour is in use, and asks it whether it is
     * there still. */
    CONFIRM_MS = 1000,
};

/* A frame that is ready to be sent. */
struct frame {
    uint8_t start[START_LEN];   /* Headers, and what follows them. */
    struct iovec iov[MAX_IOV];  /* Its pieces, not all in use. */
    size_t n_dgrams;            /* Datagrams that are complete with it. */
};

struct collector_link {
    int fd;                     /* Packet socket, bound if there is a hop. */
    struct collector_hop hop;
    uint32_t path_mtu;          /* As the raw socket knows it. */
    uint8_t outer[OUTER_MAX];   /* The headers, as far as all agree. */
    size_t ip_len;              /* Of the IP header. */
    uint32_t ip_sum;            /* IPv4: sum of the header's words. */
    uint32_t id;                /* Identification of the next datagram. */
    uint64_t confirm_ms;        /* When one goes through the raw socket. */
    size_t n;                   /* Frames and messages that are ready. */
    struct mmsghdr msgs[COLLECTOR_BATCH];       /* Of 'frames'. */
    struct frame frames[COLLECTOR_BATCH];
};

/* ## The hop. ## */

struct collector_link *
collector_link_create(void)
{
    /* Of no protocol: it receives nothing. */
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return NULL;
    }
    collector_set_sndbuf(fd);
    struct collector_link *link = xzalloc(sizeof *link);
    link->fd = fd;
    link->path_mtu = UINT32_MAX;
    link->id = random_uint32();
    return link;
}

void
collector_link_destroy(struct collector_link *link)
{
    if (link) {
        close(link->fd);
        free(link);
    }
}

static int
get_int(int fd, int level, int option, int otherwise)
{
    int value = otherwise;
    socklen_t length = sizeof value;

    return getsockopt(fd, level, option, &value, &length) ? otherwise : value;
}

static void
prepare_ipv4(struct collector *c, uint8_t *p)
{
    struct iphdr ip = {
        .version = 4,
        .ihl = IPV4_LEN / 4,
        .tos = c->conf.dscp << 2,
        .ttl = get_int(c->fd, IPPROTO_IP, IP_TTL, IPDEFTTL),
        .protocol = IPPROTO_GRE,
        .saddr = in6_addr_get_mapped_ipv4(&c->src),
        .daddr = in6_addr_get_mapped_ipv4(&c->conf.dst),
    };
    uint16_t words[IPV4_LEN / 2];

    memcpy(p, &ip, IPV4_LEN);
    memcpy(words, &ip, IPV4_LEN);
    c->link->ip_sum = 0;
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        c->link->ip_sum += words[i];
    }
}

static void
prepare_ipv6(const struct collector *c, uint8_t *p)
{
    struct ip6_hdr ip6 = {
        /* The raw socket's flow label is 0 too. */
        .ip6_flow = htonl(6u << 28 | c->conf.dscp << 22),
        .ip6_nxt = IPPROTO_GRE,
        .ip6_hlim = get_int(c->fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, IPDEFTTL),
        .ip6_src = c->src,
        .ip6_dst = c->conf.dst,
    };

    memcpy(p, &ip6, IPV6_LEN);
}

static int
bind_link(const struct collector_link *link)
{
    struct sockaddr_ll sll = {
        .sll_family = AF_PACKET,
        .sll_ifindex = link->hop.ifindex,
    };

    return bind(link->fd, (struct sockaddr *) &sll, sizeof sll) ? errno : 0;
}

void
collector_set_hop(struct collector *c, const struct collector_hop *hop)
{
    struct collector_link *link = c->link;

    if (!link) {
        return;
    }
    link->hop = *hop;
    if (hop->type != COLLECTOR_HOP_ETHERNET) {
        return;
    }
    if (bind_link(link)) {
        link->hop.type = COLLECTOR_HOP_UNKNOWN;
        return;
    }
    memcpy(link->outer, hop->dst_mac, ETH_ALEN);
    memcpy(link->outer + ETH_ALEN, hop->src_mac, ETH_ALEN);
    link->outer[2 * ETH_ALEN] = (c->ipv6 ? ETHERTYPE_IPV6
                                 : ETHERTYPE_IP) >> 8;
    link->outer[2 * ETH_ALEN + 1] = (c->ipv6 ? ETHERTYPE_IPV6
                                     : ETHERTYPE_IP) & 0xff;
    link->ip_len = c->ipv6 ? IPV6_LEN : IPV4_LEN;
    if (c->ipv6) {
        prepare_ipv6(c, link->outer + ETHER_HDR_LEN);
    } else {
        prepare_ipv4(c, link->outer + ETHER_HDR_LEN);
    }
}

void
collector_link_set_mtu(struct collector_link *link, uint32_t mtu)
{
    link->path_mtu = mtu;
}

enum collector_hop_type
collector_link_hop(const struct collector_link *link)
{
    return link ? link->hop.type : COLLECTOR_HOP_UNKNOWN;
}

/* ## Frames. ## */

/* Part of a datagram that goes into one frame. */
struct part {
    size_t ofs, length;         /* Bytes of the datagram. */
    size_t total;               /* Its length. */
    uint32_t id;                /* Its identification. */
};

static bool
is_fragment(const struct part *part)
{
    return part->length != part->total;
}

/* Each returns the length of the headers. */
static size_t
put_ipv4(const struct collector *c, const struct part *part, uint8_t *p)
{
    enum { MORE = 0x2000, DONT = 0x4000 };
    bool more = part->ofs + part->length < part->total;
    uint16_t length = htons(IPV4_LEN + part->length);
    uint16_t id = htons(part->id);
    uint16_t frag = htons(part->ofs / 8 | (more ? MORE : 0)
                          | (c->conf.may_fragment ? 0 : DONT));
    uint32_t sum = c->link->ip_sum + length + id + frag;

    sum = (sum & 0xffff) + (sum >> 16);
    uint16_t check = ~(sum + (sum >> 16));
    memcpy(p + 2, &length, sizeof length);
    memcpy(p + 4, &id, sizeof id);
    memcpy(p + 6, &frag, sizeof frag);
    memcpy(p + 10, &check, sizeof check);
    return IPV4_LEN;
}

static size_t
put_ipv6(const struct part *part, uint8_t *p)
{
    uint16_t length = htons(part->length);

    if (!is_fragment(part)) {
        memcpy(p + 4, &length, sizeof length);
        return IPV6_LEN;
    }
    bool more = part->ofs + part->length < part->total;
    struct ip6_frag frag = {
        .ip6f_nxt = IPPROTO_GRE,
        .ip6f_offlg = htons(part->ofs) | (more ? IP6F_MORE_FRAG : 0),
        .ip6f_ident = htonl(part->id),
    };

    length = htons(FRAG6_LEN + part->length);
    memcpy(p + 4, &length, sizeof length);
    p[6] = IPPROTO_FRAGMENT;
    memcpy(p + IPV6_LEN, &frag, sizeof frag);
    return IPV6_LEN + FRAG6_LEN;
}

/* Points 'out' at 'length' bytes of the datagram 'msg' from 'ofs' on; returns
 * how many pieces those are. */
static size_t
slice(const struct msghdr *msg, size_t ofs, size_t length, struct iovec *out)
{
    size_t n = 0;

    for (size_t i = 0; i < msg->msg_iovlen && length; i++) {
        const struct iovec *iov = &msg->msg_iov[i];

        if (ofs >= iov->iov_len) {
            ofs -= iov->iov_len;
            continue;
        }
        size_t k = MIN(iov->iov_len - ofs, length);
        out[n].iov_base = (uint8_t *) iov->iov_base + ofs;
        out[n++].iov_len = k;
        length -= k;
        ofs = 0;
    }
    return n;
}

/* Adds the frame of a part of the datagram 'msg'. */
static void
add_frame(struct collector *c, const struct msghdr *msg,
          const struct part *part, size_t n_dgrams)
{
    struct collector_link *link = c->link;
    struct frame *frame = &link->frames[link->n];
    struct iovec *iov = &frame->iov[1];
    uint8_t *ip = frame->start + ETHER_HDR_LEN;

    memcpy(frame->start, link->outer, ETHER_HDR_LEN + IPV6_LEN);
    size_t length = ETHER_HDR_LEN + (c->ipv6 ? put_ipv6(part, ip)
                                     : put_ipv4(c, part, ip));
    size_t n = slice(msg, part->ofs, part->length, iov);
    while (n && length + iov->iov_len <= START_LEN) {
        memcpy(frame->start + length, iov->iov_base, iov->iov_len);
        length += iov->iov_len;
        iov++;
        n--;
    }
    /* In front of what is left. */
    *--iov = (struct iovec) { frame->start, length };
    frame->n_dgrams = n_dgrams;

    struct msghdr *hdr = &link->msgs[link->n++].msg_hdr;
    hdr->msg_iov = iov;
    hdr->msg_iovlen = 1 + n;
}

/* The bytes of a datagram of 'length' that each frame carries, or 0 if it is
 * not for us. */
static size_t
part_size(const struct collector *c, size_t length)
{
    const struct collector_link *link = c->link;
    size_t mtu = MIN(link->hop.mtu, link->path_mtu);
    size_t total = link->ip_len + length;

    if (total <= mtu) {
        return length;
    }
    size_t headers = link->ip_len + (c->ipv6 ? FRAG6_LEN : 0);
    if (!c->conf.may_fragment || (c->ipv6 ? length : total) > MAX_IP_LEN
        || mtu < headers + 8) {
        return 0;
    }
    size_t size = (mtu - headers) / 8 * 8;
    return DIV_ROUND_UP(length, size) <= COLLECTOR_BATCH ? size : 0;
}

/* Makes frames of the datagrams from 'from' on, up to the first that is not
 * for us and as many as there is room for. */
static void
make_frames(struct collector *c, size_t from)
{
    struct collector_link *link = c->link;

    link->n = 0;
    for (size_t i = from; i < c->n_msgs; i++) {
        struct part part = { .total = c->lengths[i] };
        size_t size = part_size(c, part.total);

        if (!size || (link->n + DIV_ROUND_UP(part.total, size)
                      > COLLECTOR_BATCH)) {
            return;
        }
        part.id = link->id++;
        do {
            part.length = MIN(size, part.total - part.ofs);
            add_frame(c, &c->msgs[i].msg_hdr, &part,
                      i - from + (part.ofs + part.length == part.total));
            part.ofs += part.length;
        } while (part.ofs < part.total);
    }
}

/* ## Sending. ## */

/* Sends the frames that were made; returns how many of their datagrams have
 * left as a whole.  '*error' is why the next one did not, or 0. */
static size_t
send_frames(struct collector *c, int *error)
{
    struct collector_link *link = c->link;
    size_t done = 0;

    *error = 0;
    while (done < link->n) {
        int retval = sendmmsg(link->fd, &link->msgs[done], link->n - done,
                              MSG_DONTWAIT);

        if (retval >= 0) {
            done += retval;
        } else if (errno != EINTR) {
            *error = errno;
            break;
        }
    }
    return done ? link->frames[done - 1].n_dgrams : 0;
}

static void
count_sent(struct collector *c, size_t from, size_t n)
{
    uint32_t now_ms = collector_coarse_ms();
    uint64_t bytes = 0;

    for (size_t i = from; i < from + n; i++) {
        const struct msghdr *hdr = &c->msgs[i].msg_hdr;

        bytes += c->lengths[i];
        crecent_add(&c->recent, hdr->msg_iov, hdr->msg_iovlen, now_ms);
    }
    collector_add(c, CC_SENT_DATAGRAMS, n);
    collector_add(c, CC_SENT_BYTES, bytes);
}

/* Counts a whole flush as lost: the interface would swallow it. */
static size_t
lose_all(struct collector *c, size_t from)
{
    for (size_t i = from; i < c->n_msgs; i++) {
        collector_count_loss(c, ENETDOWN);
    }
    return c->n_msgs;
}

/* True if the next datagram is for the raw socket, to keep the kernel's
 * neighbour alive. */
static bool
take_confirmation(struct collector_link *link)
{
    uint64_t now_ms = collector_coarse_ms();

    if (now_ms < link->confirm_ms) {
        return false;
    }
    link->confirm_ms = now_ms + CONFIRM_MS;
    return true;
}

/* Sends the datagrams that were lent from 'from' on, as far as the hop takes
 * them.  Returns how far that is: a datagram that is not for us, or the first
 * that the kernel has no room for if 'stop_if_busy', is next. */
size_t
collector_link_send(struct collector *c, size_t from, bool stop_if_busy,
                    bool *busy)
{
    struct collector_link *link = c->link;

    *busy = false;
    if (link->hop.type == COLLECTOR_HOP_DOWN) {
        return lose_all(c, from);
    }
    if (take_confirmation(link)) {
        return from;
    }
    while (from < c->n_msgs) {
        int error;

        make_frames(c, from);
        if (!link->n) {
            break;
        }
        size_t n = send_frames(c, &error);
        count_sent(c, from, n);
        from += n;
        if (collector_is_busy(error)) {
            if (stop_if_busy) {
                *busy = true;
                break;
            }
            do {
                collector_count_loss(c, error);
                from++;
                /* A full socket has no room for the next one either. */
            } while (error == EAGAIN && from < c->n_msgs);
        } else if (error) {
            /* The interface is down or gone, or its MTU is another one by now:
             * the raw socket knows what to do or to say. */
            link->hop.type = COLLECTOR_HOP_UNKNOWN;
            break;
        }
    }
    return from;
}
