/* names.c -- the namespaces that have a name in /var/run/netns.
 *
 * inotify tells of each file that comes or goes.  A file comes before the
 * namespace is mounted on it, and the mount makes no event, so a file that is
 * no namespace is looked at again, at growing intervals.  The directory may
 * come later than we, go, or be mounted over: every scan looks whether the
 * watch is still on it, and at every file.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(kernel_names);

#define DIR_EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO \
                    | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)
#define PARENT_EVENTS (IN_CREATE | IN_MOVED_TO | IN_ONLYDIR)

/* Times between two looks at a file without a namespace, in ms. */
#define MIN_RETRY 5
#define MAX_RETRY 1000

/* A file in the directory. */
struct kern_name {
    struct kern_netns *netns;   /* Mounted there, or NULL. */
    long long int retry_at;     /* If NULL: when to look again. */
    int retry;                  /* And the interval after that, in ms. */
    bool seen;                  /* By the scan under way. */
};

/* ## One file. ## */

/* Takes the name from its namespace, which may be without any then. */
static void
unlink_netns(struct kern *kern, struct kern_name *kn, const char *name)
{
    struct kern_netns *ns = kn->netns;

    if (ns) {
        kn->netns = NULL;
        sset_find_and_delete(&ns->names, name);
        if (sset_is_empty(&ns->names)) {
            /* Whether it goes, the processes decide: look at them now. */
            kern->scan_at = 0;
        } else {
            kern_netns_refresh(ns);
        }
    }
}

static void
forget_name(struct kern *kern, struct shash_node *node)
{
    struct kern_name *kn = node->data;

    unlink_netns(kern, kn, node->name);
    shash_delete(&kern->names, node);
    free(kn);
}

/* The namespace that is mounted at 'path', or NULL. */
static struct kern_netns *
netns_at(struct kern *kern, const char *path)
{
    struct statfs fs;
    struct stat st;

    if (statfs(path, &fs) || fs.f_type != NSFS_MAGIC || stat(path, &st)) {
        return NULL;
    }
    struct kern_netns *ns = kern_netns_find(kern, st.st_dev, st.st_ino);
    return ns ? ns : kern_netns_add(kern, path);
}

/* Looks at the file 'name', which came, went or is looked at again. */
static void
check_name(struct kern *kern, const char *name)
{
    struct shash_node *node = shash_find(&kern->names, name);
    char *path = xasprintf(KERN_NETNS_DIR"/%s", name);
    struct stat st;

    if (lstat(path, &st)) {
        if (node) {
            forget_name(kern, node);
        }
        free(path);
        return;
    }
    if (!node) {
        struct kern_name *new = xzalloc(sizeof *new);
        new->retry = MIN_RETRY;
        node = shash_add(&kern->names, name, new);
    }

    struct kern_name *kn = node->data;
    struct kern_netns *ns = netns_at(kern, path);
    kn->seen = true;
    if (ns != kn->netns) {
        unlink_netns(kern, kn, name);
        if (ns) {
            kn->netns = ns;
            sset_add(&ns->names, name);
            kern_netns_refresh(ns);
        }
    }
    if (ns) {
        kn->retry = MIN_RETRY;
    } else {
        kn->retry_at = time_msec() + kn->retry;
        kn->retry = MIN(kn->retry * 2, MAX_RETRY);
        kern->names_due = MIN(kern->names_due, kn->retry_at);
    }
    free(path);
}

/* ## The directory. ## */

/* Moves the watch to the directory that is there now. */
static void
watch_dir(struct kern *kern)
{
    if (kern->inotify_fd < 0) {
        return;
    }
    /* The same descriptor comes back for a directory that is watched. */
    int wd = inotify_add_watch(kern->inotify_fd, KERN_NETNS_DIR, DIR_EVENTS);
    if (wd != kern->dir_wd && kern->dir_wd >= 0) {
        inotify_rm_watch(kern->inotify_fd, kern->dir_wd);
    }
    kern->dir_wd = wd;
}

/* Looks at every file, and at those that were there. */
void
kern_names_scan(struct kern *kern)
{
    struct shash_node *node;
    const struct dirent *de;

    watch_dir(kern);
    SHASH_FOR_EACH (node, &kern->names) {
        struct kern_name *kn = node->data;
        kn->seen = false;
    }
    DIR *dir = opendir(KERN_NETNS_DIR);
    if (dir) {
        while ((de = readdir(dir)) != NULL) {
            if (de->d_name[0] != '.') {
                check_name(kern, de->d_name);
            }
        }
        closedir(dir);
    }
    SHASH_FOR_EACH_SAFE (node, &kern->names) {
        const struct kern_name *kn = node->data;
        if (!kn->seen) {
            forget_name(kern, node);
        }
    }
}

static void
handle_event(struct kern *kern, const struct inotify_event *event)
{
    const char *name = event->len ? event->name : "";

    if (event->mask & IN_Q_OVERFLOW) {
        kern_names_scan(kern);
    } else if (event->wd == kern->parent_wd) {
        if (!strcmp(name, "netns")) {
            kern_names_scan(kern);
        }
    } else if (event->wd != kern->dir_wd) {
        /* Of a watch that was given up. */
    } else if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) {
        kern->dir_wd = -1;
        kern_names_scan(kern);
    } else if (name[0] && name[0] != '.') {
        check_name(kern, name);
    }
}

/* Looks again at the files whose time has come. */
static void
retry_names(struct kern *kern)
{
    long long int now = time_msec();
    struct shash_node *node;

    if (now < kern->names_due) {
        return;
    }
    kern->names_due = LLONG_MAX;
    SHASH_FOR_EACH_SAFE (node, &kern->names) {
        const struct kern_name *kn = node->data;
        if (kn->netns) {
            continue;
        }
        if (now >= kn->retry_at) {
            check_name(kern, node->name);
        } else {
            kern->names_due = MIN(kern->names_due, kn->retry_at);
        }
    }
}

/* A namespace is mounted on its file, and unmounted from it, without a change
 * in the directory.  The kernel tells each open file of that once. */
static bool
have_mounts_changed(const struct kern *kern)
{
    struct pollfd pfd = { .fd = kern->mounts_fd, .events = POLLPRI };

    return kern->mounts_fd >= 0 && poll(&pfd, 1, 0) > 0;
}

/* Handles what came and went, and looks at what is due. */
void
kern_names_run(struct kern *kern)
{
    char buf[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t n;

    while (kern->inotify_fd >= 0
           && (n = read(kern->inotify_fd, buf, sizeof buf)) > 0) {
        for (const char *p = buf; p < buf + n; ) {
            const struct inotify_event *event = (const void *) p;
            handle_event(kern, event);
            p += sizeof *event + event->len;
        }
    }
    if (have_mounts_changed(kern)) {
        kern_names_scan(kern);
    }
    retry_names(kern);
}

void
kern_names_wait(struct kern *kern)
{
    if (kern->mounts_wake_fd >= 0) {
        poll_fd_wait(kern->mounts_wake_fd, POLLPRI);
    }
    if (kern->inotify_fd >= 0) {
        poll_fd_wait(kern->inotify_fd, POLLIN);
    }
    poll_timer_wait_until(kern->names_due);
}

void
kern_names_init(struct kern *kern)
{
    shash_init(&kern->names);
    kern->names_due = LLONG_MAX;
    kern->dir_wd = kern->parent_wd = -1;
    kern->mounts_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    kern->mounts_wake_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    kern->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (kern->inotify_fd < 0) {
        VLOG_WARN("inotify: %s; new names in "KERN_NETNS_DIR" are seen within "
                  "%d s only", ovs_strerror(errno), KERN_SCAN_INTERVAL / 1000);
        return;
    }
    kern->parent_wd = inotify_add_watch(kern->inotify_fd, KERN_NETNS_PARENT,
                                        PARENT_EVENTS);
}

void
kern_names_uninit(struct kern *kern)
{
    struct shash_node *node;

    SHASH_FOR_EACH_SAFE (node, &kern->names) {
        free(node->data);
        shash_delete(&kern->names, node);
    }
    shash_destroy(&kern->names);
    if (kern->mounts_fd >= 0) {
        close(kern->mounts_fd);
    }
    if (kern->mounts_wake_fd >= 0) {
        close(kern->mounts_wake_fd);
    }
    if (kern->inotify_fd >= 0) {
        close(kern->inotify_fd);
    }
}
