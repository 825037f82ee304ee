/* txn.c -- the transaction that carries what a pass of the loop publishes.
 *
 * One is open from the first db_publish_...() to db_commit(), and one at most
 * is on its way.  The IDL's own loop helper is not used: it would compose a
 * transaction that the database refuses again and again, without a pause.
 *
 *                  db_txn()              db_commit()
 *    nothing ----------------> open ------------------> on its way --+
 *       ^                       | nothing changed           |        |
 *       +-----------------------+---------------------------+  <-----+
 *         committed: look again at once
 *         try again: wait for other rows (or RETRY_MS)
 *         error:     log, wait 1 s, 2 s, ... 30 s
 *
 * The invariant: no transaction is open while the IDL runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(db_txn);

#define RETRY_MS 1000           /* For rows that never come. */
#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 30000

static bool
must_skip(const struct db *db)
{
    return (db->skip
            && ovsdb_idl_get_seqno(db->span.idl) == db->txn_seqno
            && time_msec() < db->skip_until);
}

bool
db_can_publish(const struct db *db)
{
    return (db_span_is_synced(db)
            && db_has_lock(db)
            && !db->commit_txn
            && !must_skip(db)
            && time_msec() >= db->backoff_until);
}

struct ovsdb_idl_txn *
db_txn(struct db *db)
{
    if (!db->open_txn && db_can_publish(db)) {
        db->open_txn = ovsdb_idl_txn_create(db->span.idl);
        db->txn_seqno = ovsdb_idl_get_seqno(db->span.idl);
        db->skip = false;
        memset(&db->ops, 0, sizeof db->ops);
    }
    return db->open_txn;
}

/* Drops what was published and not committed: the rows that it was made from
 * are about to change. */
void
db_txn_run(struct db *db)
{
    db->pub.again = false;
    if (db->open_txn) {
        ovsdb_idl_txn_destroy(db->open_txn);
        db->open_txn = NULL;
        db_publish_concluded(db, false);
    }
}

static void
put_count(struct ds *s, char sign, unsigned int n, const char *what)
{
    if (n) {
        ds_put_format(s, "%s %c%u %s%s", s->string[s->length - 1] == ':'
                      ? "" : ",", sign, n, what, n == 1 ? "" : "s");
    }
}

/* "ovspand on h1: +2 taps", for `ovsdb-tool show-log`. */
static void
add_comment(struct db *db)
{
    const struct db_ops *ops = &db->ops;
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "ovspand on %s:", db->host);
    size_t length = s.length;
    put_count(&s, '+', ops->taps_added, "tap");
    put_count(&s, '-', ops->taps_removed, "tap");
    put_count(&s, '+', ops->rows_added, "topology row");
    put_count(&s, '-', ops->rows_removed, "topology row");
    if (s.length == length) {
        ds_put_cstr(&s, " update");
    }
    ovsdb_idl_txn_add_comment(db->open_txn, "%s", ds_cstr(&s));
    ds_destroy(&s);
}

/* The database refused: say so, and wait longer each time. */
static void
back_off(struct db *db)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(5, 5);
    const char *error = ovsdb_idl_txn_get_error(db->commit_txn);
    unsigned int shift = MIN(db->n_errors, 5);
    long long int delay = MIN(BACKOFF_MIN_MS << shift, BACKOFF_MAX_MS);

    db->n_errors++;
    db->backoff_until = time_msec() + delay;
    VLOG_ERR_RL(&rl, "the OVSpan database refused what this host reports "
                "(%s); trying again in %lld s",
                error ? error : "no reason given", delay / 1000);
}

static enum db_verdict
conclude(struct db *db, enum ovsdb_idl_txn_status status)
{
    switch (status) {
    case TXN_INCOMPLETE:
        return DB_BUSY;
    case TXN_UNCHANGED:
        return DB_IDLE;
    case TXN_SUCCESS:
        db->n_errors = 0;
        db->wake = true;
        return DB_DONE;
    case TXN_ABORTED:
    case TXN_NOT_LOCKED:
    case TXN_TRY_AGAIN:
        db->skip = true;
        db->skip_until = time_msec() + RETRY_MS;
        return DB_TRY_AGAIN;
    case TXN_ERROR:
        back_off(db);
        return DB_FAILED;
    case TXN_UNCOMMITTED:
        break;
    }
    OVS_NOT_REACHED();
}

enum db_verdict
db_commit(struct db *db)
{
    if (db->open_txn) {
        add_comment(db);
        db->commit_txn = db->open_txn;
        db->open_txn = NULL;
    }
    if (!db->commit_txn) {
        return time_msec() < db->backoff_until ? DB_FAILED : DB_IDLE;
    }

    enum db_verdict verdict
        = conclude(db, ovsdb_idl_txn_commit(db->commit_txn));
    if (verdict != DB_BUSY) {
        ovsdb_idl_txn_destroy(db->commit_txn);
        db->commit_txn = NULL;
        db_publish_concluded(db, verdict == DB_DONE || verdict == DB_IDLE);
    }
    return verdict;
}

/* Wakes up when something that could not be published may be by then. */
void
db_txn_wait(struct db *db)
{
    if (db->commit_txn) {
        ovsdb_idl_txn_wait(db->commit_txn);
    } else if (db->wake) {
        db->wake = false;
        poll_immediate_wake();
    } else if (db_can_publish(db)) {
        if (db->pub.again) {
            poll_immediate_wake();
        }
    } else {
        if (must_skip(db)) {
            poll_timer_wait_until(db->skip_until);
        }
        if (time_msec() < db->backoff_until) {
            poll_timer_wait_until(db->backoff_until);
        }
    }
}

void
db_txn_uninit(struct db *db)
{
    db_txn_run(db);
    if (db->commit_txn) {
        ovsdb_idl_txn_destroy(db->commit_txn);
        db->commit_txn = NULL;
    }
}
