/* nsid.c -- which namespace does a link refer to?
 *
 * IFLA_LINK_NETNSID and IFLA_NEW_NETNSID are numbers that the namespace of the
 * message gives to others.  The kernel turns no number into a namespace, but
 * tells which number a given namespace has (RTM_GETNSID), so the namespaces
 * that may be meant are asked about: those with a link of the ifindex that is
 * referred to, and for a veth one that refers back.  That is one, mostly.
 *
 * No number is ever assigned here: an older OVS stops to see its own links'
 * events when its namespace has a number for itself.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <libmnl/libmnl.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(kernel_nsid);

/* Numbers from here on (the kernel counts from 0) are asked for each by
 * itself. */
#define MANY_NSIDS 4096

/* How long a move waits for its namespace to be found, in ms: a scan, which
 * is made at once, finds it or nothing does. */
#define MOVE_PATIENCE 3000

/* ## The numbers that are known. ## */

static struct kern_nsid *
find_nsid(const struct kern_netns *ns, int id)
{
    struct kern_nsid *nsid;

    HMAP_FOR_EACH_WITH_HASH (nsid, node, hash_int(id, 0), &ns->nsids) {
        if (nsid->id == id) {
            return nsid;
        }
    }
    return NULL;
}

static void
free_nsid(struct kern_netns *ns, struct kern_nsid *nsid)
{
    hmap_remove(&ns->nsids, &nsid->node);
    free(nsid);
}

/* Ends 'move': the link is gone from where it was. */
static void
finish_move(struct kern_netns *ns, struct kern_move *move)
{
    if (!kern_link_find(ns, move->old_ifindex)) {
        topo_del_link(ns->kern->topo, ns->cookie, move->old_ifindex);
    }
    ovs_list_remove(&move->node);
    free(move);
}

static void
free_ask(struct kern_ask *ask)
{
    ovs_list_remove(&ask->node);
    free(ask);
}

/* Sets where the link that 'link' refers to is, or puts it among the lost. */
void
kern_nsid_locate(struct kern_link *link)
{
    struct kern_netns *ns = link->netns;

    ovs_list_remove(&link->lost_node);
    ovs_list_init(&link->lost_node);
    if (link->nsid < 0) {
        link->far = ns->cookie;
        return;
    }
    const struct kern_nsid *nsid = find_nsid(ns, link->nsid);
    link->far = nsid ? nsid->cookie : 0;
    if (nsid) {
        link->scanned = false;
        link->asked = 0;
    } else {
        ovs_list_push_back(&ns->lost, &link->lost_node);
        ns->kern->resolve = true;
    }
}

/* Tells the topology that a link went from 'ns' to 'cookie'. */
static void
tell_move(struct kern_netns *ns, int old_ifindex, topo_cookie cookie,
          int new_ifindex)
{
    VLOG_DBG("link %d of namespace %"PRIu64" is link %d of %"PRIu64" now",
             old_ifindex, ns->cookie, new_ifindex, cookie);
    topo_move_link(ns->kern->topo, ns->cookie, old_ifindex, cookie,
                   new_ifindex);
}

/* A link of 'ns', which is not in its table any more, left for the namespace
 * that 'ns' calls 'id'.  Takes it out of the topology as soon as it can be
 * said where to: the topology forgets what hung on a link that is gone. */
void
kern_nsid_moved(struct kern_netns *ns, int old_ifindex, int id,
                int new_ifindex)
{
    const struct kern_nsid *nsid = find_nsid(ns, id);
    if (nsid) {
        tell_move(ns, old_ifindex, nsid->cookie, new_ifindex);
        topo_del_link(ns->kern->topo, ns->cookie, old_ifindex);
        return;
    }
    struct kern_move *move = xmalloc(sizeof *move);
    *move = (struct kern_move) {
        .old_ifindex = old_ifindex,
        .nsid = id,
        .new_ifindex = new_ifindex,
        .until = time_msec() + MOVE_PATIENCE,
    };
    ovs_list_push_back(&ns->moves, &move->node);
    ns->kern->resolve = true;
}

/* Locates those of the lost links whose number is known now. */
void
kern_nsid_find_lost(struct kern_netns *ns)
{
    struct kern_link *link;

    LIST_FOR_EACH_SAFE (link, lost_node, &ns->lost) {
        if (find_nsid(ns, link->nsid)) {
            kern_nsid_locate(link);
            kern_link_touch(link);
        }
    }
}

/* 'ns' calls the namespace 'cookie' 'id': what waited for it goes on. */
static void
learn_nsid(struct kern_netns *ns, int id, topo_cookie cookie)
{
    struct kern_nsid *nsid = find_nsid(ns, id);
    struct kern_move *move;

    if (!nsid) {
        nsid = xmalloc(sizeof *nsid);
        nsid->id = id;
        hmap_insert(&ns->nsids, &nsid->node, hash_int(id, 0));
    }
    nsid->cookie = cookie;

    LIST_FOR_EACH_SAFE (move, node, &ns->moves) {
        if (move->nsid == id) {
            tell_move(ns, move->old_ifindex, cookie, move->new_ifindex);
            finish_move(ns, move);
        }
    }
    /* The end of a reading does it once for all answers. */
    if (ns->dump == KERN_DUMP_IDLE) {
        kern_nsid_find_lost(ns);
    }
}

/* ## Asking. ## */

static bool
is_asked(const struct kern_netns *ns, topo_cookie cookie)
{
    const struct kern_ask *ask;

    LIST_FOR_EACH (ask, node, &ns->asks) {
        if (ask->cookie == cookie) {
            return true;
        }
    }
    return false;
}

/* Asks which number 'ns' has for 'other'. */
static void
ask_about(struct kern_netns *ns, const struct kern_netns *other)
{
    uint32_t buf[32];
    struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

    if (is_asked(ns, other->cookie)) {
        return;
    }
    /* By our socket there, since its path may lead elsewhere by now. */
    int fd = ioctl(other->fd, SIOCGSKNS);
    if (fd < 0) {
        return;
    }
    nlh->nlmsg_type = RTM_GETNSID;
    mnl_nlmsg_put_extra_header(nlh, sizeof(struct rtgenmsg));
    mnl_attr_put_u32(nlh, NETNSA_FD, fd);
    if (!kern_socket_send(ns, nlh)) {
        struct kern_ask *ask = xmalloc(sizeof *ask);
        ask->seq = ns->seq;
        ask->cookie = other->cookie;
        ovs_list_push_back(&ns->asks, &ask->node);
    }
    close(fd);
}

/* 'ns' waits for no answer: if it does not know all that it refers to, there
 * may be a namespace that was not found yet. */
static void
scan_for_lost(struct kern_netns *ns)
{
    struct kern_link *link;
    struct kern_move *move;

    LIST_FOR_EACH (link, lost_node, &ns->lost) {
        if (!link->scanned) {
            link->scanned = true;
            ns->kern->scan_at = 0;
        }
    }
    LIST_FOR_EACH (move, node, &ns->moves) {
        if (!move->scanned) {
            move->scanned = true;
            ns->kern->scan_at = 0;
        }
    }
}

/* Asks 'ns' about each namespace that has a link 'ifindex' (0: about all);
 * 'veth' nonzero: a link that may be the peer of 'veth', since it is known to
 * refer back, or nowhere yet (the kernel tells of a peer before the two are
 * tied together).  Returns how many there are. */
static int
ask_candidates(struct kern_netns *ns, int ifindex, int veth)
{
    struct kern_netns *other;
    int n = 0;

    HMAP_FOR_EACH (other, cookie_node, &ns->kern->by_cookie) {
        const struct kern_link *link = kern_link_find(other, ifindex);
        if (other != ns
            && (!ifindex || (link && (!veth || link->lower == veth
                                      || !link->lower)))) {
            ask_about(ns, other);
            n++;
        }
    }
    return n;
}

/* Asks where the other end of 'link' is.  Returns true if it may be somewhere
 * that is known, whether or not that could be asked about. */
static bool
ask_other_end(struct kern_link *link)
{
    if (!link->lower) {
        /* A tunnel that moved: any may be the one, but none that said no. */
        if (link->asked == link->netns->kern->n_found) {
            return false;
        }
        link->asked = link->netns->kern->n_found;
    }
    /* If no peer refers back: what is known of it may be old. */
    return ((kern_link_is_veth(link)
             && ask_candidates(link->netns, link->lower, link->ifindex))
            || ask_candidates(link->netns, link->lower, 0));
}

/* Asks for one link of each number that is not known. */
static void
ask_for_numbers(struct kern_netns *ns)
{
    unsigned long asked[BITMAP_N_LONGS(MANY_NSIDS)] = { 0 };
    struct kern_link *link;

    ns->passed_over = false;
    LIST_FOR_EACH (link, lost_node, &ns->lost) {
        size_t id = link->nsid;

        if (id >= MANY_NSIDS) {
            ask_other_end(link);
        } else if (bitmap_is_set(asked, id)) {
            ns->passed_over = true;
        } else if (ask_other_end(link)) {
            bitmap_set1(asked, id);
        }
    }
}

/* There is no more to be answered.  What was guessed of one link of a number
 * may have been wrong, and be right of another: each is asked for. */
static void
all_answered(struct kern_netns *ns)
{
    struct kern_link *link;

    if (ns->passed_over) {
        ns->passed_over = false;
        LIST_FOR_EACH (link, lost_node, &ns->lost) {
            if (!find_nsid(ns, link->nsid)) {
                ask_other_end(link);
            }
        }
    }
    if (ovs_list_is_empty(&ns->asks)) {
        scan_for_lost(ns);
    }
}

/* Asks about all that 'ns' refers to and does not know.  All links of one
 * number refer to one namespace, so that one of them is enough, mostly. */
void
kern_nsid_ask_lost(struct kern_netns *ns)
{
    ask_for_numbers(ns);
    if (!ovs_list_is_empty(&ns->moves)) {
        /* All, since the link may have left the new namespace by now. */
        ask_candidates(ns, 0, 0);
    }
    if (ovs_list_is_empty(&ns->asks)) {
        all_answered(ns);
    }
}

/* Asks again, in every namespace, since something came that may help. */
void
kern_nsid_resolve(struct kern *kern)
{
    struct kern_netns *ns;

    kern->resolve = false;
    HMAP_FOR_EACH (ns, cookie_node, &kern->by_cookie) {
        /* A reading asks by itself when it has seen all links. */
        if (ns->dump == KERN_DUMP_IDLE) {
            kern_nsid_ask_lost(ns);
        }
    }
}

/* ## Answers and events. ## */

static struct kern_ask *
find_ask(const struct kern_netns *ns, uint32_t seq)
{
    struct kern_ask *ask;

    LIST_FOR_EACH (ask, node, &ns->asks) {
        if (ask->seq == seq) {
            return ask;
        }
    }
    return NULL;
}

/* 'ask' has its answer, or gets none. */
static void
finish_ask(struct kern_netns *ns, struct kern_ask *ask)
{
    free_ask(ask);
    if (ovs_list_is_empty(&ns->asks)) {
        all_answered(ns);
    }
}

static void
forget_nsid(struct kern_netns *ns, int id)
{
    struct kern_nsid *nsid = find_nsid(ns, id);
    struct kern_move *move;

    if (nsid) {
        free_nsid(ns, nsid);
    }
    LIST_FOR_EACH_SAFE (move, node, &ns->moves) {
        if (move->nsid == id) {
            finish_move(ns, move);
        }
    }
}

/* Takes an RTM_NEWNSID or RTM_DELNSID: an answer of ours ('own'), or an event,
 * which says that there is a number but not whose it is. */
void
kern_nsid_parse(struct kern_netns *ns, const struct nlmsghdr *nlh, bool own)
{
    const struct nlattr *attr;
    int id = NETNSA_NSID_NOT_ASSIGNED;

    mnl_attr_for_each (attr, nlh, sizeof(struct rtgenmsg)) {
        if (mnl_attr_get_type(attr) == NETNSA_NSID
            && !mnl_attr_validate(attr, MNL_TYPE_U32)) {
            id = mnl_attr_get_u32(attr);
        }
    }
    struct kern_ask *ask = own ? find_ask(ns, nlh->nlmsg_seq) : NULL;
    if (ask) {
        if (id >= 0) {
            learn_nsid(ns, id, ask->cookie);
        }
        finish_ask(ns, ask);
    } else if (nlh->nlmsg_type == RTM_DELNSID) {
        forget_nsid(ns, id);
    } else if (!ovs_list_is_empty(&ns->lost)
               || !ovs_list_is_empty(&ns->moves)) {
        ns->kern->resolve = true;
    }
}

/* The request 'seq' failed. */
void
kern_nsid_unask(struct kern_netns *ns, uint32_t seq)
{
    struct kern_ask *ask = find_ask(ns, seq);
    if (ask) {
        finish_ask(ns, ask);
    }
}

/* Gives up the moves to namespaces that nobody could name. */
void
kern_nsid_expire(struct kern_netns *ns, long long int now)
{
    struct kern_move *move;

    LIST_FOR_EACH_SAFE (move, node, &ns->moves) {
        if (now >= move->until) {
            finish_move(ns, move);
        }
    }
}

void
kern_nsid_drop_asks(struct kern_netns *ns)
{
    struct kern_ask *ask;

    LIST_FOR_EACH_SAFE (ask, node, &ns->asks) {
        free_ask(ask);
    }
}

/* Forgets every number, and what was asked. */
void
kern_nsid_clear(struct kern_netns *ns)
{
    struct kern_nsid *nsid;

    HMAP_FOR_EACH_SAFE (nsid, node, &ns->nsids) {
        free_nsid(ns, nsid);
    }
    kern_nsid_drop_asks(ns);
}
