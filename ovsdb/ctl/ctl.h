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

#include "ovsdb/ctl/context.h"

/* Registers db-ctl-base's generic commands and 'commands', which ends with an
 * all-NULL element and stays with the caller. */
void db_ctl_init(const struct ctl_command_syntax *commands);
const char *db_ctl_schema_version(void);
/* The name of the 'i'th table of the database; NULL: no more. */
const char *db_ctl_table(size_t i);

/* Runs 'commands' in one transaction, prints what they print, waits if it
 * wrote anything, and returns the exit status.  'args' is the command line,
 * for the transaction's comment.  Does not return on an error. */
enum db_ctl_status db_ctl_run(const struct db_ctl_conf *, const char *args,
                              struct ctl_command *commands, size_t n);

/* The same for commands that need no row: no database is connected. */
void db_ctl_run_alone(const struct db_ctl_conf *,
                      struct ctl_command *commands, size_t n);

#endif /* ovsdb/ctl/ctl.h */
