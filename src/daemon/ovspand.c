/* ovspand.c -- the daemon: start, loop, stop.
 *
 * The loop runs everything, then waits for everything, then blocks once; no
 * call in it blocks.  What is decided in a round is decided in reconcile.c;
 * packets are the workers' (engine.h).  This file only starts, turns and stops
 * the parts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/dirs.h"
#include "base/limits.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/monitor.h"
#include "daemon/options.h"
#include "daemon/reconcile.h"
#include "daemon/take-back.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(ovspand);

enum {
    /* How long a stop may take to say so in the database, in ms. */
    STOP_TIMEOUT_MS = 5000,
    /* How long questions wait after the start for the host to be read. */
    READY_TIMEOUT_MS = 5000,
    /* While no more files can be opened: when to look again. */
    FULL_RETRY_MS = 200,
};

/* Set by SIGTERM and SIGINT; a handler may do no more. */
static struct latch stop_latch;

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
        if (!answer) {
            poll_timer_wait_until(answer_by);
        } else if (limits_may_open()) {
            unixctl_server_wait(unixctl);
        } else {
            /* Who asks cannot be let in, and would be reported on and on. */
            poll_timer_wait(FULL_RETRY_MS);
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

/* Whoever may not write where the sockets go is told so in one line, before
 * libraries say in several what they could not do there. */
static void
check_run_dir(const struct daemon_options *o)
{
    if (!o->unixctl_path && access(dirs_run(), W_OK | X_OK)) {
        ovs_fatal(errno, "%s cannot be written to; run this as root, or set "
                  "OVSPAN_RUNDIR", dirs_run());
    }
}

/* Returns in the process that is the daemon.  With a monitor it is the monitor
 * that detaches, and each daemon that it starts passes here. */
static void
start_daemon(const struct daemon_options *o)
{
    if (o->monitor) {
        monitor_start(&o->monitor_conf);
    } else if (o->monitor_conf.detach) {
        set_detach();
    }
    ovs_daemonize_start();
}

int
main(int argc, char *argv[])
{
    struct daemon_options o;

    ovs_set_program_name(argv[0], VERSION);
    ovs_cmdl_proctitle_init(argc, argv);
    daemon_options_parse(argc, argv, &o);
    fatal_ignore_sigpipe();
    limits_raise();
    if (o.work != DAEMON_SERVE) {
        int status = (o.work == DAEMON_LIST_ROWS ? take_back_list(&o.conf)
                      : take_back(&o.conf, o.work == DAEMON_TAKE_BACK_FORMER));

        daemon_options_uninit(&o);
        return status;
    }
    check_run_dir(&o);
    start_daemon(&o);
    catch_stop_signals();

    struct unixctl_server *unixctl = open_unixctl(o.unixctl_path);
    /* Now: where no file can be opened any more they would end us. */
    random_init();
    uuid_init();
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
    daemon_options_uninit(&o);
    return 0;
}
