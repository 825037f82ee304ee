/* path.c -- the way out of the host, down to the neighbour's MAC.
 *
 * Answers are composed of what the kernel says at the moment: the route, the
 * interface, the neighbour.  Sockets of events only tell that it may say
 * something else by now; what has changed is not worked out, as asking again
 * costs a few microseconds.
 *
 * Invariant: a path is KERN_PATH_ETHERNET only if the kernel itself would send
 * a frame with these two MACs to this interface.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <net/ethernet.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

struct kern_paths {
    int ask_fd;                 /* For questions. */
    int event_fd;               /* rtnetlink's events. */
    int xfrm_fd;                /* IPsec's, or -1. */
    bool xfrm;                  /* There are policies for what leaves. */
    uint64_t seqno;
};

/* ## Events. ## */

static int
open_events(int protocol, uint32_t groups)
{
    struct sockaddr_nl local = { .nl_family = AF_NETLINK,
                                 .nl_groups = groups };
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    protocol);

    if (fd >= 0 && bind(fd, (struct sockaddr *) &local, sizeof local)) {
        close(fd);
        return -1;
    }
    return fd;
}

struct kern_paths *
kern_paths_create(void)
{
    enum {
        GROUPS = (RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR
                  | RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE
                  | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE),
    };
    struct kern_paths *paths = xzalloc(sizeof *paths);

    paths->event_fd = open_events(NETLINK_ROUTE,
                                  GROUPS | 1u << (RTNLGRP_IPV6_RULE - 1)
                                  | 1u << (RTNLGRP_NEXTHOP - 1));
    paths->xfrm_fd = open_events(NETLINK_XFRM, XFRMGRP_POLICY);
    paths->ask_fd = open_events(NETLINK_ROUTE, 0);
    if (paths->event_fd < 0 || paths->ask_fd < 0) {
        kern_paths_destroy(paths);
        return NULL;
    }
    /* After the events' socket: no change is missed. */
    paths->xfrm = kern_xfrm_sends();
    return paths;
}

static void
close_fd(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void
kern_paths_destroy(struct kern_paths *paths)
{
    if (paths) {
        close_fd(paths->event_fd);
        close_fd(paths->xfrm_fd);
        close_fd(paths->ask_fd);
        free(paths);
    }
}

/* Throws away what has arrived; true if it was anything.  That something was
 * lost for want of room is an event too. */
static bool
drain(int fd)
{
    enum { MAX_EVENTS = 1000 };
    bool any = false;
    char byte;

    for (int i = 0; fd >= 0 && i < MAX_EVENTS; i++) {
        if (recv(fd, &byte, 1, MSG_DONTWAIT) < 0 && errno != ENOBUFS) {
            break;
        }
        any = true;
    }
    return any;
}

void
kern_paths_run(struct kern_paths *paths)
{
    bool xfrm = drain(paths->xfrm_fd);

    if (xfrm) {
        paths->xfrm = kern_xfrm_sends();
    }
    if (drain(paths->event_fd) || xfrm) {
        paths->seqno++;
    }
}

void
kern_paths_wait(struct kern_paths *paths)
{
    poll_fd_wait(paths->event_fd, POLLIN);
    if (paths->xfrm_fd >= 0) {
        poll_fd_wait(paths->xfrm_fd, POLLIN);
    }
}

uint64_t
kern_paths_seqno(const struct kern_paths *paths)
{
    return paths->seqno;
}

/* ## Questions. ## */

/* Copies a MAC; false if it is none of a single station. */
static bool
read_mac(const struct nlattr *attr, uint8_t mac[ETH_ALEN])
{
    static const uint8_t zero[ETH_ALEN];

    if (mnl_attr_get_payload_len(attr) != ETH_ALEN) {
        return false;
    }
    memcpy(mac, mnl_attr_get_payload(attr), ETH_ALEN);
    return !(mac[0] & 1) && memcmp(mac, zero, ETH_ALEN);
}

/* What frames can be given to: KERN_PATH_ETHERNET and its MAC, or why not. */
static enum kern_path_type
ask_link(int fd, int ifindex, uint8_t mac[ETH_ALEN])
{
    uint32_t buf[16384 / 4];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    const struct nlattr *attr;

    nlh->nlmsg_type = RTM_GETLINK;
    struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof *ifi);
    ifi->ifi_index = ifindex;
    mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    if (kern_ask(fd, nlh, RTM_NEWLINK, buf, sizeof buf)
        || mnl_nlmsg_get_payload_len(nlh) < sizeof *ifi) {
        return KERN_PATH_OTHER;
    }
    if (ifi->ifi_type != ARPHRD_ETHER || !(ifi->ifi_flags & IFF_UP)
        || ifi->ifi_flags & (IFF_NOARP | IFF_LOOPBACK)) {
        return KERN_PATH_OTHER;
    }
    mnl_attr_for_each (attr, nlh, sizeof *ifi) {
        if (mnl_attr_get_type(attr) == IFLA_ADDRESS && read_mac(attr, mac)) {
            return ifi->ifi_flags & IFF_LOWER_UP ? KERN_PATH_ETHERNET
                   : KERN_PATH_DOWN;
        }
    }
    return KERN_PATH_OTHER;
}

/* True if the kernel knows the neighbour well enough to send to it. */
static bool
ask_neighbour(int fd, int ifindex, const struct in6_addr *addr,
              uint8_t mac[ETH_ALEN])
{
    uint32_t buf[1024 / 4];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    const struct nlattr *attr;

    nlh->nlmsg_type = RTM_GETNEIGH;
    struct ndmsg *ndm = mnl_nlmsg_put_extra_header(nlh, sizeof *ndm);
    ndm->ndm_family = IN6_IS_ADDR_V4MAPPED(addr) ? AF_INET : AF_INET6;
    ndm->ndm_ifindex = ifindex;
    kern_addr_put(nlh, NDA_DST, addr);
    if (kern_ask(fd, nlh, RTM_NEWNEIGH, buf, sizeof buf)
        || mnl_nlmsg_get_payload_len(nlh) < sizeof *ndm) {
        return false;
    }
    if (!(ndm->ndm_state & (NUD_PERMANENT | NUD_REACHABLE | NUD_STALE
                            | NUD_DELAY | NUD_PROBE))) {
        return false;
    }
    mnl_attr_for_each (attr, nlh, sizeof *ndm) {
        if (mnl_attr_get_type(attr) == NDA_LLADDR) {
            return read_mac(attr, mac);
        }
    }
    return false;
}

void
kern_path_find(struct kern_paths *paths, const struct in6_addr *src,
               const struct in6_addr *dst, uint8_t tos, int ifindex,
               struct kern_path *path)
{
    struct kern_route route;

    memset(path, 0, sizeof *path);
    if (paths->xfrm
        || kern_route_ask(paths->ask_fd, dst, src, tos, ifindex, &route)
        || !route.plain || !route.mtu) {
        return;
    }
    path->type = ask_link(paths->ask_fd, route.ifindex, path->src_mac);
    if (path->type == KERN_PATH_ETHERNET) {
        path->ifindex = route.ifindex;
        path->mtu = route.mtu;
        if (ask_neighbour(paths->ask_fd, route.ifindex, &route.hop,
                          path->dst_mac)) {
            return;
        }
        path->type = KERN_PATH_OTHER;
    }
    enum kern_path_type type = path->type;
    memset(path, 0, sizeof *path);
    path->type = type;
}
