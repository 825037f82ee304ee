/* typed.h -- what was typed, judged before anything of it is done.
 *
 * Whoever typed something that cannot be is told what is wrong, and the line
 * as it should be typed: the nearest command or option, how the command is
 * used, options where they belong.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_TYPED_H
#define OVSPAN_CLI_TYPED_H 1

#include "compiler.h"

/* Judges the commands of 'argv' from 'first' on.  Prints the help of a command
 * that --help stands behind or that 'help' asks for, and ends the program
 * then.  Returns NULL or an
 * error text that the caller frees. */
char *cli_typed_check(char *argv[], int first) OVS_WARN_UNUSED_RESULT;

#endif /* cli/typed.h */
