/* ent.c -- entities, what they are found by, and who follows whom.
 *
 * Called by input.c, join.c and render.c; see inside.h.  Invariant: an entity
 * is in the index of its name exactly while it has one.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

struct topo_key
topo_key_netns(topo_cookie cookie)
{
    return (struct topo_key) { TOPO_KEY_NETNS, cookie, 0 };
}

struct topo_key
topo_key_link(topo_cookie cookie, int ifindex)
{
    return (struct topo_key) { TOPO_KEY_LINK, cookie, ifindex };
}

struct topo_key
topo_key_row(const struct uuid *uuid)
{
    struct topo_key key = { TOPO_KEY_ROW, 0, 0 };

    BUILD_ASSERT(sizeof *uuid == sizeof key.a + sizeof key.b);
    memcpy(&key.a, &uuid->parts[0], sizeof key.a);
    memcpy(&key.b, &uuid->parts[2], sizeof key.b);
    return key;
}

bool
topo_key_equal(const struct topo_key *a, const struct topo_key *b)
{
    return a->space == b->space && a->a == b->a && a->b == b->b;
}

uint32_t
topo_key_hash(const struct topo_key *key)
{
    return hash_uint64_basis(key->a, hash_uint64_basis(key->b, key->space));
}

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
    return (kind == TOPO_ENT_LINK
            ? offsetof(struct topo_ent, link) + sizeof(struct topo_ent_link)
            : sizeof(struct topo_ent));
}

struct topo_ent *
topo_ent_create(struct topo *topo, enum topo_ent_kind kind,
                const struct topo_key *key)
{
    struct topo_ent *ent = xzalloc(size_of(kind));

    ent->key = *key;
    ent->kind = kind;
    ovs_list_init(&ent->dirty_node);
    ovs_list_init(&ent->follows);
    ovs_list_init(&ent->holds);
    if (kind == TOPO_ENT_NETNS) {
        ovs_list_init(&ent->netns.links);
    }
    hmap_insert(&topo->ents, &ent->key_node, topo_key_hash(key));
    return ent;
}

/* The index of names that 'ent' is in, and its node there; NULL: none. */
static struct hmap *
name_index(struct topo *topo, struct topo_ent *ent, struct hmap_node **node)
{
    if (ent->kind == TOPO_ENT_LINK) {
        *node = &ent->link.name_node;
        return &topo->links_by_name;
    } else if (ent->kind == TOPO_ENT_INTF) {
        *node = &ent->row.name_node;
        return &topo->intfs_by_name;
    }
    return NULL;
}

/* Names 'ent', or takes its name with a NULL 'name'.  Those who follow the old
 * or the new name are told. */
void
topo_ent_set_name(struct topo *topo, struct topo_ent *ent, const char *name)
{
    struct hmap_node *node;
    struct hmap *index = name_index(topo, ent, &node);

    if (index && ent->name) {
        hmap_remove(index, node);
        topo_announce(topo, topo_topic_name(ent->name));
    }
    free(ent->name);
    ent->name = nullable_xstrdup(name);
    if (index && ent->name) {
        hmap_insert(index, node, hash_string(ent->name, 0));
        topo_announce(topo, topo_topic_name(ent->name));
    }
}

static void
destroy_link(struct topo_ent_link *link)
{
    ovs_assert(!link->intf);
    ovs_list_remove(&link->netns_node);
}

static void
destroy_row(struct topo_ent_row *row)
{
    ovs_assert(!row->link);
    free(row->type);
    free(row->mac_in_use);
    free(row->attached_mac);
    free(row->patch_peer);
    free(row->selected);
}

void
topo_ent_destroy(struct topo *topo, struct topo_ent *ent)
{
    ovs_assert(!ent->node);
    topo_ent_set_name(topo, ent, NULL);
    topo_unfollow(topo, &ent->follows);
    topo_edge_release(topo, &ent->holds);
    ovs_list_remove(&ent->dirty_node);
    switch (ent->kind) {
    case TOPO_ENT_HOST:
        break;
    case TOPO_ENT_NETNS:
        ovs_assert(ovs_list_is_empty(&ent->netns.links));
        free(ent->netns.path);
        break;
    case TOPO_ENT_LINK:
        destroy_link(&ent->link);
        break;
    case TOPO_ENT_BRIDGE:
    case TOPO_ENT_PORT:
    case TOPO_ENT_INTF:
    case TOPO_ENT_MIRROR:
        destroy_row(&ent->row);
        break;
    }
    hmap_remove(&topo->ents, &ent->key_node);
    topo_map_uninit(&ent->meta);
    free(ent);
}

/* The host's own needs no telling. */
bool
topo_is_known_netns(const struct topo *topo, const struct topo_ent *netns)
{
    return netns->present || netns->key.a == topo->host_netns;
}

/* One of the batch that is rendered leaves it. */
void
topo_ent_touch(struct topo *topo, struct topo_ent *ent)
{
    if (!ent->dirty) {
        ent->dirty = true;
        ent->batched = false;
        ovs_list_remove(&ent->dirty_node);
        ovs_list_push_back(&topo->dirty, &ent->dirty_node);
    }
}

uint32_t
topo_topic_name(const char *name)
{
    return hash_string(name, 1);
}

static struct topo_topic *
find_topic(const struct topo *topo, uint32_t hash)
{
    struct hmap_node *node = hmap_first_with_hash(&topo->topics, hash);

    return node ? CONTAINER_OF(node, struct topo_topic, node) : NULL;
}

void
topo_follow(struct topo *topo, struct topo_ent *ent, uint32_t hash)
{
    struct topo_topic *topic = find_topic(topo, hash);
    struct topo_follow *follow = xmalloc(sizeof *follow);

    if (!topic) {
        topic = xmalloc(sizeof *topic);
        ovs_list_init(&topic->follows);
        hmap_insert(&topo->topics, &topic->node, hash);
    }
    follow->ent = ent;
    follow->topic = topic;
    ovs_list_push_back(&ent->follows, &follow->ent_node);
    ovs_list_push_back(&topic->follows, &follow->topic_node);
}

void
topo_follow_key(struct topo *topo, struct topo_ent *ent,
                const struct topo_key *key)
{
    topo_follow(topo, ent, topo_key_hash(key));
}

void
topo_unfollow(struct topo *topo, struct ovs_list *follows)
{
    struct topo_follow *follow;

    LIST_FOR_EACH_POP (follow, ent_node, follows) {
        struct topo_topic *topic = follow->topic;

        ovs_list_remove(&follow->topic_node);
        if (ovs_list_is_empty(&topic->follows)) {
            hmap_remove(&topo->topics, &topic->node);
            free(topic);
        }
        free(follow);
    }
}

/* Which nodes there are only decides on edges: who is of the batch that is
 * being shown gets those later anyway. */
void
topo_announce(struct topo *topo, uint32_t hash)
{
    struct topo_topic *topic = find_topic(topo, hash);
    struct topo_follow *follow;

    if (topic) {
        LIST_FOR_EACH (follow, topic_node, &topic->follows) {
            if (!topo->showing || !follow->ent->batched) {
                topo_ent_touch(topo, follow->ent);
            }
        }
    }
}

void
topo_announce_key(struct topo *topo, const struct topo_key *key)
{
    topo_announce(topo, topo_key_hash(key));
}
