/* socket.c -- the rtnetlink socket of each namespace, and what is sent on it.
 *
 * The socket gets the kernel's events, and the answers to what is asked of it
 * (full readings, single links, nsids): everything arrives on one socket, in
 * one order, and nothing waits for an answer.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int
open_socket(void *ns_)
{
    struct kern_netns *ns = ns_;
    struct sockaddr_nl local = {
        .nl_family = AF_NETLINK,
        .nl_groups = (RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR
                      | 1u << (RTNLGRP_NSID - 1)),
    };
    socklen_t local_len = sizeof local;
    socklen_t cookie_len = sizeof ns->cookie;

    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC,
                    NETLINK_ROUTE);
    if (fd < 0) {
        return errno;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &ns->cookie, &cookie_len)
        || bind(fd, (struct sockaddr *) &local, local_len)
        || getsockname(fd, (struct sockaddr *) &local, &local_len)) {
        int error = errno;
        close(fd);
        return error;
    }
    ns->portid = local.nl_pid;
    ns->fd = fd;
    return 0;
}

/* Opens the socket of 'ns' inside it, and learns its cookie.  'ns_fd' is as
 * in kern_call_in_fd(). */
int
kern_socket_open(struct kern_netns *ns, int ns_fd)
{
    int error = kern_call_in_fd(ns_fd, 0, open_socket, ns);
    if (error) {
        return error;
    }
    kern_socket_set_rcvbuf(ns);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = ns };
    if (epoll_ctl(ns->kern->epoll_fd, EPOLL_CTL_ADD, ns->fd, &event)) {
        error = errno;
        kern_socket_close(ns);
        return error;
    }
    return 0;
}

void
kern_socket_close(struct kern_netns *ns)
{
    close(ns->fd);
    ns->fd = -1;
}

void
kern_socket_set_rcvbuf(const struct kern_netns *ns)
{
    int size = ns->kern->rcvbuf;

    if (setsockopt(ns->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size)) {
        /* Not root: as far as net.core.rmem_max lets us. */
        ignore(setsockopt(ns->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
    }
}

/* Sends the request, whose sequence it fills in.  The kernel works on it
 * within the call; answers come to kern_rtnl_run(). */
int
kern_socket_send(struct kern_netns *ns, struct nlmsghdr *nlh)
{
    ns->seq = ns->seq + 1 ? ns->seq + 1 : 1;
    nlh->nlmsg_seq = ns->seq;
    nlh->nlmsg_flags |= NLM_F_REQUEST;
    return send(ns->fd, nlh, nlh->nlmsg_len, 0) < 0 ? errno : 0;
}

/* Asks the kernel about one link; the answer comes as any other message. */
void
kern_link_request(struct kern_netns *ns, int ifindex)
{
    uint32_t buf[32];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

    nlh->nlmsg_type = RTM_GETLINK;
    struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof *ifi);
    ifi->ifi_index = ifindex;
    mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    /* Without an answer the table stays as it is, which is no worse. */
    ignore(kern_socket_send(ns, nlh));
}
