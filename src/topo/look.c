/* look.c -- what renderers look at, and what they make of it.
 *
 * Called by render.c, render-row.c and mirror.c.  Invariant: what an entity
 * looks at while it is rendered it follows.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <string.h>
#include "base/ovs.h"

/* The node of the entity 'key', or NULL; 'ent' will know when that changes. */
struct topo_node *
topo_node_of(struct topo *topo, struct topo_ent *ent,
             const struct topo_key *key)
{
    struct topo_ent *other = topo_ent_find(topo, key);

    topo_follow_key(topo, ent, key);
    return other ? other->node : NULL;
}

/* The present row 'uuid' of OVS, or NULL; 'ent' will know. */
struct topo_ent *
topo_row_of(struct topo *topo, struct topo_ent *ent, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);

    topo_follow_key(topo, ent, &key);
    return topo_ent_find(topo, &key);
}

/* It is there before anybody holds an edge, and for good. */
struct topo_node *
topo_host_node(const struct topo *topo)
{
    struct topo_key key = { TOPO_KEY_HOST, 0, 0 };

    return topo_ent_lookup(topo, &key)->node;
}

/* Holds an edge if both its ends are there. */
void
topo_hold(struct topo *topo, struct topo_ent *ent, struct topo_node *parent,
          struct topo_node *child, const char *relation, const char *type)
{
    if (parent && child && parent != child) {
        topo_edge_hold(topo, ent, parent, child, relation, type, NULL);
    }
}

/* 'meta' of 'ent' with that name and type; the caller uninits it.  It mostly
 * has them (see topo_set_meta()), and then shares its memory with what was
 * put. */
struct topo_map
topo_complete_meta(const struct topo_ent *ent, const char *name,
                   const char *type)
{
    const char *old_name = topo_map_find_string(&ent->meta, "Name");
    const char *old_type = topo_map_find_string(&ent->meta, "Type");
    struct topo_map meta;

    topo_map_clone(&meta, &ent->meta);
    if (!old_name || strcmp(old_name, name)) {
        topo_map_put_string(&meta, "Name", name);
    }
    if (!old_type || strcmp(old_type, type)) {
        topo_map_put_string(&meta, "Type", type);
    }
    return meta;
}
