/* state.c -- lists, sets and values of the evaluator.
 *
 * A selector is typed by anybody and runs in the loop of the daemon, so its
 * work is counted and bounded: steps times elements of the graph may be much.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/state.h"
#include <stdlib.h>
#include "base/ovs.h"

/* Half a second; a step over a host with 20,000 links takes 0.1 M. */
#define WORK_LIMIT (10 * 1000 * 1000)

struct query_place {
    struct hmap_node node;      /* In the list's 'index'. */
    const void *item;           /* The item that is in the list. */
};

void
query_list_init(struct query_list *list)
{
    list->items = NULL;
    list->n = list->allocated = 0;
    hmap_init(&list->index);
}

void
query_list_clear(struct query_list *list)
{
    struct query_place *place;

    HMAP_FOR_EACH_POP (place, node, &list->index) {
        free(place);
    }
    list->n = 0;
}

void
query_list_uninit(struct query_list *list)
{
    query_list_clear(list);
    hmap_destroy(&list->index);
    free(list->items);
}

void
query_list_append(struct query_list *list, const void *item)
{
    if (list->n >= list->allocated) {
        list->items = x2nrealloc(list->items, &list->allocated,
                                 sizeof *list->items);
    }
    list->items[list->n++] = item;
}

bool
query_list_contains(const struct query_list *list, const void *item)
{
    struct query_place *place;

    HMAP_FOR_EACH_WITH_HASH (place, node, hash_pointer(item, 0),
                             &list->index) {
        if (place->item == item) {
            return true;
        }
    }
    return false;
}

bool
query_list_put(struct query_list *list, const void *item)
{
    if (query_list_contains(list, item)) {
        return false;
    }

    struct query_place *place = xmalloc(sizeof *place);
    place->item = item;
    hmap_insert(&list->index, &place->node, hash_pointer(item, 0));
    query_list_append(list, item);
    return true;
}

void
query_list_move(struct query_list *dst, struct query_list *src)
{
    query_list_uninit(dst);
    dst->items = src->items;
    dst->n = src->n;
    dst->allocated = src->allocated;
    hmap_init(&dst->index);
    hmap_swap(&dst->index, &src->index);
    query_list_init(src);
}

void
query_state_init(struct query_state *state, const struct topo *topo)
{
    memset(state, 0, sizeof *state);
    state->topo = topo;
    state->hand = HAND_GRAPH;
    query_list_init(&state->list);
    query_list_init(&state->nodes);
    query_list_init(&state->edges);
    query_list_init(&state->paths.nodes);
    shash_init(&state->names);
    state->work = &state->own_work;
}

void
query_state_empty(struct query_state *state, enum query_hand hand)
{
    query_list_clear(&state->list);
    for (size_t i = 0; i < state->n_values; i++) {
        topo_value_uninit(&state->values[i]);
    }
    state->n_values = 0;
    state->hand = hand;
}

void
query_state_uninit(struct query_state *state)
{
    struct shash_node *node;

    query_state_empty(state, HAND_GRAPH);
    query_list_uninit(&state->list);
    query_list_uninit(&state->nodes);
    query_list_uninit(&state->edges);
    query_list_uninit(&state->paths.nodes);
    free(state->paths.lengths);
    free(state->values);
    SHASH_FOR_EACH (node, &state->names) {
        query_list_uninit(node->data);
    }
    shash_destroy_free_data(&state->names);
}

void
query_state_add_value(struct query_state *state, struct topo_value value)
{
    if (state->n_values >= state->allocated_values) {
        state->values = x2nrealloc(state->values, &state->allocated_values,
                                   sizeof *state->values);
    }
    state->values[state->n_values++] = value;
}

char *
query_state_work(struct query_state *state, size_t n)
{
    *state->work += n;
    if (*state->work > WORK_LIMIT) {
        return xasprintf("the selector looks at more than %d nodes and edges "
                         "in all: begin it with a narrower V()",
                         WORK_LIMIT);
    }
    return NULL;
}
