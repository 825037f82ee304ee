/* monitor.c -- the process that starts the daemon again when it dies.  See
 * monitor.h.
 *
 *   caller --fork--> monitor --fork--> daemon      (one after the other)
 *      ^                |  ^              |
 *      +---- ready -----+  +--- ready ----+
 *
 * The monitor has no handlers: it blocks the signals that it cares for and
 * waits for them, so that none is lost between two steps.  It knows nothing of
 * databases or packets and must not fail where the daemon did.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/monitor.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(monitor);

enum {
    /* Restarts that follow each other: the first at once, so that captures
     * pause for less than a second, then 1, 2, 4... s apart. */
    BACKOFF_FIRST_MS = 1000,
    BACKOFF_MAX_MS = 10 * 1000,
    HEALTHY_MS = 60 * 1000,     /* Who lived so long starts from the first. */
};

/* In the daemon: where to write when it is ready; -1: nobody waits. */
static int ready_fd = -1;

/* Signals that the monitor waits for, and as the mask was. */
static sigset_t awaited, original_mask;

static bool
is_request_to_end(int sig)
{
    return sig == SIGTERM || sig == SIGINT || sig == SIGHUP;
}

static void
block_signals(void)
{
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGHUP);
    sigprocmask(SIG_BLOCK, &awaited, &original_mask);
}

/* Forks.  In the child returns 0, with 'ready_fd' to write to; in the parent
 * the child's pid, with '*fd' to read from. */
static pid_t
fork_with_pipe(int *fd)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC)) {
        ovs_fatal(errno, "cannot make a pipe");
    }
    pid_t pid = fork();
    if (pid < 0) {
        ovs_fatal(errno, "cannot fork");
    }
    if (!pid) {
        close(fds[0]);
        if (ready_fd >= 0) {
            close(ready_fd);    /* The monitor's own. */
        }
        ready_fd = fds[1];
    } else {
        close(fds[1]);
        *fd = fds[0];
    }
    return pid;
}

static void
say_ready(void)
{
    if (ready_fd >= 0) {
        ignore(write(ready_fd, "", 1));
        close(ready_fd);
        ready_fd = -1;
    }
}

/* Until the other end says so, or is gone: false.  Closes 'fd'. */
static bool
wait_ready(int fd)
{
    ssize_t n;
    char c;

    do {
        n = read(fd, &c, 1);
    } while (n < 0 && errno == EINTR);
    close(fd);
    return n == 1;
}

static int
wait_exit(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        continue;
    }
    return status;
}

static void
leave_terminal(const struct monitor_conf *conf)
{
    if (!conf->detach) {
        return;
    }
    if (conf->chdir) {
        ignore(chdir("/"));
    }

    int fd = open("/dev/null", O_RDWR);
    for (int std = 0; fd >= 0 && std <= STDERR_FILENO; std++) {
        dup2(fd, std);
    }
    if (fd > STDERR_FILENO) {
        close(fd);
    }
    vlog_set_levels(NULL, VLF_CONSOLE, VLL_OFF);
}

/* Until the daemon is dead; sets '*asked' if we were asked to end it. */
static int
watch(pid_t pid, bool *asked)
{
    /* So that the file can be rotated away while we sleep. */
    char *log_file = vlog_get_log_file();
    int status;

    vlog_close_log_file();
    while (waitpid(pid, &status, WNOHANG) != pid) {
        int sig = sigwaitinfo(&awaited, NULL);

        if (is_request_to_end(sig)) {
            *asked = true;
            kill(pid, SIGTERM);
        }
    }
    if (log_file) {
        vlog_set_log_file(log_file);
        free(log_file);
    }
    return status;
}

/* Sleeps; false if asked to end meanwhile. */
static bool
pause_ms(long long int ms)
{
    long long int end = time_msec() + ms;

    for (;;) {
        long long int left = MAX(0, end - time_msec());
        struct timespec ts = { .tv_sec = left / 1000,
                               .tv_nsec = left % 1000 * 1000000 };
        int sig = sigtimedwait(&awaited, NULL, &ts);

        if (is_request_to_end(sig)) {
            return false;
        }
        if (!left) {
            return true;
        }
    }
}

/* The monitor's own pidfile, for who wants to end it between two daemons. */
static char *
own_pidfile(const struct monitor_conf *conf)
{
    const char *name = conf->pidfile;

    if (!name) {
        return NULL;
    }

    size_t n = strlen(name);
    bool has_suffix = n > 4 && !strcmp(&name[n - 4], ".pid");

    return xasprintf("%.*s-monitor.pid", (int) (has_suffix ? n - 4 : n), name);
}

static void
write_own_pidfile(const char *path)
{
    FILE *stream = path ? fopen(path, "w") : NULL;

    if (stream) {
        fprintf(stream, "%ld\n", (long int) getpid());
        fclose(stream);
    } else if (path) {
        VLOG_WARN("%s: cannot be written (%s)", path, ovs_strerror(errno));
    }
}

/* Ours only: another monitor may have taken the place. */
static void
remove_own_pidfile(const char *path)
{
    FILE *stream = path ? fopen(path, "r") : NULL;
    long int pid = 0;

    if (stream) {
        if (fscanf(stream, "%ld", &pid) == 1 && pid == getpid()) {
            unlink(path);
        }
        fclose(stream);
    }
}

/* A daemon that could not tidy up leaves its control socket. */
static void
remove_control_socket(const struct monitor_conf *conf, pid_t pid)
{
    char *path = xasprintf("%s/%s.%ld.ctl", conf->rundir, program_name,
                           (long int) pid);

    unlink(path);
    free(path);
}

/* How long to wait before the next daemon; '*backoff' is of the last time. */
static long long int
next_backoff(long long int *backoff, long long int lived)
{
    long long int ms = lived >= HEALTHY_MS ? 0 : *backoff;

    *backoff = ms ? MIN(2 * ms, BACKOFF_MAX_MS) : BACKOFF_FIRST_MS;
    return ms;
}

/* Whether a daemon that ended like this is to be followed by another. */
static bool
should_restart(pid_t pid, int status, bool asked, long long int backoff)
{
    char *msg = process_status_msg(status);
    bool restart = (!asked && WIFSIGNALED(status)
                    && !is_request_to_end(WTERMSIG(status)));

    if (restart) {
        VLOG_ERR("pid %ld died (%s); starting again in %lld ms",
                 (long int) pid, msg, backoff);
    } else {
        VLOG_INFO("pid %ld ended (%s)", (long int) pid, msg);
    }
    free(msg);
    return restart;
}

/* Returns in each daemon, or when none is to follow: the exit status. */
static int
run_daemons(const struct monitor_conf *conf, const char *own_pid,
            bool *is_daemon)
{
    long long int backoff = 0;
    bool asked = false;
    bool first = true;

    *is_daemon = false;
    for (;;) {
        long long int started = time_msec();
        int fd;
        pid_t pid = fork_with_pipe(&fd);

        if (!pid) {
            sigprocmask(SIG_SETMASK, &original_mask, NULL);
            *is_daemon = true;
            return 0;
        }

        ovs_cmdl_proctitle_set("monitoring pid %ld", (long int) pid);

        bool ready = wait_ready(fd);
        if (ready && first) {
            /* Not before: a daemon may run whose monitor has that file. */
            write_own_pidfile(own_pid);
            say_ready();
            leave_terminal(conf);
        }

        int status = ready ? watch(pid, &asked) : wait_exit(pid);
        long long int ms = next_backoff(&backoff, time_msec() - started);

        if ((first && !ready) || !should_restart(pid, status, asked, ms)) {
            return WIFEXITED(status) ? WEXITSTATUS(status) : !asked;
        }
        first = false;
        remove_control_socket(conf, pid);
        ovs_cmdl_proctitle_set("pid %ld died, starting again",
                               (long int) pid);
        if (!pause_ms(ms)) {
            return 0;
        }
    }
}

/* In the process that a person started: becomes the monitor, or waits for it
 * and exits as it says. */
static void
detach_monitor(void)
{
    int fd;
    pid_t pid = fork_with_pipe(&fd);

    if (pid) {
        if (wait_ready(fd)) {
            exit(EXIT_SUCCESS);
        }

        int status = wait_exit(pid);
        exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);
    }
    setsid();
}

void
monitor_start(const struct monitor_conf *conf)
{
    if (conf->detach) {
        detach_monitor();
    }
    block_signals();

    char *pidfile = own_pidfile(conf);
    bool is_daemon;
    int status = run_daemons(conf, pidfile, &is_daemon);

    if (!is_daemon) {
        remove_own_pidfile(pidfile);
        exit(status);
    }
    free(pidfile);
    ovs_cmdl_proctitle_restore();
}

void
monitor_complete(const struct monitor_conf *conf)
{
    say_ready();
    leave_terminal(conf);
}
