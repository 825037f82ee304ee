/* order.c -- the order in which nodes and edges are told.
 *
 * Called by graph.c and topo.c for each node that comes, goes or changes its
 * place, and by readers.  Nothing is sorted before somebody asks.  Invariant:
 * once asked for, the array of nodes is sorted and has every node that has a
 * name; a change moves pointers, and sorts nothing again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

static int
type_rank(const char *type)
{
    static const char *const first[] = {
        "host", "netns", "ovsbridge", "ovsport",
    };
    size_t i;

    for (i = 0; i < ARRAY_SIZE(first); i++) {
        if (!strcmp(type, first[i])) {
            break;
        }
    }
    return i;
}

int
topo_node_compare(const struct topo_node *a, const struct topo_node *b)
{
    int cmp = type_rank(a->type) - type_rank(b->type);

    cmp = cmp ? cmp : strcmp(a->name, b->name);
    return cmp ? cmp : strcmp(a->id, b->id);
}

static int
compare_node_pointers(const void *a_, const void *b_)
{
    const struct topo_node *const *a = a_;
    const struct topo_node *const *b = b_;

    return topo_node_compare(*a, *b);
}

void
topo_nodes_sort(const struct topo_node **nodes, size_t n)
{
    if (n > 1) {
        qsort(nodes, n, sizeof *nodes, compare_node_pointers);
    }
}

/* Ownership first, then layer2. */
int
topo_edge_compare(const struct topo_edge *a, const struct topo_edge *b)
{
    int cmp = strcmp(b->relation, a->relation);

    cmp = cmp ? cmp : strcmp(topo_meta_text(&a->meta, "Type"),
                             topo_meta_text(&b->meta, "Type"));
    cmp = cmp ? cmp : strcmp(topo_meta_text(&a->meta, "UUID"),
                             topo_meta_text(&b->meta, "UUID"));
    return cmp ? cmp : strcmp(topo_edge_id(a), topo_edge_id(b));
}

static int
compare_edge_pointers(const void *a_, const void *b_)
{
    const struct topo_edge *const *a = a_;
    const struct topo_edge *const *b = b_;
    int cmp = topo_node_compare((*a)->parent, (*b)->parent);

    cmp = cmp ? cmp : topo_node_compare((*a)->child, (*b)->child);
    return cmp ? cmp : topo_edge_compare(*a, *b);
}

/* The place of 'node' among the first 'n' of 'nodes'. */
static size_t
find_place(const struct topo_node **nodes, size_t n,
           const struct topo_node *node)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;

        if (topo_node_compare(nodes[mid], node) < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

/* Edges are ordered by their nodes. */
void
topo_order_edges_changed(struct topo *topo)
{
    free(topo->order->edges);
    topo->order->edges = NULL;
}

/* 'node', which has a name and a type now, is one of 'topo''s. */
void
topo_order_enter(struct topo *topo, const struct topo_node *node)
{
    struct topo_order *order = topo->order;
    size_t n = topo->n_named++;

    if (order->nodes) {
        if (n >= order->allocated) {
            order->nodes = x2nrealloc(order->nodes, &order->allocated,
                                      sizeof *order->nodes);
        }

        size_t place = find_place(order->nodes, n, node);

        memmove(&order->nodes[place + 1], &order->nodes[place],
                (n - place) * sizeof *order->nodes);
        order->nodes[place] = node;
    }
    topo_order_edges_changed(topo);
}

/* 'node' goes, or is about to get another name or type. */
void
topo_order_leave(struct topo *topo, const struct topo_node *node)
{
    struct topo_order *order = topo->order;
    size_t n = --topo->n_named;

    if (order->nodes) {
        size_t place = find_place(order->nodes, n + 1, node);

        ovs_assert(order->nodes[place] == node);
        memmove(&order->nodes[place], &order->nodes[place + 1],
                (n - place) * sizeof *order->nodes);
    }
    topo_order_edges_changed(topo);
}

void
topo_order_destroy(struct topo_order *order)
{
    free(order->nodes);
    free(order->edges);
    free(order);
}

size_t
topo_n_nodes(const struct topo *topo)
{
    return topo->n_named;
}

size_t
topo_n_edges(const struct topo *topo)
{
    return hmap_count(&topo->edges);
}

/* Callers get a copy, for they may change the graph while they walk it. */
const struct topo_node **
topo_nodes(const struct topo *topo, size_t *n)
{
    struct topo_order *order = topo->order;

    *n = topo->n_named;
    if (!order->nodes) {
        struct topo_node *node;
        size_t i = 0;

        order->allocated = *n + 1;
        order->nodes = xmalloc(order->allocated * sizeof *order->nodes);
        HMAP_FOR_EACH (node, id_node, &topo->nodes) {
            if (node->name) {
                order->nodes[i++] = node;
            }
        }
        topo_nodes_sort(order->nodes, *n);
    }
    return xmemdup(order->nodes, MAX(*n, 1) * sizeof *order->nodes);
}

const struct topo_edge **
topo_edges(const struct topo *topo, size_t *n)
{
    const struct topo_edge **edges = topo->order->edges;

    *n = hmap_count(&topo->edges);
    if (!edges) {
        const struct topo_edge *edge;
        size_t i = 0;

        edges = xmalloc((*n + 1) * sizeof *edges);
        HMAP_FOR_EACH (edge, node, &topo->edges) {
            edges[i++] = edge;
        }
        qsort(edges, *n, sizeof *edges, compare_edge_pointers);
        topo->order->edges = edges;
    }
    return xmemdup(edges, (*n + 1) * sizeof *edges);
}
