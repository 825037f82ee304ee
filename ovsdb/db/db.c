/* db.c -- the two connections: what is read of each, who we are, what runs in
 * a pass of the loop.
 *
 * Called by the daemon's loop.  Does not know what the rows are used for:
 * topo.c and want.c read them, report.c and publish.c write them
 * through the transaction of txn.c.  The invariant: a connection that is
 * not synced is neither read nor written.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <ctype.h>
#include <unistd.h>
#include "base/machine.h"
#include "base/ovs.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/rows.h"

VLOG_DEFINE_THIS_MODULE(db);

/* How long OVS is waited for to tell its system-id. */
#define HOST_WAIT_MS 2000

static void
monitor(struct ovsdb_idl *idl, const struct ovsdb_idl_column *columns[],
        size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ovsdb_idl_track_add_column(idl, columns[i]);
    }
}

/* What the daemon reads of OVSpan and what it writes there; nothing of
 * external_ids, which are others'. */
static void
monitor_span(struct ovsdb_idl *idl)
{
    const struct ovsdb_idl_column *columns[] = {
        &spanrec_ovspan_global_col_next_cfg,
        &spanrec_ovspan_global_col_options,
        &spanrec_capture_col_name,
        &spanrec_capture_col_selector,
        &spanrec_capture_col_filter,
        &spanrec_capture_col_snaplen,
        &spanrec_capture_col_direction,
        &spanrec_capture_col_sampling,
        &spanrec_capture_col_backend,
        &spanrec_capture_col_enabled,
        &spanrec_capture_col_expires,
        &spanrec_capture_col_options,
        &spanrec_capture_col_targets,
        &spanrec_target_col_type,
        &spanrec_target_col_address,
        &spanrec_target_col_options,
        &spanrec_node_col_host,
        &spanrec_node_col_id,
        &spanrec_node_col_type,
        &spanrec_node_col_name,
        &spanrec_node_col_metadata,
        &spanrec_edge_col_host,
        &spanrec_edge_col_parent,
        &spanrec_edge_col_child,
        &spanrec_edge_col_relation,
        &spanrec_edge_col_metadata,
    };
    const struct ovsdb_idl_column *ours[] = {
        &spanrec_host_col_name,
        &spanrec_host_col_system_id,
        &spanrec_host_col_version,
        &spanrec_host_col_ovs_version,
        &spanrec_host_col_cur_cfg,
        &spanrec_host_col_last_seen,
        &spanrec_host_col_status,
        &spanrec_tap_col_host,
        &spanrec_tap_col_capture,
        &spanrec_tap_col_target,
        &spanrec_tap_col_capture_name,
        &spanrec_tap_col_node,
        &spanrec_tap_col_node_name,
        &spanrec_tap_col_netns,
        &spanrec_tap_col_backend,
        &spanrec_tap_col_state,
        &spanrec_tap_col_reason,
        &spanrec_tap_col_detail,
        &spanrec_tap_col_statistics,
    };

    monitor(idl, columns, ARRAY_SIZE(columns));
    for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
        ovsdb_idl_add_column(idl, ours[i]);
    }
    ovsdb_idl_set_write_changed_only_all(idl, true);
}

static void
monitor_ovs(struct ovsdb_idl *idl)
{
    const struct ovsdb_idl_column *columns[] = {
        &vswrec_open_vswitch_col_external_ids,
        &vswrec_open_vswitch_col_ovs_version,
        &vswrec_open_vswitch_col_next_cfg,
        &vswrec_open_vswitch_col_cur_cfg,
    };

    monitor(idl, columns, ARRAY_SIZE(columns));
    db_topo_monitor(idl);
    db_have_monitor(idl);
    ovsdb_idl_set_write_changed_only_all(idl, true);
}

/* Asks the server for the rows of this host only; before it is known, for
 * none.  Returns the IDL's condition seqno as of which that is so.  What was
 * asked before is not asked again, so this may be called at any time. */
static unsigned int
set_conditions(struct db *db)
{
    struct ovsdb_idl_condition c = OVSDB_IDL_CONDITION_INIT(&c);
    const char *h = db->host;
    unsigned int seqno = 0;

#define SET_CONDITION(TABLE, COLUMN)                                    \
    ovsdb_idl_condition_clear(&c);                                      \
    if (h) {                                                            \
        spanrec_##TABLE##_add_clause_##COLUMN(&c, OVSDB_F_EQ, h);       \
    }                                                                   \
    seqno = MAX(seqno, spanrec_##TABLE##_set_condition(db->span.idl, &c))

    SET_CONDITION(host, name);
    SET_CONDITION(tap, host);
    SET_CONDITION(node, host);
    SET_CONDITION(edge, host);
#undef SET_CONDITION
    ovsdb_idl_condition_destroy(&c);
    return seqno;
}

/* The lock "ovspan-HOST" as OVSDB can say it: an <id> has letters, digits and
 * underscores only.  Others, and the underscore itself, become _XX, so that
 * two hosts never share one. */
static char *
make_lock_name(const char *host)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&s, "ovspan_");
    for (; *host; host++) {
        unsigned char c = *host;

        if (isascii(c) && isalnum(c)) {
            ds_put_char(&s, c);
        } else {
            ds_put_format(&s, "_%02x", c);
        }
    }
    return ds_steal_cstr(&s);
}

/* From now on we are 'host'. */
static void
set_host(struct db *db, const char *host)
{
    char *lock = make_lock_name(host);

    db->host = xstrdup(host);
    set_conditions(db);
    ovsdb_idl_set_lock(db->span.idl, lock);
    free(lock);
}

struct db *
db_create(const struct db_conf *conf)
{
    struct db *db = xzalloc(sizeof *db);

    db->ovs.idl = ovsdb_idl_create_unconnected(&vswrec_idl_class, false);
    ovsdb_idl_set_leader_only(db->ovs.idl, false);
    monitor_ovs(db->ovs.idl);
    db_columns_init(db, conf->ovs_remote);
    db->span.idl = ovsdb_idl_create(conf->span_remote, &spanrec_idl_class,
                                    false, true);
    ovsdb_idl_set_leader_only(db->span.idl, false);
    monitor_span(db->span.idl);

    /* A database at hand serves one host; one elsewhere may serve many. */
    db->is_shared = (strncmp(conf->span_remote, "unix:", 5)
                     || strchr(conf->span_remote, ','));
    db->machine = machine_stamp();
    db->host_by = time_msec() + HOST_WAIT_MS;
    db->backoff_until = LLONG_MIN;
    db_attempt_init(&db->txn);
    db_attempt_init(&db->apply.attempt);
    db->stats_next = LLONG_MIN;
    db_topo_init(db);
    sset_init(&db->made_ports);
    db_publish_init(db);
    if (conf->host && conf->host[0]) {
        set_host(db, conf->host);
    } else {
        set_conditions(db);
    }
    return db;
}

void
db_destroy(struct db *db)
{
    if (db) {
        db_attempt_end(&db->txn);
        db_attempt_end(&db->apply.attempt);
        db_topo_uninit(db);
        sset_destroy(&db->made_ports);
        db_columns_uninit(db);
        db_publish_uninit(db);
        ovsdb_idl_destroy(db->span.idl);
        ovsdb_idl_destroy(db->ovs.idl);
        free(db->host);
        free(db->machine);
        free(db);
    }
}

/* Tracked rows tell, not the tables' sequence numbers: the IDL gives a table
 * the number of a change to come when a row that its rows refer to changes, so
 * that the change that comes then has no number of its own. */
static bool
is_want_changed(const struct db *db)
{
    return (spanrec_ovspan_global_track_get_first(db->span.idl)
            || spanrec_capture_track_get_first(db->span.idl)
            || spanrec_target_track_get_first(db->span.idl));
}

static void
update_seqnos(struct db *db)
{
    unsigned int seqno = ovsdb_idl_get_seqno(db->span.idl);

    if (is_want_changed(db)) {
        db_conn_update_seqno(&db->span, seqno);
    }
    db_conn_update_seqno(&db->ovs, ovsdb_idl_get_seqno(db->ovs.idl));
    db_publish_run(db);
    ovsdb_idl_track_clear(db->span.idl);
}

/* Finds out the name of this host, which then stays.  An OVS that has just
 * been started gets its system-id a moment later. */
static void
find_host(struct db *db)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);
    const char *id = cfg ? smap_get(&cfg->external_ids, "system-id") : NULL;
    char hostname[256];

    if (db->ovs.synced && id && id[0]) {
        set_host(db, id);
    } else if (time_msec() >= db->host_by) {
        if (gethostname(hostname, sizeof hostname)) {
            ovs_strlcpy(hostname, "localhost", sizeof hostname);
        }
        hostname[sizeof hostname - 1] = '\0';
        VLOG_INFO("Open vSwitch tells no system-id: the name of this host is "
                  "its hostname, \"%s\" (see --host-name)", hostname);
        set_host(db, hostname);
    }
}

void
db_run(struct db *db)
{
    if (db_txn_run(db)) {
        db_publish_concluded(db, false);
    }
    db_columns_run(db);
    db_conn_run(&db->ovs);
    db_conn_run(&db->span);
    if (!db->host) {
        find_host(db);
    }
    /* Asked anew each time: a connection that starts with the conditions does
     * not count as an answer to what was asked before. */
    db->span_synced = (db->span.synced
                       && ovsdb_idl_get_condition_seqno(db->span.idl)
                          >= set_conditions(db));
    update_seqnos(db);
}

void
db_wait(struct db *db)
{
    db_columns_wait(db);
    ovsdb_idl_wait(db->ovs.idl);
    ovsdb_idl_wait(db->span.idl);
    if (!db->host) {
        poll_timer_wait_until(db->host_by);
    }
    db_txn_wait(db);
    db_publish_wait(db);
    db_apply_wait(db);
}

/* What of Node and Edge was in a transaction that is gone is known only here,
 * above both who wrote it and who carried it. */
enum db_verdict
db_commit(struct db *db)
{
    enum db_verdict verdict = db_txn_commit(db);

    if (verdict != DB_BUSY) {
        db_publish_concluded(db, verdict == DB_DONE || verdict == DB_IDLE);
    }
    return verdict;
}
