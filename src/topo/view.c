/* view.c -- a part of a topology, to be looked at.  See view.h.
 *
 * The nodes that stay are a set of ids, which is narrowed and then copied; so
 * whatever the printers know of nodes and edges holds for a part, too.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/view.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

struct looking {
    struct topo *view;          /* Where it goes. */
    const struct topo *topo;
    struct sset keep;           /* Ids of the nodes that stay. */
    struct sset starts;         /* Of those that were asked for. */
    struct sset tapped;         /* Of those that an overlay is at. */
};

static bool
is_owner(const struct topo_edge *edge)
{
    return !strcmp(edge->relation, "ownership");
}

/* ## Around the starts. ## */

/* Adds 'node' and what it has below it. */
static void
keep_below(struct looking *l, const struct topo_node *node)
{
    const struct topo_edge *edge;

    if (!sset_add(&l->keep, node->id)) {
        return;
    }
    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (is_owner(edge) || !strcmp(node->type, "ovsbridge")
            || !strcmp(node->type, "ovsport")) {
            keep_below(l, edge->child);
        }
    }
}

/* Adds what is one edge away from those that are kept, and then the owners of
 * them all. */
static void
keep_around(struct looking *l)
{
    const char **ids = sset_array(&l->keep);
    size_t n = sset_count(&l->keep);
    struct svec all = SVEC_EMPTY_INITIALIZER;

    for (size_t i = 0; i < n; i++) {
        const struct topo_node *node = topo_find_node(l->topo, ids[i]);
        const struct topo_edge *edge;

        svec_add(&all, node->id);
        LIST_FOR_EACH (edge, out_node, &node->out) {
            svec_add(&all, edge->child->id);
        }
        LIST_FOR_EACH (edge, in_node, &node->in) {
            svec_add(&all, edge->parent->id);
        }
    }
    free(ids);
    /* Grows while it is walked, towards the roots. */
    for (size_t i = 0; i < all.n; i++) {
        const struct topo_node *node = topo_find_node(l->topo, all.names[i]);
        const struct topo_edge *edge;

        sset_add(&l->keep, node->id);
        LIST_FOR_EACH (edge, in_node, &node->in) {
            if (is_owner(edge)
                && !sset_contains(&l->keep, edge->parent->id)) {
                svec_add(&all, edge->parent->id);
            }
        }
    }
    svec_destroy(&all);
}

/* ## Folding. ## */

static bool
is_port_of(const struct topo_edge *edge)
{
    return is_owner(edge) && !strcmp(edge->child->type, "ovsport");
}

/* Whether a port can be left out: nobody taps it or its interfaces, nobody
 * asked for them, and they are up. */
static bool
is_dull(const struct looking *l, const struct topo_node *node)
{
    const char *state = topo_map_find_string(&node->meta, "State");
    const struct topo_edge *edge;
    bool dull = (!sset_contains(&l->tapped, node->id)
                 && !sset_contains(&l->starts, node->id)
                 && (!state || !strcmp(state, "UP")
                     || !strcmp(state, "UNKNOWN")));

    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (dull && !strcmp(node->type, "ovsport")
            && !strcmp(edge->relation, "layer2")) {
            dull = is_dull(l, edge->child);
        }
    }
    return dull;
}

static void
leave_out(struct looking *l, const struct topo_node *port)
{
    const struct topo_edge *edge;

    sset_find_and_delete(&l->keep, port->id);
    LIST_FOR_EACH (edge, out_node, &port->out) {
        if (!strcmp(edge->relation, "layer2")) {
            sset_find_and_delete(&l->keep, edge->child->id);
        }
    }
}

/* Leaves out the dull ports of 'bridge', and puts one for all of them. */
static void
fold_bridge(struct looking *l, const struct topo_node *bridge)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    const struct topo_edge *edge;
    size_t n = 0;

    LIST_FOR_EACH (edge, out_node, &bridge->out) {
        if (is_port_of(edge) && is_dull(l, edge->child)
            && strcmp(edge->child->name, bridge->name)) {
            leave_out(l, edge->child);
            n++;
        }
    }

    char *id = xasprintf("fold-%s", bridge->id);
    char *name = xasprintf("%"PRIuSIZE" ports more", n);

    topo_map_put_string(&meta, "Name", name);
    topo_map_put_string(&meta, "Type", "ovsport");
    topo_load_node(l->view, bridge->host, id, "ovsport", name, &meta);
    free(id);
    free(name);
}

/* Joins the one port that stands for many with its bridge, which is there by
 * now. */
static void
join_fold(struct looking *l, const struct topo_node *bridge)
{
    static const char *const relations[] = { "ownership", "layer2" };
    char *id = xasprintf("fold-%s", bridge->id);

    for (size_t i = 0; i < ARRAY_SIZE(relations); i++) {
        struct topo_map meta = TOPO_MAP_INITIALIZER;

        topo_map_put_string(&meta, "RelationType", relations[i]);
        topo_load_edge(l->view, NULL, bridge->id, id, relations[i], &meta);
    }
    free(id);
}

static bool
is_folded(const struct looking *l, const struct topo_node *bridge)
{
    const struct topo_edge *edge;
    size_t n = 0;

    if (strcmp(bridge->type, "ovsbridge")
        || sset_contains(&l->starts, bridge->id)
        || !sset_contains(&l->keep, bridge->id)) {
        return false;
    }
    LIST_FOR_EACH (edge, out_node, &bridge->out) {
        n += is_port_of(edge) && sset_contains(&l->keep, edge->child->id);
    }
    return n > TOPO_FOLD_PORTS;
}

/* ## Copying. ## */

static void
copy_kept(struct looking *l, const struct topo_node **nodes, size_t n_nodes)
{
    const struct topo_edge **edges;
    struct topo_map meta;
    size_t n;

    for (size_t i = 0; i < n_nodes; i++) {
        const struct topo_node *node = nodes[i];

        if (sset_contains(&l->keep, node->id)) {
            topo_map_clone(&meta, &node->meta);
            topo_load_node(l->view, node->host, node->id, node->type,
                           node->name, &meta);
        }
    }
    edges = topo_edges(l->topo, &n);
    for (size_t i = 0; i < n; i++) {
        const struct topo_edge *edge = edges[i];

        if (sset_contains(&l->keep, edge->parent->id)
            && sset_contains(&l->keep, edge->child->id)) {
            topo_map_clone(&meta, &edge->meta);
            topo_load_edge(l->view, topo_edge_id(edge), edge->parent->id,
                           edge->child->id, edge->relation, &meta);
        }
    }
    free(edges);
}

void
topo_view(struct topo *view, const struct topo *topo,
          const struct topo_node *const *starts, size_t n,
          const struct topo_overlay *overlays, size_t n_overlays, bool fold)
{
    struct looking l = { .view = view, .topo = topo };
    const struct topo_node **nodes, **folded;
    size_t n_nodes, n_folded = 0;

    sset_init(&l.keep);
    sset_init(&l.starts);
    sset_init(&l.tapped);
    nodes = topo_nodes(topo, &n_nodes);
    for (size_t i = 0; i < n; i++) {
        sset_add(&l.starts, starts[i]->id);
        keep_below(&l, starts[i]);
    }
    for (size_t i = 0; i < n_nodes && !n; i++) {
        sset_add(&l.keep, nodes[i]->id);
    }
    if (n) {
        keep_around(&l);
    }
    for (size_t i = 0; i < n_overlays; i++) {
        sset_add(&l.tapped, overlays[i].node_id);
    }
    folded = xmalloc(MAX(n_nodes, 1) * sizeof *folded);
    for (size_t i = 0; i < n_nodes && fold; i++) {
        if (is_folded(&l, nodes[i])) {
            folded[n_folded++] = nodes[i];
            fold_bridge(&l, nodes[i]);
        }
    }
    copy_kept(&l, nodes, n_nodes);
    for (size_t i = 0; i < n_folded; i++) {
        join_fold(&l, folded[i]);
    }
    free(folded);
    free(nodes);
    sset_destroy(&l.keep);
    sset_destroy(&l.starts);
    sset_destroy(&l.tapped);
}
