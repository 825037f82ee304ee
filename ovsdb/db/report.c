/* report.c -- this host's Tap rows and its Host row.
 *
 * Called by the daemon when something about them may have changed.  A tap is
 * known by its capture, node and target; rows with the same three (which a
 * restored backup may bring) are cleaned up.  Columns are only written where
 * they differ: the IDL sees to that.  Rows of other hosts are not even read.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "base/words.h"
#include "ovsdb/vswitch-idl.h"

/* Two writers of the same period must not miss each other by a moment. */
#define SLACK_MS 500
/* A reader calls a host offline after 90 s. */
#define LAST_SEEN_MS 25000

/* An existing row, to be found by what it is about. */
struct tap_row {
    struct hmap_node node;      /* By hash of the three. */
    const struct spanrec_tap *row;
    struct uuid capture;        /* Zeros: gone. */
    struct uuid target;         /* Likewise. */
};

static uint32_t
hash_tap(const struct uuid *capture, const struct uuid *target,
         const char *node)
{
    return hash_string(node, hash_add(uuid_hash(capture),
                                      uuid_hash(target)));
}

static struct tap_row *
find_tap_row(const struct hmap *rows, const struct uuid *capture,
             const struct uuid *target, const char *node)
{
    struct tap_row *tr;

    HMAP_FOR_EACH_WITH_HASH (tr, node, hash_tap(capture, target, node),
                             rows) {
        if (uuid_equals(&tr->capture, capture)
            && uuid_equals(&tr->target, target)
            && !strcmp(tr->row->node, node)) {
            return tr;
        }
    }
    return NULL;
}

static void
delete_tap(struct db *db, const struct spanrec_tap *row)
{
    spanrec_tap_delete(row);
    db->ops.taps_removed++;
}

/* All rows of this host, each key once. */
static void
index_taps(struct db *db, struct hmap *rows)
{
    const struct spanrec_tap *row;

    hmap_init(rows);
    SPANREC_TAP_FOR_EACH_SAFE (row, db->span.idl) {
        struct uuid capture = UUID_ZERO;
        struct uuid target = UUID_ZERO;

        if (strcmp(row->host, db->host)) {
            continue;
        }
        if (row->capture) {
            capture = row->capture->header_.uuid;
        }
        if (row->target) {
            target = row->target->header_.uuid;
        }
        if (find_tap_row(rows, &capture, &target, row->node)) {
            delete_tap(db, row);
            continue;
        }

        struct tap_row *tr = xmalloc(sizeof *tr);
        tr->row = row;
        tr->capture = capture;
        tr->target = target;
        hmap_insert(rows, &tr->node, hash_tap(&capture, &target, row->node));
    }
}

/* A cause that skipped nothing is left out: there are many. */
static bool
is_told(const char *name, int64_t value, enum tap_counted counted)
{
    return (counted == TAP_COUNTED_ALL
            ? value || strncmp(name, "skipped_", 8)
            : counted == TAP_COUNTED_SEEN
            && (!strcmp(name, "packets") || !strcmp(name, "bytes")));
}

static void
write_stats(const struct spanrec_tap *row, const struct tap_stats *stats,
            enum tap_counted counted)
{
    const char *names[] = {
#define TAP_COUNTER(NAME) #NAME,
        TAP_COUNTERS
#undef TAP_COUNTER
    };
    int64_t values[] = {
#define TAP_COUNTER(NAME) stats->NAME,
        TAP_COUNTERS
#undef TAP_COUNTER
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (is_told(names[i], values[i], counted)) {
            names[n] = names[i];
            values[n++] = values[i];
        }
    }
    spanrec_tap_set_statistics(row, names, values, n);
}

static const char *
or_empty(const char *s)
{
    return s ? s : "";
}

static void
write_tap(const struct spanrec_tap *row, const struct db_tap *tap,
          bool stats_due)
{
    const struct plan_tap *p = tap->tap;

    spanrec_tap_set_capture_name(row, or_empty(p->capture_name));
    spanrec_tap_set_node_name(row, or_empty(p->node_name));
    spanrec_tap_set_netns(row, or_empty(p->netns));
    spanrec_tap_set_backend(row, plan_backend_to_string(p->backend));
    spanrec_tap_set_state(row, tap_state_to_string(tap->state));
    spanrec_tap_set_reason(row, tap_reason_to_string(tap->reason));
    char *detail = words_cut(or_empty(tap->detail), WORDS_DETAIL);

    spanrec_tap_set_detail(row, detail);
    free(detail);
    /* What has run and does not any more has counted what it has. */
    if (p->run && (stats_due || !row->n_statistics
                   || tap->counted == TAP_COUNTED_NONE)) {
        write_stats(row, &tap->stats, tap->counted);
    }
}

/* A new row, or NULL if what it is about was removed meanwhile. */
static const struct spanrec_tap *
insert_tap(struct db *db, struct ovsdb_idl_txn *txn,
           const struct plan_tap *tap)
{
    const struct spanrec_capture *capture
        = spanrec_capture_get_for_uuid(db->span.idl, &tap->capture);
    const struct spanrec_target *target
        = spanrec_target_get_for_uuid(db->span.idl, &tap->target);

    if (!capture || (!target && !uuid_is_zero(&tap->target))) {
        return NULL;
    }

    const struct spanrec_tap *row = spanrec_tap_insert(txn);
    spanrec_tap_set_host(row, db->host);
    spanrec_tap_set_capture(row, capture);
    if (target) {
        spanrec_tap_set_target(row, target);
    }
    spanrec_tap_set_node(row, or_empty(tap->node_id));
    db->ops.taps_added++;
    return row;
}

int
db_stats_interval(const struct db *db)
{
    return db_option_int(db, "stats-interval", db->is_shared ? 60 : 5);
}

/* Whether it is time for statistics; if so, sets when it is again. */
static bool
stats_are_due(struct db *db)
{
    int interval = db_stats_interval(db);
    long long int now = time_msec();

    if (interval <= 0 || now < db->stats_next) {
        return false;
    }
    db->stats_next = now + interval * 1000LL - SLACK_MS;
    return true;
}

void
db_want_stats(struct db *db)
{
    db->stats_next = LLONG_MIN;
}

void
db_publish_taps(struct db *db, const struct db_tap *taps, size_t n)
{
    struct ovsdb_idl_txn *txn = db_txn(db);
    struct tap_row *tr;
    struct hmap rows;

    if (!txn) {
        return;
    }

    bool stats_due = stats_are_due(db);
    index_taps(db, &rows);
    for (size_t i = 0; i < n; i++) {
        const struct plan_tap *tap = taps[i].tap;
        const struct spanrec_tap *row;

        tr = find_tap_row(&rows, &tap->capture, &tap->target,
                          or_empty(tap->node_id));
        if (tr) {
            row = tr->row;
            hmap_remove(&rows, &tr->node);
            free(tr);
        } else {
            row = insert_tap(db, txn, tap);
        }
        if (row) {
            write_tap(row, &taps[i], stats_due);
        }
    }
    HMAP_FOR_EACH_POP (tr, node, &rows) {
        delete_tap(db, tr->row);
        free(tr);
    }
    hmap_destroy(&rows);
}

static const struct spanrec_host *
find_host_row(const struct db *db)
{
    const struct spanrec_host *row;

    SPANREC_HOST_FOR_EACH (row, db->span.idl) {
        if (!strcmp(row->name, db->host)) {
            return row;
        }
    }
    return NULL;
}

void
db_publish_host(struct db *db, const struct db_host *host)
{
    const struct vswrec_open_vswitch *ovs
        = vswrec_open_vswitch_first(db->ovs.idl);
    struct ovsdb_idl_txn *txn = db_txn(db);

    if (!txn) {
        return;
    }

    const struct spanrec_host *row = find_host_row(db);
    if (!row) {
        row = spanrec_host_insert(txn);
        spanrec_host_set_name(row, db->host);
    }
    if (ovs) {
        spanrec_host_set_system_id(
            row, or_empty(smap_get(&ovs->external_ids, "system-id")));
        spanrec_host_set_ovs_version(row, or_empty(ovs->ovs_version));
    }
    spanrec_host_set_version(row, or_empty(host->version));
    spanrec_host_set_status(row, host->status);
    if (host->cur_cfg >= 0) {
        spanrec_host_set_cur_cfg(row, host->cur_cfg);
    }
    if (host->last_seen < row->last_seen
        || host->last_seen - row->last_seen >= LAST_SEEN_MS) {
        spanrec_host_set_last_seen(row, host->last_seen);
    }
}

void
db_retract(struct db *db, bool all)
{
    const struct spanrec_tap *tap;

    if (!db_txn(db)) {
        return;
    }
    SPANREC_TAP_FOR_EACH_SAFE (tap, db->span.idl) {
        if (!strcmp(tap->host, db->host)) {
            delete_tap(db, tap);
        }
    }
    if (all) {
        const struct spanrec_host *host = find_host_row(db);

        db_retract_topo(db, SIZE_MAX);
        if (host) {
            spanrec_host_delete(host);
        }
    }
}
