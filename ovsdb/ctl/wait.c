/* wait.c -- waiting for the hosts after a commit.  See wait.h.
 *
 * A host writes Host.cur_cfg in the transaction that holds the taps of that
 * state, so that taps may be read as soon as cur_cfg is there.  Hosts that
 * are offline are not waited for, nor are their old taps believed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/wait.h"
#include <stdlib.h>
#include <string.h>
#include "base/voice.h"
#include "ovsdb/ctl/absent.h"
#include "ovsdb/ctl/connect.h"
#include "ovsdb/ctl/fate.h"
#include "ovsdb/ctl/output.h"
#include "ovsdb/ctl/rows.h"

enum {
    LOOK_MS = 1000,             /* How often hosts are looked for. */
    LATE_MS = 35 * 1000,        /* A host is seen each 30 s. */
    MAX_SAID = 3,               /* Hosts in a line. */
};

void
ctl_wait_init(struct ctl_wait *wait)
{
    wait->next_cfg = 0;
    sset_init(&wait->captures);
}

void
ctl_wait_uninit(struct ctl_wait *wait)
{
    sset_destroy(&wait->captures);
}

void
ctl_wait_pre(struct ovsdb_idl *idl)
{
    ovsdb_idl_add_column(idl, &spanrec_ovspan_global_col_next_cfg);
    ctl_add_host_columns(idl);
    ctl_add_tap_columns(idl);
}

/* True if the transaction that is being composed inserts or changes 'row'. */
static bool
is_written(const struct ovsdb_idl_row *row)
{
    return (!row->old_datum || row->written || row->map_op_written
            || row->set_op_written);
}

static void
note_captures(struct ctl_wait *wait, struct ovsdb_idl *idl)
{
    const struct spanrec_capture *capture;

    sset_clear(&wait->captures);
    SPANREC_CAPTURE_FOR_EACH (capture, idl) {
        bool written = is_written(&capture->header_);

        for (size_t i = 0; i < capture->n_targets && !written; i++) {
            written = is_written(&capture->targets[i]->header_);
        }
        if (written) {
            sset_add(&wait->captures, capture->name);
        }
    }
}

bool
ctl_wait_has_global(struct ovsdb_idl *idl)
{
    return spanrec_ovspan_global_first(idl) != NULL;
}

bool
ctl_wait_prepare(struct ctl_wait *wait, struct ovsdb_idl *idl,
                 struct ovsdb_idl_txn *txn)
{
    const struct spanrec_ovspan_global *global;

    global = spanrec_ovspan_global_first(idl);
    if (!global) {
        return false;
    }
    note_captures(wait, idl);
    ovsdb_idl_txn_increment(txn, &global->header_,
                            &spanrec_ovspan_global_col_next_cfg, false);
    return true;
}

void
ctl_wait_make_global(struct ovsdb_idl *idl)
{
    struct ovsdb_idl_txn *txn = ovsdb_idl_txn_create(idl);

    ovsdb_idl_txn_add_comment(txn, "ovspan: first use");
    spanrec_ovspan_global_insert(txn);
    /* It fails if another client makes the row at the same time: then it is
     * there. */
    if (ovsdb_idl_txn_commit_block(txn) == TXN_ERROR
        && !spanrec_ovspan_global_first(idl)) {
        ctl_fail_refused(txn);
    }
    ovsdb_idl_txn_destroy(txn);
}

void
ctl_wait_committed(struct ctl_wait *wait, struct ovsdb_idl_txn *txn)
{
    wait->next_cfg = ovsdb_idl_txn_get_increment_new_value(txn);
}

/* ## Waiting. ## */

static bool
lags(const struct ctl_wait *wait, const struct spanrec_host *host)
{
    return host->cur_cfg < wait->next_cfg && !ctl_host_is_offline(host);
}

/* True when no live host lags behind.  Otherwise '*wake' is when the first of
 * them will count as offline. */
static bool
hosts_are_done(const struct ctl_wait *wait, struct ovsdb_idl *idl,
               long long int *wake)
{
    const struct spanrec_host *host;
    bool done = true;

    *wake = LLONG_MAX;
    SPANREC_HOST_FOR_EACH (host, idl) {
        if (lags(wait, host)) {
            *wake = MIN(*wake, host->last_seen + CTL_HOST_OFFLINE_MS + 1);
            done = false;
        }
    }
    return done;
}

/* Puts why 'host' may not have done yet what was asked. */
static void
put_why(struct ds *line, const struct spanrec_host *host)
{
    long long int silent = time_wall_msec() - host->last_seen;
    const char *ovs = smap_get_def(&host->status, "ovs", "connected");

    if (!strcmp(smap_get_def(&host->status, "ovs-db", ""),
                "does not answer")) {
        ds_put_cstr(line, "its Open vSwitch database does not answer");
    } else if (strcmp(ovs, "connected") && strcmp(ovs, "connecting")) {
        ds_put_cstr(line, ovs);
    } else if (silent > LATE_MS) {
        ds_put_format(line, "not seen for %lld s", silent / 1000);
    } else {
        ds_put_cstr(line, "it has not done yet what was asked");
    }
}

/* Says for whom we wait, or only notes it for who interrupts us. */
static void
tell_who_lags(const struct ctl_wait *wait, struct ovsdb_idl *idl,
              struct voice *voice, struct ctl_fate *fate)
{
    const struct spanrec_host **hosts;
    struct ds line = DS_EMPTY_INITIALIZER;
    struct ds names = DS_EMPTY_INITIALIZER;
    size_t n, n_lag = 0;

    hosts = ctl_hosts(idl, &n);
    for (size_t i = 0; i < n; i++) {
        if (lags(wait, hosts[i]) && n_lag++ < MAX_SAID) {
            ds_put_format(&names, "%shost %s", n_lag > 1 ? ", " : "",
                          hosts[i]->name);
            ds_put_format(&line, "%shost %s: ", n_lag > 1 ? "; " : "",
                          hosts[i]->name);
            put_why(&line, hosts[i]);
        }
    }
    if (n_lag > MAX_SAID) {
        ds_put_format(&line, "; %"PRIuSIZE" more", n_lag - MAX_SAID);
        ds_put_format(&names, " and %"PRIuSIZE" more", n_lag - MAX_SAID);
    }
    ds_put_cstr(&names, n_lag == 1 ? " has" : " have");
    if (voice_is_due(voice)) {
        db_ctl_escape_controls(&line);
        ovs_error(0, "waiting for %s (%d s)", ds_cstr(&line),
                  voice_seconds(voice));
    }
    db_ctl_escape_controls(&names);
    ctl_fate_waits_for(fate, ds_cstr(&names));
    ds_destroy(&line);
    ds_destroy(&names);
    free(hosts);
}

static void
wait_for_hosts(const struct ctl_wait *wait, struct ovsdb_idl *idl,
               struct ctl_fate *fate)
{
    struct voice voice;
    long long int wake;

    /* What is committed is committed: from here on a lost connection is no
     * error, only a longer wait. */
    ovsdb_idl_enable_reconnect(idl);
    voice_init(&voice);
    for (;;) {
        ovsdb_idl_run(idl);
        if (hosts_are_done(wait, idl, &wake)) {
            break;
        }
        tell_who_lags(wait, idl, &voice, fate);
        /* Nothing wakes us up when a daemon dies. */
        poll_timer_wait(MIN(LOOK_MS, MAX(0, wake - time_wall_msec())));
        voice_wait(&voice);
        ovsdb_idl_wait(idl);
        poll_block();
    }
}

/* ## What came of it. ## */

static void
report_failed(const struct spanrec_tap *tap)
{
    char *target = ctl_target_text(tap->target);
    char *point = ctl_tap_point(tap);
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "capture \"%s\", host %s, %s to %s: failed (%s)%s%s",
                  tap->capture_name, tap->host, point,
                  target[0] ? target : "any target", tap->reason,
                  tap->detail[0] ? ": " : "", tap->detail);
    db_ctl_escape_controls(&line);
    ovs_error(0, "%s", ds_cstr(&line));
    ds_destroy(&line);
    free(target);
    free(point);
}

/* A capture without taps of live hosts is no error: it waits. */
static void
report_nothing(const struct spanrec_capture *capture,
               const struct db_ctl_conf *conf)
{
    char *why = (capture->n_targets && conf->why_nothing
                 ? conf->why_nothing(capture->selector, capture->name) : NULL);
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "warning: capture \"%s\" %s%s%s%s", capture->name,
                  (capture->n_targets ? "matches nothing now"
                   : "has no targets"), why ? ": " : "", why ? why : "",
                  why ? " (it starts by itself when something does)" : "");
    db_ctl_escape_controls(&line);
    ovs_error(0, "%s", ds_cstr(&line));
    ds_destroy(&line);
    free(why);
}

/* Says what came of the capture 'name'.  Returns true if a tap failed. */
static bool
report_capture(const char *name, const struct db_ctl_conf *conf,
               struct ovsdb_idl *idl, const struct smap *absent)
{
    const struct spanrec_tap **taps;
    bool failed = false;
    size_t n_live = 0;
    size_t n;

    taps = ctl_taps(idl, name, &n);
    for (size_t i = 0; i < n; i++) {
        if (!smap_get(absent, taps[i]->host)) {
            n_live++;
            if (!strcmp(taps[i]->state, "failed")) {
                report_failed(taps[i]);
                failed = true;
            }
        }
    }
    free(taps);

    const struct spanrec_capture *capture = ctl_find_capture(idl, name);

    if (capture && !n_live) {
        report_nothing(capture, conf);
    }
    return failed;
}

enum db_ctl_status
ctl_wait_run(const struct ctl_wait *wait, const struct db_ctl_conf *conf,
             struct ovsdb_idl *idl, struct ctl_fate *fate)
{
    bool failed = false;
    const char **names;
    struct smap absent;

    wait_for_hosts(wait, idl, fate);
    if (!ctl_any_host_is_live(idl)) {
        ovs_error(0, "warning: no host runs ovspand now: this takes effect "
                  "where and when one starts");
        return DB_CTL_OK;
    }

    ctl_absent_init(&absent, idl);
    names = sset_sort(&wait->captures);
    for (size_t i = 0; i < sset_count(&wait->captures); i++) {
        failed |= report_capture(names[i], conf, idl, &absent);
    }
    free(names);
    smap_destroy(&absent);
    return failed ? DB_CTL_TAP_FAILED : DB_CTL_OK;
}
