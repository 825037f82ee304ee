/* changes.c -- what changed in a graph, and when.
 *
 * Called by graph.c for each change, by readers that keep up with the graph at
 * the cost of what changed.  Nodes and edges are kept in the order of their
 * last change; of what is gone, so many of the last are remembered.
 * Invariant: everything that changed after 'forgot' is told.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* So much that is gone is remembered. */
enum { MANY_GONE = 10000 };

void
topo_changes_init(struct topo *topo)
{
    ovs_list_init(&topo->changed_nodes);
    ovs_list_init(&topo->changed_edges);
    ovs_list_init(&topo->gone);
}

void
topo_node_changed(struct topo *topo, struct topo_node *node)
{
    topo->changed = true;
    node->changed = topo->seqno + 1;
    ovs_list_remove(&node->changed_node);
    ovs_list_push_back(&topo->changed_nodes, &node->changed_node);
}

void
topo_edge_changed(struct topo *topo, struct topo_edge *edge)
{
    topo->changed = true;
    edge->changed = topo->seqno + 1;
    ovs_list_remove(&edge->changed_node);
    ovs_list_push_back(&topo->changed_edges, &edge->changed_node);
}

static void
forget_oldest(struct topo *topo)
{
    struct topo_gone *gone = CONTAINER_OF(ovs_list_pop_front(&topo->gone),
                                          struct topo_gone, list_node);

    topo->n_gone--;
    topo->forgot = gone->changed;
    free(gone->id);
    free(gone->name);
    free(gone->netns);
    free(gone->parent);
    free(gone->child);
    free(gone);
}

void
topo_changes_uninit(struct topo *topo)
{
    while (topo->n_gone) {
        forget_oldest(topo);
    }
}

static struct topo_gone *
add_gone(struct topo *topo, const char *id, const char *type)
{
    struct topo_gone *gone = xzalloc(sizeof *gone);

    if (topo->n_gone >= MANY_GONE) {
        forget_oldest(topo);
    }
    topo->changed = true;
    topo->n_gone++;
    gone->changed = topo->seqno + 1;
    gone->id = xstrdup(id);
    gone->type = type;
    ovs_list_push_back(&topo->gone, &gone->list_node);
    return gone;
}

/* To be called before 'node' is freed. */
void
topo_node_gone(struct topo *topo, struct topo_node *node)
{
    ovs_list_remove(&node->changed_node);
    if (topo->dying) {
        return;
    }

    struct topo_gone *gone = add_gone(topo, node->id, node->type);

    gone->name = xstrdup(node->name ? node->name : "");
    gone->netns = nullable_xstrdup(node->link ? node->link->netns_name
                                   : NULL);
}

void
topo_edge_gone(struct topo *topo, struct topo_edge *edge)
{
    ovs_list_remove(&edge->changed_node);
    if (topo->dying) {
        return;
    }

    struct topo_gone *gone = add_gone(topo, topo_edge_id(edge),
                                      edge->relation);

    gone->parent = xstrdup(edge->parent->id);
    gone->child = xstrdup(edge->child->id);
}

static void
visit(const struct topo *topo, uint64_t since,
      const struct topo_visitor *visitor, void *aux)
{
    const struct topo_node *node;
    const struct topo_edge *edge;

    LIST_FOR_EACH_REVERSE (node, changed_node, &topo->changed_nodes) {
        if (node->changed <= since || !visitor->node) {
            break;
        }
        visitor->node(node, aux);
    }
    LIST_FOR_EACH_REVERSE (edge, changed_node, &topo->changed_edges) {
        if (edge->changed <= since || !visitor->edge) {
            break;
        }
        visitor->edge(edge, aux);
    }
}

bool
topo_visit_changes(const struct topo *topo, uint64_t since,
                   const struct topo_visitor *visitor, void *aux)
{
    const struct topo_gone *gone;

    if (topo->forgot > since) {
        return false;
    }
    LIST_FOR_EACH_REVERSE (gone, list_node, &topo->gone) {
        if (gone->changed <= since || !visitor->gone) {
            break;
        }
        visitor->gone(gone, aux);
    }
    visit(topo, since, visitor, aux);
    return true;
}

void
topo_visit_all(const struct topo *topo, const struct topo_visitor *visitor,
               void *aux)
{
    visit(topo, 0, visitor, aux);
}
