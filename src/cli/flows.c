/* flows.c -- ovspan flows: the terminal as a target.  See live.h.
 *
 * A pair of local sockets is made, one end of which this host's ovspand takes
 * (daemon/session-flows.c); records come by the other.  Goes on until it has
 * printed what was asked for or is interrupted: when this process has ended,
 * however it did, so has what it asked for.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/live.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/json.h"
#include "base/ovs-ctl.h"
#include "base/ovs.h"
#include "base/words.h"
#include "cli/agent.h"
#include "cli/flows.h"
#include "ovsdb/ctl/output.h"

enum {
    INTERVAL_S = 2,             /* Of screens, unless it is said. */
    MAX_INTERVAL_S = 3600,
    NAMES_MS = 10 * 1000,       /* Names are asked for again. */
    ROWS = 22,                  /* Of a screen whose height nobody knows. */
    HEADING = 3,                /* Lines beside the rows. */
    MAX_PACKET = 64 * 1024,     /* Bytes, of records. */
    MAX_NAMES = 8,              /* So many are read, not looked through. */
};

struct flows {
    /* What is asked for. */
    bool follow;                /* Records as they end; else screens. */
    bool json;
    unsigned int left;          /* Screens or records to come; 0: no end. */
    int interval_ms;
    const char *selector, *filter;

    int fd;                     /* Where records come from. */
    struct flow_table *table;   /* Of screens. */
    struct flow_names *names;   /* NULL: none. */
    long long int names_at;     /* time_msec(): when to ask again. */
    long long int since;        /* time_msec(): of this screen. */
    struct ds out;
};

/* ## Options. ## */

static char *
parse_by(const char *text, enum flow_by *by)
{
    static const char *const words[] = {
        "flow", "host", "port", "proto", "vlan", "point",
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        if (!strcmp(text, words[i])) {
            *by = i;
            return NULL;
        }
    }
    return xasprintf("--by=%s: expected flow, host, port, proto, vlan or "
                     "point", text);
}

static char *
parse_number(const struct ctl_context *ctx, const char *option,
             unsigned int max, unsigned int *value)
{
    const char *text = shash_find_data(&ctx->options, option);

    return (!text || (str_to_uint(text, 10, value) && *value
                      && *value <= max) ? NULL
            : xasprintf("%s=%s: expected a number from 1 to %u", option, text,
                        max));
}

static char *
parse_options(const struct ctl_context *ctx, struct flows *f)
{
    const char *by_text = shash_find_data(&ctx->options, "--by");
    const char *sort = shash_find_data(&ctx->options, "--sort");
    unsigned int interval = INTERVAL_S;
    enum flow_by by = FLOW_BY_FLOW;

    f->follow = shash_find(&ctx->options, "--follow");
    f->filter = ctx->argc > 2 ? ctx->argv[2] : NULL;
    if (f->follow && (by_text || sort)) {
        return xstrdup("--follow prints each record: --by and --sort are of "
                       "screens");
    }
    if (sort && strcmp(sort, "octets") && strcmp(sort, "packets")) {
        return xasprintf("--sort=%s: expected octets or packets", sort);
    }

    char *error = by_text ? parse_by(by_text, &by) : NULL;
    error = error ? error : parse_number(ctx, "--number", INT_MAX, &f->left);
    error = error ? error : parse_number(ctx, "--interval", MAX_INTERVAL_S,
                                         &interval);
    if (!error) {
        f->interval_ms = interval * 1000;
        f->table = (f->follow ? NULL
                    : flow_table_create(by, sort && !strcmp(sort,
                                                            "packets")));
        f->names = (shash_find(&ctx->options, "--names")
                    ? flow_names_create() : NULL);
    }
    return error;
}

/* ## Asking. ## */

/* Those of a screen report what passed in each interval. */
static struct jsn *
make_request(const struct flows *f, int theirs)
{
    struct jsn *request = cli_process_request(f->selector);

    jsn_put_integer(request, "fd", theirs);
    if (f->filter) {
        jsn_put_string(request, "filter", f->filter);
    }
    if (!f->follow) {
        jsn_put_integer(request, "active", f->interval_ms / 1000);
        jsn_put_integer(request, "inactive", 1);
    }
    return request;
}

static void
say(const char *line)
{
    char *clean = words_clean(line);

    fprintf(stderr, "ovspan: %s\n", clean);
    free(clean);
}

/* Says which points fail and, where nothing may come for a while, that the
 * others are watched. */
static void
say_points(const struct flows *f, const struct jsn *points)
{
    struct ds watched = DS_EMPTY_INITIALIZER;
    size_t n = 0;

    for (size_t i = 0; i < jsn_size(points); i++) {
        const struct jsn *point = jsn_at(points, i);
        const char *name = jsn_get_string(point, "point", "");
        const char *state = jsn_get_string(point, "state", "");

        if (strcmp(state, "active")) {
            char *line = xasprintf("%s: %s (%s): %s", name, state,
                                   jsn_get_string(point, "reason", ""),
                                   jsn_get_string(point, "detail", ""));

            say(line);
            free(line);
        } else if (n++ < MAX_NAMES) {
            ds_put_format(&watched, "%s%s", n > 1 ? ", " : "watching ", name);
        }
    }
    if (n > MAX_NAMES) {
        ds_put_format(&watched, " and %"PRIuSIZE" more", n - MAX_NAMES);
    }
    if (n && f->follow) {
        say(ds_cstr(&watched));
    }
    ds_destroy(&watched);
}

/* True if records may come. */
static bool
start(struct ctl_context *ctx, struct flows *f)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
        ctl_error(ctx, "flows: %s", ovs_strerror(errno));
        return false;
    }
    f->fd = ends[0];

    struct jsn *answer = cli_ask(ctx, "flows", make_request(f, ends[1]));
    /* Its own is the daemon's now, whose end is seen so. */
    close(ends[1]);
    say_points(f, jsn_get(answer, "points"));
    jsn_destroy(answer);
    return answer != NULL;
}

/* What is known stays while there is no answer. */
static void
load_names(struct flows *f)
{
    struct jsn *topology;

    if (!f->names || time_msec() < f->names_at) {
        return;
    }

    char *error = cli_agent_ask("topology", NULL, 0, &topology);
    if (!error) {
        flow_names_load(f->names, topology);
        jsn_destroy(topology);
    }
    free(error);
    f->names_at = time_msec() + NAMES_MS;
}

/* ## Printing. ## */

/* False when nobody reads any more. */
static bool
put_out(struct flows *f)
{
    bool ok = (fwrite(ds_cstr(&f->out), 1, f->out.length, stdout)
               == f->out.length && !fflush(stdout));

    ds_clear(&f->out);
    return ok;
}

/* Whether somebody may still read what is printed; of a pipe that is seen
 * before there is anything to print. */
static bool
is_read(void)
{
    struct pollfd pfd = { .fd = STDOUT_FILENO };

    return poll(&pfd, 1, 0) <= 0 || !(pfd.revents & (POLLERR | POLLNVAL));
}

/* One less to come; true if it was the last. */
static bool
was_last(struct flows *f)
{
    return f->left && !--f->left;
}

static void
format_record(struct flows *f, const char *text, struct jsn *json)
{
    struct flow_record record;

    flow_record_parse(&record, json, f->names);
    if (f->table) {
        flow_table_add(f->table, &record);
    } else if (!f->json) {
        flow_record_format(&record, &f->out);
    } else if (!f->names) {
        flow_line_put(&f->out, text);
    } else {
        jsn_put_string(json, "sourceName", record.src_name);
        jsn_put_string(json, "destinationName", record.dst_name);

        char *named = jsn_to_text(json, false);
        flow_line_put(&f->out, named);
        free(named);
    }
}

static size_t
screen_rows(void)
{
    struct winsize size;

    return (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row <= HEADING
            ? ROWS : size.ws_row - HEADING);
}

static void
format_screen(struct flows *f)
{
    long long int now = time_msec();

    if (f->json) {
        flow_table_print_json(f->table, now - f->since, &f->out);
    } else {
        if (isatty(STDOUT_FILENO)) {
            ds_put_cstr(&f->out, "\033[H\033[2J");
        }
        flow_table_print(f->table, now - f->since, screen_rows(), &f->out);
    }
    f->since = now;
}

/* ## The loop. ## */

static char *
take_record(struct flows *f, const char *text)
{
    struct jsn *json;
    char *error = jsn_parse(text, &json);

    if (error) {
        free(error);
        return xstrdup("ovspand sent a record that is no JSON");
    }
    format_record(f, text, json);
    jsn_destroy(json);
    return NULL;
}

/* Takes the records that have come, a line each; NULL or an error text, in
 * '*done' whether all was printed, in '*waits' whether none has come. */
static char *
take_records(struct flows *f, bool *done, bool *waits)
{
    static char text[MAX_PACKET + 1];
    ssize_t n = recv(f->fd, text, MAX_PACKET, MSG_DONTWAIT);
    char *error = NULL, *save = NULL;

    *waits = n < 0 && (errno == EAGAIN || errno == EINTR);
    if (n <= 0) {
        return (*waits ? NULL
                : xstrdup("ovspand has ended, and what it watched for this "
                          "command with it"));
    }
    text[n] = '\0';
    load_names(f);
    for (char *line = strtok_r(text, "\n", &save); line && !error && !*done;
         line = strtok_r(NULL, "\n", &save)) {
        error = take_record(f, line);
        *done = f->follow && was_last(f);
    }
    if (f->follow) {
        *done |= !put_out(f);
    }
    return error;
}

static char *
run(struct flows *f)
{
    char *error = NULL;
    bool done = false, waits;

    f->since = time_msec();
    while (!error && !done && is_read()) {
        long long int next = f->since + f->interval_ms;

        if (!f->follow && time_msec() >= next) {
            format_screen(f);
            done = !put_out(f) || was_last(f);
            continue;
        }
        error = take_records(f, &done, &waits);
        if (waits) {
            poll_fd_wait(f->fd, POLLIN);
            poll_fd_wait(STDOUT_FILENO, 0);     /* POLLERR is always told. */
            if (!f->follow) {
                poll_timer_wait_until(next);
            }
            poll_block();
        }
    }
    return error;
}

void
cli_flows(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    struct flows f = {
        .json = conf->format_given && conf->style.format == TF_JSON,
        .selector = ctx->argv[1],
        .fd = -1,
        .out = DS_EMPTY_INITIALIZER,
    };
    char *error = cli_check_local(ctx) ? parse_options(ctx, &f) : NULL;

    if (!error && !ctx->error && start(ctx, &f)) {
        error = run(&f);
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    }
    if (f.fd >= 0) {
        close(f.fd);
    }
    flow_table_destroy(f.table);
    flow_names_destroy(f.names);
    ds_destroy(&f.out);
}
