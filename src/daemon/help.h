/* help.h -- ovspand --help.  Called by ovspand.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_HELP_H
#define OVSPAN_DAEMON_HELP_H 1

/* Prints every option, with the defaults that hold here, to stdout. */
void ovspand_print_help(void);

#endif /* daemon/help.h */
