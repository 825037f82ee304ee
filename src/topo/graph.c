/* graph.c -- the nodes and edges of a topology.
 *
 * Called by render.c for what follows from inputs and by topo.c for what is
 * loaded.  Nothing here decides; it notices what changed.  Invariant: an edge
 * has both its ends, and goes with either.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

COVERAGE_DEFINE(topo_edge_hold);

static struct topo_link *
clone_link(struct topo *topo, const struct topo_link *link)
{
    struct topo_link *copy = xmemdup(link, sizeof *link);

    copy->name = topo_text_ref(link->name);
    copy->netns_name = topo_text_ref(link->netns_name);
    copy->netns_path = topo_text_ref(link->netns_path);
    copy->kind = topo_intern(topo, link->kind);
    return copy;
}

static void
destroy_link(struct topo_link *link)
{
    if (link) {
        topo_text_unref(link->name);
        topo_text_unref(link->netns_name);
        topo_text_unref(link->netns_path);
        free(link);
    }
}

static bool
same_link(const struct topo_link *a, const struct topo_link *b)
{
    if (!a || !b) {
        return a == b;
    }
    return (a->netns == b->netns && a->ifindex == b->ifindex
            && a->up == b->up && a->mtu == b->mtu
            && a->lacks_ethernet == b->lacks_ethernet
            && topo_same_string(a->name, b->name)
            && topo_same_string(a->netns_name, b->netns_name)
            && topo_same_string(a->netns_path, b->netns_path)
            && topo_same_string(a->kind, b->kind));
}

/* The caller gives it a name and a type, and lets it enter the order. */
struct topo_node *
topo_node_add(struct topo *topo, const char *host, const char *id)
{
    struct topo_node *node = xzalloc(sizeof *node);

    node->id = topo_text_new(id);
    node->host = topo_intern(topo, host);
    ovs_list_init(&node->out);
    ovs_list_init(&node->in);
    ovs_list_init(&node->changed_node);
    hmap_insert(&topo->nodes, &node->id_node, hash_string(id, 0));
    topo_node_changed(topo, node);
    return node;
}

static void
free_edge(struct topo_edge *edge)
{
    topo_text_unref(edge->id);
    topo_map_uninit(&edge->meta);
    free(edge);
}

/* Takes 'edge' out of the graph; who holds it still keeps its memory. */
static void
remove_edge(struct topo *topo, struct topo_edge *edge)
{
    ovs_list_remove(&edge->out_node);
    ovs_list_remove(&edge->in_node);
    hmap_remove(&topo->edges, &edge->node);
    topo_order_edges_changed(topo);
    topo_edge_gone(topo, edge);
    edge->parent = edge->child = NULL;
    if (!edge->n_holds) {
        free_edge(edge);
    }
}

void
topo_node_remove(struct topo *topo, struct topo_node *node)
{
    struct topo_edge *edge;

    LIST_FOR_EACH_SAFE (edge, out_node, &node->out) {
        remove_edge(topo, edge);
    }
    LIST_FOR_EACH_SAFE (edge, in_node, &node->in) {
        remove_edge(topo, edge);
    }
    hmap_remove(&topo->nodes, &node->id_node);
    topo_order_leave(topo, node);
    topo_index_remove(topo, node);
    topo_node_gone(topo, node);
    topo_text_unref(node->id);
    topo_text_unref(node->name);
    topo_text_unref(node->bridge);
    topo_map_uninit(&node->meta);
    destroy_link(node->link);
    free(node);
}

/* Makes 'node' be 'face'.  Returns true if anything was different. */
static bool
update_node(struct topo *topo, struct topo_node *node,
            const struct topo_face *face)
{
    bool changed = false;

    if (!topo_same_string(node->name, face->name)
        || !topo_same_string(node->type, face->type)) {
        if (node->name) {
            topo_order_leave(topo, node);
        }
        topo_set_text(&node->name, face->name);
        node->type = topo_intern(topo, face->type);
        topo_order_enter(topo, node);
        changed = true;
    }
    changed |= topo_set_text(&node->bridge, face->bridge);
    if (!uuid_equals(&node->ovs_uuid, &face->uuid)) {
        node->ovs_uuid = face->uuid;
        changed = true;
    }
    if (!same_link(node->link, face->link)) {
        destroy_link(node->link);
        node->link = face->link ? clone_link(topo, face->link) : NULL;
        changed = true;
    }
    if (!topo_map_equal(&node->meta, face->meta)) {
        topo_map_uninit(&node->meta);
        topo_map_clone(&node->meta, face->meta);
        changed = true;
    }
    return changed;
}

/* Gives 'ent' a node that looks like 'face'. */
void
topo_node_show(struct topo *topo, struct topo_ent *ent,
               const struct topo_face *face)
{
    if (!ent->node) {
        struct topo_id id = topo_make_id(topo->host, face->kind, face->key);

        ent->node = topo_node_add(topo, topo->host, id.text);
        topo_announce_key(topo, &ent->key);
    }
    if (update_node(topo, ent->node, face)) {
        topo_index_update(topo, ent->node);
        topo_node_changed(topo, ent->node);
    }
}

void
topo_node_hide(struct topo *topo, struct topo_ent *ent)
{
    if (ent->node) {
        topo_node_remove(topo, ent->node);
        ent->node = NULL;
        topo_announce_key(topo, &ent->key);
    }
}

/* ## Edges. ## */

static uint32_t
hash_edge(const struct topo_node *parent, const struct topo_node *child)
{
    return hash_pointer(parent, hash_pointer(child, 0));
}

/* The edge of that kind between the two, or NULL.  Its type is part of its
 * identity, for a vlan link and its parent may be joined by a bond as well; so
 * is the mirror that it is of. */
static struct topo_edge *
find_edge(const struct topo *topo, const struct topo_node *parent,
          const struct topo_node *child, const char *relation,
          const char *type, const char *mirror)
{
    struct topo_edge *edge;

    HMAP_FOR_EACH_WITH_HASH (edge, node, hash_edge(parent, child),
                             &topo->edges) {
        if (edge->parent == parent && edge->child == child
            && !strcmp(edge->relation, relation)
            && !strcmp(topo_meta_text(&edge->meta, "Type"), type)
            && !strcmp(topo_meta_text(&edge->meta, "UUID"), mirror)) {
            return edge;
        }
    }
    return NULL;
}

/* Adds an edge, and takes 'meta'. */
static struct topo_edge *
add_edge(struct topo *topo, struct topo_node *parent,
         struct topo_node *child, const char *relation, struct topo_map meta)
{
    struct topo_edge *edge = xzalloc(sizeof *edge);

    edge->relation = topo_intern(topo, relation);
    edge->parent = parent;
    edge->child = child;
    edge->meta = meta;
    ovs_list_init(&edge->changed_node);
    ovs_list_push_back(&parent->out, &edge->out_node);
    ovs_list_push_back(&child->in, &edge->in_node);
    hmap_insert(&topo->edges, &edge->node, hash_edge(parent, child));
    topo_order_edges_changed(topo);
    topo_edge_changed(topo, edge);
    return edge;
}

void
topo_load_edge(struct topo *topo, const char *id, const char *parent_id,
               const char *child_id, const char *relation,
               struct topo_map *meta)
{
    struct topo_node *parent = topo_find_node(topo, parent_id);
    struct topo_node *child = topo_find_node(topo, child_id);

    topo->loaded = true;
    if (parent && child && parent != child
        && !find_edge(topo, parent, child, relation,
                      topo_meta_text(meta, "Type"),
                      topo_meta_text(meta, "UUID"))) {
        struct topo_edge *edge = add_edge(topo, parent, child, relation,
                                          *meta);

        edge->id = id ? topo_text_new(id) : NULL;
        topo_map_init(meta);
    } else {
        topo_map_uninit(meta);
    }
}

void
topo_edge_release(struct topo *topo, struct topo_wants *wants)
{
    for (size_t i = 0; i < wants->n_edges; i++) {
        struct topo_edge *edge = wants->edges[i];

        if (!--edge->n_holds) {
            if (edge->parent) {
                remove_edge(topo, edge);
            } else {
                free_edge(edge);
            }
        }
    }
    free(wants->edges);
    wants->edges = NULL;
    wants->n_edges = 0;
}

/* What edges are of one relation and type, of which there are few: most edges
 * have that alone, and share it. */
struct edge_kind {
    struct hmap_node node;      /* In 'topo''s 'edge_kinds', by both. */
    const char *relation;
    const char *type;           /* "": none. */
    struct topo_map meta;
};

static const struct topo_map *
meta_of_kind(struct topo *topo, const char *relation, const char *type)
{
    uint32_t hash = hash_string(relation, hash_string(type, 0));
    struct edge_kind *kind;

    HMAP_FOR_EACH_WITH_HASH (kind, node, hash, &topo->edge_kinds) {
        if (!strcmp(kind->relation, relation) && !strcmp(kind->type, type)) {
            return &kind->meta;
        }
    }
    kind = xmalloc(sizeof *kind);
    kind->relation = topo_intern(topo, relation);
    kind->type = topo_intern(topo, type);
    topo_map_init(&kind->meta);
    topo_map_put_string(&kind->meta, "RelationType", relation);
    if (type[0]) {
        topo_map_put_string(&kind->meta, "Type", type);
    }
    hmap_insert(&topo->edge_kinds, &kind->node, hash);
    return &kind->meta;
}

void
topo_edge_kinds_destroy(struct topo *topo)
{
    struct edge_kind *kind;

    HMAP_FOR_EACH_POP (kind, node, &topo->edge_kinds) {
        topo_map_uninit(&kind->meta);
        free(kind);
    }
    hmap_destroy(&topo->edge_kinds);
}

/* Makes 'ent' hold the edge of that kind between 'parent' and 'child', which
 * is made if nobody holds it. */
void
topo_edge_hold(struct topo *topo, struct topo_ent *ent,
               struct topo_node *parent, struct topo_node *child,
               const char *relation, const char *type,
               const struct topo_map *meta)
{
    const char *mirror = meta ? topo_meta_text(meta, "UUID") : "";
    struct topo_wants *wants = &ent->wants;
    struct topo_edge *edge;

    COVERAGE_INC(topo_edge_hold);
    type = type ? type : "";
    edge = find_edge(topo, parent, child, relation, type, mirror);
    meta = meta ? meta : meta_of_kind(topo, relation, type);
    if (!edge) {
        struct topo_map own;

        topo_map_clone(&own, meta);
        edge = add_edge(topo, parent, child, relation, own);
    } else if (!topo_map_equal(&edge->meta, meta)) {
        topo_map_uninit(&edge->meta);
        topo_map_clone(&edge->meta, meta);
        topo_edge_changed(topo, edge);
    }
    edge->n_holds++;
    wants->edges = xrealloc(wants->edges, ((wants->n_edges + 1)
                                           * sizeof *wants->edges));
    wants->edges[wants->n_edges++] = edge;
}
