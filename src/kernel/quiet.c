/* quiet.c -- a device of ours that listens and never speaks.
 *
 * Called for the port that a mirror sends its copies to.  What enters a switch
 * there is dropped with a warning for each packet, so the device must have
 * nothing to say: no IPv6 address of its own, no ARP.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

static struct nlmsghdr *
begin_request(void *buf, int ifindex, unsigned int flags)
{
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

    nlh->nlmsg_type = RTM_NEWLINK;
    nlh->nlmsg_flags = NLM_F_ACK;

    struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof *ifi);
    ifi->ifi_family = AF_UNSPEC;
    ifi->ifi_index = ifindex;
    ifi->ifi_flags = flags;
    ifi->ifi_change = flags;
    return nlh;
}

/* One after the other: within one request the kernel would set the device up
 * first, and make an address. */
static int
set_quiet(void *ifindex)
{
    uint32_t buf[1024 / 4];
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

    if (fd < 0) {
        return errno;
    }

    struct nlmsghdr *nlh = begin_request(buf, *(int *) ifindex, 0);
    struct nlattr *spec = mnl_attr_nest_start(nlh, IFLA_AF_SPEC);
    struct nlattr *inet6 = mnl_attr_nest_start(nlh, AF_INET6);
    mnl_attr_put_u8(nlh, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(nlh, inet6);
    mnl_attr_nest_end(nlh, spec);
    /* A host without IPv6 has nothing to say either. */
    ignore(kern_ask(fd, nlh, NLMSG_ERROR, buf, sizeof buf));

    nlh = begin_request(buf, *(int *) ifindex, IFF_UP | IFF_NOARP);
    int error = kern_ask(fd, nlh, NLMSG_ERROR, buf, sizeof buf);
    close(fd);
    return error;
}

int
kern_quiet_up(const char *netns_path, topo_cookie netns, int ifindex)
{
    return kern_call_in_netns(netns_path, netns, set_quiet, &ifindex);
}
