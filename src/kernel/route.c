/* route.c -- which way does the host send to an address?
 *
 * Called when a collector is opened and when routes may have changed.  A
 * question and its answer on a socket of its own: the kernel answers within
 * the call, so nothing waits.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* The MTU of the device 'ifindex', or 0. */
static uint32_t
device_mtu(int fd, int ifindex)
{
    struct ifreq req = { .ifr_ifindex = ifindex };

    if (ioctl(fd, SIOCGIFNAME, &req) || ioctl(fd, SIOCGIFMTU, &req)) {
        return 0;
    }
    return MAX(req.ifr_mtu, 0);
}

/* The MTU among the route's metrics, which has what path MTU discovery found
 * out too; or 0. */
static uint32_t
metric_mtu(const struct nlattr *metrics)
{
    const struct nlattr *attr;

    mnl_attr_for_each_nested (attr, metrics) {
        if (mnl_attr_get_type(attr) == RTAX_MTU
            && !mnl_attr_validate(attr, MNL_TYPE_U32)) {
            return mnl_attr_get_u32(attr);
        }
    }
    return 0;
}

static void
read_addr(const struct nlattr *attr, struct in6_addr *addr)
{
    if (mnl_attr_get_payload_len(attr) == 4) {
        ovs_be32 ip;
        memcpy(&ip, mnl_attr_get_payload(attr), sizeof ip);
        in6_addr_set_mapped_ipv4(addr, ip);
    } else if (mnl_attr_get_payload_len(attr) == sizeof *addr) {
        memcpy(addr, mnl_attr_get_payload(attr), sizeof *addr);
    }
}

static int
parse_route(int fd, const struct nlmsghdr *nlh, struct kern_route *route)
{
    const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
    const struct nlattr *attr;

    if (mnl_nlmsg_get_payload_len(nlh) < sizeof *rtm) {
        return EPROTO;
    }
    /* IPv6 gives these as routes, IPv4 as errors. */
    if (rtm->rtm_type == RTN_UNREACHABLE || rtm->rtm_type == RTN_PROHIBIT
        || rtm->rtm_type == RTN_BLACKHOLE) {
        return ENETUNREACH;
    }
    mnl_attr_for_each (attr, nlh, sizeof *rtm) {
        switch (mnl_attr_get_type(attr)) {
        case RTA_OIF:
            if (!mnl_attr_validate(attr, MNL_TYPE_U32)) {
                route->ifindex = mnl_attr_get_u32(attr);
            }
            break;
        case RTA_PREFSRC:
            read_addr(attr, &route->src);
            break;
        case RTA_METRICS:
            route->mtu = metric_mtu(attr);
            break;
        }
    }
    if (!route->ifindex) {
        return ENETUNREACH;
    }
    if (!route->mtu) {
        route->mtu = device_mtu(fd, route->ifindex);
    }
    return 0;
}

static int
send_lookup(int fd, const struct in6_addr *dst)
{
    uint32_t buf[32];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    bool v4 = IN6_IS_ADDR_V4MAPPED(dst);

    nlh->nlmsg_type = RTM_GETROUTE;
    nlh->nlmsg_flags = NLM_F_REQUEST;
    nlh->nlmsg_seq = 1;
    struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof *rtm);
    rtm->rtm_family = v4 ? AF_INET : AF_INET6;
    rtm->rtm_dst_len = v4 ? 32 : 128;
    mnl_attr_put(nlh, RTA_DST, v4 ? 4 : 16, dst->s6_addr + (v4 ? 12 : 0));
    return sendto(fd, nlh, nlh->nlmsg_len, 0, (struct sockaddr *) &kernel,
                  sizeof kernel) < 0 ? errno : 0;
}

/* Receives the answer.  It is there already: a request to rtnetlink returns
 * when it has been worked on. */
static int
recv_lookup(int fd, struct kern_route *route)
{
    uint32_t buf[4096 / 4];
    ssize_t n = recv(fd, buf, sizeof buf, MSG_DONTWAIT);
    if (n < 0) {
        return errno;
    }
    const struct nlmsghdr *nlh = (const struct nlmsghdr *) buf;
    if (!mnl_nlmsg_ok(nlh, n)) {
        return EPROTO;
    }
    if (nlh->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
        return mnl_nlmsg_get_payload_len(nlh) >= sizeof *err && err->error < 0
               ? -err->error : EPROTO;
    }
    return nlh->nlmsg_type == RTM_NEWROUTE ? parse_route(fd, nlh, route)
           : EPROTO;
}

int
kern_route_lookup(const struct in6_addr *dst, struct kern_route *route)
{
    memset(route, 0, sizeof *route);
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) {
        return errno;
    }
    int error = send_lookup(fd, dst);
    if (!error) {
        error = recv_lookup(fd, route);
    }
    close(fd);
    return error;
}
