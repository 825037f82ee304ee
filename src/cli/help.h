/* help.h -- ovspan --help.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_HELP_H
#define OVSPAN_CLI_HELP_H 1

void cli_print_help(void);

#endif /* cli/help.h */
