/* route.c -- which way does the host send to an address?
 *
 * Called by path.c and by whoever wants to know a source address.  A question
 * and its answer on one socket: the kernel answers within the call, so nothing
 * waits.
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

/* The gateway of IPv4 may have an IPv6 address. */
static void
read_via(const struct nlattr *attr, struct kern_route *route)
{
    const struct rtvia *via = mnl_attr_get_payload(attr);

    route->plain = false;
    if (mnl_attr_get_payload_len(attr) == sizeof *via + sizeof route->hop
        && via->rtvia_family == AF_INET6) {
        memcpy(&route->hop, via->rtvia_addr, sizeof route->hop);
        route->plain = true;
    }
}

static int
parse_route(int fd, const struct nlmsghdr *nlh, const struct in6_addr *dst,
            struct kern_route *route)
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
    route->hop = *dst;
    route->plain = rtm->rtm_type == RTN_UNICAST;
    mnl_attr_for_each (attr, nlh, sizeof *rtm) {
        switch (mnl_attr_get_type(attr)) {
        case RTA_GATEWAY:
            kern_addr_read(attr, &route->hop);
            break;
        case RTA_VIA:
            read_via(attr, route);
            break;
        case RTA_ENCAP:
        case RTA_ENCAP_TYPE:
            route->plain = false;
            break;
        case RTA_OIF:
            if (!mnl_attr_validate(attr, MNL_TYPE_U32)) {
                route->ifindex = mnl_attr_get_u32(attr);
            }
            break;
        case RTA_PREFSRC:
            kern_addr_read(attr, &route->src);
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

/* As kern_route_lookup(), for what is sent from 'src' (zeros: not chosen yet)
 * with 'tos' by 'ifindex' (0: any), on the rtnetlink socket 'fd'. */
int
kern_route_ask(int fd, const struct in6_addr *dst, const struct in6_addr *src,
               uint8_t tos, int ifindex, struct kern_route *route)
{
    uint32_t buf[4096 / 4];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    bool v4 = IN6_IS_ADDR_V4MAPPED(dst);

    memset(route, 0, sizeof *route);
    nlh->nlmsg_type = RTM_GETROUTE;
    struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof *rtm);
    rtm->rtm_family = v4 ? AF_INET : AF_INET6;
    rtm->rtm_tos = tos;
    rtm->rtm_dst_len = v4 ? 32 : 128;
    kern_addr_put(nlh, RTA_DST, dst);
    if (!IN6_IS_ADDR_UNSPECIFIED(src)) {
        rtm->rtm_src_len = rtm->rtm_dst_len;
        kern_addr_put(nlh, RTA_SRC, src);
    }
    if (ifindex) {
        mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
    }
    int error = kern_ask(fd, nlh, RTM_NEWROUTE, buf, sizeof buf);
    return error ? error : parse_route(fd, nlh, dst, route);
}

int
kern_route_lookup(const struct in6_addr *dst, struct kern_route *route)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0) {
        return errno;
    }
    int error = kern_route_ask(fd, dst, &in6addr_any, 0, 0, route);
    close(fd);
    return error;
}
