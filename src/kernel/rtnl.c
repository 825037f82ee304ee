/* rtnl.c -- what arrives on a namespace's socket, and its readings.
 *
 * Hands each message to the file that knows its kind, and says in which order
 * a namespace is read.
 *
 * A reading goes through the states of enum kern_dump; while it goes on, the
 * tables change and the topology does not.  At its end all that was not seen
 * is dropped, and the whole namespace is put: that is how it is read at first
 * and how it is made right again after the kernel dropped events (ENOBUFS).
 * Those that it did not drop are taken first, or a link that came with one of
 * them and went with one that was dropped would count as seen.
 *
 *       kern_rtnl_dump()
 *   IDLE -------> LINKS ------> ADDRS ------> NSIDS ------> IDLE
 *                   ^    done          done   |  last answer
 *                   +-------------------------+
 *                     out of date: once more
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(kernel_rtnl);
COVERAGE_DEFINE(kernel_overrun);
COVERAGE_DEFINE(kernel_dump);
COVERAGE_DEFINE(kernel_message);

/* Readings that were out of date before they ended, before it waits for the
 * next scan. */
#define MAX_TRIES 5
/* Datagrams of one namespace before the next one has its turn. */
#define BURST 64

/* ## Readings. ## */

static const char *
netns_label(const struct kern_netns *ns)
{
    return ns->name ? ns->name : "the host";
}

static void
send_dump(struct kern_netns *ns, enum kern_dump dump)
{
    uint32_t buf[32];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

    nlh->nlmsg_flags = NLM_F_DUMP;
    if (dump == KERN_DUMP_LINKS) {
        nlh->nlmsg_type = RTM_GETLINK;
        mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
        mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    } else {
        nlh->nlmsg_type = RTM_GETADDR;
        mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifaddrmsg));
    }
    ns->dump = dump;
    int error = kern_socket_send(ns, nlh);
    ns->dump_seq = ns->seq;
    if (error) {
        static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);
        VLOG_WARN_RL(&rl, "%s: cannot ask for links (%s); trying again",
                     netns_label(ns), ovs_strerror(error));
        ns->dump = KERN_DUMP_IDLE;
        ns->stale = true;
    }
}

/* Reads 'ns' in full (again). */
void
kern_rtnl_dump(struct kern_netns *ns)
{
    if (ns->dump == KERN_DUMP_LINKS || ns->dump == KERN_DUMP_ADDRS) {
        /* The kernel does one dump at a time on a socket. */
        ns->dump_again = true;
        return;
    }
    COVERAGE_INC(kernel_dump);
    ns->dump_tries++;
    ns->dump_again = false;
    ns->stale = false;
    ns->gen++;
    /* A lost event may have been that of an nsid. */
    kern_nsid_clear(ns);
    send_dump(ns, KERN_DUMP_LINKS);
}

/* Drops what the reading did not see, and puts the rest. */
static void
finish_dump(struct kern_netns *ns)
{
    struct kern_link *link;

    HMAP_FOR_EACH_SAFE (link, node, &ns->links) {
        if (link->gen != ns->gen) {
            kern_link_remove(link);
        } else {
            kern_addr_prune(link);
        }
    }
    kern_nsid_find_lost(ns);
    ns->dump = KERN_DUMP_IDLE;
    ns->dump_tries = 0;
    ns->complete = true;
    ns->kern->resolve = true;
    kern_publish_netns(ns);
    VLOG_DBG("%s: read %"PRIuSIZE" links", netns_label(ns),
             hmap_count(&ns->links));
}

/* Ends the reading of 'ns' if it waits for no more answers. */
void
kern_rtnl_settle(struct kern_netns *ns)
{
    if (ns->dump == KERN_DUMP_NSIDS && ovs_list_is_empty(&ns->asks)
        && !ns->lost_events) {
        finish_dump(ns);
    }
}

static void
dump_done(struct kern_netns *ns)
{
    if (ns->dump == KERN_DUMP_LINKS) {
        send_dump(ns, KERN_DUMP_ADDRS);
    } else if (ns->dump == KERN_DUMP_ADDRS) {
        ns->dump = KERN_DUMP_NSIDS;
        if (ns->lost_events) {
            return;             /* Again, once the socket is empty. */
        }
        if (ns->dump_again && ns->dump_tries < MAX_TRIES) {
            kern_rtnl_dump(ns);
            return;
        }
        /* If it changes faster than it can be read, show what there is. */
        ns->stale = ns->dump_again;
        kern_nsid_drop_asks(ns);
        kern_nsid_ask_lost(ns);
        kern_rtnl_settle(ns);
    }
}

/* ## Messages. ## */

static void
handle_error(struct kern_netns *ns, const struct nlmsghdr *nlh)
{
    const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);

    if (mnl_nlmsg_get_payload_len(nlh) < sizeof *err) {
        return;
    }
    if (nlh->nlmsg_seq == ns->dump_seq
        && (ns->dump == KERN_DUMP_LINKS || ns->dump == KERN_DUMP_ADDRS)) {
        VLOG_WARN("%s: the kernel does not list its links (%s); trying again",
                  netns_label(ns), ovs_strerror(-err->error));
        ns->dump = KERN_DUMP_IDLE;
        ns->stale = true;
    } else {
        kern_nsid_unask(ns, nlh->nlmsg_seq);
        kern_rtnl_settle(ns);
    }
}

static void
handle_message(struct kern_netns *ns, const struct nlmsghdr *nlh)
{
    /* Events have the address and sequence of whoever made the change. */
    bool own = nlh->nlmsg_pid == ns->portid;

    COVERAGE_INC(kernel_message);
    if (own && nlh->nlmsg_flags & NLM_F_DUMP_INTR) {
        ns->dump_again = true;
    }
    switch (nlh->nlmsg_type) {
    case NLMSG_DONE:
        if (own && nlh->nlmsg_seq == ns->dump_seq) {
            dump_done(ns);
        }
        break;
    case NLMSG_ERROR:
        handle_error(ns, nlh);
        break;
    case RTM_NEWLINK:
    case RTM_DELLINK:
        kern_link_parse(ns, nlh, own);
        break;
    case RTM_NEWADDR:
    case RTM_DELADDR:
        kern_addr_parse(ns, nlh);
        break;
    case RTM_NEWNSID:
    case RTM_DELNSID:
        kern_nsid_parse(ns, nlh, own);
        kern_rtnl_settle(ns);
        break;
    }
}

static void
handle_overrun(struct kern_netns *ns)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);

    COVERAGE_INC(kernel_overrun);
    VLOG_INFO_RL(&rl, "%s: too many changes at once, some were missed; "
                 "reading everything again", netns_label(ns));
    ns->lost_events = true;
    ns->kern->lost_events = true;
}

/* To be called while no socket has anything to read: reads those again that
 * lost events, unless they are being read. */
void
kern_rtnl_reread(struct kern *kern)
{
    struct kern_netns *ns;

    kern->lost_events = false;
    HMAP_FOR_EACH (ns, cookie_node, &kern->by_cookie) {
        if (!ns->lost_events) {
            continue;
        }
        if (ns->dump == KERN_DUMP_LINKS || ns->dump == KERN_DUMP_ADDRS) {
            kern->lost_events = true;
            continue;
        }
        ns->lost_events = false;
        if (ns->dump_tries < MAX_TRIES) {
            kern_rtnl_dump(ns);
        } else {
            ns->stale = true;
            kern_nsid_drop_asks(ns);
            if (ns->dump == KERN_DUMP_NSIDS) {
                finish_dump(ns);
            }
        }
    }
}

void
kern_rtnl_handle(struct kern_netns *ns, const void *messages, size_t n)
{
    const struct nlmsghdr *nlh = messages;
    int left = n;

    for (; kern_message_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
        handle_message(ns, nlh);
    }
}

/* Handles what has arrived, at most BURST datagrams and '*budget', which it
 * reduces.  Returns true if there is nothing more to read. */
bool
kern_rtnl_run(struct kern_netns *ns, int *budget)
{
    void *buf = ns->kern->buf;

    for (int i = 0; i < BURST && *budget > 0; i++) {
        struct sockaddr_nl from = { .nl_family = AF_NETLINK };
        socklen_t from_len = sizeof from;
        ssize_t n = recvfrom(ns->fd, buf, sizeof ns->kern->buf, MSG_DONTWAIT,
                             (struct sockaddr *) &from, &from_len);
        if (n < 0 && errno == ENOBUFS) {
            handle_overrun(ns);
        } else if (n < 0 && errno != EINTR) {
            return true;
        } else if (n > 0 && !from.nl_pid) {
            kern_rtnl_handle(ns, buf, n);
        }
        --*budget;
    }
    return false;
}
