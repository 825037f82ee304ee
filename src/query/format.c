/* format.c -- from the tree of a selector to its canonical text.
 *
 * Canonical: names as the tables spell them, strings in single quotes, no
 * blanks, and 'Has(Metadata(...))' without the Metadata.  Invariant: the text
 * parses to an equal tree, so formatting it again gives the same text.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <inttypes.h>
#include <stdlib.h>
#include "base/ovs.h"
#include "query/eval.h"
#include "query/predicates.h"

static void
format_string(const char *s, struct ds *ds)
{
    ds_put_char(ds, '\'');
    for (; *s; s++) {
        switch (*s) {
        case '\\':
        case '\'':
            ds_put_char(ds, '\\');
            ds_put_char(ds, *s);
            break;
        case '\n':
            ds_put_cstr(ds, "\\n");
            break;
        case '\r':
            ds_put_cstr(ds, "\\r");
            break;
        case '\t':
            ds_put_cstr(ds, "\\t");
            break;
        default:
            ds_put_char(ds, *s);
            break;
        }
    }
    ds_put_char(ds, '\'');
}

void
query_format_literal(const struct topo_value *value, struct ds *ds)
{
    if (value->type == TOPO_STRING) {
        format_string(value->string, ds);
    } else if (value->type == TOPO_INTEGER) {
        ds_put_format(ds, "%"PRId64, value->integer);
    } else {
        ds_put_cstr(ds, value->boolean ? "true" : "false");
    }
}

static void
format_pred(const struct query_pred *pred, struct ds *ds)
{
    const char *name = pred->class->name;

    if (name) {
        ds_put_format(ds, "%s(", name);
    }
    for (size_t i = 0; i < pred->n_args; i++) {
        if (i) {
            ds_put_char(ds, ',');
        }
        query_format_literal(&pred->args[i], ds);
    }
    if (name) {
        ds_put_char(ds, ')');
    }
}

static void
format_filter(const struct query_filter *filter, struct ds *ds)
{
    for (size_t i = 0; i < filter->n; i++) {
        const struct query_match *match = &filter->matches[i];

        if (i) {
            ds_put_char(ds, ',');
        }
        format_string(match->key, ds);
        if (match->pred.class) {
            ds_put_char(ds, ',');
            format_pred(&match->pred, ds);
        }
    }
}

static void
format_keys(const struct query_step *step, struct ds *ds)
{
    for (size_t i = 0; i < step->n_keys; i++) {
        if (i) {
            ds_put_char(ds, ',');
        }
        format_string(step->keys[i], ds);
    }
}

static void
format_walk(const struct query_step *step, struct ds *ds)
{
    format_filter(&step->edges, ds);
    if (step->has_number) {
        ds_put_format(ds, "%s%"PRId64, step->edges.n ? "," : "",
                      step->numbers[0]);
    }
}

static void
format_path(const struct query_step *step, struct ds *ds)
{
    ds_put_cstr(ds, "Metadata(");
    format_filter(&step->filter, ds);
    ds_put_char(ds, ')');
    if (step->edges.n) {
        ds_put_cstr(ds, ",Metadata(");
        format_filter(&step->edges, ds);
        ds_put_char(ds, ')');
    }
}

static void format_chain(const struct query_chain *, struct ds *);

static void
format_chains(const struct query_step *step, struct ds *ds)
{
    for (size_t i = 0; i < step->n_chains; i++) {
        if (i) {
            ds_put_char(ds, ',');
        }
        format_chain(&step->chains[i], ds);
    }
}

static void
format_args(const struct query_step *step, struct ds *ds)
{
    switch (step->class->args) {
    case ARGS_BARE:
    case ARGS_NONE:
        break;
    case ARGS_ID:
    case ARGS_KEY:
    case ARGS_ANY_KEYS:
    case ARGS_NAME:
    case ARGS_NAMES:
        format_keys(step, ds);
        break;
    case ARGS_FILTER:
    case ARGS_ANY_FILTER:
        format_filter(&step->filter, ds);
        break;
    case ARGS_NUMBER:
        ds_put_format(ds, "%"PRId64, step->numbers[0]);
        break;
    case ARGS_RANGE:
        ds_put_format(ds, "%"PRId64",%"PRId64, step->numbers[0],
                      step->numbers[1]);
        break;
    case ARGS_SORT:
        ds_put_cstr(ds, step->descending ? "DESC," : "");
        format_keys(step, ds);
        break;
    case ARGS_WALK:
        format_walk(step, ds);
        break;
    case ARGS_PATH:
        format_path(step, ds);
        break;
    case ARGS_CHAINS:
        format_chains(step, ds);
        break;
    }
}

void
query_format_step(const struct query_step *step, struct ds *ds)
{
    ds_put_cstr(ds, step->class->name);
    if (step->class->args != ARGS_BARE) {
        ds_put_char(ds, '(');
        format_args(step, ds);
        ds_put_char(ds, ')');
    }
}

static void
format_chain(const struct query_chain *chain, struct ds *ds)
{
    for (size_t i = 0; i < chain->n; i++) {
        ds_put_cstr(ds, i ? "." : "");
        query_format_step(&chain->steps[i], ds);
    }
}

char *
query_format(const struct query *query)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    if (query->short_name) {
        ds_put_cstr(&ds, query->short_name);
    } else {
        ds_put_cstr(&ds, "G.");
        format_chain(&query->chain, &ds);
    }
    return ds_steal_cstr(&ds);
}
