/* help.h -- ovspan --help, and how one command is typed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_HELP_H
#define OVSPAN_CLI_HELP_H 1

struct cli_command;
struct ds;

void cli_print_help(void);

/* Puts what 'help COMMAND' prints. */
void cli_put_help(const struct cli_command *, struct ds *);
/* Puts "usage: ovspan ...; for example: ovspan ...". */
void cli_put_usage(const struct cli_command *, struct ds *);

#endif /* cli/help.h */
