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
#include "compiler.h"

/* Compiles the POSIX extended expression 'text', anchored as a whole.  Returns
 * NULL and fills '*regex', which the caller gives to regfree(), or an error
 * text that the caller frees. */
char *query_regex_compile(const char *text, regex_t *regex)
    OVS_WARN_UNUSED_RESULT;

#endif /* query/regex.h */
