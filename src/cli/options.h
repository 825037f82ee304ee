/* options.h -- the command line of ovspan.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_OPTIONS_H
#define OVSPAN_CLI_OPTIONS_H 1

#include "ovsdb/ctl/context.h"

struct shash;

struct cli_options {
    struct db_ctl_conf conf;
    unsigned int timeout;       /* In s; 0: none. */
};

/* Parses what precedes the first command, leaving 'optind' at it, and the
 * options of that command into 'local_options', for ctl_parse_commands().
 * Handles --help and the like, which do not return. */
void cli_options_parse(int argc, char *argv[], struct cli_options *,
                       struct shash *local_options);
void cli_options_uninit(struct cli_options *);

/* True if 'word' ("--no-wait", "--format=csv", "-t5") is an option of the
 * whole line.  '*takes_next': its argument is the word behind it. */
bool cli_option_is_global(const char *word, bool *takes_next);
/* The name of the 'i'th option of the whole line; NULL: no more. */
const char *cli_option_name(size_t i);
/* The name of the option that "--word" may have been meant to be, of the line
 * or of any command, or NULL. */
const char *cli_option_nearest(const char *word);

#endif /* cli/options.h */
