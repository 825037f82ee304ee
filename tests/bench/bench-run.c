/* bench-run.c -- runs a command and says what it used.
 *
 * usage: bench-run RESULT SECONDS COMMAND [ARG]...
 *
 * Writes one line of JSON to the file RESULT: user and system CPU time of the
 * command and of all processes that it started, also those that it left
 * behind; the time until the command itself ended; the peak memory of the
 * largest of them; the exit status.  After SECONDS everything is killed and
 * the status is 124.
 *
 * A program of its own, and small, because a process's peak memory is never
 * less than that of the one that it was forked from.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/ovs.h"

enum { TIMED_OUT = 124, CANNOT_RUN = 127 };

static volatile sig_atomic_t timed_out;
static pid_t group;

/* Time is up, or somebody wants an end. */
static void
handle_signal(int signr OVS_UNUSED)
{
    timed_out = 1;
    kill(-group, SIGKILL);
}

static double
now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double
seconds(struct timeval tv)
{
    return tv.tv_sec + tv.tv_usec / 1e6;
}

static pid_t
start(char *argv[])
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0) {
        ovs_fatal(errno, "fork");
    } else if (!pid) {
        setpgid(0, 0);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(CANNOT_RUN);
        }
        execvp(argv[0], argv);
        ovs_error(errno, "%s", argv[0]);
        _exit(CANNOT_RUN);
    }
    setpgid(pid, pid);
    return pid;
}

/* Waits for everybody; returns the status of 'pid' and stores when it was
 * there. */
static int
wait_all(pid_t pid, double *end)
{
    int result = TIMED_OUT;

    for (;;) {
        int status;
        pid_t ended = wait(&status);

        if (ended == pid) {
            *end = now();
            result = (WIFEXITED(status) ? WEXITSTATUS(status)
                      : 128 + WTERMSIG(status));
        } else if (ended < 0 && errno != EINTR) {
            return timed_out ? TIMED_OUT : result;
        }
    }
}

int
main(int argc, char *argv[])
{
    struct sigaction action = { .sa_handler = handle_signal };
    struct rusage used;
    int limit;

    set_program_name(argv[0]);
    if (argc < 4 || !str_to_int(argv[2], 10, &limit) || limit < 1) {
        ovs_fatal(0, "usage: %s RESULT SECONDS COMMAND [ARG]...",
                  program_name);
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    double begin = now(), end = begin;
    group = start(&argv[3]);
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    alarm(limit);
    int status = wait_all(group, &end);

    getrusage(RUSAGE_CHILDREN, &used);
    FILE *file = fopen(argv[1], "w");
    if (!file) {
        ovs_fatal(errno, "%s", argv[1]);
    }
    fprintf(file, "{\"status\": %d, \"user\": %.6f, \"system\": %.6f, "
            "\"wall\": %.6f, \"peak_kib\": %ld}\n",
            status, seconds(used.ru_utime), seconds(used.ru_stime),
            end - begin, used.ru_maxrss);
    return fclose(file) ? EXIT_FAILURE : EXIT_SUCCESS;
}
