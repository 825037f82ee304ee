/* attempt.c -- one transaction at a time on a connection, and what came of it.
 *
 * Called by apply.c and txn.c, each for its own connection.  Knows nothing of
 * rows.  What the database wants to have computed anew is not begun again
 * before there are other rows: it would be the same once more.  The invariant:
 * nothing is put into a transaction that was sent.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "openvswitch/poll-loop.h"

#define RETRY_MS 1000           /* For rows that never come. */

void
db_attempt_init(struct db_attempt *attempt)
{
    *attempt = (struct db_attempt) { .skip_until = LLONG_MIN };
}

static bool
must_skip(const struct db_attempt *attempt, const struct db_conn *conn)
{
    return (time_msec() < attempt->skip_until
            && ovsdb_idl_get_seqno(conn->idl) == attempt->seqno);
}

bool
db_attempt_may_fill(const struct db_attempt *attempt,
                    const struct db_conn *conn)
{
    return !attempt->sent && !must_skip(attempt, conn);
}

void
db_attempt_begin(struct db_attempt *attempt, const struct db_conn *conn)
{
    attempt->txn = ovsdb_idl_txn_create(conn->idl);
    attempt->seqno = ovsdb_idl_get_seqno(conn->idl);
    attempt->skip_until = LLONG_MIN;
}

enum db_verdict
db_attempt_commit(struct db_attempt *attempt)
{
    attempt->sent = true;
    switch (ovsdb_idl_txn_commit(attempt->txn)) {
    case TXN_INCOMPLETE:
        return DB_BUSY;
    case TXN_UNCHANGED:
        return DB_IDLE;
    case TXN_SUCCESS:
        return DB_DONE;
    case TXN_ABORTED:
    case TXN_NOT_LOCKED:
    case TXN_TRY_AGAIN:
        attempt->skip_until = time_msec() + RETRY_MS;
        return DB_TRY_AGAIN;
    case TXN_ERROR:
        return DB_FAILED;
    case TXN_UNCOMMITTED:
        break;
    }
    OVS_NOT_REACHED();
}

const char *
db_attempt_error(const struct db_attempt *attempt)
{
    const char *error = ovsdb_idl_txn_get_error(attempt->txn);

    return error ? error : "no reason given";
}

void
db_attempt_end(struct db_attempt *attempt)
{
    if (attempt->txn) {
        ovsdb_idl_txn_destroy(attempt->txn);
        attempt->txn = NULL;
        attempt->sent = false;
    }
}

void
db_attempt_wait(const struct db_attempt *attempt, const struct db_conn *conn)
{
    if (attempt->sent) {
        ovsdb_idl_txn_wait(attempt->txn);
    } else if (must_skip(attempt, conn)) {
        poll_timer_wait_until(attempt->skip_until);
    }
}
