/* regex.h -- regular expressions that a stranger may have written.
 *
 * Called by predicates.c.  The C library's regcomp() takes any memory and
 * stack that an expression asks for ("((a{99}){99}){99}"), and reads what it
 * does not know as something else ("\d" is a "d"); both are refused here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_REGEX_H
#define OVSPAN_QUERY_REGEX_H 1

#include <regex.h>
#include <stdbool.h>
#include "compiler.h"

struct ds;

/* Puts the POSIX extended expression that means what 'text' means in RE2 into
 * 'posix'.  Returns NULL, or an error text that the caller frees. */
char *query_regex_from_re2(const char *text, struct ds *posix,
                           bool *ignore_case) OVS_WARN_UNUSED_RESULT;

/* Compiles the expression 'text', anchored as a whole: POSIX extended, and of
 * RE2 what regex-re2.c puts into that.  Returns
 * NULL and fills '*regex', which the caller gives to regfree(), or an error
 * text that the caller frees. */
char *query_regex_compile(const char *text, regex_t *regex)
    OVS_WARN_UNUSED_RESULT;

#endif /* query/regex.h */
