/* follow.c -- who follows whom, and who waits to be rendered.
 *
 * Called by whoever changes an entity, and by renderers for what they look at;
 * see inside.h.  Invariant: who is dirty is in the list of those that wait.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include "base/ovs.h"

/* From so many on their number is rounded up to a power of two. */
enum { MANY_FOLLOWS = 8 };

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
