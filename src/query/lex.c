/* lex.c -- cut the text of a Gremlin selector into tokens.
 *
 * A string stands in single or double quotes.  Backslash escapes are \\, \',
 * \", \n, \r and \t; before any other character a backslash stands for itself,
 * so that a regular expression needs no second one ('eth\.1').  Columns count
 * characters of UTF-8, not bytes, from 1.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/lex.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* The most characters of hostile text that an error repeats. */
#define QUOTE_MAX 40

static bool
is_word_start(char c)
{
    return isalpha((unsigned char) c) || c == '_';
}

static bool
is_word(char c)
{
    return isalnum((unsigned char) c) || c == '_';
}

static bool
is_control(char c)
{
    return (unsigned char) c < ' ' || c == 0x7f;
}

void
query_quote(const char *s, struct ds *ds)
{
    ds_put_char(ds, '\'');
    for (size_t i = 0; s[i]; i++) {
        if (i >= QUOTE_MAX && ((unsigned char) s[i] & 0xc0) != 0x80) {
            ds_put_cstr(ds, "...");
            break;
        }
        if (is_control(s[i])) {
            ds_put_format(ds, "\\x%02x", (unsigned char) s[i]);
        } else {
            ds_put_char(ds, s[i]);
        }
    }
    ds_put_char(ds, '\'');
}

/* Passes over one byte.  Continuation bytes of UTF-8 have no column. */
static void
advance(struct query_lexer *lexer)
{
    lexer->p++;
    if (((unsigned char) *lexer->p & 0xc0) != 0x80) {
        lexer->column++;
    }
}

static void
bad(struct query_lexer *lexer, char *why)
{
    free(lexer->token.text);
    lexer->token.type = LEX_BAD;
    lexer->token.text = why;
}

static void
lex_word(struct query_lexer *lexer)
{
    const char *start = lexer->p;

    while (is_word(*lexer->p)) {
        advance(lexer);
    }
    lexer->token.type = LEX_WORD;
    lexer->token.text = xmemdup0(start, lexer->p - start);
}

/* The value of an escape, or 0 when the backslash stands for itself. */
static char
escape_value(char c)
{
    switch (c) {
    case '\\':
    case '\'':
    case '"':
        return c;
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

static void
lex_string(struct query_lexer *lexer)
{
    char quote = *lexer->p;
    struct ds text = DS_EMPTY_INITIALIZER;

    for (advance(lexer); *lexer->p != quote; advance(lexer)) {
        if (!*lexer->p) {
            ds_destroy(&text);
            bad(lexer, xasprintf("a string that has no closing %c", quote));
            return;
        } else if (is_control(*lexer->p)) {
            lexer->token.column = lexer->column;
            ds_destroy(&text);
            bad(lexer, xasprintf("the control character 0x%02x in a string",
                                 (unsigned char) *lexer->p));
            return;
        } else if (*lexer->p == '\\' && escape_value(lexer->p[1])) {
            advance(lexer);
            ds_put_char(&text, escape_value(*lexer->p));
        } else {
            ds_put_char(&text, *lexer->p);
        }
    }
    advance(lexer);
    lexer->token.type = LEX_STRING;
    lexer->token.text = ds_steal_cstr(&text);
}

static void
lex_integer(struct query_lexer *lexer)
{
    const char *start = lexer->p;
    char *end;

    errno = 0;
    lexer->token.integer = strtoll(start, &end, 10);
    bool whole = end > start && !is_word(*end)
                 && !(*end == '.' && isdigit((unsigned char) end[1]));

    if (!whole || errno) {
        /* Show all that the writer took for the number. */
        for (end = (char *) start + 1; is_word(*end) || *end == '.'; end++) {
            continue;
        }
        struct ds why = DS_EMPTY_INITIALIZER;
        char *text = xmemdup0(start, end - start);
        query_quote(text, &why);
        ds_put_cstr(&why, whole ? ", which is out of range"
                    : ", which is not a whole number");
        free(text);
        bad(lexer, ds_steal_cstr(&why));
        return;
    }
    lexer->token.type = LEX_INTEGER;
    while (lexer->p < end) {
        advance(lexer);
    }
}

static void
lex_other(struct query_lexer *lexer)
{
    static const char marks[] = "(),.";
    static const enum query_token_type types[] = {
        LEX_OPEN, LEX_CLOSE, LEX_COMMA, LEX_DOT,
    };
    const char *mark = strchr(marks, *lexer->p);

    if (mark) {
        lexer->token.type = types[mark - marks];
        advance(lexer);
        return;
    }

    /* One character, however many bytes it has. */
    size_t n = 1;
    while (((unsigned char) lexer->p[n] & 0xc0) == 0x80) {
        n++;
    }
    struct ds why = DS_EMPTY_INITIALIZER;
    char *text = xmemdup0(lexer->p, n);
    query_quote(text, &why);
    free(text);
    bad(lexer, ds_steal_cstr(&why));
}

void
query_lexer_next(struct query_lexer *lexer)
{
    if (lexer->token.type == LEX_BAD) {
        return;
    }
    free(lexer->token.text);
    lexer->token.text = NULL;

    while (*lexer->p && strchr(" \t\r\n", *lexer->p)) {
        advance(lexer);
    }
    lexer->token.column = lexer->column;
    if (!*lexer->p) {
        lexer->token.type = LEX_END;
    } else if (is_word_start(*lexer->p)) {
        lex_word(lexer);
    } else if (*lexer->p == '\'' || *lexer->p == '"') {
        lex_string(lexer);
    } else if (*lexer->p == '-' || *lexer->p == '+'
               || isdigit((unsigned char) *lexer->p)) {
        lex_integer(lexer);
    } else {
        lex_other(lexer);
    }
}

void
query_lexer_init(struct query_lexer *lexer, const char *text)
{
    memset(lexer, 0, sizeof *lexer);
    lexer->p = text;
    lexer->column = 1;
    query_lexer_next(lexer);
}

void
query_lexer_uninit(struct query_lexer *lexer)
{
    free(lexer->token.text);
}

void
query_token_describe(const struct query_token *token, struct ds *ds)
{
    switch (token->type) {
    case LEX_END:
        ds_put_cstr(ds, "the end");
        break;
    case LEX_WORD:
        query_quote(token->text, ds);
        break;
    case LEX_STRING:
        ds_put_cstr(ds, "the string ");
        query_quote(token->text, ds);
        break;
    case LEX_INTEGER:
        ds_put_format(ds, "%lld", (long long int) token->integer);
        break;
    case LEX_OPEN:
        ds_put_cstr(ds, "'('");
        break;
    case LEX_CLOSE:
        ds_put_cstr(ds, "')'");
        break;
    case LEX_COMMA:
        ds_put_cstr(ds, "','");
        break;
    case LEX_DOT:
        ds_put_cstr(ds, "'.'");
        break;
    case LEX_BAD:
        ds_put_cstr(ds, token->text);
        break;
    }
}
