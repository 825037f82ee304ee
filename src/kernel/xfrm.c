/* xfrm.c -- does IPsec have a say in what the host sends?
 *
 * Called by path.c.  Which packets a policy takes is the kernel's business:
 * as soon as there is any for what leaves, only the kernel may send.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <libmnl/libmnl.h>
#include <linux/xfrm.h>
#include <sys/socket.h>
#include <unistd.h>

/* True if there is a policy for outgoing packets in the datagram; '*more' is
 * false if it is the last one. */
static bool
find_policy(const void *buf, int n, bool *more)
{
    const struct nlmsghdr *nlh = buf;

    for (; kern_message_ok(nlh, n); nlh = mnl_nlmsg_next(nlh, &n)) {
        const struct xfrm_userpolicy_info *info = mnl_nlmsg_get_payload(nlh);

        if (nlh->nlmsg_type == NLMSG_DONE || nlh->nlmsg_type == NLMSG_ERROR) {
            *more = false;
            break;
        }
        if (nlh->nlmsg_type == XFRM_MSG_NEWPOLICY
            && mnl_nlmsg_get_payload_len(nlh) >= sizeof *info
            && info->dir == XFRM_POLICY_OUT) {
            return true;
        }
    }
    return false;
}

bool
kern_xfrm_sends(void)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
    uint32_t buf[32768 / 4];
    bool found = false, more = true;
    /* A kernel without IPsec has no such socket. */
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);
    if (fd < 0) {
        return false;
    }

    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
    nlh->nlmsg_type = XFRM_MSG_GETPOLICY;
    nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(nlh, sizeof(struct xfrm_userpolicy_id));
    if (sendto(fd, nlh, nlh->nlmsg_len, 0, (struct sockaddr *) &kernel,
               sizeof kernel) < 0) {
        more = false;
    }
    while (more && !found) {
        ssize_t n = recv(fd, buf, sizeof buf, MSG_DONTWAIT);

        more = n > 0;
        found = more && find_policy(buf, n, &more);
    }
    close(fd);
    return found;
}
