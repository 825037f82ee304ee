/* options.h -- the command line of ovspand.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_OPTIONS_H
#define OVSPAN_DAEMON_OPTIONS_H 1

#include "daemon/monitor.h"
#include "daemon/reconcile.h"

enum daemon_work {
    DAEMON_SERVE,               /* To be the daemon. */
    DAEMON_LIST_ROWS,           /* See take-back.h. */
    DAEMON_TAKE_BACK,
    DAEMON_TAKE_BACK_FORMER,
};

struct daemon_options {
    enum daemon_work work;
    struct reconcile_conf conf; /* What the control half is told. */
    char *unixctl_path;         /* Of the control socket; NULL: the default. */
    struct monitor_conf monitor_conf;   /* What the monitor is told. */
    bool monitor;               /* There is to be one. */
};

/* Parses the command line, over the defaults.  Handles --help and the like,
 * which do not return; sets what libopenvswitch keeps itself. */
void daemon_options_parse(int argc, char *argv[], struct daemon_options *);
void daemon_options_uninit(struct daemon_options *);

#endif /* daemon/options.h */
