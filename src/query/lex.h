/* lex.h -- the words of a Gremlin selector.
 *
 * Called by parse.c only.  The lexer never fails: what it cannot read is a
 * LEX_BAD token whose text says why, and the parser reports it.  It reads
 * 'text' in place, which must outlive it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_LEX_H
#define OVSPAN_QUERY_LEX_H 1

#include <stddef.h>
#include <stdint.h>

struct ds;

enum query_token_type {
    LEX_END,                    /* Nothing is left. */
    LEX_WORD,                   /* Has, eth0: letters, digits, '_'. */
    LEX_STRING,                 /* 'eth0', "eth0". */
    LEX_INTEGER,                /* 10, -1, +5. */
    LEX_OPEN,                   /* ( */
    LEX_CLOSE,                  /* ) */
    LEX_COMMA,                  /* , */
    LEX_DOT,                    /* . */
    LEX_BAD,                    /* Anything else. */
};

struct query_token {
    enum query_token_type type; /* What it is. */
    size_t column;              /* Of its first character, from 1. */
    char *text;                 /* LEX_WORD as written, LEX_STRING without
                                 * quotes and escapes, LEX_BAD why. */
    int64_t integer;            /* LEX_INTEGER. */
};

struct query_lexer {
    const char *p;              /* The next character to read. */
    size_t column;              /* Its column, from 1. */
    struct query_token token;   /* The current token. */
};

/* Starts at 'text'; the first token is current. */
void query_lexer_init(struct query_lexer *, const char *text);
void query_lexer_uninit(struct query_lexer *);
/* Makes the next token current.  After LEX_END or LEX_BAD it stays there. */
void query_lexer_next(struct query_lexer *);

/* Appends the token as an error text names it: "'foo'", "the string 'foo'",
 * "the end". */
void query_token_describe(const struct query_token *, struct ds *);

/* Appends 's' in single quotes: long text is cut, and what does not print is
 * escaped, so that an error text stays one readable line. */
void query_quote(const char *s, struct ds *);

#endif /* query/lex.h */
