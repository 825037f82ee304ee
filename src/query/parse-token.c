/* parse-token.c -- the token that the parser expects, and its errors.
 *
 * Below parse.c and parse-args.c.  Invariant: the first error is the one that
 * is told.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/parse.h"
#include <stdlib.h>

bool
query_parse_fail(struct query_parser *parser, size_t column, char *why)
{
    if (parser->error) {
        free(why);
    } else {
        parser->error = xasprintf("column %"PRIuSIZE": %s", column, why);
        free(why);
    }
    return false;
}

bool
query_parse_expected(struct query_parser *parser, const char *what)
{
    struct ds why = DS_EMPTY_INITIALIZER;

    ds_put_format(&why, "expected %s, not ", what);
    query_token_describe(&parser->lexer.token, &why);
    return query_parse_fail(parser, parser->lexer.token.column,
                            ds_steal_cstr(&why));
}

bool
query_parse_accept(struct query_parser *parser, enum query_token_type type)
{
    if (parser->lexer.token.type != type) {
        return false;
    }
    query_lexer_next(&parser->lexer);
    return true;
}

bool
query_parse_require(struct query_parser *parser, enum query_token_type type,
                    const char *what)
{
    return (query_parse_accept(parser, type)
            || query_parse_expected(parser, what));
}
