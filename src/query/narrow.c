/* narrow.c -- where to look, when it need not be everywhere.
 *
 * Called where a step is about to look at all nodes: when what follows keeps
 * only nodes with a certain name, type, UUID, MAC address or external id, the
 * topology's index has them.  Invariant: what is left out does not fit; what
 * is offered is still tested by the steps themselves.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/predicates.h"

/* The number of nodes to look at for 'match', or SIZE_MAX: all. */
static size_t
count(const struct topo *topo, const struct query_match *match)
{
    size_t n = 0;

    if (!topo_is_indexed(match->key)
        || !query_pred_is_equality(&match->pred)) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i < match->pred.n_args; i++) {
        const struct topo_value *arg = &match->pred.args[i];

        if (arg->type != TOPO_STRING) {
            return SIZE_MAX;    /* Only strings are in the index. */
        }
        n += topo_lookup(topo, match->key, arg->string, NULL);
    }
    return n;
}

/* The match of 'filter' that leaves the fewest nodes, fewer than '*best', or
 * NULL. */
static const struct query_match *
find_best(const struct topo *topo, const struct query_filter *filter,
          size_t *best)
{
    const struct query_match *found = NULL;

    for (size_t i = 0; i < filter->n; i++) {
        size_t n = count(topo, &filter->matches[i]);

        if (n < *best) {
            *best = n;
            found = &filter->matches[i];
        }
    }
    return found;
}

/* Puts the nodes that may fit 'match' into 'state', in order. */
static void
take(struct query_state *state, const struct query_match *match)
{
    struct query_list found;

    query_list_init(&found);
    for (size_t i = 0; i < match->pred.n_args; i++) {
        const struct topo_node **nodes;
        size_t n = topo_lookup(state->topo, match->key,
                               match->pred.args[i].string, &nodes);

        for (size_t j = 0; j < n; j++) {
            query_list_put(&found, nodes[j]);
        }
        free(nodes);
    }
    topo_nodes_sort((const struct topo_node **) found.items, found.n);
    query_state_empty(state, HAND_NODES);
    for (size_t i = 0; i < found.n; i++) {
        query_list_append(&state->list, found.items[i]);
    }
    query_list_uninit(&found);
}

bool
query_narrow_filter(const struct query_filter *filter,
                    struct query_state *state)
{
    size_t best = SIZE_MAX;
    const struct query_match *match = (state->restricted ? NULL
                                       : find_best(state->topo, filter,
                                                   &best));

    if (match) {
        take(state, match);
    }
    return match != NULL;
}

bool
query_narrow_steps(const struct query_step *steps, size_t n,
                   struct query_state *state)
{
    const struct query_match *match = NULL;
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < n && steps[i].class->run == query_run_has
         && !state->restricted; i++) {
        const struct query_match *better = find_best(state->topo,
                                                     &steps[i].filter, &best);

        match = better ? better : match;
    }
    if (match) {
        take(state, match);
    }
    return match != NULL;
}
