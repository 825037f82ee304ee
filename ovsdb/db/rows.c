/* rows.c -- one row of Open_vSwitch, in the topology's words.
 *
 * Which columns are read, and by which names of Skydive's selectors find them.
 * Called by topo.c, which knows what changed.  Every value is the switch's
 * or an operator's: it is copied, never interpreted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/rows.h"
#include <stdlib.h>
#include "ovsdb/db/private.h"
#include "topo/topo.h"

void
db_topo_monitor(struct ovsdb_idl *idl)
{
    const struct ovsdb_idl_column *columns[] = {
        &vswrec_bridge_col_name,
        &vswrec_bridge_col_ports,
        &vswrec_bridge_col_mirrors,
        &vswrec_bridge_col_datapath_id,
        &vswrec_bridge_col_datapath_type,
        &vswrec_bridge_col_external_ids,
        &vswrec_bridge_col_fail_mode,
        &vswrec_bridge_col_other_config,
        &vswrec_bridge_col_protocols,
        &vswrec_bridge_col_rstp_enable,
        &vswrec_bridge_col_stp_enable,
        &vswrec_bridge_col_controller,
        &vswrec_bridge_col_ipfix,
        &vswrec_bridge_col_netflow,
        &vswrec_bridge_col_sflow,
        &vswrec_controller_col_target,
        &vswrec_ipfix_col_targets,
        &vswrec_netflow_col_targets,
        &vswrec_sflow_col_targets,
        &vswrec_port_col_name,
        &vswrec_port_col_interfaces,
        &vswrec_port_col_bond_mode,
        &vswrec_port_col_external_ids,
        &vswrec_port_col_lacp,
        &vswrec_port_col_other_config,
        &vswrec_port_col_tag,
        &vswrec_port_col_trunks,
        &vswrec_port_col_vlan_mode,
        &vswrec_interface_col_name,
        &vswrec_interface_col_type,
        &vswrec_interface_col_admin_state,
        &vswrec_interface_col_duplex,
        &vswrec_interface_col_error,
        &vswrec_interface_col_external_ids,
        &vswrec_interface_col_ifindex,
        &vswrec_interface_col_link_speed,
        &vswrec_interface_col_link_state,
        &vswrec_interface_col_mac_in_use,
        &vswrec_interface_col_mtu,
        &vswrec_interface_col_ofport,
        &vswrec_interface_col_options,
        &vswrec_interface_col_other_config,
        &vswrec_interface_col_status,
        &vswrec_mirror_col_name,
        &vswrec_mirror_col_output_port,
        &vswrec_mirror_col_output_vlan,
        &vswrec_mirror_col_select_all,
        &vswrec_mirror_col_select_dst_port,
        &vswrec_mirror_col_select_src_port,
        &vswrec_mirror_col_select_vlan,
    };

    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        ovsdb_idl_track_add_column(idl, columns[i]);
    }
}

static void
put_uuid(struct topo_map *meta, const struct uuid *uuid)
{
    char text[UUID_LEN + 1];

    snprintf(text, sizeof text, UUID_FMT, UUID_ARGS(uuid));
    topo_map_put_string(meta, "UUID", text);
}

/* Absent and empty are the same to a reader, who asks with HasKey(). */
static void
put_text(struct topo_map *map, const char *key, const char *value)
{
    if (value && value[0]) {
        topo_map_put_string(map, key, value);
    }
}

static void
put_smap(struct topo_map *map, const char *key, const struct smap *smap)
{
    if (!smap_is_empty(smap)) {
        topo_map_put_smap(map, key, smap);
    }
}

static void
put_integers(struct topo_map *map, const char *key, const int64_t *values,
             size_t n)
{
    if (n) {
        struct topo_value list = topo_value_list(n);

        for (size_t i = 0; i < n; i++) {
            list.list->values[i] = (struct topo_value) {
                .type = TOPO_INTEGER,
                .integer = values[i],
            };
        }
        topo_map_put(map, key, list);
    }
}

void
db_put_host(struct topo *topo, const struct vswrec_open_vswitch *cfg)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    if (cfg) {
        struct topo_map *ovs = topo_map_get_map(&meta, "Ovs");

        put_text(ovs, "Version", cfg->ovs_version);
        put_smap(&meta, "ExtID", &cfg->external_ids);
    }
    topo_put_host(topo, &meta);
}

static void
put_targets(struct topo_map *map, const char *key, char *const targets[],
            size_t n)
{
    /* The row is there without any, too. */
    topo_map_put(map, key, (struct topo_value) { .type = TOPO_LIST });
    for (size_t i = 0; i < n; i++) {
        topo_map_add_string(map, key, targets[i]);
    }
}

/* Who is told of the bridge's packets, and who tells it what to do. */
static void
put_services(struct topo_map *ovs, const struct vswrec_bridge *br)
{
    if (br->sflow) {
        put_targets(ovs, "SFlow", br->sflow->targets, br->sflow->n_targets);
    }
    if (br->netflow) {
        put_targets(ovs, "NetFlow", br->netflow->targets,
                    br->netflow->n_targets);
    }
    if (br->ipfix) {
        put_targets(ovs, "IPFIX", br->ipfix->targets, br->ipfix->n_targets);
    }
    for (size_t i = 0; i < br->n_controller; i++) {
        topo_map_add_string(ovs, "Controllers", br->controller[i]->target);
    }
}

/* OVN's integration bridge: by what ovn-controller was told, or has noted at
 * the bridge. */
static bool
is_ovn_bridge(const struct vswrec_bridge *br,
              const struct vswrec_open_vswitch *cfg)
{
    const struct smap_node *node;
    const char *name = NULL;

    if (cfg) {
        name = smap_get_def(&cfg->external_ids, "ovn-bridge",
                            smap_get(&cfg->external_ids, "ovn-remote")
                            ? "br-int" : NULL);
    }
    SMAP_FOR_EACH (node, &br->external_ids) {
        if (!strncmp(node->key, "ovn-", 4)) {
            return true;
        }
    }
    return name && !strcmp(name, br->name);
}

/* Who decides about the bridge, if that is not its switch alone; or NULL. */
static const char *
managed_by(const struct vswrec_bridge *br,
           const struct vswrec_open_vswitch *cfg)
{
    return (is_ovn_bridge(br, cfg) ? "ovn"
            : br->n_controller ? "controller"
            : br->fail_mode && !strcmp(br->fail_mode, "secure") ? "secure"
            : NULL);
}

void
db_put_bridge(struct topo *topo, const struct vswrec_bridge *br,
              const struct vswrec_open_vswitch *cfg)
{
    const struct topo_bridge_in in = {
        .uuid = br->header_.uuid,
        .name = br->name,
    };
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    put_uuid(&meta, &in.uuid);
    put_smap(&meta, "ExtID", &br->external_ids);
    put_text(&meta, "Managed", managed_by(br, cfg));

    struct topo_map *ovs = topo_map_get_map(&meta, "Ovs");
    topo_map_put_string(ovs, "DatapathType", (br->datapath_type[0]
                                              ? br->datapath_type
                                              : "system"));
    put_text(ovs, "DatapathID", br->datapath_id);
    put_text(ovs, "FailMode", br->fail_mode);
    put_smap(ovs, "OtherConfig", &br->other_config);
    for (size_t i = 0; i < br->n_protocols; i++) {
        topo_map_add_string(ovs, "Protocols", br->protocols[i]);
    }
    topo_map_put_bool(ovs, "Stp", br->stp_enable);
    topo_map_put_bool(ovs, "Rstp", br->rstp_enable);
    put_services(ovs, br);
    topo_put_bridge(topo, &in, &meta);
}

void
db_put_port(struct topo *topo, const struct vswrec_port *port,
            const struct uuid *bridge)
{
    const struct topo_port_in in = {
        .uuid = port->header_.uuid,
        .bridge = *bridge,
        .name = port->name,
    };
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    put_uuid(&meta, &in.uuid);
    put_smap(&meta, "ExtID", &port->external_ids);
    if (port->n_tag) {
        topo_map_put_integer(&meta, "Vlans", port->tag[0]);
    }
    put_text(&meta, "BondMode", port->bond_mode);
    put_text(&meta, "LACP", port->lacp);

    struct topo_map *ovs = topo_map_get_map(&meta, "Ovs");
    put_text(ovs, "VlanMode", port->vlan_mode);
    put_integers(ovs, "Tag", port->tag, port->n_tag);
    put_integers(ovs, "Trunks", port->trunks, port->n_trunks);
    put_text(ovs, "BondMode", port->bond_mode);
    put_text(ovs, "Lacp", port->lacp);
    put_smap(ovs, "OtherConfig", &port->other_config);
    topo_put_port(topo, &in, &meta);
}

/* The metadata of an interface; Speed is in Mbit/s, as ethtool(8) says it. */
static void
intf_to_meta(const struct vswrec_interface *intf, struct topo_map *meta)
{
    int peer;

    put_uuid(meta, &intf->header_.uuid);
    put_smap(meta, "ExtID", &intf->external_ids);
    put_text(meta, "MAC", intf->mac_in_use);
    put_text(meta, "Driver", smap_get_def(&intf->status, "driver_name",
                                          "openvswitch"));
    put_text(meta, "LocalIP", smap_get(&intf->options, "local_ip"));
    put_text(meta, "RemoteIP", smap_get(&intf->options, "remote_ip"));
    put_text(meta, "TunEgressIface",
             smap_get(&intf->status, "tunnel_egress_iface"));
    put_text(meta, "TunEgressIfaceCarrier",
             smap_get(&intf->status, "tunnel_egress_iface_carrier"));
    if (intf->n_ofport) {
        topo_map_put_integer(meta, "OfPort", intf->ofport[0]);
    }
    if (intf->n_mtu) {
        topo_map_put_integer(meta, "MTU", intf->mtu[0]);
    }
    /* Of a veth, since 4.0; where the kernel tells us too, its word counts. */
    if (str_to_int(smap_get_def(&intf->status, "peer_ifindex", ""), 10, &peer)
        && peer > 0) {
        topo_map_put_integer(meta, "PeerIfIndex", peer);
    }
    if (intf->n_link_speed && intf->link_speed[0] > 0) {
        topo_map_put_integer(meta, "Speed", intf->link_speed[0] / 1000000);
    }

    struct topo_map *ovs = topo_map_get_map(meta, "Ovs");
    topo_map_put_string(ovs, "Type", intf->type[0] ? intf->type : "system");
    put_text(ovs, "Error", intf->error);
    put_text(ovs, "AdminState", intf->admin_state);
    put_text(ovs, "LinkState", intf->link_state);
    put_text(ovs, "Duplex", intf->duplex);
    put_smap(ovs, "Options", &intf->options);
    put_smap(ovs, "OtherConfig", &intf->other_config);
    put_smap(ovs, "Status", &intf->status);
}

void
db_put_intf(struct topo *topo, const struct vswrec_interface *intf,
            const struct uuid *port)
{
    const struct topo_intf_in in = {
        .uuid = intf->header_.uuid,
        .port = *port,
        .name = intf->name,
        .type = intf->type,
        .ifindex = intf->n_ifindex ? intf->ifindex[0] : 0,
        .patch_peer = (!strcmp(intf->type, "patch")
                       ? smap_get(&intf->options, "peer") : NULL),
    };
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    intf_to_meta(intf, &meta);
    topo_put_intf(topo, &in, &meta);
}

/* ## Mirrors. ## */

struct ports {
    struct uuid *uuids;
    size_t n;
};

/* Room for 'n' more. */
static void
reserve(struct ports *ports, size_t n)
{
    ports->uuids = xrealloc(ports->uuids,
                            MAX(1, ports->n + n) * sizeof *ports->uuids);
}

static void
add_ports(struct ports *ports, struct vswrec_port *const rows[], size_t n,
          const struct vswrec_port *except)
{
    reserve(ports, n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i] != except) {
            ports->uuids[ports->n++] = rows[i]->header_.uuid;
        }
    }
}

static void
add_all_ports(struct ports *ports, const struct vswrec_bridge *br,
              const struct vswrec_port *except)
{
    reserve(ports, br->n_ports);
    for (size_t i = 0; i < br->n_ports; i++) {
        if (!except || !uuid_equals(&br->ports[i], &except->header_.uuid)) {
            ports->uuids[ports->n++] = br->ports[i];
        }
    }
}

static int
compare_uuids(const void *a, const void *b)
{
    return uuid_compare_3way(a, b);
}

bool
db_has_uuid(const struct uuid *uuids, size_t n, const struct uuid *uuid)
{
    return n && bsearch(uuid, uuids, n, sizeof *uuid, compare_uuids);
}

/* A port may be selected in both directions: each once. */
static void
remove_duplicates(struct ports *ports)
{
    size_t n = 0;

    qsort(ports->uuids, ports->n, sizeof *ports->uuids, compare_uuids);
    for (size_t i = 0; i < ports->n; i++) {
        if (!n || !uuid_equals(&ports->uuids[n - 1], &ports->uuids[i])) {
            ports->uuids[n++] = ports->uuids[i];
        }
    }
    ports->n = n;
}

void
db_put_mirror(struct topo *topo, const struct vswrec_mirror *m,
              const struct vswrec_bridge *br)
{
    const struct uuid *uuid = &m->header_.uuid;

    if (!m->output_port && !m->n_output_vlan) {
        topo_del_ovs(topo, uuid);       /* To nowhere. */
        return;
    }

    struct ports ports = { NULL, 0 };
    if (m->select_all) {
        add_all_ports(&ports, br, m->output_port);
    } else {
        add_ports(&ports, m->select_src_port, m->n_select_src_port,
                  m->output_port);
        add_ports(&ports, m->select_dst_port, m->n_select_dst_port,
                  m->output_port);
    }
    remove_duplicates(&ports);

    struct topo_map meta = TOPO_MAP_INITIALIZER;
    put_uuid(&meta, uuid);
    put_text(&meta, "Name", m->name);
    put_smap(&meta, "ExtID", &m->external_ids);
    put_integers(&meta, "Vlans", m->select_vlan, m->n_select_vlan);
    /* To a VLAN is to the bridge, which floods it there. */
    if (!m->output_port) {
        topo_map_put_integer(&meta, "OutputVlan", m->output_vlan[0]);
    }
    topo_put_mirror(topo, uuid, ports.uuids, ports.n,
                    m->output_port ? &m->output_port->header_.uuid
                    : &br->header_.uuid, &meta);
    free(ports.uuids);
}
