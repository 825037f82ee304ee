/* ast.h -- a selector as the parser leaves it.
 *
 * Between parse.c, which builds it, format.c, which prints it, and eval*.c,
 * which run it; nobody else includes this.  A tree: every part owns its parts.
 * Nothing here is changed after parsing, so one query may be run on many
 * topologies.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_AST_H
#define OVSPAN_QUERY_AST_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "query/query.h"
#include "topo/value.h"

struct query_pred_class;
struct query_step_class;
struct query_compiled;

/* What a value must be: a predicate and its arguments. */
struct query_pred {
    const struct query_pred_class *class; /* Which predicate. */
    struct topo_value *args;    /* Strings, integers and booleans. */
    size_t n_args;              /* Number of 'args'. */
    struct query_compiled *compiled; /* What its class made of 'args'. */
};

/* One key and what its value must be. */
struct query_match {
    char *key;                  /* May reach into maps with dots. */
    struct query_pred pred;     /* A NULL class: the key must exist. */
};

/* Matches that must all hold, or, for HasEither, one of them. */
struct query_filter {
    struct query_match *matches; /* In the order of the text. */
    size_t n;                   /* Number of 'matches'; 0: anything. */
};

struct query_chain {
    struct query_step *steps;   /* In the order of the text. */
    size_t n;                   /* Number of 'steps'. */
};

/* One step; which members count follows from the class's 'args'. */
struct query_step {
    const struct query_step_class *class; /* Which step. */
    struct query_filter filter; /* Of nodes, or of edges for OutE. */
    struct query_filter edges;  /* Of the edges to walk along. */
    char **keys;                /* Keys, ids or names, owned. */
    size_t n_keys;              /* Number of 'keys'. */
    int64_t numbers[2];         /* Limit, Range, or a depth. */
    bool has_number;            /* The optional depth was given. */
    bool descending;            /* Sort(DESC, ...). */
    struct query_chain *chains; /* The arguments of Or(). */
    size_t n_chains;            /* Number of 'chains'. */
};

struct query {
    char *short_name;           /* NULL: a chain of steps. */
    struct query_chain chain;   /* The steps after "G.". */
    enum query_kind kind;       /* What it yields. */
};

/* In ast.c: free what the parts own, not the parts themselves. */
void query_filter_uninit(struct query_filter *);
void query_chain_uninit(struct query_chain *);

#endif /* query/ast.h */
