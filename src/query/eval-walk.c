/* eval-walk.c -- the steps that follow edges.
 *
 * 'Out' is from the parent to the child.  An edge's OutV is, as in Skydive,
 * its child.  A node or an edge that is reached twice (a port hangs on its
 * bridge by an ownership and by a layer2 edge) is there once.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/keys.h"

const struct topo_node *
query_other_end(const struct topo_edge *edge, const struct topo_node *node)
{
    return edge->parent == node ? edge->child : edge->parent;
}

/* Edges are ordered by their far ends: type, name, id; then by their own ids.
 * The topology lists them in the order of being put, which is no order that a
 * user could rely on. */
struct far_edge {
    const struct topo_edge *edge; /* The edge. */
    const struct topo_node *far; /* Its end that is not the node. */
};

static int
compare_far_edges(const void *a_, const void *b_)
{
    const struct far_edge *a = a_;
    const struct far_edge *b = b_;
    int cmp = strcmp(a->far->type, b->far->type);

    cmp = cmp ? cmp : strcmp(a->far->name, b->far->name);
    cmp = cmp ? cmp : strcmp(a->far->id, b->far->id);
    return cmp ? cmp : topo_edge_compare(a->edge, b->edge);
}

static bool
is_there(const struct query_state *state, const struct topo_edge *edge)
{
    return (!state->restricted
            || query_list_contains(&state->edges, edge));
}

char *
query_edges_at(struct query_state *state, const struct topo_node *node,
               bool out, bool in, const struct topo_edge ***edgesp,
               size_t *n_edges)
{
    size_t n = 0, allocated = 0;
    struct far_edge *far = NULL;
    const struct topo_edge *edge;

    if (out) {
        LIST_FOR_EACH (edge, out_node, &node->out) {
            if (is_there(state, edge)) {
                if (n >= allocated) {
                    far = x2nrealloc(far, &allocated, sizeof *far);
                }
                far[n++] = (struct far_edge) { edge, edge->child };
            }
        }
    }
    if (in) {
        LIST_FOR_EACH (edge, in_node, &node->in) {
            /* One from the node to itself is among those out. */
            if (is_there(state, edge) && !(out && edge->parent == node)) {
                if (n >= allocated) {
                    far = x2nrealloc(far, &allocated, sizeof *far);
                }
                far[n++] = (struct far_edge) { edge, edge->parent };
            }
        }
    }
    if (n > 1) {
        qsort(far, n, sizeof *far, compare_far_edges);
    }

    const struct topo_edge **edges = xmalloc(MAX(n, 1) * sizeof *edges);
    for (size_t i = 0; i < n; i++) {
        edges[i] = far[i].edge;
    }
    free(far);
    *edgesp = edges;
    *n_edges = n;
    return query_state_work(state, n);
}

/* From every node along its edges: with 'to_edges' to the edges, otherwise to
 * the nodes at their far ends, that fit the step's filter. */
static char *
walk(const struct query_step *step, struct query_state *state, bool out,
     bool in, bool to_edges)
{
    enum query_hand hand = to_edges ? HAND_EDGES : HAND_NODES;
    struct query_list reached;
    char *error = NULL;

    query_list_init(&reached);
    for (size_t i = 0; i < state->list.n && !error; i++) {
        const struct topo_node *node = state->list.items[i];
        const struct topo_edge **edges;
        size_t n;

        error = query_edges_at(state, node, out, in, &edges, &n);
        for (size_t j = 0; j < n; j++) {
            const void *item = to_edges ? (const void *) edges[j]
                               : query_other_end(edges[j], node);
            if (query_filter_match(&step->filter, hand, item, false)) {
                query_list_put(&reached, item);
            }
        }
        free(edges);
    }
    query_list_move(&state->list, &reached);
    query_list_uninit(&reached);
    state->hand = hand;
    return error;
}

char *
query_run_out(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, true, false, false);
}

char *
query_run_in(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, false, true, false);
}

char *
query_run_both(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, true, true, false);
}

char *
query_run_out_e(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, true, false, true);
}

char *
query_run_in_e(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, false, true, true);
}

char *
query_run_both_e(const struct query_step *step, struct query_state *state)
{
    return walk(step, state, true, true, true);
}

static void
put_end(const struct query_step *step, struct query_list *reached,
        const struct topo_node *node)
{
    if (query_filter_match(&step->filter, HAND_NODES, node, false)) {
        query_list_put(reached, node);
    }
}

/* From every edge to its parent, its child, or both. */
static char *
ends(const struct query_step *step, struct query_state *state, bool parent,
     bool child)
{
    struct query_list reached;

    query_list_init(&reached);
    for (size_t i = 0; i < state->list.n; i++) {
        const struct topo_edge *edge = state->list.items[i];

        if (parent) {
            put_end(step, &reached, edge->parent);
        }
        if (child) {
            put_end(step, &reached, edge->child);
        }
    }
    query_list_move(&state->list, &reached);
    query_list_uninit(&reached);
    state->hand = HAND_NODES;
    return NULL;
}

char *
query_run_out_v(const struct query_step *step, struct query_state *state)
{
    return ends(step, state, false, true);
}

char *
query_run_in_v(const struct query_step *step, struct query_state *state)
{
    return ends(step, state, true, false);
}

char *
query_run_both_v(const struct query_step *step, struct query_state *state)
{
    return ends(step, state, true, true);
}

/* Without a filter, a walk follows ownership; with one, edges that fit any of
 * its pairs, as Skydive does. */
static bool
may_follow(const struct query_step *step, const struct topo_edge *edge)
{
    return (step->edges.n
            ? query_filter_match(&step->edges, HAND_EDGES, edge, true)
            : !strcmp(edge->relation, "ownership"));
}

/* The nodes themselves and all within the step's depth (0: no limit), breadth
 * first. */
static char *
spread(const struct query_step *step, struct query_state *state, bool out,
       bool in)
{
    struct query_list reached;
    size_t begin = 0, end;
    char *error = NULL;

    query_list_init(&reached);
    for (size_t i = 0; i < state->list.n; i++) {
        query_list_put(&reached, state->list.items[i]);
    }
    for (int64_t depth = 0; begin < reached.n && !error
         && (!step->numbers[0] || depth < step->numbers[0]); depth++) {
        for (end = reached.n; begin < end && !error; begin++) {
            const struct topo_node *node = reached.items[begin];
            const struct topo_edge **edges;
            size_t n;

            error = query_edges_at(state, node, out, in, &edges, &n);
            for (size_t j = 0; j < n; j++) {
                if (may_follow(step, edges[j])) {
                    query_list_put(&reached, query_other_end(edges[j], node));
                }
            }
            free(edges);
        }
    }
    query_list_move(&state->list, &reached);
    query_list_uninit(&reached);
    return error;
}

char *
query_run_descendants(const struct query_step *step,
                      struct query_state *state)
{
    return spread(step, state, true, false);
}

char *
query_run_ascendants(const struct query_step *step, struct query_state *state)
{
    return spread(step, state, false, true);
}

char *
query_run_neighbors(const struct query_step *step, struct query_state *state)
{
    return spread(step, state, true, true);
}
