/* complete.h -- what can stand where a shell's user types.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_COMPLETE_H
#define OVSPAN_CLI_COMPLETE_H 1

/* Prints the words that the last of 'words', which may be "" and which a NULL
 * follows, can be completed to, one a line, each with a tab and what it is,
 * if that is known. */
void cli_complete(char *words[]);

#endif /* cli/complete.h */
