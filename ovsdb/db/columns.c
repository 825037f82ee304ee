/* columns.c -- columns of Open_vSwitch that only newer switches have.
 *
 * Called by db.c.  The IDL warns of each column that it is to read and the
 * server lacks, whenever it connects; so these are read only from a server
 * that is known to have them.  To know, a second IDL that reads next to
 * nothing goes first, and the switch is connected to when that has seen the
 * schema.  (An IDL that has read anything takes no more columns: what a schema
 * gets while we run is not used before we are started again.)
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "ovsdb/vswitch-idl.h"

static const struct ovsdb_idl_column *const newer[DB_N_NEWER_COLUMNS] = {
    [DB_IPFIX_STATS_INTERVAL] = &vswrec_ipfix_col_stats_interval,
    [DB_IPFIX_TEMPLATE_INTERVAL] = &vswrec_ipfix_col_template_interval,
};

void
db_columns_init(struct db *db, const char *remote)
{
    struct db_columns *c = &db->columns;

    c->remote = xstrdup(remote);
    c->probe = ovsdb_idl_create(remote, &vswrec_idl_class, false, true);
    ovsdb_idl_set_leader_only(c->probe, false);
    /* The schema is remembered of tables of which something is read. */
    ovsdb_idl_add_column(c->probe, &vswrec_ipfix_col_targets);
}

void
db_columns_uninit(struct db *db)
{
    ovsdb_idl_destroy(db->columns.probe);
    free(db->columns.remote);
}

void
db_columns_run(struct db *db)
{
    struct db_columns *c = &db->columns;

    if (!c->probe) {
        return;
    }
    ovsdb_idl_run(c->probe);
    if (ovsdb_idl_has_ever_connected(c->probe)) {
        for (size_t i = 0; i < DB_N_NEWER_COLUMNS; i++) {
            c->read[i] = ovsdb_idl_server_has_column(c->probe, newer[i]);
            if (c->read[i]) {
                ovsdb_idl_track_add_column(db->ovs.idl, newer[i]);
            }
        }
        ovsdb_idl_destroy(c->probe);
        c->probe = NULL;
        ovsdb_idl_set_remote(db->ovs.idl, c->remote, true);
    }
}

void
db_columns_wait(const struct db *db)
{
    if (db->columns.probe) {
        ovsdb_idl_wait(db->columns.probe);
    }
}

bool
db_has_column(const struct db *db, enum db_newer_column column)
{
    return (db->columns.read[column]
            && ovsdb_idl_server_has_column(db->ovs.idl, newer[column]));
}
