/* parse.c -- from the text of a selector to its tree: recursive descent.
 *
 *   selector := "G" "." chain | short-name
 *   chain    := step ("." step)*
 *   step     := NAME "(" arguments ")" | "Or" "(" chain ("," chain)* ")" | "G"
 *
 * Arguments are parse-args.c's.  The first error sticks and ends the parse.
 * Hostile text is bounded three ways: its length, the number of its steps
 * (each may walk the whole graph) and the depth of Or() in Or().
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/parse.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "query/steps.h"

#define LENGTH_LIMIT 65536      /* Of a selector, in bytes. */
#define NAME_LIMIT 255          /* Of a short name, in bytes. */
#define STEP_LIMIT 100          /* In one selector, those in Or() too. */
#define DEPTH_LIMIT 16          /* Of Or() in Or(). */

static bool
parse_step_name(struct query_parser *parser, struct query_step *step)
{
    const struct query_token *token = &parser->lexer.token;

    if (token->type != LEX_WORD) {
        return query_parse_expected(parser, "a step such as V() or Has()");
    }
    step->class = query_step_find(token->text);
    if (!step->class && query_step_instead(token->text)) {
        return query_parse_fail(parser, token->column,
                                xasprintf("%s() is not in ovspan: %s",
                                          token->text, query_step_instead(
                                                           token->text)));
    } else if (!step->class) {
        struct ds what = DS_EMPTY_INITIALIZER;

        ds_put_cstr(&what, "a step (one of ");
        query_step_list(&what);
        ds_put_char(&what, ')');
        query_parse_expected(parser, ds_cstr(&what));
        ds_destroy(&what);
        return false;
    }
    return true;
}

/* Checks that 'class' works on what the steps before it yield. */
static bool
check_hand(struct query_parser *parser, const struct query_step_class *class,
           unsigned int hand)
{
    if (class->needs & hand) {
        return true;
    }

    struct ds why = DS_EMPTY_INITIALIZER;

    ds_put_format(&why, "%s works on ", class->name);
    query_hand_describe(class->needs, &why);
    ds_put_cstr(&why, ", not on ");
    query_hand_describe(hand, &why);
    if (hand == HAND_GRAPH) {
        ds_put_cstr(&why, ": begin with G.V() or G.E()");
    }
    return query_parse_fail(parser, parser->lexer.token.column,
                            ds_steal_cstr(&why));
}

static bool parse_chain(struct query_parser *, struct query_chain *,
                        unsigned int *hand);

/* The chains of Or(): each is a test of one element, so it must be able to
 * come out empty; a count or a list of values is not one. */
static bool
parse_chains(struct query_parser *parser, struct query_step *step,
             unsigned int hand)
{
    do {
        size_t column = parser->lexer.token.column;
        unsigned int yields = hand;

        step->chains = xrealloc(step->chains, (step->n_chains + 1)
                                * sizeof *step->chains);
        struct query_chain *chain = &step->chains[step->n_chains++];
        memset(chain, 0, sizeof *chain);
        if (!parse_chain(parser, chain, &yields)) {
            return false;
        }
        if (!(yields & HAND_ELEMENTS)) {
            struct ds why = DS_EMPTY_INITIALIZER;

            ds_put_cstr(&why, "expected steps that yield nodes or edges, "
                        "not ");
            query_hand_describe(yields, &why);
            return query_parse_fail(parser, column, ds_steal_cstr(&why));
        }
    } while (query_parse_accept(parser, LEX_COMMA));
    return true;
}

/* What is between the parentheses of 'step', which is given 'hand'. */
static bool
parse_args(struct query_parser *parser, struct query_step *step,
           unsigned int hand)
{
    return (step->class->args == ARGS_CHAINS
            ? parse_chains(parser, step, hand)
            : query_parse_args(parser, step));
}

static bool
parse_step(struct query_parser *parser, struct query_step *step,
           unsigned int *hand)
{
    if (++parser->n_steps > STEP_LIMIT) {
        return query_parse_fail(parser, parser->lexer.token.column,
                                xasprintf("more than %d steps", STEP_LIMIT));
    }
    if (!parse_step_name(parser, step)
        || !check_hand(parser, step->class, *hand)) {
        return false;
    }
    query_lexer_next(&parser->lexer);
    if (step->class->args != ARGS_BARE
        && (!query_parse_require(parser, LEX_OPEN, "'('")
            || !parse_args(parser, step, *hand)
            || !query_parse_require(parser, LEX_CLOSE, "')'"))) {
        return false;
    }
    if (step->class->yields != HAND_SAME) {
        *hand = step->class->yields;
    }
    return true;
}

static bool
parse_chain(struct query_parser *parser, struct query_chain *chain,
            unsigned int *hand)
{
    size_t allocated = 0;

    if (++parser->depth > DEPTH_LIMIT) {
        return query_parse_fail(
            parser, parser->lexer.token.column,
            xasprintf("Or() in Or() deeper than %d", DEPTH_LIMIT));
    }
    do {
        if (chain->n >= allocated) {
            chain->steps = x2nrealloc(chain->steps, &allocated,
                                      sizeof *chain->steps);
        }
        struct query_step *step = &chain->steps[chain->n++];
        memset(step, 0, sizeof *step);
        if (!parse_step(parser, step, hand)) {
            return false;
        }
    } while (query_parse_accept(parser, LEX_DOT));
    parser->depth--;
    return true;
}

/* What 'chain' yields in the end.  A sub graph comes out as a value. */
static enum query_kind
chain_kind(const struct query_chain *chain, unsigned int hand)
{
    ovs_assert(chain->n > 0);
    return (hand == HAND_NODES ? QUERY_NODES
            : hand == HAND_EDGES ? QUERY_EDGES
            : hand == HAND_NUMBER ? QUERY_COUNT
            : QUERY_VALUES);
}

static char *
parse_gremlin(const char *text, struct query *query)
{
    struct query_parser parser = { .depth = 0 };
    unsigned int hand = HAND_GRAPH;

    sset_init(&parser.names);
    query_lexer_init(&parser.lexer, text);
    query_lexer_next(&parser.lexer);        /* "G", as the caller saw. */
    if (query_parse_require(&parser, LEX_DOT, "'.'")
        && parse_chain(&parser, &query->chain, &hand)
        && query_parse_require(&parser, LEX_END, "'.' or the end")) {
        const struct query_chain *chain = &query->chain;

        if (chain->steps[chain->n - 1].class->args == ARGS_BARE) {
            query_parse_expected(&parser, "'.V()' or '.E()' after 'G'");
        }
        query->kind = chain_kind(chain, hand);
    }
    query_lexer_uninit(&parser.lexer);
    sset_destroy(&parser.names);
    return parser.error;
}

/* Whether 'text' means to be Gremlin: "G.", or "g." with a call in it (a VLAN
 * device may be called "g.100"). */
static bool
is_gremlin(const char *text)
{
    size_t blank = strspn(text, " \t\r\n");
    char g = text[blank];

    if (g != 'G' && g != 'g') {
        return false;
    }
    blank += 1 + strspn(text + blank + 1, " \t\r\n");
    return text[blank] == '.' && (g == 'G' || strchr(text, '('));
}

/* Finds what no name has, between 'start' and 'end': most likely an expression
 * was meant. */
static char *
check_name(const char *text, size_t start, size_t end)
{
    for (size_t i = start; i < end; i++) {
        unsigned char c = text[i];

        if (c <= ' ' || c == 0x7f || strchr("()'\",", c)) {
            struct ds error = DS_EMPTY_INITIALIZER;
            char s[2] = { c, '\0' };

            ds_put_format(&error, "column %"PRIuSIZE": expected a name such "
                          "as 'br0' or 'vm1/eth0', in which there is no ",
                          i + 1);
            query_quote(s, &error);
            ds_put_cstr(&error, "; an expression starts with 'G.'");
            return ds_steal_cstr(&error);
        }
    }
    return NULL;
}

static char *
parse_short_name(const char *text, struct query *query)
{
    size_t start = strspn(text, " \t\r\n");
    size_t end = strlen(text);

    while (end > start && strchr(" \t\r\n", text[end - 1])) {
        end--;
    }
    if (end == start) {
        return xstrdup("column 1: expected a selector, not nothing: a name "
                       "such as 'br0' or 'vm1/eth0', or an expression that "
                       "starts with 'G.'");
    }

    char *error = check_name(text, start, end);
    if (error) {
        return error;
    }
    if (end - start > NAME_LIMIT) {
        return xasprintf("column %"PRIuSIZE": a name is longer than %d bytes",
                         start + 1, NAME_LIMIT);
    }
    query->short_name = xmemdup0(text + start, end - start);
    query->kind = QUERY_NODES;

    const char *slash = strchr(query->short_name, '/');
    bool lport = !strncmp(query->short_name, QUERY_LPORT,
                          strlen(QUERY_LPORT));
    if (slash && !lport && (slash == query->short_name || !slash[1]
                  || strchr(slash + 1, '/'))) {
        return xasprintf("column %"PRIuSIZE": expected NAMESPACE/NAME, such "
                         "as 'vm1/eth0'", start + 1);
    }
    return NULL;
}

char *
query_parse(const char *text, struct query **queryp)
{
    struct query *query = xzalloc(sizeof *query);
    char *error, *bad_utf8;

    *queryp = NULL;
    if (strlen(text) > LENGTH_LIMIT) {
        error = xasprintf("column %d: a selector is longer than %d bytes",
                          LENGTH_LIMIT + 1, LENGTH_LIMIT);
    } else if ((bad_utf8 = utf8_validate(text, NULL)) != NULL) {
        /* No database and no JSON could hold it. */
        error = xasprintf("expected text in UTF-8: %s", bad_utf8);
        free(bad_utf8);
    } else if (is_gremlin(text)) {
        error = parse_gremlin(text, query);
    } else {
        error = parse_short_name(text, query);
    }

    if (error) {
        query_destroy(query);
        return error;
    }
    *queryp = query;
    return NULL;
}
