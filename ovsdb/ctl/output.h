/* output.h -- how commands print: tables, JSON, text that fits.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_OUTPUT_H
#define OVSPAN_OVSDB_CTL_OUTPUT_H 1

#include "ovsdb/ctl/context.h"

struct jsn;

/* Puts 'table', which it destroys, into the output of a command: in the format
 * of --format, else as a table. */
void db_ctl_put_table(struct ctl_context *, struct table *);

/* Puts JSON there: readable, or on one line for --oneline. */
void db_ctl_put_json(struct ctl_context *, const struct jsn *);

/* Makes 'line' clean (words.h). */
void db_ctl_escape_controls(struct ds *line);

/* Puts 'text', clean (words.h), at 'indent', broken at spaces so that it fits
 * 80 columns; what follows the first line stands at 'hang'. */
void db_ctl_put_wrapped(struct ds *, int indent, int hang, const char *text);

/* ## For ctl.c. ## */

void ctl_init_output(struct ctl_command *);
/* Empty again: nothing of it was printed. */
void ctl_clear_output(struct ctl_command *);
/* Prints and clears what the commands have put. */
void ctl_print_output(const struct db_ctl_conf *, struct ctl_command *,
                      size_t n);

#endif /* ovsdb/ctl/output.h */
