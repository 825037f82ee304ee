/* db-topo.c -- what Open_vSwitch says of bridges, ports, interfaces, mirrors.
 *
 * Called by the daemon through db_update_topo(), with every change.  A port
 * does not say which bridge it is on (the bridge lists its ports), so 'owned'
 * remembers the owner of each row; with that a change costs what changed, not
 * what there is.  The invariant: the topology has what the IDL had at the last
 * call, also after a reconnect, which goes the same way with everything new.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db-private.h"
#include "base/ovs.h"
#include "ovsdb/db-rows.h"
#include "topo/topo.h"

/* A port of a bridge, an interface of a port, a mirror of a bridge. */
struct owned {
    struct hmap_node node;      /* In db's 'owned', by 'uuid'. */
    struct uuid uuid;           /* Of the row. */
    struct uuid owner;          /* Of the row that lists it. */
};

/* ## Who owns what. ## */

void
db_topo_init(struct db *db)
{
    hmap_init(&db->owned);
}

static void
clear_owned(struct db *db)
{
    struct owned *o;

    HMAP_FOR_EACH_POP (o, node, &db->owned) {
        free(o);
    }
}

void
db_topo_uninit(struct db *db)
{
    clear_owned(db);
    hmap_destroy(&db->owned);
}

static struct owned *
find_owned(const struct db *db, const struct uuid *uuid)
{
    struct owned *o;

    HMAP_FOR_EACH_WITH_HASH (o, node, uuid_hash(uuid), &db->owned) {
        if (uuid_equals(&o->uuid, uuid)) {
            return o;
        }
    }
    return NULL;
}

/* Returns true if that is new. */
static bool
set_owner(struct db *db, const struct uuid *uuid, const struct uuid *owner)
{
    struct owned *o = find_owned(db, uuid);

    if (!o) {
        o = xmalloc(sizeof *o);
        o->uuid = *uuid;
        hmap_insert(&db->owned, &o->node, uuid_hash(uuid));
    } else if (uuid_equals(&o->owner, owner)) {
        return false;
    }
    o->owner = *owner;
    return true;
}

static void
forget(struct db *db, struct topo *topo, const struct uuid *uuid)
{
    struct owned *o = find_owned(db, uuid);

    if (o) {
        hmap_remove(&db->owned, &o->node);
        free(o);
    }
    topo_del_ovs(topo, uuid);
}

/* ## Changes. ## */

/* Puts the interfaces that are new on 'port'. */
static void
put_intfs_of(struct db *db, struct topo *topo, const struct vswrec_port *port)
{
    const struct uuid *uuid = &port->header_.uuid;

    for (size_t i = 0; i < port->n_interfaces; i++) {
        const struct vswrec_interface *intf = port->interfaces[i];

        if (set_owner(db, &intf->header_.uuid, uuid)) {
            db_put_intf(topo, intf, uuid);
        }
    }
}

/* Puts the ports that are new on 'br', and all of its mirrors, which may be of
 * all ports. */
static void
put_children_of(struct db *db, struct topo *topo,
                const struct vswrec_bridge *br)
{
    const struct uuid *uuid = &br->header_.uuid;

    for (size_t i = 0; i < br->n_ports; i++) {
        const struct vswrec_port *port = br->ports[i];

        if (set_owner(db, &port->header_.uuid, uuid)) {
            db_put_port(topo, port, uuid);
            put_intfs_of(db, topo, port);
        }
    }
    for (size_t i = 0; i < br->n_mirrors; i++) {
        set_owner(db, &br->mirrors[i]->header_.uuid, uuid);
        db_put_mirror(topo, br->mirrors[i], br);
    }
}

static void
put_everything(struct db *db, struct topo *topo)
{
    const struct vswrec_bridge *br;

    db_put_host(topo, vswrec_open_vswitch_first(db->ovs.idl));
    topo_begin_ovs(topo);
    clear_owned(db);
    VSWREC_BRIDGE_FOR_EACH (br, db->ovs.idl) {
        db_put_bridge(topo, br);
        put_children_of(db, topo, br);
    }
    topo_end_ovs(topo);
}

/* A tracked row says which UUID to look at: what is not there now is gone.
 * (A row that was deleted and read again at a reconnect is tracked twice.) */
static void
update_bridges(struct db *db, struct topo *topo)
{
    const struct vswrec_bridge *row;

    VSWREC_BRIDGE_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_bridge *br
            = vswrec_bridge_get_for_uuid(db->ovs.idl, uuid);

        if (!br) {
            forget(db, topo, uuid);
        } else if (vswrec_bridge_is_new(br)
                   || vswrec_bridge_is_updated(br, VSWREC_BRIDGE_COL_PORTS)
                   || vswrec_bridge_is_updated(br,
                                               VSWREC_BRIDGE_COL_MIRRORS)) {
            db_put_bridge(topo, br);
            put_children_of(db, topo, br);
        } else {
            db_put_bridge(topo, br);
        }
    }
}

/* Rows that bridges refer to, which are few as bridges are, and the host's. */
static void
update_services(struct db *db, struct topo *topo)
{
    struct ovsdb_idl *idl = db->ovs.idl;
    const struct vswrec_bridge *br;

    if (vswrec_open_vswitch_track_get_first(idl)) {
        db_put_host(topo, vswrec_open_vswitch_first(idl));
    }
    if (vswrec_sflow_track_get_first(idl)
        || vswrec_netflow_track_get_first(idl)
        || vswrec_ipfix_track_get_first(idl)
        || vswrec_controller_track_get_first(idl)) {
        VSWREC_BRIDGE_FOR_EACH (br, idl) {
            db_put_bridge(topo, br);
        }
    }
}

static void
update_ports(struct db *db, struct topo *topo)
{
    const struct vswrec_port *row;

    VSWREC_PORT_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_port *port
            = vswrec_port_get_for_uuid(db->ovs.idl, uuid);
        const struct owned *o = find_owned(db, uuid);

        if (!port) {
            forget(db, topo, uuid);
        } else if (o) {
            db_put_port(topo, port, &o->owner);
            put_intfs_of(db, topo, port);
        }
    }
}

static void
update_intfs(struct db *db, struct topo *topo)
{
    const struct vswrec_interface *row;

    VSWREC_INTERFACE_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_interface *intf
            = vswrec_interface_get_for_uuid(db->ovs.idl, uuid);
        const struct owned *o = find_owned(db, uuid);

        if (!intf) {
            forget(db, topo, uuid);
        } else if (o) {
            db_put_intf(topo, intf, &o->owner);
        }
    }
}

static void
update_mirrors(struct db *db, struct topo *topo)
{
    const struct vswrec_mirror *row;

    VSWREC_MIRROR_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_mirror *m
            = vswrec_mirror_get_for_uuid(db->ovs.idl, uuid);
        const struct owned *o = find_owned(db, uuid);
        const struct vswrec_bridge *br
            = o ? vswrec_bridge_get_for_uuid(db->ovs.idl, &o->owner) : NULL;

        if (!m) {
            forget(db, topo, uuid);
        } else if (br) {
            db_put_mirror(topo, m, br);
        }
    }
}

void
db_update_topo(struct db *db, struct topo *topo)
{
    if (!db->ovs.synced) {
        return;
    }
    if (db->topo != topo || db->topo_generation != db->ovs.generation) {
        put_everything(db, topo);
        db->topo = topo;
        db->topo_generation = db->ovs.generation;
    } else {
        update_services(db, topo);
        update_bridges(db, topo);
        update_ports(db, topo);
        update_intfs(db, topo);
        update_mirrors(db, topo);
    }
    ovsdb_idl_track_clear(db->ovs.idl);
}
