/* conn.c -- what is known of the two connections.
 *
 * Whether what we see is whole, whether it has changed, whether we hold the
 * lock, and the few numbers that say how far the switch is.  Called by all
 * other files of the room, and by the daemon, which asks before it acts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "openvswitch/poll-loop.h"
#include "ovsdb/vswitch-idl.h"

/* The answer to a new connection's request is what makes the IDL's sequence
 * number increase, whether or not anything changed. */
void
db_conn_run(struct db_conn *conn)
{
    ovsdb_idl_run(conn->idl);
    if (!ovsdb_idl_is_connected(conn->idl)) {
        conn->synced = false;
        conn->down_seqno = ovsdb_idl_get_seqno(conn->idl);
    } else if (!conn->synced
               && ovsdb_idl_get_seqno(conn->idl) != conn->down_seqno) {
        conn->synced = true;
        conn->generation++;
        /* The IDL sends conditions that were changed meanwhile when it runs
         * next, and does not wake up for that. */
        poll_immediate_wake();
    }
}

void
db_conn_update_seqno(struct db_conn *conn, unsigned int seqno)
{
    if (conn->seen_seqno != seqno) {
        conn->seen_seqno = seqno;
        conn->seqno++;
    }
}

const char *
db_host(const struct db *db)
{
    return db->host;
}

bool
db_span_is_synced(const struct db *db)
{
    return db->span_synced;
}

bool
db_ovs_is_synced(const struct db *db)
{
    return db->ovs.synced;
}

bool
db_ovs_is_connected(const struct db *db)
{
    return ovsdb_idl_is_connected(db->ovs.idl);
}

bool
db_has_lock(const struct db *db)
{
    return db->host && ovsdb_idl_has_lock(db->span.idl);
}

bool
db_is_lock_contended(const struct db *db)
{
    return db->host && ovsdb_idl_is_lock_contended(db->span.idl);
}

uint64_t
db_span_seqno(const struct db *db)
{
    return db->span.seqno;
}

uint64_t
db_ovs_seqno(const struct db *db)
{
    return db->ovs.seqno;
}

int64_t
db_ovs_next_cfg(const struct db *db)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    return cfg ? cfg->next_cfg : 0;
}

int64_t
db_ovs_cur_cfg(const struct db *db)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    return cfg ? cfg->cur_cfg : 0;
}
