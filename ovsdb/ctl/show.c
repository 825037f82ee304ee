/* show.c -- show: every capture and its taps at a glance.
 *
 * For people in 80 columns, or as JSON (ovspan(8) has the shape).  Every loss
 * that is not zero is said; so is what has no effect: a capture that matches
 * nothing, a host that is offline.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/when.h"
#include "base/words.h"
#include "ovsdb/ctl/counters.h"
#include "ovsdb/ctl/output.h"
#include "ovsdb/ctl/rows.h"
#include "ovsdb/ctl/selection.h"
#include "ovsdb/ctl/state.h"
#include "ovsdb/ctl/summary.h"

void
db_ctl_pre_show(struct ctl_context *ctx)
{
    ctl_add_tap_columns(ctx->idl);
    ctl_add_host_columns(ctx->idl);
    ovsdb_idl_add_column(ctx->idl, &spanrec_ovspan_global_col_next_cfg);
}

/* ## Text. ## */

static void
put_setting(struct ds *out, const char *name, const char *value)
{
    ds_put_format(out, "  %-10s", name);
    words_put(out, value);
    ds_put_char(out, '\n');
}

static void
put_setting_int(struct ds *out, const char *name, const int64_t *value,
                size_t n)
{
    if (n) {
        ds_put_format(out, "  %-10s%"PRId64"\n", name, *value);
    }
}

/* As it is set, and as people read a time. */
static void
put_expires(struct ds *out, const int64_t *expires, size_t n)
{
    int64_t left = n ? *expires - time_wall_msec() : 0;

    if (!n || *expires <= 0) {
        put_setting_int(out, "expires", expires, n);
        return;
    }
    ds_put_format(out, "  %-10s", "expires");
    if (left > 0) {
        ds_put_cstr(out, "in ");
        when_put_duration(out, left);
    } else {
        ds_put_cstr(out, "has expired");
    }
    ds_put_format(out, ", %"PRId64" (", *expires);
    when_put_date(out, *expires);
    ds_put_cstr(out, ")\n");
}

static void
put_capture(struct ds *out, const struct spanrec_capture *capture)
{
    const struct smap_node **options = smap_sort(&capture->options);
    struct svec targets = SVEC_EMPTY_INITIALIZER;

    ds_put_cstr(out, "capture ");
    words_put(out, capture->name);
    ds_put_char(out, '\n');
    put_setting(out, "selector", capture->selector);
    if (capture->filter) {
        put_setting(out, "filter", capture->filter);
    }
    if (capture->direction && strcmp(capture->direction, "both")) {
        put_setting(out, "direction", capture->direction);
    }
    if (capture->backend && strcmp(capture->backend, "auto")) {
        put_setting(out, "backend", capture->backend);
    }
    put_setting_int(out, "snaplen", capture->snaplen, capture->n_snaplen);
    put_setting_int(out, "sampling", capture->sampling, capture->n_sampling);
    put_expires(out, capture->expires, capture->n_expires);
    if (capture->n_enabled && !*capture->enabled) {
        put_setting(out, "enabled", "false");
    }
    for (size_t i = 0; i < smap_count(&capture->options); i++) {
        char *option = xasprintf("%s=%s", options[i]->key, options[i]->value);

        put_setting(out, "option", option);
        free(option);
    }
    ctl_capture_targets(capture, &targets);
    for (size_t i = 0; i < targets.n; i++) {
        put_setting(out, i ? "" : "targets", targets.names[i]);
    }
    svec_destroy(&targets);
    free(options);
}

/* True for who sends by rows of the switch, which counts nothing of it. */
static bool
is_uncounted(const struct spanrec_tap *tap)
{
    return (!strcmp(tap->backend, "sflow") || !strcmp(tap->backend, "ipfix")
            || !strcmp(tap->backend, "netflow"));
}

/* Of what was skipped, what it was; the host tells only those that there
 * are. */
static void
put_skipped(struct ds *line, const struct spanrec_tap *tap)
{
    const char *before = " (";

    for (size_t i = 0; i < tap->n_statistics; i++) {
        if (!strncmp(tap->key_statistics[i], "skipped_", 8)) {
            ds_put_format(line, "%s%s %"PRId64, before,
                          tap->key_statistics[i] + 8,
                          tap->value_statistics[i]);
            before = ", ";
        }
    }
    ds_put_cstr(line, before[0] == ',' ? ")" : "");
}

static void
put_statistics(struct ds *out, const struct spanrec_tap *tap)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    int64_t sent;

    /* None is not the same as zero. */
    if (!tap->n_statistics) {
        if (is_uncounted(tap) && strcmp(tap->state, "planned")) {
            db_ctl_put_wrapped(out, 6, 6, "not counted by Open vSwitch");
        }
        return;
    }
    ds_put_format(&line, "saw %"PRId64" packets, %"PRId64" bytes;",
                  ctl_get_counter(tap, "packets"),
                  ctl_get_counter(tap, "bytes"));
    if (ctl_get_counter(tap, "flows")) {
        ds_put_format(&line, " exported %"PRId64" flows;",
                      ctl_get_counter(tap, "flows"));
    }
    if (ctl_has_counter(tap, "sent_datagrams", &sent)) {
        ds_put_format(&line, " sent %"PRId64" datagrams, %"PRId64" bytes",
                      sent, ctl_get_counter(tap, "sent_bytes"));
    } else {
        ds_put_cstr(&line, " what is sent is not counted by Open vSwitch");
    }
    db_ctl_put_wrapped(out, 6, 6, ds_cstr(&line));

    ds_clear(&line);
    for (size_t i = 0; i < tap->n_statistics; i++) {
        if (ctl_is_loss(tap->key_statistics[i]) && tap->value_statistics[i]) {
            ds_put_format(&line, "%s%s %"PRId64, line.length ? ", " : "lost: ",
                          tap->key_statistics[i], tap->value_statistics[i]);
            if (!strcmp(tap->key_statistics[i], "skipped")) {
                put_skipped(&line, tap);
            }
        }
    }
    if (line.length) {
        db_ctl_put_wrapped(out, 6, 6, ds_cstr(&line));
    }
    ds_destroy(&line);
}

static void
put_tap(struct ds *out, const struct spanrec_tap *tap,
        const struct smap *absent)
{
    struct ctl_tap_view view = ctl_view_tap(tap, absent);
    char *target = ctl_target_text(tap->target);
    char *point = ctl_tap_point(tap);
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "tap %s %s", tap->host, point);
    if (target[0]) {
        ds_put_format(&line, " to %s", target);
    }
    db_ctl_put_wrapped(out, 2, 4, ds_cstr(&line));

    ds_clear(&line);
    ds_put_cstr(&line, view.state);
    if (tap->backend[0]) {
        ds_put_format(&line, ", by %s", tap->backend);
    }
    if (view.reason[0] && strcmp(view.reason, "ok")) {
        ds_put_format(&line, ", %s", view.reason);
    }
    db_ctl_put_wrapped(out, 4, 6, ds_cstr(&line));
    if (view.detail[0] && !smap_get(absent, tap->host)) {
        db_ctl_put_wrapped(out, 6, 6, view.detail);
    }
    put_statistics(out, tap);
    ds_destroy(&line);
    free(target);
    free(point);
}

/* The switch: its version, or why it does nothing for us. */
static void
put_switch(struct ds *out, const struct spanrec_host *host)
{
    const char *ovs = smap_get_def(&host->status, "ovs", "connected");

    if (strcmp(ovs, "connected") && strcmp(ovs, "connecting")) {
        ds_put_cstr(out, ", ");
        words_put(out, ovs);
    } else if (host->ovs_version[0]) {
        ds_put_cstr(out, ", Open vSwitch ");
        words_put(out, host->ovs_version);
    }
}

/* What was not asked for is as old as the host may let it become. */
static void
put_age(struct ds *out, const struct spanrec_host *host, bool is_local)
{
    int interval = smap_get_int(&host->status, "stats-interval", 0);

    if (interval > 0 && !(is_local && ctl_host_is_here(host))) {
        ds_put_format(out, ", counters up to %d s old", interval);
    }
}

static void
put_host(struct ds *out, const struct spanrec_host *host, const char *absence,
         bool is_local)
{
    if (absence) {
        words_put(out, absence);
        ds_put_cstr(out, "; what its taps do is not known\n");
        return;
    }
    ds_put_cstr(out, "host ");
    words_put(out, host->name);
    if (host->version[0]) {
        ds_put_cstr(out, ": ovspan ");
        words_put(out, host->version);
        put_switch(out, host);
        put_age(out, host, is_local);
    }
    ds_put_char(out, '\n');
}

/* Whether there is nothing to say of 'host'. */
static bool
is_host_well(const struct spanrec_host *host, const char *absence)
{
    const char *ovs = smap_get_def(&host->status, "ovs", "connected");

    return !absence && !strcmp(ovs, "connected");
}

/* Hosts first: an old state of an offline host must not pass for news.  Of
 * very many, those that are well are a number. */
static void
put_hosts(struct ds *out, struct ovsdb_idl *idl,
          const struct ctl_selection *sel, bool all, bool is_local)
{
    enum { MAX_HOSTS = 20 };
    const struct spanrec_host **hosts;
    size_t n, n_selected = 0, n_well = 0;

    hosts = ctl_hosts(idl, &n);
    for (size_t i = 0; i < n; i++) {
        if (ctl_selection_has_host(sel, hosts[i]->name)) {
            hosts[n_selected++] = hosts[i];
        }
    }
    for (size_t i = 0; i < n_selected; i++) {
        const char *absence = smap_get(&sel->absent, hosts[i]->name);

        if (n_selected > MAX_HOSTS && !all
            && is_host_well(hosts[i], absence)) {
            n_well++;
        } else {
            put_host(out, hosts[i], absence, is_local);
        }
    }
    if (n_well) {
        ds_put_format(out, "%"PRIuSIZE" hosts run ovspand, with their Open "
                      "vSwitch connected\n", n_well);
    }
    if (!n) {
        ds_put_cstr(out, "no host has run ovspand yet\n");
    }
    free(hosts);
}

/* True if a live host has not carried out yet what the database says; a
 * capture that this very transaction adds, none has. */
static bool
is_unseen(const struct spanrec_capture *capture, struct ovsdb_idl *idl)
{
    const struct spanrec_ovspan_global *global
        = spanrec_ovspan_global_first(idl);
    const struct spanrec_host *host;

    SPANREC_HOST_FOR_EACH (host, idl) {
        if (global && host->cur_cfg < global->next_cfg
            && !ctl_host_is_offline(host)) {
            return true;
        }
    }
    return !capture->header_.old_datum;
}

/* Why 'capture' has no taps. */
static const char *
why_no_taps(const struct spanrec_capture *capture, struct ovsdb_idl *idl)
{
    return (!capture->n_targets ? "has no targets"
            : !ctl_any_host_is_live(idl) ? "waits for a host: none runs "
                                           "ovspand now"
            : is_unseen(capture, idl) ? "is not carried out yet"
            : "matches nothing");
}

/* Every tap of 'sel'. */
static void
put_all(struct ctl_context *ctx, const struct ctl_selection *sel)
{
    for (size_t i = 0; i < sel->n; i++) {
        const struct ctl_selected *one = &sel->selected[i];

        put_capture(&ctx->output, one->capture);
        for (size_t j = 0; j < one->n; j++) {
            put_tap(&ctx->output, one->taps[j], &sel->absent);
        }
        if (!one->n) {
            ds_put_format(&ctx->output, "  %s\n",
                          why_no_taps(one->capture, ctx->idl));
        }
    }
}

static void
show_text(struct ctl_context *ctx, const struct ctl_selection *sel)
{
    bool all = shash_find(&ctx->options, "--all") != NULL;

    put_hosts(&ctx->output, ctx->idl, sel, all, db_ctl_conf(ctx)->is_local);
    if (all || sel->n_taps <= CTL_SUMMARY_TAPS) {
        put_all(ctx, sel);
    } else {
        ctl_put_summary(&ctx->output, sel, put_tap,
                        shash_find(&ctx->options, "--why") != NULL);
    }
}

/* ## JSON. ## */

static struct jsn *
tap_to_json(const struct spanrec_tap *tap, const struct smap *absent)
{
    struct ctl_tap_view view = ctl_view_tap(tap, absent);
    struct jsn *json = jsn_object();
    struct jsn *statistics = jsn_object();
    char *target = ctl_target_text(tap->target);

    for (size_t i = 0; i < tap->n_statistics; i++) {
        jsn_put_integer(statistics, tap->key_statistics[i],
                        tap->value_statistics[i]);
    }
    jsn_put_string(json, "host", tap->host);
    jsn_put_string(json, "node", tap->node);
    jsn_put_string(json, "node_name", tap->node_name);
    jsn_put_string(json, "netns", tap->netns);
    jsn_put_string(json, "target", target);
    jsn_put_string(json, "backend", tap->backend);
    jsn_put_string(json, "state", view.state);
    jsn_put_string(json, "reason", view.reason);
    jsn_put_string(json, "detail", view.detail);
    jsn_put(json, "statistics", statistics);
    free(target);
    return json;
}

static struct jsn *
show_json(const struct ctl_selection *sel)
{
    struct jsn *array = jsn_array();
    struct jsn *json = jsn_object();

    for (size_t i = 0; i < sel->n; i++) {
        const struct ctl_selected *one = &sel->selected[i];
        struct jsn *capture = ctl_state_to_json(one->capture);
        struct jsn *array_of_taps = jsn_array();

        for (size_t j = 0; j < one->n; j++) {
            jsn_add(array_of_taps, tap_to_json(one->taps[j], &sel->absent));
        }
        jsn_put(capture, "taps", array_of_taps);
        jsn_add(array, capture);
    }
    jsn_put(json, "captures", array);
    return json;
}

void
db_ctl_show(struct ctl_context *ctx)
{
    struct ctl_selection sel;

    if (!ctl_selection_init(&sel, ctx)) {
        return;
    }
    if (!strcmp(sel.format, "json")) {
        struct jsn *json = show_json(&sel);

        db_ctl_put_json(ctx, json);
        jsn_destroy(json);
    } else {
        show_text(ctx, &sel);
    }
    ctl_selection_uninit(&sel);
}
