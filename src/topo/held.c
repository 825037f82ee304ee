/* held.c -- what the switch is known to hold in other namespaces.  See
 * topo_set_held().
 *
 * Names there are of those who live there.  So an interface is only looked for
 * among the devices that the switch holds; and where one of these and one
 * interface are left over, they belong together, whatever the name.
 *
 * Called by join.c.  Invariant: what has once been found out by leaving over
 * stays while the switch holds the device.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

static struct topo_held *
find_held(const struct topo *topo, const struct topo_key *key)
{
    struct topo_held *held;

    HMAP_FOR_EACH_WITH_HASH (held, node, topo_key_hash(key), &topo->held) {
        if (topo_key_equal(&held->key, key)) {
            return held;
        }
    }
    return NULL;
}

bool
topo_is_held(const struct topo *topo, const struct topo_ent *link)
{
    return find_held(topo, &link->key) != NULL;
}

struct topo_ent *
topo_find_left_over(const struct topo *topo, const struct topo_ent *intf)
{
    struct topo_held *held;

    HMAP_FOR_EACH (held, node, &topo->held) {
        if (held->is_known && topo_key_equal(&held->intf, &intf->key)) {
            return topo_ent_find(topo, &held->key);
        }
    }
    return NULL;
}

size_t
topo_n_lacking(const struct topo *topo)
{
    return topo->n_lacking;
}

void
topo_note_lacking(struct topo *topo, struct topo_ent *intf, bool lacking)
{
    if (lacking != intf->intf.lacking) {
        intf->intf.lacking = lacking;
        topo->n_lacking += lacking ? 1 : -1;
    }
}

void
topo_let_go(struct topo *topo, const struct topo_key *key)
{
    struct topo_held *held = find_held(topo, key);

    if (held) {
        hmap_remove(&topo->held, &held->node);
        free(held);
    }
}

/* An interface that went has let go of its device. */
static bool
is_taken(const struct topo *topo, const struct topo_held *held)
{
    const struct topo_ent *link = topo_ent_find(topo, &held->key);

    return ((held->is_known && topo_ent_find(topo, &held->intf))
            || (link && link->link.intf));
}

/* The one device that no interface is, or NULL: there are none or more. */
static struct topo_held *
find_free(const struct topo *topo)
{
    struct topo_held *held, *found = NULL;

    HMAP_FOR_EACH (held, node, &topo->held) {
        if (!is_taken(topo, held)) {
            if (found) {
                return NULL;
            }
            found = held;
        }
    }
    return found;
}

/* The interface that alone has no device. */
static const struct topo_ent *
find_lacking(const struct topo *topo)
{
    const struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        if (ent->kind == TOPO_ENT_INTF && ent->intf.lacking) {
            return ent;
        }
    }
    return NULL;
}

static void
match_left_over(struct topo *topo)
{
    struct topo_held *held = topo->n_lacking == 1 ? find_free(topo) : NULL;
    const struct topo_ent *intf = held ? find_lacking(topo) : NULL;

    if (intf) {
        held->intf = intf->key;
        held->is_known = true;
    }
}

void
topo_set_held(struct topo *topo, const struct topo_device *devices, size_t n)
{
    struct topo_held *held;

    HMAP_FOR_EACH (held, node, &topo->held) {
        held->stale = true;
    }
    for (size_t i = 0; i < n; i++) {
        struct topo_key key = topo_key_link(devices[i].netns,
                                            devices[i].ifindex);

        held = find_held(topo, &key);
        if (!held) {
            held = xzalloc(sizeof *held);
            held->key = key;
            hmap_insert(&topo->held, &held->node, topo_key_hash(&key));
        }
        held->stale = false;
    }
    HMAP_FOR_EACH_SAFE (held, node, &topo->held) {
        if (held->stale) {
            topo_announce_key(topo, &held->key);
            hmap_remove(&topo->held, &held->node);
            free(held);
        }
    }
    match_left_over(topo);
    topo_announce(topo, topo_topic_name(TOPO_NAME_HELD));
}

void
topo_held_uninit(struct topo *topo)
{
    struct topo_held *held;

    HMAP_FOR_EACH_SAFE (held, node, &topo->held) {
        hmap_remove(&topo->held, &held->node);
        free(held);
    }
    hmap_destroy(&topo->held);
}
