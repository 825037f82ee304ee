/* counters.c -- what an interface has counted.
 *
 * Called each polling interval for points whose target reports it, in the
 * point's namespace: a question and its answer, no socket stays.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MBIT 1000000

static void
take_stats(const struct rtnl_link_stats64 *s, struct kern_counters *c)
{
    c->in_octets = s->rx_bytes;
    c->in_packets = s->rx_packets;
    c->in_multicast = s->multicast;
    c->in_discards = s->rx_dropped;
    c->in_errors = s->rx_errors;
    c->in_unknown = s->rx_nohandler;
    c->out_octets = s->tx_bytes;
    c->out_packets = s->tx_packets;
    c->out_discards = s->tx_dropped;
    c->out_errors = s->tx_errors;
}

/* Older kernels give fewer counters. */
static void
take_stats_attr(const struct nlattr *attr, struct kern_counters *c)
{
    struct rtnl_link_stats64 stats;
    size_t n = mnl_attr_get_payload_len(attr);

    memset(&stats, 0, sizeof stats);
    memcpy(&stats, mnl_attr_get_payload(attr), MIN(n, sizeof stats));
    take_stats(&stats, c);
}

static void
ask_speed(int fd, const char *name, struct kern_counters *c)
{
    struct ethtool_cmd settings = { .cmd = ETHTOOL_GSET };
    struct ifreq req = { .ifr_data = (void *) &settings };
    uint32_t speed;

    ovs_strlcpy(req.ifr_name, name, sizeof req.ifr_name);
    if (ioctl(fd, SIOCETHTOOL, &req)) {
        return;
    }
    speed = (uint32_t) settings.speed_hi << 16 | settings.speed;
    if (speed != UINT32_MAX && speed != UINT16_MAX) {
        c->speed = (uint64_t) speed * MBIT;
    }
    c->full_duplex = settings.duplex == DUPLEX_FULL;
    c->half_duplex = settings.duplex == DUPLEX_HALF;
}

/* Reads the answer; stores the interface's name in 'name'. */
static void
take_link(const struct nlmsghdr *nlh, struct kern_counters *c,
          char name[IFNAMSIZ])
{
    const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
    const struct nlattr *attr;

    c->type = ifi->ifi_type;
    c->flags = ifi->ifi_flags;
    c->oper_up = ifi->ifi_flags & IFF_RUNNING;
    mnl_attr_for_each(attr, nlh, sizeof *ifi) {
        if (mnl_attr_get_type(attr) == IFLA_STATS64) {
            take_stats_attr(attr, c);
        } else if (mnl_attr_get_type(attr) == IFLA_IFNAME
                   && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING)) {
            ovs_strlcpy(name, mnl_attr_get_str(attr), IFNAMSIZ);
        }
    }
}

int
kern_counters_read(int ifindex, struct kern_counters *c)
{
    union {
        struct nlmsghdr align;
        char bytes[32768];      /* Links of many features are long. */
    } buf;
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf.bytes);
    struct ifinfomsg *ifi;
    char name[IFNAMSIZ] = "";
    int error;
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    memset(c, 0, sizeof *c);
    if (fd < 0) {
        return errno;
    }
    nlh->nlmsg_type = RTM_GETLINK;
    ifi = mnl_nlmsg_put_extra_header(nlh, sizeof *ifi);
    ifi->ifi_index = ifindex;
    error = kern_ask(fd, nlh, RTM_NEWLINK, &buf, sizeof buf);
    if (!error && mnl_nlmsg_get_payload_len(nlh) < sizeof *ifi) {
        error = EPROTO;
    }
    if (!error) {
        take_link(nlh, c, name);
        ask_speed(fd, name, c);
    }
    close(fd);
    return error;
}
