/* replay.c -- ovspan replay: a capture file through the packet half.
 *
 * The same meter and exporters as the daemon has, without it: frames come from
 * a file, time from the frames.  So the same file gives the same datagrams,
 * however fast it is read.  What a torn file held is exported and counted;
 * then the error is said.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/replay.h"
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/replay-private.h"
#include "ovsdb/ctl/output.h"
#include "plugin/plugin.h"

enum {
    ROUND = 64 * METER_BURST,   /* Packets between two looks around. */
    TIMERS_US = 100 * 1000,     /* As the daemon's. */
    GAP_US = 10 * 1000 * 1000,  /* In which nothing was captured. */
    PROGRESS_MS = 500,
};

BUILD_ASSERT_DECL((int) METER_BURST == (int) CAPTURE_BURST);

/* Set by a signal: what was read is exported, then the program ends. */
static volatile sig_atomic_t interrupted;

static void
handle_signal(int signr)
{
    interrupted = signr;
}

/* ## Time. ## */

static void
run_timers(struct replay *r)
{
    r->next_run_us = r->now_us + TIMERS_US;
    do {
        meter_run(&r->meter, r->now_us);
    } while (r->meter.next_us == r->now_us);
    replay_run_targets(r);
}

/* Goes on to the time of the next packet.  Over a gap time goes in steps, so
 * that flows end and datagrams leave when they would have: the header of one
 * that left years later would be useless to tell its records' times, as the
 * clock of NetFlow has 32 bits. */
static void
advance(struct replay *r, uint64_t time_us)
{
    if (time_us - r->now_us > GAP_US) {
        while (r->meter.next_us < time_us) {
            r->now_us = MAX(r->meter.next_us, r->now_us + TIMERS_US);
            run_timers(r);
        }
        /* What waits for more to go with it waits less than this. */
        r->now_us += GAP_US / 2;
        r->now_us = MIN(r->now_us, time_us);
        run_timers(r);
    }
    r->now_us = time_us;
    run_timers(r);
}

static void
flush(struct replay *r)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        if (collector_has_backlog(r->targets[i].collector)) {
            collector_flush(r->targets[i].collector);
        }
    }
}

/* ## Packets. ## */

static enum pkt_direction
direction_to_pkt(uint8_t direction)
{
    return (direction == CAPTURE_IN ? PKT_INGRESS
            : direction == CAPTURE_OUT ? PKT_EGRESS
            : PKT_DIR_UNKNOWN);
}

/* False, and counted, for a frame that is not asked for. */
static bool
is_wanted(struct replay *r, const struct capture_frame *f)
{
    enum want_direction direction = r->draft->capture->direction;

    if ((direction == WANT_INGRESS && f->direction != CAPTURE_IN)
        || (direction == WANT_EGRESS && f->direction != CAPTURE_OUT)) {
        r->other_way++;
        r->no_way += f->direction == CAPTURE_BOTH;
        return false;
    }
    if (r->judges && !replay_link_match(r->link, f)) {
        r->filtered++;
        return false;
    }
    return true;
}

/* The first packet is there. */
static bool
start(struct replay *r, uint64_t time_us)
{
    r->first_us = r->now_us = time_us;
    r->next_run_us = time_us + TIMERS_US;
    r->error = replay_start_targets(r);
    r->has_started = !r->error;
    return r->has_started;
}

static void
feed(struct replay *r, size_t n)
{
    if (n) {
        meter_burst(&r->meter, r->pkts, n, r->now_us);
    }
}

/* Bursts are cut where timers are due, so that what is exported does not
 * depend on where they end. */
static void
handle_burst(const struct capture_frame *f, size_t n, void *r_)
{
    struct replay *r = r_;
    /* Without an MTU no frame is larger than one. */
    bool learns_mss = want_option(r->draft->capture, "mtu");
    size_t n_pkts = 0;

    if (!r->error) {
        r->error = replay_use_link(r);
    }
    if (r->error || (!r->has_started && !start(r, f[0].time_us))) {
        return;
    }
    r->packets += n;
    const enum pkt_link link = r->link->link;
    for (size_t i = 0; i < n; i++) {
        r->bytes += f[i].len;
        if (f[i].time_us >= r->next_run_us) {
            feed(r, n_pkts);
            n_pkts = 0;
            advance(r, f[i].time_us);
        }
        if (is_wanted(r, &f[i])) {
            struct pkt_frame *frame = &r->frames[n_pkts];

            *frame = (struct pkt_frame) {
                .data = f[i].data,
                .caplen = f[i].caplen,
                .len = f[i].len,
                .time_us = f[i].time_us,
                .has_ns = f[i].has_ns,
                .time_ns = f[i].time_ns,
                .link = link,
                .direction = direction_to_pkt(f[i].direction),
            };
            pkt_parse(frame, &r->pkts[n_pkts]);
            if (learns_mss) {
                pkt_mss_learn(&r->mss, &r->pkts[n_pkts]);
            }
            n_pkts++;
        }
        r->now_us = MAX(r->now_us, f[i].time_us);
    }
    feed(r, n_pkts);
}

/* ## The file. ## */

static char *
open_file(struct replay *r)
{
    char *error = NULL;

    if (!capture_open_file(r->path, &r->capture, &error)) {
        error = replay_use_link(r);
    }
    return error ? error : replay_check_direction(r);
}

/* What long work shows to a person who waits; 'last' wipes it. */
static void
show_progress(const struct replay *r, long long int *next_ms, bool last)
{
    long long int now_ms = time_msec();

    if (!isatty(STDERR_FILENO) || (!last && now_ms < *next_ms)) {
        return;
    }
    if (last) {
        fprintf(stderr, "\r\033[K");
    } else {
        fprintf(stderr, "\r%s: %"PRIu64" packets", r->path, r->packets);
    }
    fflush(stderr);
    *next_ms = now_ms + PROGRESS_MS;
}

static void
read_file(struct replay *r)
{
    long long int next_ms = time_msec() + PROGRESS_MS;
    enum capture_error error = CAPTURE_OK;
    char *detail = NULL;
    size_t n;

    while (!error && !r->error && !interrupted) {
        error = capture_run(r->capture, ROUND, &n, handle_burst, r, &detail);
        flush(r);
        if (!r->error) {
            r->error = replay_look_back(r);
        }
        show_progress(r, &next_ms, false);
    }
    show_progress(r, &next_ms, true);
    if (interrupted) {
        free(r->error);
        r->error = xasprintf("%s: interrupted; what was read is sent",
                             r->path);
    } else if (error != CAPTURE_EOF && !r->error) {
        r->error = detail;
        detail = NULL;
    } else if (!r->error) {
        r->error = replay_check_directions(r);
    }
    free(detail);
}

static void
catch_signals(void)
{
    struct sigaction action = { .sa_handler = handle_signal };

    /* No SA_RESTART: a read that waits is to end. */
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static void
replay(struct replay *r)
{
    r->error = open_file(r);
    if (!r->error) {
        r->error = replay_open_targets(r);
    }
    if (r->error) {
        return;
    }
    catch_signals();
    read_file(r);
    if (r->has_started) {
        char *error;

        replay_end_targets(r);
        error = replay_look_back(r);
        if (r->error) {
            free(error);
        } else {
            r->error = error;
        }
    }
}

/* ## The command. ## */

/* Columns that mean something where there is no host and no switch. */
static char *
check_columns(const struct ctl_draft *draft)
{
    static const char *const known[] = {
        "filter", "snaplen", "sampling", "direction", "options:decap",
        "options:max-flows", "options:max-pps", "options:max-bps",
        "options:mtu",
    };
    const struct smap_node *node;

    SMAP_FOR_EACH (node, &draft->columns) {
        size_t i = 0;

        while (i < ARRAY_SIZE(known) && strcmp(known[i], node->key)) {
            i++;
        }
        if (i == ARRAY_SIZE(known)) {
            return xasprintf("%s says nothing about a file; replay takes "
                             "filter, snaplen, sampling, direction, "
                             "options:decap, options:max-flows, "
                             "options:max-pps, options:max-bps and "
                             "options:mtu", node->key);
        }
    }
    return NULL;
}

static void
put_totals(struct ctl_context *ctx, const struct replay *r)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);

    if (conf->format_given && conf->style.format == TF_JSON) {
        struct jsn *json = replay_to_json(r);

        db_ctl_put_json(ctx, json);
        jsn_destroy(json);
    } else {
        replay_print_text(r, &ctx->output);
    }
}

void
cli_replay(struct ctl_context *ctx)
{
    struct ctl_draft draft;
    char *error = ctl_draft_parse(&draft, "replay", NULL, &ctx->argv[2],
                                  ctx->argc - 2);
    struct replay *r;

    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
        return;
    }
    r = xzalloc(sizeof *r);
    r->path = ctx->argv[1];
    r->draft = &draft;
    r->memory = exporter_memory_create();
    meter_init(&r->meter);
    pkt_mss_init(&r->mss, 1);   /* Runs repeat. */
    mlimit_init(&r->limit, want_option(draft.capture, "max-pps"),
                want_option(draft.capture, "max-bps"));
    r->error = check_columns(&draft);
    if (!r->error) {
        replay(r);
    }
    if (!r->error || r->packets) {
        put_totals(ctx, r);
    }
    if (r->error) {
        /* An error takes the output of a command with it. */
        fputs(ds_cstr(&ctx->output), stdout);
        fflush(stdout);
        ctl_error(ctx, "%s", r->error);
        free(r->error);
    }
    replay_close_targets(r);
    replay_free_links(r);
    capture_close(r->capture);
    exporter_memory_destroy(r->memory);
    ctl_draft_uninit(&draft);
    free(r);
}
