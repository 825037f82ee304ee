/* kernel.c -- the room's door: create, run, wait, destroy.
 *
 * One round of kern_run() takes what inotify and netlink have, asks what is
 * missing, scans the processes when that is due, and puts what changed.  The
 * order matters once: namespaces go only in the scan, when no message of
 * theirs is being handled.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "openvswitch/vlog.h"
#include "topo/text.h"

VLOG_DEFINE_THIS_MODULE(kernel);

/* Datagrams of one round: a dump's hold some 30 links each. */
#define ROUND_BUDGET 2000
/* Room for this much of events in each socket.  It is used in a storm only. */
#define RCVBUF (8 * 1024 * 1024)

struct kern *
kern_create(struct topo *topo)
{
    struct kern *kern = xzalloc(sizeof *kern);

    kern->topo = topo;
    kern->rcvbuf = RCVBUF;
    kern->put_flag_names.type = TOPO_LIST;
    hmap_init(&kern->by_inode);
    hmap_init(&kern->by_cookie);
    ovs_list_init(&kern->dirty);
    kern->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (kern->epoll_fd < 0) {
        ovs_fatal(errno, "epoll_create1 failed");
    }
    kern_names_init(kern);
    kern_netns_add_host(kern);
    return kern;
}

void
kern_destroy(struct kern *kern)
{
    struct kern_netns *ns;

    if (!kern) {
        return;
    }
    kern_names_uninit(kern);
    HMAP_FOR_EACH_SAFE (ns, inode_node, &kern->by_inode) {
        kern_netns_destroy(ns);
    }
    hmap_destroy(&kern->by_inode);
    hmap_destroy(&kern->by_cookie);
    close(kern->epoll_fd);
    topo_text_unref(kern->veth_driver);
    topo_value_uninit(&kern->put_flag_names);
    free(kern);
}

/* Reads the sockets that have something to read. */
static void
read_sockets(struct kern *kern)
{
    struct epoll_event events[64];
    int budget = ROUND_BUDGET;
    int n;

    kern->more = false;
    while ((n = epoll_wait(kern->epoll_fd, events, ARRAY_SIZE(events),
                           0)) > 0) {
        for (int i = 0; i < n && budget > 0; i++) {
            kern_rtnl_run(events[i].data.ptr, &budget);
        }
        if (budget <= 0) {
            kern->more = true;
            return;
        }
    }
}

/* Looks at all names and processes, and at what waits for its time. */
static void
scan(struct kern *kern)
{
    long long int now = time_msec();
    struct kern_netns *ns;

    kern->scan_at = now + KERN_SCAN_INTERVAL;
    kern_names_scan(kern);
    kern_procs_scan(kern);
    HMAP_FOR_EACH (ns, inode_node, &kern->by_inode) {
        kern_netns_retry(ns, now);
        kern_nsid_expire(ns, now);
        if (ns->stale) {
            kern_rtnl_dump(ns);
        }
    }
    kern_procs_find_switch(kern);
    kern->scanned = true;
}

/* True if nothing is being read or asked. */
static bool
is_quiet(const struct kern *kern)
{
    const struct kern_netns *ns;

    if (!kern->scanned || kern->more || kern->lost_events || kern->resolve
        || time_msec() >= kern->scan_at) {
        return false;
    }
    HMAP_FOR_EACH (ns, cookie_node, &kern->by_cookie) {
        if (!ns->complete || ns->dump != KERN_DUMP_IDLE
            || !ovs_list_is_empty(&ns->asks)) {
            return false;
        }
    }
    return true;
}

void
kern_run(struct kern *kern)
{
    kern_names_run(kern);
    if (time_msec() >= kern->scan_at) {
        scan(kern);
    }
    read_sockets(kern);
    if (kern->lost_events && !kern->more) {
        kern_rtnl_reread(kern);
    }
    if (kern->resolve) {
        kern_nsid_resolve(kern);
    }
    kern_publish_dirty(kern);
    if (!kern->synced) {
        kern->synced = is_quiet(kern);
    }
}

void
kern_wait(struct kern *kern)
{
    poll_fd_wait(kern->epoll_fd, POLLIN);
    kern_names_wait(kern);
    poll_timer_wait_until(kern->scan_at);
    if (kern->more || kern->resolve) {
        poll_immediate_wake();
    }
}

bool
kern_is_synced(const struct kern *kern)
{
    return kern->synced;
}

void
kern_resync(struct kern *kern)
{
    struct kern_netns *ns;

    kern->scan_at = 0;
    HMAP_FOR_EACH (ns, cookie_node, &kern->by_cookie) {
        kern_rtnl_dump(ns);
    }
}

void
kern_feed(struct kern *kern, const void *messages, size_t n)
{
    kern_rtnl_handle(kern->host, messages, n);
}

void
kern_set_switch_pid(struct kern *kern, pid_t pid)
{
    if (pid != kern->switch_pid) {
        kern->switch_pid = pid;
        kern->held_at = 0;
        /* Its namespace may be one that is not known yet. */
        kern->scan_at = 0;
        kern_procs_find_switch(kern);
    }
}

void
kern_set_rcvbuf(struct kern *kern, int bytes)
{
    struct kern_netns *ns;

    kern->rcvbuf = bytes;
    HMAP_FOR_EACH (ns, cookie_node, &kern->by_cookie) {
        kern_socket_set_rcvbuf(ns);
    }
}
