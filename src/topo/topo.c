/* topo.c -- a topology: its life, and reading it.
 *
 * inside.h says how it works.  Nothing here knows what a link or a bridge is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/topo.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "topo/inside.h"

struct topo *
topo_create(const char *host)
{
    struct topo_key host_key = { TOPO_KEY_HOST, 0, 0 };
    struct topo *topo = xzalloc(sizeof *topo);

    topo->host = topo_text_new(host);
    hmap_init(&topo->nodes);
    hmap_init(&topo->edges);
    topo->order = xzalloc(sizeof *topo->order);
    hmap_init(&topo->ents);
    hmap_init(&topo->links_by_name);
    hmap_init(&topo->intfs_by_name);
    hmap_init(&topo->selections);
    hmap_init(&topo->topics);
    hmap_init(&topo->moves);
    hmap_init(&topo->held);
    shash_init(&topo->strings);
    hmap_init(&topo->edge_kinds);
    ovs_list_init(&topo->dirty);
    hmap_init(&topo->index);
    topo_changes_init(topo);

    struct topo_ent *ent = topo_ent_create(topo, TOPO_ENT_HOST, &host_key);

    ent->present = true;
    topo_ent_touch(topo, ent);
    return topo;
}

void
topo_destroy(struct topo *topo)
{
    if (!topo) {
        return;
    }

    struct topo_node *node;
    struct topo_move *move;
    struct shash_node *string;

    /* Nobody asks for an order any more, nor for what is gone. */
    topo->dying = true;
    topo_order_destroy(topo->order);
    topo->order = xzalloc(sizeof *topo->order);
    HMAP_FOR_EACH_SAFE (node, id_node, &topo->nodes) {
        topo_node_remove(topo, node);
    }
    hmap_destroy(&topo->nodes);
    hmap_destroy(&topo->edges);
    topo_order_destroy(topo->order);
    hmap_destroy(&topo->index);
    topo_changes_uninit(topo);
    topo_bury_all(topo);
    HMAP_FOR_EACH_SAFE (move, node, &topo->moves) {
        hmap_remove(&topo->moves, &move->node);
        free(move);
    }
    hmap_destroy(&topo->moves);
    topo_held_uninit(topo);
    topo_edge_kinds_destroy(topo);
    SHASH_FOR_EACH (string, &topo->strings) {
        topo_text_unref(string->data);
    }
    shash_destroy(&topo->strings);
    topo_text_unref(topo->host);
    free(topo);
}

uint64_t
topo_seqno(const struct topo *topo)
{
    return topo->seqno;
}

bool
topo_run(struct topo *topo)
{
    if (!topo->loaded) {
        topo_render(topo);
    }
    if (!topo->changed) {
        return false;
    }
    topo->changed = false;
    topo->seqno++;
    return true;
}

bool
topo_is_switch_here(const struct topo *topo)
{
    return !topo->switch_netns || topo->switch_netns == topo->host_netns;
}

struct topo_node *
topo_find_host_link(const struct topo *topo, int ifindex)
{
    struct topo_key key = topo_key_link(topo->host_netns, ifindex);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    return ent ? ent->node : NULL;
}

void
topo_load_node(struct topo *topo, const char *host, const char *id,
               const char *type, const char *name, struct topo_map *meta)
{
    struct topo_node *node = topo_find_node(topo, id);

    topo->loaded = true;
    if (node) {
        topo_node_remove(topo, node);
    }
    node = topo_node_add(topo, host, id);
    node->type = topo_intern(topo, type);
    node->name = topo_text_new(name);
    node->meta = *meta;
    topo_map_init(meta);
    topo_order_enter(topo, node);
    topo_index_update(topo, node);
}
