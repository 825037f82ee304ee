/* eval-path.c -- ShortestPathTo(), and SubGraph().
 *
 * As in Skydive a path ends at the node that fits the first Metadata() and
 * follows edges that fit the second, in either direction.  It yields the nodes
 * of the paths, each once, since those are what a capture and further steps
 * need; who only asks gets the paths, as in Skydive.
 *
 * One search, breadth first and from all ends of paths at once, finds for
 * every node the next one on its way to the nearest end; so many starts cost
 * no more than one.  Invariant: those steps form trees whose roots are ends,
 * so a path that meets another goes on as that one does.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/keys.h"

struct hop {
    struct hmap_node hmap_node; /* In 'struct search''s hops, by 'node'. */
    const struct topo_node *node; /* From here... */
    struct hop *next;           /* ...to there; NULL at an end. */
};

struct search {
    struct hmap hops;           /* Of 'struct hop's. */
    struct hop **queue;         /* In the order of being found. */
    size_t n;                   /* Number of 'queue'. */
    size_t allocated;           /* Room in 'queue'. */
};

static struct hop *
find_hop(const struct search *search, const struct topo_node *node)
{
    struct hop *hop;

    HMAP_FOR_EACH_WITH_HASH (hop, hmap_node, hash_pointer(node, 0),
                             &search->hops) {
        if (hop->node == node) {
            return hop;
        }
    }
    return NULL;
}

static void
add_hop(struct search *search, const struct topo_node *node, struct hop *next)
{
    if (find_hop(search, node)) {
        return;
    }

    struct hop *hop = xmalloc(sizeof *hop);
    hop->node = node;
    hop->next = next;
    hmap_insert(&search->hops, &hop->hmap_node, hash_pointer(node, 0));
    if (search->n >= search->allocated) {
        search->queue = x2nrealloc(search->queue, &search->allocated,
                                   sizeof *search->queue);
    }
    search->queue[search->n++] = hop;
}

/* The nodes that fit are where paths end. */
static char *
add_ends(const struct query_step *step, struct query_state *state,
         struct search *search)
{
    static const struct query_step all = { .n_keys = 0 };
    struct query_list starts;

    /* V() knows what all nodes are; put the hands back after it. */
    query_list_init(&starts);
    query_list_move(&starts, &state->list);
    char *error = (query_narrow_filter(&step->filter, state) ? NULL
                   : query_run_v(&all, state));

    for (size_t i = 0; i < state->list.n && !error; i++) {
        const struct topo_node *node = state->list.items[i];

        if (query_filter_match(&step->filter, HAND_NODES, node, false)) {
            add_hop(search, node, NULL);
        }
    }
    query_list_move(&state->list, &starts);
    query_list_uninit(&starts);
    return error;
}

/* Goes back from the ends, along edges that fit, whatever their direction,
 * until each start is found. */
static char *
run_search(const struct query_step *step, struct query_state *state,
           struct search *search)
{
    size_t missing = state->list.n;
    struct query_list starts;
    char *error = NULL;

    query_list_init(&starts);
    for (size_t i = 0; i < state->list.n; i++) {
        query_list_put(&starts, state->list.items[i]);
    }
    for (size_t i = 0; i < search->n && missing && !error; i++) {
        struct hop *hop = search->queue[i];
        const struct topo_edge **edges;
        size_t n;

        if (query_list_contains(&starts, hop->node) && !--missing) {
            break;
        }
        error = query_edges_at(state, hop->node, true, true, &edges, &n);
        for (size_t j = 0; j < n; j++) {
            if (query_filter_match(&step->edges, HAND_EDGES, edges[j],
                                   false)) {
                add_hop(search, query_other_end(edges[j], hop->node), hop);
            }
        }
        free(edges);
    }
    query_list_uninit(&starts);
    return error;
}

/* Adds the path from 'hop' to the paths that are told. */
static char *
add_path(struct query_state *state, const struct hop *hop)
{
    struct query_paths *paths = &state->paths;
    size_t n = paths->nodes.n;

    for (; hop; hop = hop->next) {
        query_list_append(&paths->nodes, hop->node);
    }
    if (paths->n >= paths->allocated) {
        paths->lengths = x2nrealloc(paths->lengths, &paths->allocated,
                                    sizeof *paths->lengths);
    }
    paths->lengths[paths->n++] = paths->nodes.n - n;
    return query_state_work(state, paths->nodes.n - n);
}

/* The nodes of every path, each path from its start to its end; a node that
 * is on several paths is there once. */
char *
query_run_shortest_path_to(const struct query_step *step,
                           struct query_state *state)
{
    struct search search = { .n = 0 };
    struct query_list reached;

    hmap_init(&search.hops);
    char *error = add_ends(step, state, &search);
    if (!error) {
        error = run_search(step, state, &search);
    }

    query_list_init(&reached);
    for (size_t i = 0; i < state->list.n && !error; i++) {
        struct hop *hop = find_hop(&search, state->list.items[i]);

        if (hop && state->path_step == step) {
            error = add_path(state, hop);
        }
        while (hop && query_list_put(&reached, hop->node)) {
            hop = hop->next;
        }
    }
    query_list_move(&state->list, &reached);
    query_list_uninit(&reached);

    for (size_t i = 0; i < search.n; i++) {
        free(search.queue[i]);
    }
    free(search.queue);
    hmap_destroy(&search.hops);
    return error;
}

/* The edges between nodes that are in 'nodes'. */
static char *
edges_between(struct query_state *state, const struct query_list *nodes,
              struct query_list *between)
{
    char *error = NULL;

    for (size_t i = 0; i < nodes->n && !error; i++) {
        const struct topo_node *node = nodes->items[i];
        const struct topo_edge **edges;
        size_t n;

        error = query_edges_at(state, node, true, false, &edges, &n);
        for (size_t j = 0; j < n; j++) {
            if (query_list_contains(nodes, edges[j]->child)) {
                query_list_put(between, edges[j]);
            }
        }
        free(edges);
    }
    return error;
}

/* Of nodes: they and the edges between them.  Of edges: they and their
 * ends. */
char *
query_run_sub_graph(const struct query_step *step OVS_UNUSED,
                    struct query_state *state)
{
    struct query_list nodes, edges;
    char *error = NULL;

    query_list_init(&nodes);
    query_list_init(&edges);
    for (size_t i = 0; i < state->list.n; i++) {
        if (state->hand == HAND_NODES) {
            query_list_put(&nodes, state->list.items[i]);
        } else {
            const struct topo_edge *edge = state->list.items[i];

            query_list_put(&nodes, edge->parent);
            query_list_put(&nodes, edge->child);
            query_list_put(&edges, edge);
        }
    }
    if (state->hand == HAND_NODES) {
        error = edges_between(state, &nodes, &edges);
    }
    query_list_move(&state->nodes, &nodes);
    query_list_move(&state->edges, &edges);
    query_list_uninit(&nodes);
    query_list_uninit(&edges);
    state->restricted = true;
    query_state_empty(state, HAND_GRAPH);
    return error;
}
