/* predicates.h -- what may be asked of a value: Ne(), Regex(), Within()...
 *
 * One table; the parser, the printer and the evaluator know no predicate by
 * name.  A value that is a list fits if any element does; the negative ones
 * (Ne, Nee, Without) fit if no element does.
 *
 * Types are strict, as in Skydive: the string '10' is not the number 10.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_PREDICATES_H
#define OVSPAN_QUERY_PREDICATES_H 1

#include "query/ast.h"

struct ds;

/* Which arguments a predicate takes. */
enum query_pred_args {
    PRED_LITERAL,               /* A string, a number, true or false. */
    PRED_NUMBER,                /* A number. */
    PRED_STRING,                /* A string. */
};

struct query_pred_class {
    const char *name;           /* In canonical spelling; NULL: equality. */
    enum query_pred_args args;  /* Of which type. */
    size_t n_args;              /* How many; 0: one or more. */
    bool negative;              /* Fits if no element does. */
    bool absent;                /* Fits an element without the key. */
    bool (*fits)(const struct query_pred *, const struct topo_value *);
    char *(*compile)(struct query_pred *); /* NULL, or checks the arguments:
                                 * returns NULL or an error text. */
};

/* Equality, that is, a literal where a predicate may be. */
extern const struct query_pred_class query_pred_equal;

/* The class of that name in any case, or NULL. */
const struct query_pred_class *query_pred_find(const char *name);
/* Appends the names of all, separated by commas. */
void query_pred_list(struct ds *);

/* Whether only what equals one of the arguments fits. */
bool query_pred_is_equality(const struct query_pred *);

void query_pred_uninit(struct query_pred *);

/* Whether 'value', which is NULL when there is none, fits. */
bool query_pred_match(const struct query_pred *,
                      const struct topo_value *value);

#endif /* query/predicates.h */
