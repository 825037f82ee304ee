/* ask.c -- one question to the kernel and its one answer.
 *
 * Called by route.c, path.c and quiet.c with a socket that gets no events.
 * The kernel works on a request within the call that sends it, so the answer
 * is there already and nothing waits.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <sys/socket.h>

/* True if a message lies whole in the next 'left' bytes.  mnl_nlmsg_ok() takes
 * a length of 2 GiB and more for a negative one. */
bool
kern_message_ok(const struct nlmsghdr *nlh, int left)
{
    return mnl_nlmsg_ok(nlh, left) && nlh->nlmsg_len <= left;
}

/* Sends the request 'nlh', and reads into 'buf', which it may lie in, an
 * answer of the type 'answer'; NLMSG_ERROR: an acknowledgement, which the
 * request asks for.  0 or a positive errno. */
int
kern_ask(int fd, struct nlmsghdr *nlh, uint16_t answer, void *buf, size_t size)
{
    struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

    nlh->nlmsg_flags |= NLM_F_REQUEST;
    nlh->nlmsg_seq = 1;
    if (sendto(fd, nlh, nlh->nlmsg_len, 0, (struct sockaddr *) &kernel,
               sizeof kernel) < 0) {
        return errno;
    }
    ssize_t n = recv(fd, buf, size, MSG_DONTWAIT);
    if (n < 0) {
        return errno;
    }

    const struct nlmsghdr *reply = buf;
    if (!kern_message_ok(reply, n)) {
        return EPROTO;
    }
    if (reply->nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *err = mnl_nlmsg_get_payload(reply);

        return (mnl_nlmsg_get_payload_len(reply) < sizeof *err ? EPROTO
                : err->error < 0 ? -err->error
                : answer == NLMSG_ERROR ? 0 : EPROTO);
    }
    return reply->nlmsg_type == answer ? 0 : EPROTO;
}
