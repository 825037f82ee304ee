/* topo-readers.c -- whether readers of a topology see what there is.  See
 * topo-readers.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/topo-readers.h"
#include <stdlib.h>
#include <string.h>

void
topo_reader_init(struct topo_reader *r)
{
    sset_init(&r->nodes);
    sset_init(&r->edges);
    r->seen = 0;
}

void
topo_reader_uninit(struct topo_reader *r)
{
    sset_destroy(&r->nodes);
    sset_destroy(&r->edges);
}

static void
see_gone(const struct topo_gone *gone, void *r_)
{
    struct topo_reader *r = r_;

    sset_find_and_delete(gone->name ? &r->nodes : &r->edges, gone->id);
}

static void
see_node(const struct topo_node *node, void *r_)
{
    struct topo_reader *r = r_;

    sset_add(&r->nodes, node->id);
}

static void
see_edge(const struct topo_edge *edge, void *r_)
{
    struct topo_reader *r = r_;

    sset_add(&r->edges, topo_edge_id(edge));
}

static bool
is_found(const struct topo *topo, const struct topo_node *node,
         const char *key, const char *value)
{
    const struct topo_node **found;
    size_t n = topo_lookup(topo, key, value, &found);
    size_t hits = 0;

    for (size_t i = 0; i < n; i++) {
        hits += found[i] == node;
    }
    free(found);
    return hits == 1 && n == topo_lookup(topo, key, value, NULL);
}

static const char *
check_index(const struct topo *topo, const struct topo_node *node)
{
    static const char *const keys[] = { "UUID", "MAC", "ExtID.iface-id" };

    if (!is_found(topo, node, "Name", node->name)
        || !is_found(topo, node, "Type", node->type)) {
        return "a node is not under its name and type";
    }
    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const char *value = topo_map_find_string(&node->meta, keys[i]);

        if (value && !is_found(topo, node, keys[i], value)) {
            return keys[i];
        }
    }
    return NULL;
}

static const char *
check_nodes(const struct topo_reader *r, const struct topo *topo)
{
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);
    const char *wrong = NULL;

    for (size_t i = 0; i < n && !wrong; i++) {
        wrong = (i && topo_node_compare(nodes[i - 1], nodes[i]) >= 0
                 ? "nodes are out of order"
                 : topo_find_node(topo, nodes[i]->id) != nodes[i]
                 ? "a node is not found"
                 : !sset_contains(&r->nodes, nodes[i]->id)
                 ? "a node was not told of"
                 : check_index(topo, nodes[i]));
    }
    free(nodes);
    return (wrong ? wrong
            : sset_count(&r->nodes) != n ? "a node that went was not told of"
            : NULL);
}

static const char *
check_edges(const struct topo_reader *r, const struct topo *topo)
{
    size_t n;
    const struct topo_edge **edges = topo_edges(topo, &n);
    const char *wrong = (sset_count(&r->edges) == n ? NULL
                         : "an edge that went was not told of");

    for (size_t i = 0; i < n && !wrong; i++) {
        if (!sset_contains(&r->edges, edges[i]->id)) {
            wrong = "an edge was not told of";
        }
    }
    free(edges);
    return wrong;
}

const char *
topo_reader_check(struct topo_reader *r, const struct topo *topo)
{
    const struct topo_visitor visitor = { see_gone, see_node, see_edge };

    if (!topo_visit_changes(topo, r->seen, &visitor, r)) {
        return "changes were forgotten";
    }
    r->seen = topo_seqno(topo);

    const char *wrong = check_nodes(r, topo);

    return wrong ? wrong : check_edges(r, topo);
}
