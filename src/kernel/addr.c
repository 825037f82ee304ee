/* addr.c -- the addresses of links: RTM_NEWADDR and RTM_DELADDR.
 *
 * Called by rtnl.c for each such message.  A link's addresses are kept sorted,
 * so that their order says nothing.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>

/* The order of what a reader sees: equal for two that differ in their peer. */
int
kern_addr_compare(const struct kern_addr *a, const struct kern_addr *b)
{
    int cmp = memcmp(&a->addr, &b->addr, sizeof a->addr);
    return cmp ? cmp : a->plen - b->plen;
}

static int
compare_addrs(const struct kern_addr *a, const struct kern_addr *b)
{
    int cmp = kern_addr_compare(a, b);
    return cmp ? cmp : memcmp(&a->peer, &b->peer, sizeof a->peer);
}

void
kern_addr_read(const struct nlattr *attr, struct in6_addr *addr)
{
    if (mnl_attr_get_payload_len(attr) == 4) {
        ovs_be32 ip;
        memcpy(&ip, mnl_attr_get_payload(attr), sizeof ip);
        in6_addr_set_mapped_ipv4(addr, ip);
    } else if (mnl_attr_get_payload_len(attr) == sizeof *addr) {
        memcpy(addr, mnl_attr_get_payload(attr), sizeof *addr);
    }
}

void
kern_addr_put(struct nlmsghdr *nlh, uint16_t type, const struct in6_addr *addr)
{
    bool v4 = IN6_IS_ADDR_V4MAPPED(addr);

    mnl_attr_put(nlh, type, v4 ? 4 : 16, addr->s6_addr + (v4 ? 12 : 0));
}

/* Stores the address of the message; false if it has none of ours. */
static bool
parse_addr(const struct nlmsghdr *nlh, const struct ifaddrmsg *ifa,
           struct kern_addr *out)
{
    const struct nlattr *attr, *local = NULL, *address = NULL;
    size_t len = ifa->ifa_family == AF_INET ? 4 : 16;

    if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6) {
        return false;
    }
    mnl_attr_for_each (attr, nlh, sizeof *ifa) {
        if (mnl_attr_get_payload_len(attr) != len) {
            continue;
        }
        if (mnl_attr_get_type(attr) == IFA_LOCAL) {
            local = attr;
        } else if (mnl_attr_get_type(attr) == IFA_ADDRESS) {
            address = attr;
        }
    }
    /* On a point-to-point link IFA_ADDRESS is the other end's. */
    if (!local && !address) {
        return false;
    }
    kern_addr_read(local ? local : address, &out->addr);
    kern_addr_read(address ? address : local, &out->peer);
    out->plen = ifa->ifa_prefixlen;
    return true;
}

static void
put_addr(struct kern_link *link, const struct kern_addr *addr)
{
    size_t i;

    for (i = 0; i < link->n_addrs; i++) {
        int cmp = compare_addrs(&link->addrs[i], addr);
        if (!cmp) {
            link->addrs[i].gen = addr->gen;
            return;
        } else if (cmp > 0) {
            break;
        }
    }
    link->addrs = xrealloc(link->addrs,
                           (link->n_addrs + 1) * sizeof *link->addrs);
    memmove(&link->addrs[i + 1], &link->addrs[i],
            (link->n_addrs - i) * sizeof *link->addrs);
    link->addrs[i] = *addr;
    link->n_addrs++;
    kern_link_touch(link);
}

static void
remove_addr(struct kern_link *link, size_t i)
{
    link->n_addrs--;
    memmove(&link->addrs[i], &link->addrs[i + 1],
            (link->n_addrs - i) * sizeof *link->addrs);
    kern_link_touch(link);
}

/* Takes an RTM_NEWADDR or RTM_DELADDR into the table. */
void
kern_addr_parse(struct kern_netns *ns, const struct nlmsghdr *nlh)
{
    const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
    struct kern_addr addr = { .gen = ns->gen };

    if (mnl_nlmsg_get_payload_len(nlh) < sizeof *ifa
        || !parse_addr(nlh, ifa, &addr)) {
        return;
    }
    struct kern_link *link = kern_link_find(ns, ifa->ifa_index);
    if (!link) {
        return;
    }
    if (nlh->nlmsg_type == RTM_NEWADDR) {
        put_addr(link, &addr);
        return;
    }
    for (size_t i = 0; i < link->n_addrs; i++) {
        if (!compare_addrs(&link->addrs[i], &addr)) {
            remove_addr(link, i);
            return;
        }
    }
}

/* Drops the addresses that the last reading did not see. */
void
kern_addr_prune(struct kern_link *link)
{
    for (size_t i = link->n_addrs; i-- > 0; ) {
        if (link->addrs[i].gen != link->netns->gen) {
            remove_addr(link, i);
        }
    }
}
