/* monitor.h -- the process that starts the daemon again when it dies.
 *
 * Stands in for --monitor of libopenvswitch, which ends when the daemon was
 * killed with SIGKILL, and that is what a kernel short of memory sends.  Here
 * only a daemon that exits by itself, or is asked to end by SIGTERM, SIGINT or
 * SIGHUP, stays ended.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_MONITOR_H
#define OVSPAN_DAEMON_MONITOR_H 1

#include <stdbool.h>

struct monitor_conf {
    bool detach;                /* Run in the background. */
    bool chdir;                 /* With 'detach': leave our folder. */
    const char *pidfile;        /* Of the daemon, "....pid"; NULL: none. */
    const char *rundir;         /* Where its control socket is. */
};

/* Returns in the process that is to be the daemon, each time there is a new
 * one; never in the one that was called, and never in the monitor.  To be
 * called while there is one thread, before daemonize_start(), which must not
 * detach then. */
void monitor_start(const struct monitor_conf *);

/* Tells who waits that the daemon has started.  In place of what
 * daemonize_complete() does for one that detaches. */
void monitor_complete(const struct monitor_conf *);

#endif /* daemon/monitor.h */
