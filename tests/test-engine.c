/* test-engine.c -- drive the packet half by a script, without a database.
 *
 * For tests/system-engine.at.  Reads commands, a line each, from standard
 * input as they come, and prints what they ask for:
 *
 *   tap KEY NETNS IFNAME TARGET [COLUMN=VALUE]...
 *               adds a tap to the plan; NETNS "-" is the program's own; the
 *               columns are filter (with _ for a space), direction, sampling,
 *               snaplen, ring, max-flows, decap, max-pps, max-bps,
 *               capture, mtu
 *   drop KEY    takes it out of the plan again
 *   plan        gives the plan to the engine
 *   settle      goes on when every tap is active or failed
 *   wait KEY WORD       goes on when the tap's state or reason is WORD
 *   wait KEY COUNTER N  goes on when the counter is N or more
 *   status      prints KEY STATE REASON DETAIL of each tap
 *   stats KEY   prints its counters that are not 0
 *   say TEXT    prints TEXT
 *   exit        destroys the engine; also at the end of the input
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/ovs.h"
#include "kernel/kernel.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"
#include "target/target.h"

enum { MAX_TAPS = 2048, MAX_WORDS = 32 };

struct test {
    struct engine *engine;
    struct plan_tap taps[MAX_TAPS];
    size_t n;
    int fd;                     /* Of the script. */
    char *line;                 /* A command that still waits, or NULL. */
    struct ds input;            /* Bytes read and not yet split. */
    bool ended;
};

struct link_args {
    const char *ifname;
    int ifindex;
    int mtu;
    topo_cookie netns;
};

static int
look_at_link(void *args_)
{
    struct link_args *args = args_;
    struct ifreq ifr;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    memset(&ifr, 0, sizeof ifr);
    ovs_strlcpy(ifr.ifr_name, args->ifname, sizeof ifr.ifr_name);
    args->ifindex = if_nametoindex(args->ifname);
    args->mtu = ioctl(fd, SIOCGIFMTU, &ifr) ? 0 : ifr.ifr_mtu;
    socklen_t len = sizeof args->netns;
    ignore(getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &args->netns, &len));
    close(fd);
    return 0;
}

static void
set_column(struct plan_tap *tap, const char *column, const char *value)
{
    if (!strcmp(column, "filter")) {
        tap->source.filter = xstrdup(value);
        for (char *p = tap->source.filter; *p; p++) {
            *p = *p == '_' ? ' ' : *p;
        }
    } else if (!strcmp(column, "direction")) {
        tap->source.direction = (!strcmp(value, "ingress") ? WANT_INGRESS
                                 : !strcmp(value, "egress") ? WANT_EGRESS
                                 : WANT_BOTH);
    } else if (!strcmp(column, "sampling")) {
        tap->source.sampling = atoi(value);
    } else if (!strcmp(column, "snaplen")) {
        tap->source.snaplen = atoi(value);
    } else if (!strcmp(column, "ring")) {
        tap->source.ring = atoi(value);
    } else if (!strcmp(column, "max-flows")) {
        tap->source.max_flows = atoi(value);
    } else if (!strcmp(column, "decap")) {
        tap->source.decap = atoi(value);
    } else if (!strcmp(column, "max-pps")) {
        tap->source.max_pps = atoi(value);
    } else if (!strcmp(column, "max-bps")) {
        tap->source.max_bps = atoi(value);
    } else if (!strcmp(column, "mtu")) {
        tap->source.mtu = atoi(value);
    } else if (!strcmp(column, "capture")) {
        free(tap->capture_name);
        tap->capture_name = xstrdup(value);
    } else {
        ovs_fatal(0, "%s: no such column", column);
    }
}

static void
add_tap(struct test *test, char **words, int n)
{
    struct plan_tap *tap = &test->taps[test->n++];
    struct link_args args = { .ifname = words[3] };
    struct target *target;
    char *error = target_parse(words[4], &target);

    if (error) {
        ovs_fatal(0, "%s", error);
    }
    memset(tap, 0, sizeof *tap);
    tap->key = xstrdup(words[1]);
    tap->capture_name = xstrdup("test");
    tap->target_text = xstrdup(words[4]);
    tap->node_id = xasprintf("%s/%s", words[2], words[3]);
    tap->node_name = xstrdup(words[3]);
    tap->netns = xstrdup("");
    tap->why = xstrdup("");
    tap->detail = xstrdup("");
    tap->backend = PLAN_PCAP;
    tap->run = true;
    tap->spec = target;
    if (strcmp(words[2], "-")) {
        tap->source.netns_path = xasprintf("/run/netns/%s", words[2]);
    }
    if (target_has(target, "netns")) {
        struct link_args there = { .ifname = "lo" };

        tap->source.to_netns_path = xasprintf("/run/netns/%s",
                                              target_get(target, "netns"));
        kern_call_in_netns(tap->source.to_netns_path, 0, look_at_link,
                           &there);
        tap->source.to_netns = there.netns;
    }
    kern_call_in_netns(tap->source.netns_path, 0, look_at_link, &args);
    tap->source.ifname = xstrdup(words[3]);
    tap->source.ifindex = args.ifindex;
    tap->source.mtu = args.mtu;
    tap->source.netns = args.netns;
    tap->source.sampling = 1;
    for (int i = 5; i < n; i++) {
        char *value = strchr(words[i], '=');

        *value++ = '\0';
        set_column(tap, words[i], value);
    }
}

static void
free_tap(struct plan_tap *tap)
{
    plan_tap_uninit(tap);
    target_destroy(CONST_CAST(struct target *, tap->spec));
}

static void
drop_tap(struct test *test, const char *key)
{
    for (size_t i = 0; i < test->n; i++) {
        if (!strcmp(test->taps[i].key, key)) {
            free_tap(&test->taps[i]);
            test->taps[i] = test->taps[--test->n];
            return;
        }
    }
}

static uint64_t
get_counter(const struct tap_stats *stats, const char *name)
{
#define TAP_COUNTER(NAME) if (!strcmp(name, #NAME)) { return stats->NAME; }
    TAP_COUNTERS
#undef TAP_COUNTER
    ovs_fatal(0, "%s: no such counter", name);
}

static void
print_stats(const char *key, const struct tap_stats *stats)
{
    printf("%s", key);
#define TAP_COUNTER(NAME)                                                   \
    if (stats->NAME) {                                                      \
        printf(" "#NAME"=%"PRIu64, stats->NAME);                            \
    }
    TAP_COUNTERS
#undef TAP_COUNTER
    printf("\n");
}

static void
print_status(struct test *test)
{
    for (size_t i = 0; i < test->n; i++) {
        struct engine_status s;

        if (engine_get_status(test->engine, test->taps[i].key, &s)) {
            printf("%s %s %s%s%s\n", test->taps[i].key,
                   tap_state_to_string(s.state),
                   tap_reason_to_string(s.reason), *s.detail ? " " : "",
                   s.detail);
        }
    }
}

/* True when what "wait" waits for is there. */
static bool
is_there(struct test *test, char **words, int n)
{
    struct engine_status s;

    if (!engine_get_status(test->engine, words[1], &s)) {
        return false;
    }
    if (n > 3) {
        return get_counter(&s.stats, words[2]) >= strtoull(words[3], NULL, 0);
    }
    return !strcmp(words[2], tap_state_to_string(s.state))
           || !strcmp(words[2], tap_reason_to_string(s.reason));
}

/* Carries out a command.  False if it has to wait. */
static bool
carry_out(struct test *test, char **words, int n)
{
    if (!n) {
        return true;
    } else if (!strcmp(words[0], "tap") && n >= 5) {
        add_tap(test, words, n);
    } else if (!strcmp(words[0], "drop") && n == 2) {
        drop_tap(test, words[1]);
    } else if (!strcmp(words[0], "plan")) {
        struct plan plan = { .taps = test->taps, .n = test->n };

        engine_set_plan(test->engine, &plan);
    } else if (!strcmp(words[0], "settle")) {
        return engine_is_settled(test->engine);
    } else if (!strcmp(words[0], "wait") && n >= 3) {
        return is_there(test, words, n);
    } else if (!strcmp(words[0], "status")) {
        print_status(test);
    } else if (!strcmp(words[0], "stats") && n == 2) {
        struct engine_status s;

        if (engine_get_status(test->engine, words[1], &s)) {
            print_stats(words[1], &s.stats);
        }
    } else if (!strcmp(words[0], "say") && n == 2) {
        printf("%s\n", words[1]);
    } else if (!strcmp(words[0], "exit")) {
        test->ended = true;
    } else {
        ovs_fatal(0, "%s: no such command, or wrong arguments", words[0]);
    }
    fflush(stdout);
    return true;
}

/* Splits what came in into lines and carries out those that need not wait. */
static void
run_commands(struct test *test)
{
    while (!test->ended) {
        char *words[MAX_WORDS], *copy, *save = NULL;
        int n = 0;
        bool done;

        if (!test->line) {
            char *end = strchr(ds_cstr(&test->input), '\n');

            if (!end) {
                return;
            }
            test->line = xmemdup0(test->input.string,
                                  end - test->input.string);
            copy = xstrdup(end + 1);
            ds_clear(&test->input);
            ds_put_cstr(&test->input, copy);
            free(copy);
        }
        copy = xstrdup(test->line);
        for (char *w = strtok_r(copy, " ", &save); w && n < MAX_WORDS;
             w = strtok_r(NULL, " ", &save)) {
            words[n++] = w;
        }
        done = carry_out(test, words, n);
        free(copy);
        if (!done) {
            return;
        }
        free(test->line);
        test->line = NULL;
    }
}

static void
read_input(struct test *test)
{
    char buffer[4096];
    ssize_t n = read(test->fd, buffer, sizeof buffer);

    if (n > 0) {
        ds_put_buffer(&test->input, buffer, n);
    } else if (!n && !test->line) {
        test->ended = true;
    }
}

int
main(int argc OVS_UNUSED, char *argv[])
{
    struct test test = { .input = DS_EMPTY_INITIALIZER };

    set_program_name(argv[0]);
    vlog_set_levels(NULL, VLF_SYSLOG, VLL_OFF);
    vlog_set_levels(NULL, VLF_CONSOLE, VLL_INFO);
    /* poll_fd_wait() takes no 0. */
    test.fd = fcntl(STDIN_FILENO, F_DUPFD, 3);
    set_nonblocking(test.fd);
    test.engine = engine_create(2);
    while (!test.ended) {
        read_input(&test);
        engine_run(test.engine, time_msec());
        run_commands(&test);
        engine_wait(test.engine);
        if (test.line) {
            /* Counters change without a word. */
            poll_timer_wait(20);
        } else {
            poll_fd_wait(test.fd, POLLIN);
        }
        if (!test.ended) {
            poll_block();
        }
    }
    engine_destroy(test.engine);
    for (size_t i = 0; i < test.n; i++) {
        free_tap(&test.taps[i]);
    }
    free(test.line);
    ds_destroy(&test.input);
    return 0;
}
