/* options.c -- the command line of ovspand.  See options.h.
 *
 * Called by main().  What is wrong ends the program.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/options.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/dirs.h"
#include "base/lib-options.h"
#include "base/ovs.h"
#include "daemon/help.h"

/* A path as users give it is relative to our run directory, not OVS's. */
static char *
run_path(const char *name)
{
    return name[0] == '/' ? xstrdup(name)
                          : xasprintf("%s/%s", dirs_run(), name);
}

static void
use_pidfile(const char *name, struct monitor_conf *monitor)
{
    char *path = run_path(name ? name : "ovspand.pid");

    set_pidfile(path);
    free(CONST_CAST(char *, monitor->pidfile));
    monitor->pidfile = path;
}

enum { MAX_WORKERS = 64 };

static unsigned int
parse_workers(const char *s)
{
    int n;

    if (!str_to_int(s, 10, &n) || n < 1 || n > MAX_WORKERS) {
        ovs_fatal(0, "--workers: expected a number from 1 to %d, not \"%s\"",
                  MAX_WORKERS, s);
    }
    return n;
}

static enum daemon_work
parse_take_back(const char *s)
{
    if (s && strcmp(s, "former")) {
        ovs_fatal(0, "--take-back: expected nothing or \"former\", not "
                  "\"%s\"", s);
    }
    return s ? DAEMON_TAKE_BACK_FORMER : DAEMON_TAKE_BACK;
}

enum {
    OPT_DB = LIB_OPTION_END,
    OPT_OVS_DB,
    OPT_HOST_NAME,
    OPT_WORKERS,
    OPT_LIST_ROWS,
    OPT_TAKE_BACK,
    OPT_UNIXCTL,
    DAEMON_OPTION_ENUMS,
};

static const struct option long_options[] = {
    {"db", required_argument, NULL, OPT_DB},
    {"ovs-db", required_argument, NULL, OPT_OVS_DB},
    {"host-name", required_argument, NULL, OPT_HOST_NAME},
    {"workers", required_argument, NULL, OPT_WORKERS},
    {"list-rows", no_argument, NULL, OPT_LIST_ROWS},
    {"take-back", optional_argument, NULL, OPT_TAKE_BACK},
    {"unixctl", required_argument, NULL, OPT_UNIXCTL},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    VLOG_LONG_OPTIONS,
    DAEMON_LONG_OPTIONS,
    LIB_SSL_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

/* The options of libopenvswitch, of which those with a path have our default.
 */
static void
parse_library_option(int c, struct daemon_options *o)
{
    char *error;

    switch (c) {
    case OPT_PIDFILE:
        use_pidfile(optarg, &o->monitor_conf);
        break;
    case OPT_DETACH:
        o->monitor_conf.detach = true;
        break;
    case OPT_NO_SELF_CONFINEMENT:
        daemon_disable_self_confinement();
        break;
    case OPT_NO_CHDIR:
        set_no_chdir();
        o->monitor_conf.chdir = false;
        break;
    case OPT_OVERWRITE_PIDFILE:
        ignore_existing_pidfile();
        break;
    case OPT_MONITOR:
        o->monitor = true;
        break;
    case OPT_USER_GROUP:
        ovs_fatal(0, "--user is not supported: captures are opened whenever "
                  "a point appears, which needs root");
    default:
        if (!lib_option_handle(c, "ovspand.log", &error)) {
            exit(EXIT_FAILURE); /* getopt_long() said what is wrong. */
        } else if (error) {
            ovs_fatal(0, "%s", error);
        }
    }
}

void
daemon_options_parse(int argc, char *argv[], struct daemon_options *o)
{
    char *short_options = ovs_cmdl_long_options_to_short_options(long_options);
    int c;

    *o = (struct daemon_options) {
        .conf = {
            .span_remote = dirs_span_remote(),
            .ovs_remote = dirs_ovs_remote(),
            .host = getenv("OVSPAN_HOST"),
        },
        .monitor_conf = { .chdir = true, .rundir = dirs_run() },
    };
    while ((c = getopt_long(argc, argv, short_options, long_options, NULL))
           != -1) {
        switch (c) {
        case OPT_DB:
            free(o->conf.span_remote);
            o->conf.span_remote = xstrdup(optarg);
            break;
        case OPT_OVS_DB:
            free(o->conf.ovs_remote);
            o->conf.ovs_remote = xstrdup(optarg);
            break;
        case OPT_HOST_NAME:
            o->conf.host = optarg;
            break;
        case OPT_WORKERS:
            o->conf.n_workers = parse_workers(optarg);
            break;
        case OPT_LIST_ROWS:
            o->work = DAEMON_LIST_ROWS;
            break;
        case OPT_TAKE_BACK:
            o->work = parse_take_back(optarg);
            break;
        case OPT_UNIXCTL:
            free(o->unixctl_path);
            o->unixctl_path = run_path(optarg);
            break;
        case 'h':
            ovspand_print_help();
            exit(EXIT_SUCCESS);
        case 'V':
            printf("%s (ovspan) %s\n", program_name, VERSION);
            exit(EXIT_SUCCESS);
        default:
            parse_library_option(c, o);
        }
    }
    free(short_options);
    o->conf.pidfile = o->monitor_conf.pidfile;
    if (optind < argc) {
        ovs_fatal(0, "\"%s\": takes no arguments, only options; see --help",
                  argv[optind]);
    }
}

void
daemon_options_uninit(struct daemon_options *o)
{
    free(o->conf.span_remote);
    free(o->conf.ovs_remote);
    free(o->unixctl_path);
    free(CONST_CAST(char *, o->monitor_conf.pidfile));
}
