/* ctl.c -- one run of the command: connect, transact, print, wait.
 *
 * Called by main() of src/cli.  The transaction may have to be composed more
 * than once (another client changed what it was based on), so that commands
 * have no effect but on rows and on their output.  ctl_fatal() ends the
 * program, with exit status 1, wherever nothing was committed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/ctl.h"
#include "base/voice.h"
#include "base/words.h"
#include "openvswitch/vlog.h"
#include "ovsdb/ctl/connect.h"
#include "ovsdb/ctl/fate.h"
#include "ovsdb/ctl/hint.h"
#include "ovsdb/ctl/output.h"
#include "ovsdb/ctl/rows.h"
#include "ovsdb/ctl/wait.h"

VLOG_DEFINE_THIS_MODULE(ovsdb_ctl);

struct run {
    const struct db_ctl_conf *conf;
    const char *args;           /* The command line. */
    struct ctl_command *commands;
    size_t n;
    bool wait;                  /* Something may be written, and waited for. */
    struct ovsdb_idl *idl;
    struct ovsdb_symbol_table *symtab;  /* Of "--id=@name". */
    struct ctl_wait after;      /* If 'wait'. */
    struct ctl_fate *fate;      /* NULL: nothing is going to be written. */
};

/* How rows are called in the generic commands, beside by UUID. */
static const struct ctl_table_class tables[SPANREC_N_TABLES] = {
    [SPANREC_TABLE_CAPTURE].row_ids[0]
    = { &spanrec_capture_col_name, NULL, NULL },
    [SPANREC_TABLE_HOST].row_ids[0]
    = { &spanrec_host_col_name, NULL, NULL },
    [SPANREC_TABLE_CONNECTION].row_ids[0]
    = { &spanrec_connection_col_target, NULL, NULL },
};

void
db_ctl_init(const struct ctl_command_syntax *commands)
{
    ctl_init(&spanrec_idl_class, spanrec_table_classes, tables, NULL, NULL);
    ctl_register_commands(commands);
}

const char *
db_ctl_schema_version(void)
{
    return spanrec_get_db_version();
}

const char *
db_ctl_table(size_t i)
{
    return i < SPANREC_N_TABLES ? spanrec_table_classes[i].name : NULL;
}

/* ## Running the commands. ## */

static void
fail_on_error(struct ctl_context *ctx)
{
    if (ctx->error) {
        char *clean = words_clean(ctx->error);

        ctl_fatal("%s%s", clean, ctl_hint(ctx));
    }
}

static void
run_prerequisites(struct run *run)
{
    for (size_t i = 0; i < run->n; i++) {
        struct ctl_command *c = &run->commands[i];

        ctl_init_output(c);
        if (c->syntax->prerequisites) {
            struct db_ctl_context ctx = { .conf = run->conf };

            ctl_context_init(&ctx.base, c, run->idl, NULL, NULL, NULL);
            c->syntax->prerequisites(&ctx.base);
            fail_on_error(&ctx.base);
            ctl_context_done(&ctx.base, c);
        }
    }
}

/* Composes the transaction.  Returns false if a command wants to be tried
 * again when the database has changed. */
static bool
run_commands(struct run *run, struct ovsdb_idl_txn *txn)
{
    struct db_ctl_context ctx = { .conf = run->conf };
    bool done = true;

    ctl_context_init(&ctx.base, NULL, run->idl, txn, run->symtab, NULL);
    for (size_t i = 0; i < run->n && done; i++) {
        struct ctl_command *c = &run->commands[i];

        ctl_context_init_command(&ctx.base, c, i == run->n - 1);
        if (c->syntax->run) {
            c->syntax->run(&ctx.base);
        }
        fail_on_error(&ctx.base);
        ctl_context_done_command(&ctx.base, c);
        done = !ctx.base.try_again;
    }
    ctl_context_done(&ctx.base, NULL);
    return done;
}

static void
run_postprocess(struct run *run, struct ovsdb_idl_txn *txn)
{
    for (size_t i = 0; i < run->n; i++) {
        struct ctl_command *c = &run->commands[i];

        if (c->syntax->postprocess) {
            struct db_ctl_context ctx = { .conf = run->conf };

            ctl_context_init(&ctx.base, c, run->idl, txn, run->symtab, NULL);
            c->syntax->postprocess(&ctx.base);
            fail_on_error(&ctx.base);
            ctl_context_done(&ctx.base, c);
        }
    }
}

/* Every "@name" must have been created, and a row that nothing refers to
 * disappears at once, unless its table is a root. */
static void
check_symbols(const struct run *run)
{
    const struct shash_node *node;

    SHASH_FOR_EACH (node, &run->symtab->sh) {
        const struct ovsdb_symbol *symbol = node->data;

        if (!symbol->created) {
            ctl_fatal("row id \"%s\" is referenced but never created (e.g. "
                      "with \"-- --id=%s create ...\")",
                      node->name, node->name);
        } else if (!symbol->strong_ref) {
            VLOG_WARN("row id \"%s\" was created but no row holds it, so it "
                      "will not appear in the database", node->name);
        }
    }
}

/* ## The transaction. ## */

/* True if 'status' is final and good; false to try again. */
static bool
judge(enum ovsdb_idl_txn_status status, const struct ovsdb_idl_txn *txn)
{
    switch (status) {
    case TXN_UNCHANGED:
    case TXN_SUCCESS:
        return true;
    case TXN_TRY_AGAIN:
        return false;
    case TXN_ERROR:
        ctl_fail_refused(txn);
    case TXN_NOT_LOCKED:
    case TXN_UNCOMMITTED:
    case TXN_INCOMPLETE:
    case TXN_ABORTED:
        break;
    }
    OVS_NOT_REACHED();
}

static enum ovsdb_idl_txn_status
send_off(struct run *run, struct ovsdb_idl_txn *txn)
{
    enum ovsdb_idl_txn_status status;
    struct voice voice;

    voice_init(&voice);
    while ((status = ovsdb_idl_txn_commit(txn)) == TXN_INCOMPLETE) {
        ctl_fate_set(run->fate, CTL_FATE_SENT);
        ctl_say_silent(run->conf, &voice);
        ovsdb_idl_run(run->idl);
        ovsdb_idl_wait(run->idl);
        ovsdb_idl_txn_wait(txn);
        poll_block();
    }
    ctl_fate_set(run->fate, (status == TXN_SUCCESS ? CTL_FATE_WRITTEN
                             : CTL_FATE_NOTHING));
    return status;
}

static bool
commit(struct run *run, struct ovsdb_idl_txn *txn, bool *wrote)
{
    enum ovsdb_idl_txn_status status = send_off(run, txn);

    if (!judge(status, txn)) {
        return false;
    }
    run_postprocess(run, txn);
    *wrote = status == TXN_SUCCESS;
    if (run->wait && *wrote) {
        ctl_wait_committed(&run->after, txn);
    }
    return true;
}

/* One attempt.  Returns false if it has to be made again when the database has
 * changed; '*wrote' is set if something was committed. */
static bool
attempt(struct run *run, bool *wrote)
{
    struct ovsdb_idl_txn *txn = ovsdb_idl_txn_create(run->idl);
    bool done = false;

    if (run->conf->dry_run) {
        ovsdb_idl_txn_set_dry_run(txn);
    }
    ovsdb_idl_txn_add_comment(txn, "%s", run->args);
    run->symtab = ovsdb_symbol_table_create();
    if (!run_commands(run, txn)) {
        ovsdb_idl_txn_abort(txn);
    } else {
        check_symbols(run);
        run->wait = (run->wait
                     && ctl_wait_prepare(&run->after, run->idl, txn));
        done = commit(run, txn, wrote);
    }
    ovsdb_idl_txn_destroy(txn);
    ovsdb_symbol_table_destroy(run->symtab);
    if (!done) {
        for (size_t i = 0; i < run->n; i++) {
            ctl_clear_output(&run->commands[i]);
        }
    }
    return done;
}

/* Attempts once for each new state of the database, until one succeeds. */
static bool
transact(struct run *run)
{
    unsigned int seqno = ovsdb_idl_get_seqno(run->idl);
    unsigned int first = seqno;
    struct voice voice;
    bool wrote = false;

    voice_init(&voice);
    for (;;) {
        ovsdb_idl_run(run->idl);
        if (!ovsdb_idl_is_alive(run->idl)) {
            ctl_fail_to_connect(run->conf, run->idl);
        }
        if (seqno != ovsdb_idl_get_seqno(run->idl)) {
            seqno = ovsdb_idl_get_seqno(run->idl);
            if (run->wait && !ctl_wait_has_global(run->idl)) {
                ctl_wait_make_global(run->idl);
            } else if (attempt(run, &wrote)) {
                return wrote;
            }
        }
        if (seqno == ovsdb_idl_get_seqno(run->idl)) {
            if (seqno == first) {
                ctl_say_silent(run->conf, &voice);
            }
            ovsdb_idl_wait(run->idl);
            poll_block();
        }
    }
}

enum db_ctl_status
db_ctl_run(const struct db_ctl_conf *conf, const char *args,
           struct ctl_command *commands, size_t n)
{
    struct run run = {
        .conf = conf,
        .args = args,
        .commands = commands,
        .n = n,
        .wait = (conf->wait && !conf->dry_run
                 && ctl_might_write_to_db(commands, n)),
    };
    enum db_ctl_status status = DB_CTL_OK;
    bool wrote;

    if (!conf->dry_run && ctl_might_write_to_db(commands, n)) {
        run.fate = ctl_fate_create();
    }
    run.idl = ctl_connect(conf, false);
    ovsdb_idl_set_db_change_aware(run.idl, false);
    run_prerequisites(&run);
    ctl_wait_init(&run.after);
    if (run.wait) {
        ctl_wait_pre(run.idl);
    }

    wrote = transact(&run);
    ctl_print_output(conf, commands, n);
    if (run.wait && wrote) {
        status = ctl_wait_run(&run.after, conf, run.idl, run.fate);
    }
    ctl_wait_uninit(&run.after);
    ovsdb_idl_destroy(run.idl);
    return status;
}

void
db_ctl_run_alone(const struct db_ctl_conf *conf, struct ctl_command *commands,
                 size_t n)
{
    struct run run = { .conf = conf, .commands = commands, .n = n };

    for (size_t i = 0; i < n; i++) {
        ctl_init_output(&commands[i]);
    }
    run_commands(&run, NULL);
    ctl_print_output(conf, commands, n);
}
