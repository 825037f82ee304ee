/* ast.c -- take a selector down.
 *
 * Called by the parser on an error and by query_destroy().  Every part may be
 * half built: members that were never set are zeros.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/ast.h"
#include <stdlib.h>
#include "query/predicates.h"

void
query_filter_uninit(struct query_filter *filter)
{
    for (size_t i = 0; i < filter->n; i++) {
        free(filter->matches[i].key);
        query_pred_uninit(&filter->matches[i].pred);
    }
    free(filter->matches);
}

static void
step_uninit(struct query_step *step)
{
    query_filter_uninit(&step->filter);
    query_filter_uninit(&step->edges);
    for (size_t i = 0; i < step->n_keys; i++) {
        free(step->keys[i]);
    }
    free(step->keys);
    for (size_t i = 0; i < step->n_chains; i++) {
        query_chain_uninit(&step->chains[i]);
    }
    free(step->chains);
}

void
query_chain_uninit(struct query_chain *chain)
{
    for (size_t i = 0; i < chain->n; i++) {
        step_uninit(&chain->steps[i]);
    }
    free(chain->steps);
}

void
query_destroy(struct query *query)
{
    if (query) {
        query_chain_uninit(&query->chain);
        free(query->short_name);
        free(query);
    }
}

enum query_kind
query_kind(const struct query *query)
{
    return query->kind;
}
