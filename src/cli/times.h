/* times.h -- times as people say them, in the generic commands.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_TIMES_H
#define OVSPAN_CLI_TIMES_H 1

#include "compiler.h"

/* Replaces "expires=+10m" and the like among the 'n' 'args' of 'command' by
 * what the column has, if it is a command that sets a Capture's.  NULL, or an
 * error text that the caller frees. */
char *cli_times_rewrite(const char *command, char *args[], int n)
    OVS_WARN_UNUSED_RESULT;

#endif /* cli/times.h */
