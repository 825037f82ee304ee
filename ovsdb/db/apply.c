/* apply.c -- the steps of a plan, as one transaction on Open_vSwitch.
 *
 * Called by the daemon with steps that were computed from the snapshot that
 * the IDL still has; what each writes is in step.c.  Each transaction has a
 * comment and asks the switch, by next_cfg, to say when it is done.  The
 * invariant: one transaction at a time, and none before the IDL shows what the
 * last one wrote.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "base/words.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"
#include "ovsdb/vswitch-idl.h"

VLOG_DEFINE_THIS_MODULE(db_apply);

/* "ovspand on h1: +Mirror osp1 of br0 (c1 erspan2:10.9.0.2)". */
static void
put_comment(const struct db *db, const struct plan_step *steps, size_t n)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "ovspand on %s:", db->host);
    for (size_t i = 0; i < n; i++) {
        const struct native *native = (steps[i].op == PLAN_DELETE
                                       ? &steps[i].have->native
                                       : steps[i].want);
        char *taps = native_taps_text(native);

        ds_put_format(&s, "%s %c%s%s%s of %s (%s)", i ? "," : "",
                      "-+~"[steps[i].op], native_table(native->kind),
                      native->name[0] ? " " : "", native->name,
                      native->bridge_name, taps);
        free(taps);
    }
    words_clean_lines(&s);
    VLOG_INFO("%s", ds_cstr(&s));
    ovsdb_idl_txn_add_comment(db->apply.attempt.txn, "%s", ds_cstr(&s));
    ds_destroy(&s);
}

bool
db_ovs_is_current(const struct db *db)
{
    return (db->ovs.synced && !db->apply.attempt.txn
            && (db->apply.generation != db->ovs.generation
                || db_ovs_next_cfg(db) >= db->apply.cfg));
}

bool
db_can_apply(const struct db *db)
{
    return (db->host && db_ovs_is_current(db)
            && db_attempt_may_fill(&db->apply.attempt, &db->ovs));
}

void
db_apply(struct db *db, const struct plan_step *steps, size_t n)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    if (!db_can_apply(db) || !cfg || !n) {
        return;
    }
    db_attempt_begin(&db->apply.attempt, &db->ovs);
    put_comment(db, steps, n);
    for (size_t i = 0; i < n; i++) {
        db_write_step(db, &steps[i]);
    }
    ovsdb_idl_txn_increment(db->apply.attempt.txn, &cfg->header_,
                            &vswrec_open_vswitch_col_next_cfg, false);
}

void
db_ask_switch(struct db *db)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    if (!db_can_apply(db) || !cfg) {
        return;
    }
    db_attempt_begin(&db->apply.attempt, &db->ovs);
    ovsdb_idl_txn_add_comment(db->apply.attempt.txn,
                              "ovspand on %s: is ovs-vswitchd there?",
                              db->host);
    ovsdb_idl_txn_increment(db->apply.attempt.txn, &cfg->header_,
                            &vswrec_open_vswitch_col_next_cfg, true);
}

void
db_nudge(struct db *db, const char *why)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    if (db_can_apply(db) && cfg) {
        db_attempt_begin(&db->apply.attempt, &db->ovs);
        VLOG_INFO("ovspand on %s: %s", db->host, why);
        ovsdb_idl_txn_add_comment(db->apply.attempt.txn, "ovspand on %s: %s",
                                  db->host, why);
        ovsdb_idl_txn_increment(db->apply.attempt.txn, &cfg->header_,
                                &vswrec_open_vswitch_col_next_cfg, true);
    }
}

enum db_verdict
db_apply_run(struct db *db, char **error)
{
    struct db_attempt *attempt = &db->apply.attempt;

    *error = NULL;
    if (!attempt->txn) {
        return DB_IDLE;
    }

    enum db_verdict verdict = db_attempt_commit(attempt);

    if (verdict == DB_BUSY) {
        return DB_BUSY;
    } else if (verdict == DB_DONE) {
        db->apply.cfg = ovsdb_idl_txn_get_increment_new_value(attempt->txn);
        db->apply.generation = db->ovs.generation;
    } else if (verdict == DB_FAILED) {
        *error = xstrdup(db_attempt_error(attempt));
    }
    db_attempt_end(attempt);
    poll_immediate_wake();
    /* Steps that change nothing are done. */
    return verdict == DB_IDLE ? DB_DONE : verdict;
}

void
db_apply_wait(const struct db *db)
{
    db_attempt_wait(&db->apply.attempt, &db->ovs);
}
