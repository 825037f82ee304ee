/* parse.h -- what the files of the parser share.
 *
 * parse.c reads steps and chains of them, parse-args.c what is between their
 * parentheses, parse-token.c one token.  Every function that returns bool
 * returns false after it has recorded an error; the first error is kept,
 * whatever follows.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_PARSE_H
#define OVSPAN_QUERY_PARSE_H 1

#include "base/ovs.h"
#include "query/ast.h"
#include "query/lex.h"

struct query_parser {
    struct query_lexer lexer;   /* Where it reads. */
    struct sset names;          /* That As() has given so far. */
    size_t n_steps;             /* Steps so far. */
    int depth;                  /* Chains that are open. */
    char *error;                /* The first error, or NULL. */
};

/* Records an error at 'column'; takes 'why'.  Returns false. */
bool query_parse_fail(struct query_parser *, size_t column, char *why);
/* Records "expected WHAT, not TOKEN".  Returns false. */
bool query_parse_expected(struct query_parser *, const char *what);
/* Passes over the current token if it is of that type. */
bool query_parse_accept(struct query_parser *, enum query_token_type);
/* The same, and anything else is an error. */
bool query_parse_require(struct query_parser *, enum query_token_type,
                         const char *what);

/* The arguments of 'step', whose class is set and has no chains. */
bool query_parse_args(struct query_parser *, struct query_step *);

#endif /* query/parse.h */
