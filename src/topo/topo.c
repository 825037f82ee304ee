/* topo.c -- a topology: its life, and reading it.
 *
 * inside.h says how it works.  Nothing here knows what a link or a bridge is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/topo.h"
#include <stdlib.h>
#include <string.h>
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

/* Every entity lets go of its node and its partner first, so that they can be
 * freed in any order, but for the namespaces, which come last. */
static void
destroy_ents(struct topo *topo)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        ent->node = NULL;
        if (ent->kind == TOPO_ENT_LINK) {
            ent->link.intf = NULL;
        } else if (ent->kind == TOPO_ENT_INTF) {
            ent->intf.link = NULL;
        }
    }
    HMAP_FOR_EACH_SAFE (ent, key_node, &topo->ents) {
        if (ent->kind != TOPO_ENT_NETNS) {
            topo_ent_destroy(topo, ent);
        }
    }
    HMAP_FOR_EACH_SAFE (ent, key_node, &topo->ents) {
        topo_ent_destroy(topo, ent);
    }
    hmap_destroy(&topo->ents);
    hmap_destroy(&topo->links_by_name);
    hmap_destroy(&topo->intfs_by_name);
    hmap_destroy(&topo->selections);
    hmap_destroy(&topo->topics);
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
    destroy_ents(topo);
    HMAP_FOR_EACH_SAFE (move, node, &topo->moves) {
        hmap_remove(&topo->moves, &move->node);
        free(move);
    }
    hmap_destroy(&topo->moves);
    topo_edge_kinds_destroy(topo);
    SHASH_FOR_EACH (string, &topo->strings) {
        topo_text_unref(string->data);
    }
    shash_destroy(&topo->strings);
    topo_text_unref(topo->host);
    free(topo);
}

const char *
topo_host(const struct topo *topo)
{
    return topo->host;
}

uint64_t
topo_seqno(const struct topo *topo)
{
    return topo->seqno;
}

/* A name-based UUID (RFC 4122, version 5) whose name has the lengths in it, so
 * that no two lists of arguments give one name. */
struct topo_id
topo_make_id(const char *host, const char *kind, const char *key)
{
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct ds name = DS_EMPTY_INITIALIZER;
    struct topo_id id;
    struct uuid uuid;

    ds_reserve(&name, 256);
    ds_put_format(&name, "ovspan %"PRIuSIZE" %s %"PRIuSIZE" %s %s",
                  strlen(host), host, strlen(kind), kind, key);
    sha1_bytes(name.string, name.length, digest);
    ds_destroy(&name);
    for (int i = 0; i < 4; i++) {
        uuid.parts[i] = ntohl(get_unaligned_be32(
            ALIGNED_CAST(ovs_be32 *, &digest[i * 4])));
    }
    uuid.parts[1] = (uuid.parts[1] & ~0xf000u) | 0x5000u;
    uuid.parts[2] = (uuid.parts[2] & ~0xc0000000u) | 0x80000000u;
    snprintf(id.text, sizeof id.text, UUID_FMT, UUID_ARGS(&uuid));
    return id;
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

struct topo_node *
topo_find_node(const struct topo *topo, const char *id)
{
    struct topo_node *node;

    HMAP_FOR_EACH_WITH_HASH (node, id_node, hash_string(id, 0),
                             &topo->nodes) {
        if (!strcmp(node->id, id)) {
            return node;
        }
    }
    return NULL;
}

struct topo_node *
topo_find_link(const struct topo *topo, topo_cookie cookie, int ifindex)
{
    struct topo_key key = topo_key_link(cookie, ifindex);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    return ent ? ent->node : NULL;
}

bool
topo_is_switch_here(const struct topo *topo)
{
    return !topo->switch_netns || topo->switch_netns == topo->host_netns;
}

struct topo_node *
topo_find_host_link(const struct topo *topo, int ifindex)
{
    return topo_find_link(topo, topo->host_netns, ifindex);
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
