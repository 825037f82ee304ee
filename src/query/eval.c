/* eval.c -- run a selector on a topology: the start, the chains, the names.
 *
 * The parser has made sure that every step is given what it works on, so a
 * step only looks at the part of the state that its class names.  Nodes and
 * edges are unique after every step, in the order in which they were first
 * reached.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"

/* Whether 'step' is a V() that the 'n' steps after it spared the look at all
 * nodes, and that is done then. */
static bool
is_narrowed(const struct query_step *step, size_t n,
            struct query_state *state)
{
    return (step->class->run == query_run_v && !step->n_keys
            && query_narrow_steps(step + 1, n, state));
}

char *
query_run_chain(const struct query_chain *chain, struct query_state *state)
{
    char *error = NULL;

    for (size_t i = 0; i < chain->n && !error; i++) {
        const struct query_step *step = &chain->steps[i];

        ovs_assert(step->class->needs & state->hand);
        error = query_state_work(state, 1 + state->list.n);
        if (!error && !is_narrowed(step, chain->n - i - 1, state)) {
            error = step->class->run(step, state);
        }
    }
    return error;
}

/* Puts all nodes ('hand' is HAND_NODES) or edges into the state: those of the
 * sub graph, if there is one. */
static char *
begin(struct query_state *state, enum query_hand hand)
{
    query_state_empty(state, hand);
    if (state->restricted) {
        const struct query_list *all = (hand == HAND_NODES ? &state->nodes
                                        : &state->edges);
        for (size_t i = 0; i < all->n; i++) {
            query_list_append(&state->list, all->items[i]);
        }
        return query_state_work(state, all->n);
    }

    size_t n;
    const void **all = (hand == HAND_NODES
                        ? (const void **) topo_nodes(state->topo, &n)
                        : (const void **) topo_edges(state->topo, &n));
    for (size_t i = 0; i < n; i++) {
        query_list_append(&state->list, all[i]);
    }
    free(all);
    return query_state_work(state, n);
}

char *
query_run_v(const struct query_step *step, struct query_state *state)
{
    if (!step->n_keys) {
        return begin(state, HAND_NODES);
    }

    /* An id that is not there (any more) matches nothing: a capture of it
     * waits for its node as every other does. */
    const struct topo_node *node = topo_find_node(state->topo, step->keys[0]);

    query_state_empty(state, HAND_NODES);
    if (node && (!state->restricted
                 || query_list_contains(&state->nodes, node))) {
        query_list_append(&state->list, node);
    }
    return NULL;
}

char *
query_run_e(const struct query_step *step, struct query_state *state)
{
    char *error = begin(state, HAND_EDGES);

    if (step->n_keys && !error) {
        struct query_list found;

        query_list_init(&found);
        for (size_t i = 0; i < state->list.n; i++) {
            const struct topo_edge *edge = state->list.items[i];
            if (!strcmp(topo_edge_id(edge), step->keys[0])) {
                query_list_append(&found, edge);
            }
        }
        query_list_move(&state->list, &found);
        query_list_uninit(&found);
    }
    return error;
}

char *
query_run_g(const struct query_step *step OVS_UNUSED,
            struct query_state *state)
{
    query_state_empty(state, HAND_GRAPH);
    return NULL;
}

/* Stores in '*passes' whether one of the chains of 'step', begun at 'item'
 * alone, comes to anything. */
static char *
passes_or(const struct query_step *step, struct query_state *state,
          const void *item, bool *passes)
{
    char *error = NULL;

    *passes = false;
    for (size_t i = 0; i < step->n_chains && !*passes && !error; i++) {
        struct query_state sub;

        query_state_init(&sub, state->topo);
        sub.hand = state->hand;
        sub.lent_names = state->lent_names ? state->lent_names
                         : &state->names;
        sub.work = state->work;
        query_list_append(&sub.list, item);
        error = query_run_chain(&step->chains[i], &sub);
        *passes = !error && sub.list.n > 0;
        query_state_uninit(&sub);
    }
    return error;
}

char *
query_run_or(const struct query_step *step, struct query_state *state)
{
    struct query_list kept;
    char *error = NULL;

    query_list_init(&kept);
    for (size_t i = 0; i < state->list.n && !error; i++) {
        bool passes;

        error = passes_or(step, state, state->list.items[i], &passes);
        if (passes) {
            query_list_append(&kept, state->list.items[i]);
        }
    }
    query_list_move(&state->list, &kept);
    query_list_uninit(&kept);
    return error;
}

char *
query_run_as(const struct query_step *step, struct query_state *state)
{
    struct query_list *list = shash_find_data(&state->names, step->keys[0]);

    if (!list) {
        list = xmalloc(sizeof *list);
        query_list_init(list);
        shash_add(&state->names, step->keys[0], list);
    }
    query_list_clear(list);
    for (size_t i = 0; i < state->list.n; i++) {
        query_list_append(list, state->list.items[i]);
    }
    return NULL;
}

char *
query_run_select(const struct query_step *step, struct query_state *state)
{
    const struct shash *names = state->lent_names ? state->lent_names
                                : &state->names;

    query_state_empty(state, HAND_NODES);
    for (size_t i = 0; i < step->n_keys; i++) {
        const struct query_list *list = shash_find_data(names,
                                                        step->keys[i]);
        for (size_t j = 0; j < list->n; j++) {
            query_list_put(&state->list, list->items[j]);
        }
    }
    return NULL;
}
