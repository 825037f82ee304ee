/* topo.c -- what Open_vSwitch says of bridges, ports, interfaces, mirrors.
 *
 * Called by the daemon through db_update_topo(), with every change.  A port
 * does not say which bridge it is on: the bridge lists its ports, which may be
 * very many.  The topology remembers where a row was put, and 'listed' what a
 * bridge listed, so that a change costs what changed, not what there is.  The
 * invariant: the topology has what the IDL had at the last call, also after a
 * reconnect, which goes the same way with everything new.
 *
 * Nothing keeps users from listing a port in two bridges, or an interface in
 * two ports, for a while: it is then where the UUID is the least.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "ovsdb/db/rows.h"
#include "topo/topo.h"

/* The ports of a bridge as it listed them last, in the IDL's order, which is
 * that of their UUIDs. */
struct listed {
    struct hmap_node node;      /* In db's 'listed', by 'bridge'. */
    struct uuid bridge;
    struct uuid *ports;
    size_t n;
};

/* ## What was listed. ## */

void
db_topo_init(struct db *db)
{
    hmap_init(&db->listed);
}

static void
clear_listed(struct db *db)
{
    struct listed *l;

    HMAP_FOR_EACH_POP (l, node, &db->listed) {
        free(l->ports);
        free(l);
    }
}

void
db_topo_uninit(struct db *db)
{
    clear_listed(db);
    hmap_destroy(&db->listed);
}

static struct listed *
find_listed(const struct db *db, const struct uuid *bridge)
{
    struct listed *l;

    HMAP_FOR_EACH_WITH_HASH (l, node, uuid_hash(bridge), &db->listed) {
        if (uuid_equals(&l->bridge, bridge)) {
            return l;
        }
    }
    return NULL;
}

static struct listed *
obtain_listed(struct db *db, const struct uuid *bridge)
{
    struct listed *l = find_listed(db, bridge);

    if (!l) {
        l = xzalloc(sizeof *l);
        l->bridge = *bridge;
        hmap_insert(&db->listed, &l->node, uuid_hash(bridge));
    }
    return l;
}

/* ## Changes. ## */

static bool
lists_intf(const struct vswrec_port *port, const struct uuid *intf)
{
    return db_has_uuid(port->interfaces, port->n_interfaces, intf);
}

/* Whether the interface is that of a port with a lesser UUID than 'port'. */
static bool
is_of_another(const struct db *db, const struct topo *topo,
              const struct vswrec_port *port, const struct uuid *intf)
{
    const struct uuid *owner = topo_owner_of(topo, intf);
    const struct vswrec_port *other
        = owner ? vswrec_port_get_for_uuid(db->ovs.idl, owner) : NULL;

    return (other && uuid_compare_3way(owner, &port->header_.uuid) < 0
            && lists_intf(other, intf));
}

static void
put_intf_of(struct db *db, struct topo *topo, const struct vswrec_port *port,
            const struct uuid *uuid)
{
    const struct vswrec_interface *intf
        = vswrec_interface_get_for_uuid(db->ovs.idl, uuid);

    if (intf) {
        db_put_intf(topo, intf, &port->header_.uuid);
    }
}

/* Puts the interfaces of 'port'; but those that it had already only with
 * 'all'. */
static void
put_intfs_of(struct db *db, struct topo *topo, const struct vswrec_port *port,
             bool all)
{
    const struct uuid *uuid = &port->header_.uuid;

    for (size_t i = 0; i < port->n_interfaces; i++) {
        const struct uuid *owner = topo_owner_of(topo, &port->interfaces[i]);

        if ((all || !owner || !uuid_equals(owner, uuid))
            && !is_of_another(db, topo, port, &port->interfaces[i])) {
            put_intf_of(db, topo, port, &port->interfaces[i]);
        }
    }
}

static void
put_port_of(struct db *db, struct topo *topo, const struct vswrec_bridge *br,
            const struct uuid *uuid)
{
    const struct vswrec_port *port = vswrec_port_get_for_uuid(db->ovs.idl,
                                                              uuid);

    if (port) {
        db_put_port(topo, port, &br->header_.uuid);
        put_intfs_of(db, topo, port, true);
    }
}

static bool
lists_port(const struct listed *l, const struct uuid *port)
{
    return l && db_has_uuid(l->ports, l->n, port);
}

/* 'bridge' lists 'port' no more, which may be another's then. */
static void
put_on_other_bridge(struct db *db, struct topo *topo,
                    const struct uuid *bridge, const struct uuid *port)
{
    const struct uuid *owner = topo_owner_of(topo, port);
    const struct vswrec_bridge *br, *least = NULL;
    const struct listed *l;

    if (!owner || !uuid_equals(owner, bridge)
        || !vswrec_port_get_for_uuid(db->ovs.idl, port)) {
        return;
    }
    HMAP_FOR_EACH (l, node, &db->listed) {
        br = vswrec_bridge_get_for_uuid(db->ovs.idl, &l->bridge);
        if (br && !uuid_equals(&l->bridge, bridge) && lists_port(l, port)
            && (!least || uuid_compare_3way(&l->bridge,
                                            &least->header_.uuid) < 0)) {
            least = br;
        }
    }
    if (least) {
        put_port_of(db, topo, least, port);
    }
}

/* Puts 'port', which is new on 'br', unless it is another's. */
static void
put_new_port_of(struct db *db, struct topo *topo,
                const struct vswrec_bridge *br, const struct uuid *port)
{
    const struct uuid *owner = topo_owner_of(topo, port);

    if (!owner || uuid_compare_3way(owner, &br->header_.uuid) >= 0
        || !lists_port(find_listed(db, owner), port)) {
        put_port_of(db, topo, br, port);
    }
}

/* 'bridge' is no more. */
static void
forget_listed(struct db *db, struct topo *topo, const struct uuid *bridge)
{
    struct listed *l = find_listed(db, bridge);

    if (l) {
        for (size_t i = 0; i < l->n; i++) {
            put_on_other_bridge(db, topo, bridge, &l->ports[i]);
        }
        hmap_remove(&db->listed, &l->node);
        free(l->ports);
        free(l);
    }
}

/* Puts the ports that 'br' did not list before, and those that it does not
 * list any more elsewhere. */
static void
put_new_ports_of(struct db *db, struct topo *topo,
                 const struct vswrec_bridge *br)
{
    const struct uuid *bridge = &br->header_.uuid;
    struct listed *l = obtain_listed(db, bridge);
    size_t i = 0, j = 0;

    while (i < l->n || j < br->n_ports) {
        int cmp = (i >= l->n ? 1 : j >= br->n_ports ? -1
                   : uuid_compare_3way(&l->ports[i], &br->ports[j]));

        if (cmp < 0) {
            put_on_other_bridge(db, topo, bridge, &l->ports[i++]);
        } else if (cmp > 0) {
            put_new_port_of(db, topo, br, &br->ports[j++]);
        } else {
            i++;
            j++;
        }
    }
    free(l->ports);
    l->ports = (br->n_ports
                ? xmemdup(br->ports, br->n_ports * sizeof *br->ports) : NULL);
    l->n = br->n_ports;
}

/* Puts the new ports of 'br', and all of its mirrors, which may be of all
 * ports. */
static void
put_children_of(struct db *db, struct topo *topo,
                const struct vswrec_bridge *br)
{
    put_new_ports_of(db, topo, br);
    for (size_t i = 0; i < br->n_mirrors; i++) {
        db_put_mirror(topo, br->mirrors[i], br);
    }
}

static void
put_bridge(const struct db *db, struct topo *topo,
           const struct vswrec_bridge *br)
{
    db_put_bridge(topo, br, vswrec_open_vswitch_first(db->ovs.idl));
}

static void
put_everything(struct db *db, struct topo *topo)
{
    const struct vswrec_bridge *br;
    const struct vswrec_port *port;

    db_put_host(topo, vswrec_open_vswitch_first(db->ovs.idl));
    topo_begin_ovs(topo);
    clear_listed(db);
    VSWREC_BRIDGE_FOR_EACH (br, db->ovs.idl) {
        put_bridge(db, topo, br);
        put_children_of(db, topo, br);
    }
    topo_end_ovs(topo);
    db_have_forget(db);
    VSWREC_PORT_FOR_EACH (port, db->ovs.idl) {
        db_have_note_port(db, port);
    }
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
            topo_del_ovs(topo, uuid);
            forget_listed(db, topo, uuid);
        } else if (vswrec_bridge_is_new(br)
                   || vswrec_bridge_is_updated(br, VSWREC_BRIDGE_COL_PORTS)
                   || vswrec_bridge_is_updated(br,
                                               VSWREC_BRIDGE_COL_MIRRORS)) {
            put_bridge(db, topo, br);
            put_children_of(db, topo, br);
        } else {
            put_bridge(db, topo, br);
        }
    }
}

/* Rows that bridges refer to, which are few as bridges are, and the host's. */
static void
update_services(struct db *db, struct topo *topo)
{
    struct ovsdb_idl *idl = db->ovs.idl;
    const struct vswrec_bridge *br;

    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_track_get_first(idl);

    if (cfg) {
        db_put_host(topo, vswrec_open_vswitch_first(idl));
    }
    if ((cfg && vswrec_open_vswitch_is_updated(
                    cfg, VSWREC_OPEN_VSWITCH_COL_EXTERNAL_IDS))
        || vswrec_sflow_track_get_first(idl)
        || vswrec_netflow_track_get_first(idl)
        || vswrec_ipfix_track_get_first(idl)
        || vswrec_controller_track_get_first(idl)) {
        VSWREC_BRIDGE_FOR_EACH (br, idl) {
            put_bridge(db, topo, br);
        }
    }
}

/* A port stopped to list an interface, maybe, that another still does: as with
 * bridges, users are free to do that, and it is as seldom. */
static void
put_left_intfs(struct db *db, struct topo *topo)
{
    const struct vswrec_port *port;

    VSWREC_PORT_FOR_EACH (port, db->ovs.idl) {
        for (size_t i = 0; i < port->n_interfaces; i++) {
            const struct uuid *intf = &port->interfaces[i];
            const struct uuid *owner = topo_owner_of(topo, intf);

            if (owner && !uuid_equals(owner, &port->header_.uuid)
                && !is_of_another(db, topo, port, intf)) {
                put_intf_of(db, topo, port, intf);
            }
        }
    }
}

static void
update_ports(struct db *db, struct topo *topo)
{
    const struct vswrec_port *row;
    bool members_changed = false;

    VSWREC_PORT_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_port *port
            = vswrec_port_get_for_uuid(db->ovs.idl, uuid);
        const struct uuid *bridge = topo_owner_of(topo, uuid);

        if (!port) {
            topo_del_ovs(topo, uuid);
            db_have_forget_port(db, uuid);
            continue;
        }
        db_have_note_port(db, port);
        members_changed |= (!vswrec_port_is_new(port)
                            && vswrec_port_is_updated(
                                port, VSWREC_PORT_COL_INTERFACES));
        if (bridge) {
            db_put_port(topo, port, bridge);
            put_intfs_of(db, topo, port, false);
        }
    }
    if (members_changed) {
        put_left_intfs(db, topo);
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
        const struct uuid *port = topo_owner_of(topo, uuid);

        if (!intf) {
            topo_del_ovs(topo, uuid);
        } else if (port) {
            db_put_intf(topo, intf, port);
        }
    }
}

/* The bridge that lists 'm', or NULL. */
static const struct vswrec_bridge *
bridge_of(const struct db *db, const struct vswrec_mirror *m)
{
    const struct vswrec_bridge *br;

    VSWREC_BRIDGE_FOR_EACH (br, db->ovs.idl) {
        for (size_t i = 0; i < br->n_mirrors; i++) {
            if (br->mirrors[i] == m) {
                return br;
            }
        }
    }
    return NULL;
}

static void
update_mirrors(struct db *db, struct topo *topo)
{
    const struct vswrec_mirror *row;

    VSWREC_MIRROR_FOR_EACH_TRACKED (row, db->ovs.idl) {
        const struct uuid *uuid = &row->header_.uuid;
        const struct vswrec_mirror *m
            = vswrec_mirror_get_for_uuid(db->ovs.idl, uuid);
        const struct vswrec_bridge *br = m ? bridge_of(db, m) : NULL;

        if (!m) {
            topo_del_ovs(topo, uuid);
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
