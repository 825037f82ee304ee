/* ovspand.c -- the daemon: options, start, loop, stop.
 *
 * The loop runs everything, then waits for everything, then blocks once; no
 * call in it blocks.  What is decided in a round is decided in reconcile.c;
 * packets are the workers' (engine.h).  This file only starts, turns and stops
 * the parts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/dirs.h"
#include "base/lib-options.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/help.h"
#include "daemon/monitor.h"
#include "daemon/reconcile.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(ovspand);

enum {
    /* How long a stop may take to say so in the database, in ms. */
    STOP_TIMEOUT_MS = 5000,
    /* How long questions wait after the start for the host to be read. */
    READY_TIMEOUT_MS = 5000,
    MAX_WORKERS = 64,
};

struct options {
    struct reconcile_conf conf; /* What the control half is told. */
    char *unixctl_path;         /* Of the control socket; NULL: the default. */
    struct monitor_conf monitor_conf;   /* What the monitor is told. */
    bool monitor;               /* There is to be one. */
};

/* Set by SIGTERM and SIGINT; a handler may do no more. */
static struct latch stop_latch;

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

enum {
    OPT_DB = LIB_OPTION_END,
    OPT_OVS_DB,
    OPT_HOST_NAME,
    OPT_WORKERS,
    OPT_UNIXCTL,
    DAEMON_OPTION_ENUMS,
};

static const struct option long_options[] = {
    {"db", required_argument, NULL, OPT_DB},
    {"ovs-db", required_argument, NULL, OPT_OVS_DB},
    {"host-name", required_argument, NULL, OPT_HOST_NAME},
    {"workers", required_argument, NULL, OPT_WORKERS},
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
parse_library_option(int c, struct options *o)
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

static void
parse_options(int argc, char *argv[], struct options *o)
{
    char *short_options = ovs_cmdl_long_options_to_short_options(long_options);
    int c;

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
    if (optind < argc) {
        ovs_fatal(0, "\"%s\": takes no arguments, only options; see --help",
                  argv[optind]);
    }
}

static void
stop_signal(int sig OVS_UNUSED)
{
    latch_set(&stop_latch);
}

static void
catch_stop_signals(void)
{
    struct sigaction sa = { .sa_handler = stop_signal };

    latch_init(&stop_latch);
    sigemptyset(&sa.sa_mask);
    sigaction(SIGTERM, &sa, NULL);
    sigaction(SIGINT, &sa, NULL);
}

static void
exit_cb(struct unixctl_conn *conn, int argc, const char *argv[], void *rec_)
{
    struct reconcile *rec = rec_;

    if (argc > 1 && strcmp(argv[1], "--restart")) {
        unixctl_command_reply_error(conn, "expected --restart or nothing");
        return;
    }
    reconcile_stop(rec, argc > 1);
    unixctl_command_reply(conn, NULL);
}

/* The socket of our own directory; its name has our process id in it. */
static struct unixctl_server *
open_unixctl(const char *path)
{
    char *own = path ? xstrdup(path)
                     : xasprintf("%s/%s.%ld.ctl", dirs_run(), program_name,
                                 (long int) getpid());
    struct unixctl_server *server;

    if (unixctl_server_create(own, &server)) {
        ovs_fatal(0, "%s: cannot make the control socket; does the directory "
                  "exist, and may we write to it?", own);
    }
    free(own);
    return server;
}

static void
report_memory(const struct reconcile *rec)
{
    memory_run();
    if (memory_should_report()) {
        struct simap usage = SIMAP_INITIALIZER(&usage);

        reconcile_get_memory_usage(rec, &usage);
        memory_report(&usage);
        simap_destroy(&usage);
    }
}

static void
loop(struct reconcile *rec, struct unixctl_server *unixctl)
{
    long long int deadline = LLONG_MAX;
    long long int answer_by = time_msec() + READY_TIMEOUT_MS;

    while (!reconcile_is_stopped(rec) && time_msec() < deadline) {
        report_memory(rec);
        reconcile_run(rec);

        /* Who starts us and asks at once is answered when we know. */
        bool answer = reconcile_is_ready(rec) || time_msec() >= answer_by;
        if (answer) {
            unixctl_server_run(unixctl);
        }
        if (latch_poll(&stop_latch)) {
            reconcile_stop(rec, false);
        }
        if (deadline == LLONG_MAX && reconcile_is_stopping(rec)) {
            deadline = time_msec() + STOP_TIMEOUT_MS;
        }

        memory_wait();
        reconcile_wait(rec);
        if (answer) {
            unixctl_server_wait(unixctl);
        } else {
            poll_timer_wait_until(answer_by);
        }
        latch_wait(&stop_latch);
        if (deadline != LLONG_MAX) {
            poll_timer_wait_until(deadline);
        }
        poll_block();
    }
    if (!reconcile_is_stopped(rec)) {
        VLOG_WARN("the database did not take our last words within %d ms",
                  STOP_TIMEOUT_MS);
    }
}

/* Returns in the process that is the daemon.  With a monitor it is the monitor
 * that detaches, and each daemon that it starts passes here. */
static void
start_daemon(const struct options *o)
{
    if (o->monitor) {
        monitor_start(&o->monitor_conf);
    } else if (o->monitor_conf.detach) {
        set_detach();
    }
    daemonize_start(true);
}

int
main(int argc, char *argv[])
{
    struct options o = {
        .conf = {
            .span_remote = dirs_span_remote(),
            .ovs_remote = dirs_ovs_remote(),
            .host = getenv("OVSPAN_HOST"),
        },
        .monitor_conf = { .chdir = true, .rundir = dirs_run() },
    };

    ovs_set_program_name(argv[0], VERSION);
    ovs_cmdl_proctitle_init(argc, argv);
    parse_options(argc, argv, &o);
    fatal_ignore_sigpipe();
    start_daemon(&o);
    catch_stop_signals();

    struct unixctl_server *unixctl = open_unixctl(o.unixctl_path);
    struct reconcile *rec = reconcile_create(&o.conf);
    unixctl_command_register("exit", "[--restart]", 0, 1, exit_cb, rec);
    daemonize_complete();
    if (o.monitor) {
        monitor_complete(&o.monitor_conf);
    }

    VLOG_INFO("ovspand %s", VERSION);
    loop(rec, unixctl);

    reconcile_destroy(rec);
    unixctl_server_destroy(unixctl);
    latch_destroy(&stop_latch);
    free(o.conf.span_remote);
    free(o.conf.ovs_remote);
    free(o.unixctl_path);
    free(CONST_CAST(char *, o.monitor_conf.pidfile));
    return 0;
}
