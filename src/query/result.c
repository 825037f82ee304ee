/* result.c -- run a selector, and what comes out of it.
 *
 * Called by whoever has a query and a topology: 'query', 'explain' and the
 * reconciler.  The result lends nodes and edges from the topology, so it must
 * not outlive the topology's next topo_run().
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs.h"
#include "query/eval.h"
#include "topo/format.h"

/* Puts the list of what topo's printers make of each element. */
static void
put_elements(struct topo_map *map, const char *key, enum query_hand hand,
             const struct query_list *list)
{
    struct topo_value value = topo_value_list(list->n);

    for (size_t i = 0; i < list->n; i++) {
        struct jsn *json = (hand == HAND_NODES
                            ? topo_node_to_json(list->items[i])
                            : topo_edge_to_json(list->items[i]));

        value.list->values[i].type = TOPO_MAP;
        topo_map_init(&value.list->values[i].map);
        topo_map_from_json(&value.list->values[i].map, json);
        jsn_destroy(json);
    }
    topo_map_put(map, key, value);
}

/* A selector that ends in a graph yields it as one value, in the shape of
 * topo_to_json(). */
static void
graph_to_value(struct query_state *state)
{
    struct topo_value graph = { .type = TOPO_MAP };

    topo_map_init(&graph.map);
    put_elements(&graph.map, "Nodes", HAND_NODES, &state->nodes);
    put_elements(&graph.map, "Edges", HAND_EDGES, &state->edges);
    query_state_empty(state, HAND_VALUES);
    query_state_add_value(state, graph);
}

/* The items of 'list', which is empty then and lets the caller free them. */
static void *
take_items(struct query_list *list)
{
    void *items = list->items;

    list->items = NULL;
    list->n = list->allocated = 0;
    return items;
}

static void
take_paths(struct query_state *state, struct query_result *result)
{
    struct query_paths *paths = &state->paths;

    result->path_nodes = take_items(&paths->nodes);
    result->path_lengths = paths->lengths;
    result->n_paths = paths->n;
    paths->lengths = NULL;
}

/* Moves what is in the hands of 'state' to 'result'. */
static void
take_result(const struct query *query, struct query_state *state,
            struct query_result *result)
{
    memset(result, 0, sizeof *result);
    result->kind = query->kind;
    switch (query->kind) {
    case QUERY_NODES:
        result->n = state->list.n;
        result->nodes = take_items(&state->list);
        take_paths(state, result);
        break;
    case QUERY_EDGES:
        result->n = state->list.n;
        result->edges = take_items(&state->list);
        break;
    case QUERY_VALUES:
        result->values = state->values;
        result->n = state->n_values;
        state->values = NULL;
        state->n_values = state->allocated_values = 0;
        break;
    case QUERY_COUNT:
        result->number = state->number;
        break;
    }
}

/* The last step, if that finds paths; else NULL. */
static const struct query_step *
last_path_step(const struct query *query)
{
    const struct query_chain *chain = &query->chain;
    const struct query_step *last = (chain->n ? &chain->steps[chain->n - 1]
                                     : NULL);

    return (last && last->class->run == query_run_shortest_path_to
            ? last : NULL);
}

/* With 'paths', of paths too. */
static char *
run(const struct query *query, const struct topo *topo, bool paths,
    struct query_result *result)
{
    struct query_state state;
    char *error;

    query_state_init(&state, topo);
    state.path_step = paths ? last_path_step(query) : NULL;
    error = (query->short_name
             ? query_run_short_name(query->short_name, &state)
             : query_run_chain(&query->chain, &state));
    if (!error) {
        if (state.hand == HAND_GRAPH) {
            graph_to_value(&state);
        }
        take_result(query, &state, result);
    } else {
        memset(result, 0, sizeof *result);
    }
    query_state_uninit(&state);
    return error;
}

char *
query_run(const struct query *query, const struct topo *topo,
          struct query_result *result)
{
    return run(query, topo, true, result);
}

void
query_result_uninit(struct query_result *result)
{
    free(result->path_nodes);
    free(result->path_lengths);
    free(result->nodes);
    free(result->edges);
    for (size_t i = 0; result->values && i < result->n; i++) {
        topo_value_uninit(&result->values[i]);
    }
    free(result->values);
    memset(result, 0, sizeof *result);
}

static struct jsn *
paths_to_json(const struct query_result *result)
{
    const struct topo_node **node = result->path_nodes;
    struct jsn *paths = jsn_array();

    for (size_t i = 0; i < result->n_paths; i++) {
        struct jsn *path = jsn_array();

        for (size_t j = 0; j < result->path_lengths[i]; j++) {
            jsn_add(path, topo_node_to_json(*node++));
        }
        jsn_add(paths, path);
    }
    return paths;
}

struct jsn *
query_result_to_json(const struct query_result *result)
{
    if (result->kind == QUERY_COUNT) {
        return jsn_integer(result->number);
    }

    if (result->path_lengths) {
        return paths_to_json(result);
    }

    struct jsn *array = jsn_array();
    for (size_t i = 0; i < result->n; i++) {
        jsn_add(array, result->kind == QUERY_NODES
                ? topo_node_to_json(result->nodes[i])
                : result->kind == QUERY_EDGES
                ? topo_edge_to_json(result->edges[i])
                : topo_value_to_json(&result->values[i]));
    }
    return array;
}

char *
query_select(const struct query *query, const struct topo *topo,
             struct query_result *result)
{
    /* What it yields, and what to do about it. */
    static const char *const why[] = {
        [QUERY_EDGES] = "edges: add BothV(), InV() or OutV()",
        [QUERY_VALUES] = "values or a graph: leave out its last step",
        [QUERY_COUNT] = "a number: leave out its last step",
    };

    if (query->kind != QUERY_NODES) {
        memset(result, 0, sizeof *result);
        return xasprintf("a capture needs nodes, and this selector yields %s",
                         why[query->kind]);
    }
    return run(query, topo, false, result);
}
