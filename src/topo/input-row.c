/* input-row.c -- what OVS says, row by row, as entities.
 *
 * Called by the database room.  As in input.c nothing here touches the graph.
 * Rows may come before the rows that they refer to.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include "base/ovs.h"

void
topo_put_host(struct topo *topo, struct topo_map *meta)
{
    struct topo_key key = { TOPO_KEY_HOST, 0, 0 };
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    if (!topo_map_equal(&ent->meta, meta)) {
        topo_map_uninit(&ent->meta);
        topo_map_clone(&ent->meta, meta);
        topo_ent_touch(topo, ent);
    }
    topo_map_uninit(meta);
}

/* The row that owns 'ent', a port or an interface; NULL: it is neither. */
static struct uuid *
owner_of(struct topo_ent *ent)
{
    return (ent->kind == TOPO_ENT_PORT ? &ent->port.bridge
            : ent->kind == TOPO_ENT_INTF ? &ent->intf.port : NULL);
}

static bool
set_row(struct topo *topo, struct topo_ent *ent, const char *name,
        const struct uuid *owner)
{
    bool changed = topo_set_present(ent);

    changed |= topo_ent_set_name(topo, ent, name);
    if (owner && !uuid_equals(owner_of(ent), owner)) {
        *owner_of(ent) = *owner;
        changed = true;
    }
    if (changed) {
        /* What hangs on it tells its name. */
        topo_announce_key(topo, &ent->key);
    }
    return changed;
}

static void
put_row(struct topo *topo, enum topo_ent_kind kind, const struct uuid *uuid,
        const char *name, const struct uuid *owner, struct topo_map *meta)
{
    const char *type = kind == TOPO_ENT_BRIDGE ? "ovsbridge" : "ovsport";
    struct topo_ent *ent = topo_obtain_row(topo, kind, uuid);

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    bool changed = set_row(topo, ent, name, owner);

    if (topo_set_meta(ent, meta, type) || changed) {
        topo_ent_touch(topo, ent);
    }
}

void
topo_put_bridge(struct topo *topo, const struct topo_bridge_in *in,
                struct topo_map *meta)
{
    put_row(topo, TOPO_ENT_BRIDGE, &in->uuid, in->name, NULL, meta);
}

void
topo_put_port(struct topo *topo, const struct topo_port_in *in,
              struct topo_map *meta)
{
    put_row(topo, TOPO_ENT_PORT, &in->uuid, in->name, &in->bridge, meta);
}

void
topo_put_intf(struct topo *topo, const struct topo_intf_in *in,
              struct topo_map *meta)
{
    struct topo_ent *ent = topo_obtain_row(topo, TOPO_ENT_INTF, &in->uuid);

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    struct topo_ent_intf *intf = &ent->intf;
    bool changed = set_row(topo, ent, in->name, &in->port);

    changed |= topo_set_string(&intf->type, in->type ? in->type : "");
    changed |= topo_set_string(&intf->patch_peer, in->patch_peer);
    if (intf->ifindex != in->ifindex) {
        intf->ifindex = in->ifindex;
        changed = true;
    }
    if (intf->ifindex) {
        intf->last_ifindex = intf->ifindex;
    }
    if (changed) {
        /* A patch port's peer, and who claims the same link. */
        topo_announce(topo, topo_topic_name(ent->name));
        if (intf->link) {
            topo_announce_key(topo, &intf->link->key);
        }
    }
    if (topo_set_meta(ent, meta, intf->type[0] ? intf->type : "system")
        || changed) {
        topo_ent_touch(topo, ent);
    }
}

void
topo_del_ovs(struct topo *topo, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);

    topo_set_absent(topo, topo_ent_lookup(topo, &key));
}

const struct uuid *
topo_owner_of(const struct topo *topo, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);
    struct topo_ent *ent = topo_ent_find(topo, &key);

    return ent ? owner_of(ent) : NULL;
}
