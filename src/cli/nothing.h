/* nothing.h -- saying why a selector matches nothing.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_NOTHING_H
#define OVSPAN_CLI_NOTHING_H 1

/* Why 'selector' matches nothing on this host, as its ovspand sees it; 'name'
 * is the capture that it was typed for, or NULL.  NULL: it matches, or nobody
 * knows.  The caller frees it. */
char *cli_why_nothing(const char *selector, const char *name);
/* The same of the selector of a capture of the database. */
char *cli_why_capture_nothing(const char *capture);

/* Says so on stderr, takes 'why', which may be NULL. */
void cli_say_why(char *why);

#endif /* cli/nothing.h */
