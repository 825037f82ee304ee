/* parse-args.c -- from what is between a step's parentheses to its members.
 *
 *   filter    := key | pair ("," pair)* | "Metadata" "(" filter ")"
 *   pair      := key "," value
 *   value     := literal | PREDICATE "(" literal ("," literal)* ")"
 *   literal   := STRING | INTEGER | "true" | "false"
 *
 * Called by parse.c with the token after '(' current; leaves ')' current.  The
 * chains of Or() are parse.c's own.  Arguments are checked here once (types,
 * counts, that a regular expression compiles), so the evaluator need not.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/parse.h"
#include <stdlib.h>
#include <string.h>
#include "query/predicates.h"
#include "query/steps.h"

static bool
at(const struct query_parser *parser, enum query_token_type type)
{
    return parser->lexer.token.type == type;
}

static bool
at_word(const struct query_parser *parser, const char *word)
{
    return (at(parser, LEX_WORD)
            && !strcasecmp(parser->lexer.token.text, word));
}

static bool
parse_string(struct query_parser *parser, const char *what, char **string)
{
    if (!at(parser, LEX_STRING)) {
        return query_parse_expected(parser, what);
    }
    *string = xstrdup(parser->lexer.token.text);
    query_lexer_next(&parser->lexer);
    return true;
}

static bool
parse_key(struct query_parser *parser, char **key)
{
    if (at(parser, LEX_STRING) && !parser->lexer.token.text[0]) {
        return query_parse_fail(parser, parser->lexer.token.column,
                                xstrdup("expected a key, not an empty "
                                        "string"));
    }
    return parse_string(parser, "a key, that is, a string in quotes", key);
}

/* A number of things: not negative. */
static bool
parse_number(struct query_parser *parser, int64_t *number)
{
    if (!at(parser, LEX_INTEGER) || parser->lexer.token.integer < 0) {
        return query_parse_expected(parser, "a number from 0 up");
    }
    *number = parser->lexer.token.integer;
    query_lexer_next(&parser->lexer);
    return true;
}

/* Adds one argument of 'pred', of the type that its class wants. */
static bool
parse_literal(struct query_parser *parser, struct query_pred *pred,
              const char *what)
{
    const struct query_token *token = &parser->lexer.token;
    enum query_pred_args args = pred->class->args;
    struct topo_value value;

    if (token->type == LEX_STRING && args != PRED_NUMBER) {
        value = topo_value_string(token->text);
    } else if (token->type == LEX_INTEGER && args != PRED_STRING) {
        value.type = TOPO_INTEGER;
        value.integer = token->integer;
    } else if (args == PRED_LITERAL
               && (at_word(parser, "true") || at_word(parser, "false"))) {
        value.type = TOPO_BOOL;
        value.boolean = at_word(parser, "true");
    } else {
        return query_parse_expected(
            parser, args == PRED_STRING ? "a string in quotes"
            : args == PRED_NUMBER ? "a whole number" : what);
    }
    pred->args = xrealloc(pred->args,
                          (pred->n_args + 1) * sizeof *pred->args);
    pred->args[pred->n_args++] = value;
    query_lexer_next(&parser->lexer);
    return true;
}

/* The parentheses of a predicate. */
static bool
parse_pred_args(struct query_parser *parser, struct query_pred *pred)
{
    static const char what[] = "a string in quotes, a whole number, true or "
                               "false";
    const struct query_pred_class *class = pred->class;

    if (!query_parse_require(parser, LEX_OPEN, "'('")) {
        return false;
    }

    size_t column = parser->lexer.token.column;
    do {
        if (!parse_literal(parser, pred, what)) {
            return false;
        }
    } while ((!class->n_args || pred->n_args < class->n_args)
             && query_parse_accept(parser, LEX_COMMA));
    if (class->n_args && pred->n_args < class->n_args) {
        return query_parse_expected(parser, "',' and a second number");
    }
    if (class->compile) {
        char *why = class->compile(pred);
        if (why) {
            return query_parse_fail(parser, column, why);
        }
    }
    return query_parse_require(parser, LEX_CLOSE,
                               class->n_args ? "')'" : "',' or ')'");
}

static bool
parse_value(struct query_parser *parser, struct query_pred *pred)
{
    if (!at(parser, LEX_WORD) || at_word(parser, "true")
        || at_word(parser, "false")) {
        pred->class = &query_pred_equal;
        return parse_literal(parser, pred, "a value: a string in quotes, a "
                             "whole number, true, false or a predicate such "
                             "as Ne()");
    }

    pred->class = query_pred_find(parser->lexer.token.text);
    if (!pred->class) {
        struct ds what = DS_EMPTY_INITIALIZER;

        ds_put_cstr(&what, "a value: a string in quotes, a whole number, "
                    "true, false or a predicate (one of ");
        query_pred_list(&what);
        ds_put_char(&what, ')');
        query_parse_expected(parser, ds_cstr(&what));
        ds_destroy(&what);
        return false;
    }
    query_lexer_next(&parser->lexer);
    return parse_pred_args(parser, pred);
}

static struct query_match *
add_match(struct query_filter *filter)
{
    filter->matches = xrealloc(filter->matches,
                               (filter->n + 1) * sizeof *filter->matches);
    struct query_match *match = &filter->matches[filter->n++];
    memset(match, 0, sizeof *match);
    return match;
}

/* Pairs of key and value.  With 'lone', one key without a value will do.  With
 * 'depth', a number may stand in place of a further key: it is left. */
static bool
parse_pairs(struct query_parser *parser, struct query_filter *filter,
            bool lone, bool depth)
{
    do {
        if (depth && filter->n && at(parser, LEX_INTEGER)) {
            return true;
        }

        struct query_match *match = add_match(filter);
        if (!parse_key(parser, &match->key)) {
            return false;
        }
        if (lone && filter->n == 1 && at(parser, LEX_CLOSE)) {
            return true;
        }
        if (!query_parse_require(parser, LEX_COMMA,
                                 lone && filter->n == 1 ? "',' or ')'"
                                 : "',' and a value")
            || !parse_value(parser, &match->pred)) {
            return false;
        }
    } while (query_parse_accept(parser, LEX_COMMA));
    return at(parser, LEX_CLOSE) || query_parse_expected(parser,
                                                         "',' or ')'");
}

/* "Metadata(k,v...)", which Skydive writes where a filter is one argument. */
static bool
parse_metadata(struct query_parser *parser, struct query_filter *filter)
{
    if (!at_word(parser, "Metadata")) {
        return query_parse_expected(parser, "Metadata('key','value')");
    }
    query_lexer_next(&parser->lexer);
    return (query_parse_require(parser, LEX_OPEN, "'('")
            && parse_pairs(parser, filter, true, false)
            && query_parse_require(parser, LEX_CLOSE, "')'"));
}

static bool
parse_filter(struct query_parser *parser, struct query_filter *filter)
{
    return (at_word(parser, "Metadata")
            ? parse_metadata(parser, filter)
            : parse_pairs(parser, filter, true, false));
}

static bool
parse_keys(struct query_parser *parser, struct query_step *step, size_t most)
{
    do {
        step->keys = xrealloc(step->keys,
                              (step->n_keys + 1) * sizeof *step->keys);
        step->keys[step->n_keys] = NULL;
        if (!parse_key(parser, &step->keys[step->n_keys++])) {
            return false;
        }
    } while (step->n_keys < most && query_parse_accept(parser, LEX_COMMA));
    return true;
}

static bool
parse_range(struct query_parser *parser, struct query_step *step)
{
    return (parse_number(parser, &step->numbers[0])
            && query_parse_require(parser, LEX_COMMA, "','")
            && parse_number(parser, &step->numbers[1]));
}

static bool
parse_sort(struct query_parser *parser, struct query_step *step)
{
    if (at_word(parser, "ASC") || at_word(parser, "DESC")) {
        step->descending = at_word(parser, "DESC");
        query_lexer_next(&parser->lexer);
        if (!query_parse_require(parser, LEX_COMMA, "',' and a key")) {
            return false;
        }
    } else if (at(parser, LEX_WORD)) {
        return query_parse_expected(parser, "ASC, DESC or a key");
    }
    return parse_keys(parser, step, 1);
}

/* "[k,v[,k,v]...][,depth]". */
static bool
parse_walk(struct query_parser *parser, struct query_step *step)
{
    step->numbers[0] = 1;
    if (!at(parser, LEX_INTEGER)
        && !parse_pairs(parser, &step->edges, false, true)) {
        return false;
    }
    if (at(parser, LEX_INTEGER)) {
        step->has_number = true;
        return parse_number(parser, &step->numbers[0]);
    }
    return true;
}

static bool
parse_path(struct query_parser *parser, struct query_step *step)
{
    return (parse_metadata(parser, &step->filter)
            && (!query_parse_accept(parser, LEX_COMMA)
                || parse_metadata(parser, &step->edges)));
}

/* As().  In Or() it would name something else for each element. */
static bool
parse_name(struct query_parser *parser, struct query_step *step)
{
    if (parser->depth > 1) {
        return query_parse_fail(parser, parser->lexer.token.column,
                                xstrdup("As() cannot be in Or()"));
    }
    if (!parse_keys(parser, step, 1)) {
        return false;
    }
    sset_add(&parser->names, step->keys[0]);
    return true;
}

/* Select(): names that As() gave. */
static bool
parse_names(struct query_parser *parser, struct query_step *step)
{
    do {
        if (at(parser, LEX_STRING)
            && !sset_contains(&parser->names, parser->lexer.token.text)) {
            return query_parse_expected(parser,
                                        "a name that As() has given before");
        }
        if (!parse_keys(parser, step, step->n_keys + 1)) {
            return false;
        }
    } while (query_parse_accept(parser, LEX_COMMA));
    return true;
}

bool
query_parse_args(struct query_parser *parser, struct query_step *step)
{
    bool empty = at(parser, LEX_CLOSE);

    switch (step->class->args) {
    case ARGS_BARE:
    case ARGS_NONE:
        return true;
    case ARGS_ID:
        return empty || parse_keys(parser, step, 1);
    case ARGS_KEY:
        return parse_keys(parser, step, 1);
    case ARGS_NAME:
        return parse_name(parser, step);
    case ARGS_NAMES:
        return parse_names(parser, step);
    case ARGS_ANY_KEYS:
        return empty || parse_keys(parser, step, SIZE_MAX);
    case ARGS_FILTER:
        return parse_filter(parser, &step->filter);
    case ARGS_ANY_FILTER:
        return empty || parse_filter(parser, &step->filter);
    case ARGS_NUMBER:
        return parse_number(parser, &step->numbers[0]);
    case ARGS_RANGE:
        return parse_range(parser, step);
    case ARGS_SORT:
        return parse_sort(parser, step);
    case ARGS_WALK:
        step->numbers[0] = 1;
        return empty || parse_walk(parser, step);
    case ARGS_PATH:
        return parse_path(parser, step);
    case ARGS_CHAINS:
        break;                  /* Are steps. */
    }
    OVS_NOT_REACHED();
}
