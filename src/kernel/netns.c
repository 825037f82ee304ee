/* netns.c -- network namespaces come and go.
 *
 * names.c and procs.c find namespaces and say which names and processes each
 * has; this file opens each once, names it for the topology, and lets go of
 * it when it has neither name nor process: a socket of ours would keep it and
 * its links alive, so it is closed in the same moment.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(kernel_netns);

/* Time until one that could not be read is tried again, in ms. */
#define RETRY_SOON 2000
#define RETRY_LATE 60000

/* Raises the limit of open files as far as this user may: it is a socket a
 * namespace.  Returns true if there is more room now. */
static bool
raise_file_limit(void)
{
    struct rlimit lim;

    if (getrlimit(RLIMIT_NOFILE, &lim) || lim.rlim_cur >= lim.rlim_max) {
        return false;
    }
    lim.rlim_cur = lim.rlim_max;
    return !setrlimit(RLIMIT_NOFILE, &lim);
}

/* Opens the rtnetlink socket of 'ns' and starts to read it. */
static int
open_netns(struct kern_netns *ns, int ns_fd)
{
    int error = kern_socket_open(ns, ns_fd);
    if (error == EMFILE && raise_file_limit()) {
        error = kern_socket_open(ns, ns_fd);
    }
    if (error) {
        return error;
    }
    if (kern_netns_by_cookie(ns->kern, ns->cookie)) {
        /* Two inodes of one namespace cannot be; do not count it twice. */
        kern_socket_close(ns);
        return EEXIST;
    }
    ns->kern->n_found++;
    hmap_insert(&ns->kern->by_cookie, &ns->cookie_node,
                hash_uint64(ns->cookie));
    return 0;
}

/* Says, once for all, that there is something at 'path' that we may not
 * look at. */
void
kern_netns_say_denied(struct kern *kern, const char *path, int error)
{
    if (!kern->denied) {
        kern->denied = true;
        VLOG_INFO("no permission to enter other network namespaces "
                  "(%s: %s): their links are not shown; run as root",
                  path, ovs_strerror(error));
    }
}

/* Says that 'ns' at 'path' cannot be read, and when it is tried again. */
static void
say_unreadable(struct kern_netns *ns, const char *path, int error)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);
    long long int wait = RETRY_SOON;

    if (error == EPERM || error == EACCES) {
        wait = RETRY_LATE;
        kern_netns_say_denied(ns->kern, path, error);
    } else {
        VLOG_WARN_RL(&rl, "%s: cannot read this network namespace (%s); "
                     "trying again", path, ovs_strerror(error));
    }
    ns->retry_at = time_msec() + wait;
}

/* The namespace at 'path', which is added when it is new; NULL if there is
 * none (any more), or if it is new but cannot be opened.  The caller gives it
 * a name or a process, then calls kern_netns_refresh(). */
struct kern_netns *
kern_netns_add(struct kern *kern, const char *path)
{
    struct statfs fs;
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == EMFILE && raise_file_limit()) {
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    }
    if (fd < 0) {
        return NULL;
    }

    /* By the open file, not by its path: the path may lead elsewhere now. */
    struct kern_netns *ns = NULL;
    if (!fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC && !fstat(fd, &st)) {
        ns = kern_netns_find(kern, st.st_dev, st.st_ino);
        if (!ns) {
            ns = kern_netns_create(kern, st.st_dev, st.st_ino);
            int error = open_netns(ns, fd);
            if (error) {
                say_unreadable(ns, path, error);
            }
        }
    }
    close(fd);
    return ns;
}

static void
open_host(struct kern_netns *ns)
{
    int error = open_netns(ns, -1);
    if (error) {
        VLOG_ERR("cannot read the links of this host by netlink (%s); "
                 "trying again", ovs_strerror(error));
        ns->retry_at = time_msec() + RETRY_SOON;
        return;
    }
    topo_set_host_netns(ns->kern->topo, ns->cookie);
    kern_rtnl_dump(ns);
}

/* Adds the namespace that the program itself is in. */
void
kern_netns_add_host(struct kern *kern)
{
    struct stat st = { .st_ino = 0 };

    if (stat("/proc/self/ns/net", &st)) {
        VLOG_WARN("/proc/self/ns/net: %s", ovs_strerror(errno));
    }
    kern->host = kern_netns_create(kern, st.st_dev, st.st_ino);
    open_host(kern->host);
}

/* Opens 'ns' if that failed before and its time has come. */
void
kern_netns_retry(struct kern_netns *ns, long long int now)
{
    if (ns->fd >= 0 || now < ns->retry_at) {
        return;
    }
    if (ns == ns->kern->host) {
        open_host(ns);
        return;
    }

    const char *path = ns->path ? ns->path : "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    int error = fd < 0 ? errno : open_netns(ns, fd);
    if (fd >= 0) {
        close(fd);
    }
    if (error) {
        say_unreadable(ns, path, error);
        return;
    }
    free(ns->path);
    ns->path = NULL;
    kern_netns_refresh(ns);
}

/* Stores what 'ns' is to be called and where it is found. */
static void
choose_name(const struct kern_netns *ns, char **name, char **path)
{
    const char *first = NULL;
    const char *s;

    SSET_FOR_EACH (s, &ns->names) {
        if (!first || strcmp(s, first) < 0) {
            first = s;
        }
    }
    if (first) {
        *name = xstrdup(first);
        *path = xasprintf(KERN_NETNS_DIR"/%s", first);
    } else {
        *name = xasprintf("pid-%ld", (long int) ns->pid);
        *path = xasprintf("/proc/%ld/ns/net", (long int) ns->pid);
    }
}

static void
put_netns(struct kern_netns *ns)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    topo_map_put_string(&meta, "Path", ns->path);
    topo_map_put_integer(&meta, "Inode", ns->ino);
    topo_map_put_integer(&meta, "Device", ns->dev);
    topo_put_netns(ns->kern->topo, ns->cookie, ns->name, ns->path, &meta);
}

/* Makes of 'ns' what its names and processes say: puts it, renames it, or
 * lets it go, and then 'ns' is freed. */
void
kern_netns_refresh(struct kern_netns *ns)
{
    if (ns == ns->kern->host) {
        return;
    }
    if (sset_is_empty(&ns->names) && !ns->pid) {
        kern_netns_destroy(ns);
        return;
    }

    char *name, *path;
    choose_name(ns, &name, &path);
    bool known = ns->path != NULL;
    if (known && !strcmp(name, ns->name) && !strcmp(path, ns->path)) {
        free(name);
        free(path);
        return;
    }
    free(ns->name);
    free(ns->path);
    ns->name = name;
    ns->path = path;
    if (ns->fd >= 0) {
        VLOG_DBG("namespace %s, cookie %"PRIu64, name, ns->cookie);
        put_netns(ns);
        if (!known) {
            kern_rtnl_dump(ns);
        } else {
            kern_publish_renamed(ns);
        }
    }
}

/* Forgets 'ns' and closes its socket. */
void
kern_netns_destroy(struct kern_netns *ns)
{
    struct kern *kern = ns->kern;
    struct kern_link *link;

    if (ns->fd >= 0) {
        /* First the socket: from here on the kernel may let go of it. */
        kern_socket_close(ns);
        hmap_remove(&kern->by_cookie, &ns->cookie_node);
        HMAP_FOR_EACH_SAFE (link, node, &ns->links) {
            kern_link_remove(link);
        }
        kern_nsid_clear(ns);
        kern_nsid_expire(ns, LLONG_MAX);
        topo_del_netns(kern->topo, ns->cookie);
    }
    hmap_destroy(&ns->links);
    hmap_destroy(&ns->nsids);
    hmap_remove(&kern->by_inode, &ns->inode_node);
    sset_destroy(&ns->names);
    free(ns->name);
    free(ns->path);
    free(ns);
}
