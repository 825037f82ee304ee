/* ctl.h -- the command's half of the database: what `ovspan` does with rows.
 *
 * Built on OVS's db-ctl-base.  src/cli owns the table of commands, the
 * options and everything that is asked of the daemon; this room owns whatever
 * reads or writes a row, since src/cli may not see the IDL.
 *
 * One run of the program is one transaction: db_ctl_run() connects, runs every
 * command of the line, commits, and waits for the hosts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_CTL_H
#define OVSPAN_OVSDB_CTL_CTL_H 1

#include <stdbool.h>
#include <stddef.h>
#include "base/ovs-ctl.h"

struct jsn;
struct topo;
struct topo_overlay;

enum db_ctl_status {
    DB_CTL_OK = 0,
    DB_CTL_ERROR = 1,           /* Nothing was committed. */
    DB_CTL_TAP_FAILED = 65,     /* Committed, but a tap of it has failed. */
};

/* What the options of the command line say. */
struct db_ctl_conf {
    const char *db;             /* The remote. */
    bool is_local;              /* 'db' is this host's own. */
    bool wait;                  /* For the hosts, after writing. */
    bool dry_run;               /* Abort instead of committing. */
    bool oneline;               /* One line of output a command. */
    bool format_given;          /* --format was used. */
    struct table_style style;
};

/* What every command gets; 'base' is db-ctl-base's. */
struct db_ctl_context {
    struct ctl_context base;
    const struct db_ctl_conf *conf;
};
static inline const struct db_ctl_conf *
db_ctl_conf(const struct ctl_context *ctx)
{
    return CONTAINER_OF(ctx, struct db_ctl_context, base)->conf;
}

/* Registers db-ctl-base's generic commands and 'commands', which ends with an
 * all-NULL element and stays with the caller. */
void db_ctl_init(const struct ctl_command_syntax *commands);
const char *db_ctl_schema_version(void);

/* Runs 'commands' in one transaction, prints what they print, waits if it
 * wrote anything, and returns the exit status.  'args' is the command line,
 * for the transaction's comment.  Does not return on an error. */
enum db_ctl_status db_ctl_run(const struct db_ctl_conf *, const char *args,
                              struct ctl_command *commands, size_t n);

/* The same for commands that need no row: no database is connected. */
void db_ctl_run_alone(const struct db_ctl_conf *,
                      struct ctl_command *commands, size_t n);

/* Puts 'table', which it destroys, into the output of a command: in the format
 * of --format, else as a table. */
void db_ctl_put_table(struct ctl_context *, struct table *);

/* Puts JSON there: readable, or on one line for --oneline. */
void db_ctl_put_json(struct ctl_context *, const struct jsn *);

/* Writes control characters in 'text' but newlines as "\x1b". */
void db_ctl_escape_controls(struct ds *text);

/* Puts 'text' at 'indent', broken at spaces so that it fits 80 columns; what
 * follows the first line stands at 'hang'. */
void db_ctl_put_wrapped(struct ds *, int indent, int hang, const char *text);

/* ## The commands: what to read before, and what to do. ## */

void db_ctl_pre_captures(struct ctl_context *);
void db_ctl_add_capture(struct ctl_context *);
void db_ctl_del_capture(struct ctl_context *);
void db_ctl_add_target(struct ctl_context *);
void db_ctl_del_target(struct ctl_context *);

void db_ctl_pre_list_captures(struct ctl_context *);
void db_ctl_list_captures(struct ctl_context *);
void db_ctl_pre_list_taps(struct ctl_context *);
void db_ctl_list_taps(struct ctl_context *);

void db_ctl_pre_show(struct ctl_context *);
void db_ctl_show(struct ctl_context *);

/* Prints what changes in taps and in the published topology, a line each,
 * until the program is interrupted.  For db_ctl_run_alone(): has a connection
 * of its own, and does not return. */
void db_ctl_watch(struct ctl_context *);

/* ## For the commands of src/cli. ## */

/* The published topology: Node and Edge rows of every host. */
void db_ctl_pre_topo(struct ctl_context *);
void db_ctl_load_topo(struct ctl_context *, struct topo *);

/* The taps, as what 'topology' draws at their nodes.  The caller frees the
 * array with db_ctl_free_overlays(); the texts in it are its own. */
void db_ctl_pre_overlays(struct ctl_context *);
struct topo_overlay *db_ctl_overlays(struct ctl_context *, size_t *n);
void db_ctl_free_overlays(struct topo_overlay *, size_t n);

#endif /* ovsdb/ctl/ctl.h */
