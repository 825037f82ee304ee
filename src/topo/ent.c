/* ent.c -- entities: how they begin, and what inputs make of them.
 *
 * Called by input.c, join.c and render.c; see inside.h.  Invariant: an entity
 * is in the index of its name exactly while it has one.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include "base/ovs.h"

struct topo_ent *
topo_ent_lookup(const struct topo *topo, const struct topo_key *key)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH_WITH_HASH (ent, key_node, topo_key_hash(key),
                             &topo->ents) {
        if (topo_key_equal(&ent->key, key)) {
            return ent;
        }
    }
    return NULL;
}

struct topo_ent *
topo_ent_find(const struct topo *topo, const struct topo_key *key)
{
    struct topo_ent *ent = topo_ent_lookup(topo, key);

    return ent && ent->present ? ent : NULL;
}

/* There are tens of thousands of links: an entity has room for its own kind
 * only. */
static size_t
size_of(enum topo_ent_kind kind)
{
    switch (kind) {
    case TOPO_ENT_HOST:
    case TOPO_ENT_BRIDGE:
        break;
    case TOPO_ENT_NETNS:
        return OFFSETOFEND(struct topo_ent, netns);
    case TOPO_ENT_LINK:
        return OFFSETOFEND(struct topo_ent, link);
    case TOPO_ENT_PORT:
        return OFFSETOFEND(struct topo_ent, port);
    case TOPO_ENT_INTF:
        return OFFSETOFEND(struct topo_ent, intf);
    case TOPO_ENT_MIRROR:
        return OFFSETOFEND(struct topo_ent, mirror);
    }
    return OFFSETOFEND(struct topo_ent, meta);
}

struct topo_ent *
topo_ent_create(struct topo *topo, enum topo_ent_kind kind,
                const struct topo_key *key)
{
    struct topo_ent *ent = xzalloc(size_of(kind));

    ent->key = *key;
    ent->kind = kind;
    ovs_list_init(&ent->dirty_node);
    if (kind == TOPO_ENT_NETNS) {
        ovs_list_init(&ent->netns.links);
    }
    hmap_insert(&topo->ents, &ent->key_node, topo_key_hash(key));
    return ent;
}

/* The entity of a row; one of another kind, whose UUID was reused, cannot be:
 * OVSDB's are random. */
struct topo_ent *
topo_obtain_row(struct topo *topo, enum topo_ent_kind kind,
                const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    if (!ent) {
        ent = topo_ent_create(topo, kind, &key);
    }
    return ent->kind == kind ? ent : NULL;
}

/* The index of names that 'ent' is in, and its node there; NULL: none. */
static struct hmap *
name_index(struct topo *topo, struct topo_ent *ent, struct hmap_node **node)
{
    if (ent->kind == TOPO_ENT_LINK) {
        *node = &ent->link.name_node;
        return &topo->links_by_name;
    } else if (ent->kind == TOPO_ENT_INTF) {
        *node = &ent->intf.name_node;
        return &topo->intfs_by_name;
    }
    return NULL;
}

/* Names 'ent', or takes its name with a NULL 'name'.  Those who follow the old
 * or the new name are told.  True if it is another. */
bool
topo_ent_set_name(struct topo *topo, struct topo_ent *ent, const char *name)
{
    struct hmap_node *node;
    struct hmap *index = name_index(topo, ent, &node);

    if (topo_same_string(ent->name, name)) {
        return false;
    }
    if (index && ent->name) {
        hmap_remove(index, node);
        topo_announce(topo, topo_topic_name(ent->name));
    }
    topo_text_unref(ent->name);
    ent->name = name ? topo_text_new(name) : NULL;
    if (index && ent->name) {
        hmap_insert(index, node, hash_string(ent->name, 0));
        topo_announce(topo, topo_topic_name(ent->name));
    }
    return true;
}

/* Takes '*meta', with the name of 'ent' and 'type' added, which its node will
 * most often show.  True if it is new. */
bool
topo_set_meta(struct topo_ent *ent, struct topo_map *meta, const char *type)
{
    topo_map_put_text(meta, "Name", ent->name);
    topo_map_put_string(meta, "Type", type);

    bool changed = !topo_map_equal(&ent->meta, meta);

    if (changed) {
        struct topo_map old = ent->meta;

        topo_map_trim(meta);
        ent->meta = *meta;
        *meta = old;
    }
    topo_map_uninit(meta);
    return changed;
}

/* Marks 'ent' as put.  True if it was not there. */
bool
topo_set_present(struct topo_ent *ent)
{
    bool appears = !ent->present;

    ent->present = true;
    ent->stale = false;
    return appears;
}

void
topo_set_absent(struct topo *topo, struct topo_ent *ent)
{
    if (ent && ent->present) {
        ent->present = false;
        topo_ent_touch(topo, ent);
        topo_announce_key(topo, &ent->key);
    }
}

/* The host's own needs no telling. */
bool
topo_is_known_netns(const struct topo *topo, const struct topo_ent *netns)
{
    return netns->present || netns->key.a == topo->host_netns;
}
