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

/* Of a row. */
struct uuid
topo_key_uuid(const struct topo_key *key)
{
    struct uuid uuid;

    memcpy(&uuid.parts[0], &key->a, sizeof key->a);
    memcpy(&uuid.parts[2], &key->b, sizeof key->b);
    return uuid;
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

/* From so many on their number is rounded up to a power of two. */
enum { MANY_FOLLOWS = 8 };

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
    topo_text_unref(ent->name);
    ent->name = name ? topo_text_new(name) : NULL;
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
destroy_intf(struct topo_ent_intf *intf)
{
    ovs_assert(!intf->link);
    topo_text_unref(intf->type);
    topo_text_unref(intf->patch_peer);
}

void
topo_ent_destroy(struct topo *topo, struct topo_ent *ent)
{
    ovs_assert(!ent->node);
    topo_ent_set_name(topo, ent, NULL);
    topo_unfollow(topo, &ent->wants);
    topo_edge_release(topo, &ent->wants);
    ovs_list_remove(&ent->dirty_node);
    switch (ent->kind) {
    case TOPO_ENT_HOST:
    case TOPO_ENT_BRIDGE:
    case TOPO_ENT_PORT:
        break;
    case TOPO_ENT_NETNS:
        ovs_assert(ovs_list_is_empty(&ent->netns.links));
        topo_text_unref(ent->netns.path);
        break;
    case TOPO_ENT_LINK:
        destroy_link(&ent->link);
        break;
    case TOPO_ENT_INTF:
        destroy_intf(&ent->intf);
        break;
    case TOPO_ENT_MIRROR:
        topo_mirror_uninit(topo, ent);
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

/* Makes room for one more of 'follows': of few for no more, for what is left
 * over of very many entities adds up; of many (a mirror's ports) for twice as
 * many.  Two that are neighbours in a topic may both move. */
static void
grow_follows(struct topo_wants *wants)
{
    size_t n = wants->n_follows;

    if (n >= MANY_FOLLOWS && !is_pow2(n)) {
        return;                 /* There is room. */
    }

    struct topo_follow *grown = xmalloc((n < MANY_FOLLOWS ? n + 1 : 2 * n)
                                        * sizeof *grown);

    for (size_t i = 0; i < n; i++) {
        grown[i].ent = wants->follows[i].ent;
        ovs_list_replace(&grown[i].node, &wants->follows[i].node);
    }
    free(wants->follows);
    wants->follows = grown;
}

void
topo_follow(struct topo *topo, struct topo_ent *ent, uint32_t hash)
{
    struct topo_wants *wants = &ent->wants;
    struct topo_topic *topic = find_topic(topo, hash);

    if (!topic) {
        topic = xmalloc(sizeof *topic);
        ovs_list_init(&topic->follows);
        hmap_insert(&topo->topics, &topic->node, hash);
    }
    grow_follows(wants);

    struct topo_follow *follow = &wants->follows[wants->n_follows++];

    follow->ent = ent;
    ovs_list_push_back(&topic->follows, &follow->node);
}

void
topo_follow_key(struct topo *topo, struct topo_ent *ent,
                const struct topo_key *key)
{
    topo_follow(topo, ent, topo_key_hash(key));
}

void
topo_unfollow(struct topo *topo, struct topo_wants *wants)
{
    for (size_t i = 0; i < wants->n_follows; i++) {
        struct ovs_list *node = &wants->follows[i].node;

        if (node->prev == node->next) {
            /* The last one: what is around it is the topic's head. */
            struct topo_topic *topic = CONTAINER_OF(node->next,
                                                    struct topo_topic,
                                                    follows);

            hmap_remove(&topo->topics, &topic->node);
            free(topic);
        } else {
            ovs_list_remove(node);
        }
    }
    free(wants->follows);
    wants->follows = NULL;
    wants->n_follows = 0;
}

/* Which nodes there are only decides on edges: who is of the batch that is
 * being shown gets those later anyway. */
void
topo_announce(struct topo *topo, uint32_t hash)
{
    struct topo_topic *topic = find_topic(topo, hash);
    struct topo_follow *follow;

    if (topic) {
        LIST_FOR_EACH (follow, node, &topic->follows) {
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
