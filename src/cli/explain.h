/* explain.h -- how 'explain' is printed.
 *
 * Pure: from the JSON that plan_to_json() makes.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_EXPLAIN_H
#define OVSPAN_CLI_EXPLAIN_H 1

#include <stdbool.h>

struct ds;
struct jsn;
struct table;

/* True if no point matched. */
bool cli_explain_is_empty(const struct jsn *answer);
/* A paragraph for each point and target, or for all that are alike, for
 * people; with 'why', with why not by other backends. */
void cli_explain_text(const struct jsn *answer, bool why, struct ds *);
/* A row for each point and target, into a table that this initializes and the
 * caller destroys. */
void cli_explain_table(const struct jsn *answer, struct table *);

#endif /* cli/explain.h */
