/* fuzz-kernel.c -- what rtnetlink says, whatever it says.
 *
 * The datagrams of the input, each a size of two bytes and the bytes, arrive
 * on the socket of a namespace, as those of the kernel do.  The links that
 * they tell of are put into a topology, which takes anything.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/ovs.h"
#include "kernel/private.h"

static void
init_kern(struct kern *kern)
{
    *kern = (struct kern) { .topo = topo_create("h1"), .epoll_fd = -1 };
    hmap_init(&kern->by_inode);
    hmap_init(&kern->by_cookie);
    ovs_list_init(&kern->dirty);
    topo_set_host_netns(kern->topo, 1);
}

static struct kern_netns *
add_netns(struct kern *kern, topo_cookie cookie, int fd)
{
    struct kern_netns *ns = kern_netns_create(kern, 0, cookie);

    ns->fd = fd;
    ns->cookie = cookie;
    hmap_insert(&kern->by_cookie, &ns->cookie_node, hash_uint64(cookie));
    return ns;
}

/* Hands one datagram over, and reads what is asked in return. */
static void
deliver(struct kern_netns *ns, int kernel_fd, const char *data, size_t n)
{
    char question[1024];
    int budget = 8;

    if (n && send(kernel_fd, data, n, MSG_DONTWAIT) == n) {
        kern_rtnl_run(ns, &budget);
        kern_publish_dirty(ns->kern);
        if (ns->kern->resolve) {
            kern_nsid_resolve(ns->kern);
        }
    }
    while (recv(kernel_fd, question, sizeof question, MSG_DONTWAIT) > 0) {
        continue;
    }
}

void
fuzz_kernel(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    struct kern *kern = xmalloc(sizeof *kern);
    struct kern_netns *ns[2];
    int fds[2][2];

    init_kern(kern);
    for (int i = 0; i < 2; i++) {
        ovs_assert(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0,
                               fds[i]));
        ns[i] = add_netns(kern, 1 + i, fds[i][0]);
    }
    kern->host = ns[0];
    kern_rtnl_dump(ns[0]);
    while (in.n) {
        uint16_t n = fuzz_get(&in, 2);
        int to = n >> 15;
        char *datagram;

        n = MIN(n & 0x7fff, in.n);
        datagram = fuzz_string(&in, n);
        deliver(ns[to], fds[to][1], datagram, n);
        free(datagram);
    }
    topo_run(kern->topo);
    for (int i = 0; i < 2; i++) {
        kern_nsid_expire(ns[i], LLONG_MAX);
        kern_netns_destroy(ns[i]);
        close(fds[i][1]);
    }
    hmap_destroy(&kern->by_inode);
    hmap_destroy(&kern->by_cookie);
    topo_destroy(kern->topo);
    free(kern);
}
