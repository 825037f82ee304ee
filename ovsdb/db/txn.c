/* txn.c -- the transaction that carries what a pass of the loop publishes.
 *
 * One is open from the first db_publish_...() to db_commit(), and one at most
 * is on its way.  The IDL's own loop helper is not used: it would compose a
 * transaction that the database refuses again and again, without a pause.
 *
 *                  db_txn()           db_txn_commit()
 *    nothing ----------------> open ------------------> on its way --+
 *       ^                       | nothing changed           |        |
 *       +-----------------------+---------------------------+  <-----+
 *         committed: look again at once
 *         try again: wait for other rows (see attempt.c)
 *         error:     log, wait 1 s, 2 s, ... 30 s
 *
 * The invariant: no transaction is open while the IDL runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "base/words.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(db_txn);

#define BACKOFF_MIN_MS 1000
#define BACKOFF_MAX_MS 30000

bool
db_can_publish(const struct db *db)
{
    return (db_span_is_synced(db)
            && db_has_lock(db)
            && db_attempt_may_fill(&db->txn, &db->span)
            && time_msec() >= db->backoff_until);
}

struct ovsdb_idl_txn *
db_txn(struct db *db)
{
    if (!db->txn.txn && db_can_publish(db)) {
        db_attempt_begin(&db->txn, &db->span);
        memset(&db->ops, 0, sizeof db->ops);
    }
    return db->txn.sent ? NULL : db->txn.txn;
}

bool
db_txn_run(struct db *db)
{
    bool drop = db->txn.txn && !db->txn.sent;

    if (drop) {
        db_attempt_end(&db->txn);
    }
    return drop;
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
    ovsdb_idl_txn_add_comment(db->txn.txn, "%s", ds_cstr(&s));
    ds_destroy(&s);
}

/* The database refused: say so, and wait longer each time. */
static void
back_off(struct db *db)
{
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(5, 5);
    unsigned int shift = MIN(db->n_errors, 5);
    long long int delay = MIN(BACKOFF_MIN_MS << shift, BACKOFF_MAX_MS);

    char *error = words_cut(db_attempt_error(&db->txn), WORDS_DETAIL);

    db->n_errors++;
    db->backoff_until = time_msec() + delay;
    VLOG_ERR_RL(&rl, "the OVSpan database refused what this host reports "
                "(%s); trying again in %lld s", error, delay / 1000);
    free(error);
}

enum db_verdict
db_txn_commit(struct db *db)
{
    if (!db->txn.txn) {
        return time_msec() < db->backoff_until ? DB_FAILED : DB_IDLE;
    }
    if (!db->txn.sent) {
        add_comment(db);
    }

    enum db_verdict verdict = db_attempt_commit(&db->txn);

    if (verdict == DB_DONE) {
        db->n_errors = 0;
        db->wake = true;
    } else if (verdict == DB_FAILED) {
        back_off(db);
    }
    if (verdict != DB_BUSY) {
        db_attempt_end(&db->txn);
    }
    return verdict;
}

/* Wakes up when something that could not be published may be by then. */
void
db_txn_wait(struct db *db)
{
    db_attempt_wait(&db->txn, &db->span);
    if (db->txn.sent) {
        return;
    }
    if (db->wake) {
        db->wake = false;
        poll_immediate_wake();
    }
    if (time_msec() < db->backoff_until) {
        poll_timer_wait_until(db->backoff_until);
    }
}
