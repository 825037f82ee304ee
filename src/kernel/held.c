/* held.c -- the devices of the switch in other namespaces, as it holds them.
 *
 * A name proves nothing: who lives in a namespace renames its interface and
 * makes another of that name.  What the switch made it still holds: the
 * userspace datapath a descriptor of /dev/net/tun, of which the kernel tells
 * the device; the kernel's datapath a port, see vport.c.
 *
 * Called by reconcile.c each round, for interfaces that have no device yet.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A descriptor of /dev/net/tun, and what it is of. */
struct tun {
    int fd;
    int ifindex;                /* 0: it could not be told. */
};

static bool
get_name(int fd, char name[IFNAMSIZ])
{
    struct ifreq ifr;

    memset(&ifr, 0, sizeof ifr);
    if (ioctl(fd, TUNGETIFF, &ifr)) {
        return false;           /* It has no device. */
    }
    ovs_strlcpy(name, ifr.ifr_name, IFNAMSIZ);
    return true;
}

/* In the device's namespace.  It may be renamed at any time: what has the
 * name before and after has it in between. */
static int
find_ifindex(void *tun_)
{
    struct tun *tun = tun_;
    char after[IFNAMSIZ];
    struct ifreq ifr;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    memset(&ifr, 0, sizeof ifr);
    if (fd < 0) {
        return errno;
    }
    if (get_name(tun->fd, ifr.ifr_name) && !ioctl(fd, SIOCGIFINDEX, &ifr)
        && get_name(tun->fd, after) && !strcmp(ifr.ifr_name, after)) {
        tun->ifindex = ifr.ifr_ifindex;
    }
    close(fd);
    return 0;
}

/* Adds the device of 'fd', if it is in another namespace than the switch. */
static void
add_tun(struct kern *kern, int fd, struct kern_held *held)
{
    int ns_fd = ioctl(fd, TUNGETDEVNETNS);
    struct stat st;

    if (ns_fd < 0) {
        return;
    }
    const struct kern_netns *ns
        = fstat(ns_fd, &st) ? NULL
          : kern_netns_find(kern, st.st_dev, st.st_ino);

    if (ns && ns->fd >= 0 && ns->cookie != kern->switch_cookie) {
        struct tun tun = { .fd = fd };

        kern_call_in_fd(ns_fd, ns->cookie, find_ifindex, &tun);
        if (tun.ifindex) {
            kern_held_add(held, ns->cookie, tun.ifindex);
        }
    }
    close(ns_fd);
}

static bool
is_tun(int dir_fd, const char *name)
{
    static const char tun[] = "/net/tun";
    char path[64];
    ssize_t n = readlinkat(dir_fd, name, path, sizeof path - 1);

    path[MAX(n, 0)] = '\0';
    return n >= (ssize_t) strlen(tun) && !strcmp(&path[n - strlen(tun)], tun);
}

static void
find_tuns(struct kern *kern, struct kern_held *held)
{
    int pidfd = syscall(SYS_pidfd_open, kern->switch_pid, 0);
    char *path = xasprintf("/proc/%ld/fd", (long int) kern->switch_pid);
    DIR *dir = pidfd >= 0 ? opendir(path) : NULL;
    const struct dirent *de;

    while (dir && (de = readdir(dir)) != NULL) {
        int fd = (isdigit((unsigned char) de->d_name[0])
                  && is_tun(dirfd(dir), de->d_name)
                  ? syscall(SYS_pidfd_getfd, pidfd, atoi(de->d_name), 0) : -1);

        if (fd >= 0) {
            add_tun(kern, fd, held);
            close(fd);
        }
    }
    if (dir) {
        closedir(dir);
    }
    if (pidfd >= 0) {
        close(pidfd);
    }
    free(path);
}

bool
kern_find_held(struct kern *kern)
{
    size_t n = topo_n_lacking(kern->topo);
    long long int now = time_msec();
    struct kern_held held = { NULL, 0, 0 };

    if (!n || (n == kern->n_lacking && now < kern->held_at)) {
        kern->n_lacking = n;
        return false;
    }
    kern->n_lacking = n;
    kern->held_at = now + KERN_SCAN_INTERVAL;
    if (kern->switch_pid) {
        find_tuns(kern, &held);
        kern_vport_find(kern, &held);
    }
    topo_set_held(kern->topo, held.devices, held.n);
    free(held.devices);
    return true;
}
