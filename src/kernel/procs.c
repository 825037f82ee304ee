/* procs.c -- the namespaces of running processes.
 *
 * Looks at /proc/PID/ns/net of every process: one stat(2) each, and nothing is
 * opened but a namespace that is new.  Scans run every two seconds, and at
 * once when a name went away or a link refers to an unknown namespace.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(kernel_procs);
COVERAGE_DEFINE(kernel_scan);

/* Notes that process 'pid', a directory in 'proc_fd', lives where it does. */
static void
see_process(struct kern *kern, int proc_fd, pid_t pid)
{
    char path[64];
    struct stat st;

    snprintf(path, sizeof path, "/proc/%ld/ns/net", (long int) pid);
    if (fstatat(proc_fd, path + strlen("/proc/"), &st, 0)) {
        /* It ended, or it is somebody else's and we are not root. */
        if (errno == EACCES || errno == EPERM) {
            kern_netns_say_denied(kern, path, errno);
        }
        return;
    }
    struct kern_netns *ns = kern_netns_find(kern, st.st_dev, st.st_ino);
    if (!ns) {
        ns = kern_netns_add(kern, path);
    }
    if (ns && (!ns->scan_pid || pid < ns->scan_pid)) {
        ns->scan_pid = pid;
    }
}

/* Brings the processes of every namespace up to date; namespaces without a
 * name or a process go. */
void
kern_procs_scan(struct kern *kern)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(1, 5);
    struct kern_netns *ns;
    const struct dirent *de;

    COVERAGE_INC(kernel_scan);
    DIR *dir = opendir("/proc");
    if (!dir) {
        VLOG_WARN_RL(&rl, "/proc: %s; namespaces without a name in "
                     KERN_NETNS_DIR" are not seen", ovs_strerror(errno));
        return;
    }
    HMAP_FOR_EACH (ns, inode_node, &kern->by_inode) {
        ns->scan_pid = 0;
    }
    while ((de = readdir(dir)) != NULL) {
        if (isdigit((unsigned char) de->d_name[0])) {
            see_process(kern, dirfd(dir), atol(de->d_name));
        }
    }
    closedir(dir);
    HMAP_FOR_EACH_SAFE (ns, inode_node, &kern->by_inode) {
        ns->pid = ns->scan_pid;
        kern_netns_refresh(ns);
    }
}

/* Tells the topology where the switch lives, when that changed. */
void
kern_procs_find_switch(struct kern *kern)
{
    const struct kern_netns *ns = kern->host;

    if (kern->switch_pid) {
        char path[64];
        struct stat st;

        snprintf(path, sizeof path, "/proc/%ld/ns/net",
                 (long int) kern->switch_pid);
        /* A switch that is gone, or that cannot be looked at, leaves what
         * was known: it comes back at the same place, mostly. */
        ns = stat(path, &st) ? NULL
             : kern_netns_find(kern, st.st_dev, st.st_ino);
    }
    if (ns && ns->fd >= 0 && ns->cookie != kern->switch_cookie) {
        kern->switch_cookie = ns->cookie;
        topo_set_switch_netns(kern->topo, ns->cookie);
    }
}
