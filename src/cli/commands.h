/* commands.h -- the table of ovspan's commands.
 *
 * What is registered, what --help prints, what the manual page must have.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_COMMANDS_H
#define OVSPAN_CLI_COMMANDS_H 1

#include "ovsdb/ctl/context.h"

enum cli_needs {
    CLI_DATABASE,               /* Rows. */
    CLI_DAEMON,                 /* The local daemon, no rows. */
    CLI_FILE,                   /* A file. */
    CLI_NOTHING,                /* But itself. */
    CLI_STREAM,                 /* Rows, until it is interrupted. */
    CLI_EITHER,                 /* CLI_DAEMON if the database is this host's,
                                 * else CLI_DATABASE. */
};

struct cli_command {
    struct ctl_command_syntax syntax;
    enum cli_needs needs;
    const char *help;           /* Lines of at most 70 columns. */
    const char *example;        /* One, without the program's name. */
    const char *settings;       /* Words that may stand before "=", with
                                 * spaces; NULL: none. */
};

/* Ours, and those of ovs-vsctl.  Each ends with a NULL name. */
extern const struct cli_command cli_commands[];
extern const struct cli_command cli_generic_commands[];

/* The command of that name, or NULL. */
const struct cli_command *cli_command_find(const char *name);
bool cli_command_is_generic(const struct cli_command *);
/* Whether "NAME=..." may be an argument of it. */
bool cli_has_setting(const struct cli_command *, const char *name);

/* Registers them and the generic ones. */
void cli_commands_init(void);

/* True if 'commands' need no database.  Ends the program if commands that
 * cannot share a line do. */
bool cli_commands_are_live(const struct db_ctl_conf *,
                           const struct ctl_command *commands, size_t n);

#endif /* cli/commands.h */
