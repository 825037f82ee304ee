/* have.c -- what Open_vSwitch has of ours, who fills the bridges' slots,
 * and what the switch can do.
 *
 * Called by the daemon when db_ovs_seqno() changed, with a snapshot that is
 * synced.  Reads only.  A row is ours if its external_ids:ovspan-owner is the
 * name of this host; nothing else makes it so.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "ovsdb/vswitch-idl.h"

/* Columns that the topology does not read. */
void
db_have_monitor(struct ovsdb_idl *idl)
{
    const struct ovsdb_idl_column *columns[] = {
        &vswrec_open_vswitch_col_iface_types,
        &vswrec_open_vswitch_col_datapaths,
        &vswrec_open_vswitch_col_other_config,
        &vswrec_datapath_col_capabilities,
        &vswrec_bridge_col_ipfix,
        &vswrec_bridge_col_netflow,
        &vswrec_bridge_col_sflow,
        &vswrec_mirror_col_external_ids,
        &vswrec_mirror_col_snaplen,
        &vswrec_mirror_col_statistics,
        &vswrec_ipfix_col_cache_active_timeout,
        &vswrec_ipfix_col_cache_max_flows,
        &vswrec_ipfix_col_external_ids,
        &vswrec_ipfix_col_obs_domain_id,
        &vswrec_ipfix_col_obs_point_id,
        &vswrec_ipfix_col_sampling,
        &vswrec_ipfix_col_targets,
        &vswrec_netflow_col_active_timeout,
        &vswrec_netflow_col_add_id_to_interface,
        &vswrec_netflow_col_engine_id,
        &vswrec_netflow_col_engine_type,
        &vswrec_netflow_col_external_ids,
        &vswrec_netflow_col_targets,
        &vswrec_sflow_col_agent,
        &vswrec_sflow_col_external_ids,
        &vswrec_sflow_col_header,
        &vswrec_sflow_col_polling,
        &vswrec_sflow_col_sampling,
        &vswrec_sflow_col_targets,
    };

    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        ovsdb_idl_track_add_column(idl, columns[i]);
    }
}

void
db_have_note_port(struct db *db, const struct vswrec_port *port)
{
    const struct uuid *uuid = &port->header_.uuid;
    char text[UUID_LEN + 1];

    if (smap_get(&port->external_ids, NATIVE_OWNER)) {
        snprintf(text, sizeof text, UUID_FMT, UUID_ARGS(uuid));
        sset_add(&db->made_ports, text);
    } else {
        db_have_forget_port(db, uuid);
    }
}

void
db_have_forget_port(struct db *db, const struct uuid *uuid)
{
    char text[UUID_LEN + 1];

    if (!sset_is_empty(&db->made_ports)) {
        snprintf(text, sizeof text, UUID_FMT, UUID_ARGS(uuid));
        sset_find_and_delete(&db->made_ports, text);
    }
}

void
db_have_forget(struct db *db)
{
    sset_clear(&db->made_ports);
}

static bool
is_ours(const struct db *db, const struct smap *external_ids)
{
    const char *owner = smap_get(external_ids, NATIVE_OWNER);

    return owner && !strcmp(owner, db->host);
}

/* ## A bridge's rows. ## */

static void
begin_native(struct native *n, const struct vswrec_bridge *br,
             const char *name, const struct smap *external_ids)
{
    n->bridge = br->header_.uuid;
    n->bridge_name = xstrdup(br->name);
    n->name = xstrdup(name);
    svec_add(&n->taps, smap_get_def(external_ids, NATIVE_TAPS, ""));
}

static void
put_targets(struct native *n, char *const targets[], size_t n_targets)
{
    for (size_t i = 0; i < n_targets; i++) {
        svec_add(&n->targets, targets[i]);
    }
    svec_sort_unique(&n->targets);
}

static void
put_number(struct native *n, const char *column, const int64_t *value,
           size_t n_values)
{
    if (n_values) {
        simap_put(&n->numbers, column, MAX(0, MIN(*value, UINT_MAX)));
    }
}

/* Says in '*slot' whose the row of a bridge's slot is.  If it is ours, returns
 * what is read of it. */
static struct native *
begin_slot(const struct db *db, const struct vswrec_bridge *br,
           enum native_kind kind, const struct ovsdb_idl_row *row,
           const struct smap *external_ids, struct have *have,
           enum have_slot *slot)
{
    if (!is_ours(db, external_ids)) {
        *slot = HAVE_THEIRS;
        return NULL;
    }

    struct have_native *hn = have_add_native(have, kind);

    *slot = HAVE_OURS;
    begin_native(&hn->native, br, "", external_ids);
    hn->row = row->uuid;
    hn->whole = true;
    return &hn->native;
}

static void
read_sflow(const struct db *db, const struct vswrec_bridge *br,
           struct have *have, enum have_slot *slot)
{
    const struct vswrec_sflow *row = br->sflow;
    struct native *n = (row ? begin_slot(db, br, NATIVE_SFLOW, &row->header_,
                                         &row->external_ids, have, slot)
                        : NULL);

    if (n) {
        put_targets(n, row->targets, row->n_targets);
        put_number(n, "header", row->header, row->n_header);
        put_number(n, "polling", row->polling, row->n_polling);
        put_number(n, "sampling", row->sampling, row->n_sampling);
        n->agent = nullable_xstrdup(row->agent);
    }
}

static void
read_ipfix(const struct db *db, const struct vswrec_bridge *br,
           struct have *have, enum have_slot *slot)
{
    const struct vswrec_ipfix *row = br->ipfix;
    struct native *n = (row ? begin_slot(db, br, NATIVE_IPFIX, &row->header_,
                                         &row->external_ids, have, slot)
                        : NULL);

    if (n) {
        put_targets(n, row->targets, row->n_targets);
        put_number(n, "sampling", row->sampling, row->n_sampling);
        put_number(n, "cache_active_timeout", row->cache_active_timeout,
                   row->n_cache_active_timeout);
        put_number(n, "cache_max_flows", row->cache_max_flows,
                   row->n_cache_max_flows);
        put_number(n, "obs_domain_id", row->obs_domain_id,
                   row->n_obs_domain_id);
        put_number(n, "obs_point_id", row->obs_point_id,
                   row->n_obs_point_id);
        put_number(n, "stats_interval", row->stats_interval,
                   row->n_stats_interval);
        put_number(n, "template_interval", row->template_interval,
                   row->n_template_interval);
    }
}

static void
read_netflow(const struct db *db, const struct vswrec_bridge *br,
             struct have *have, enum have_slot *slot)
{
    const struct vswrec_netflow *row = br->netflow;
    struct native *n = (row ? begin_slot(db, br, NATIVE_NETFLOW, &row->header_,
                                         &row->external_ids, have, slot)
                        : NULL);

    if (n) {
        int64_t add_id = row->add_id_to_interface;

        put_targets(n, row->targets, row->n_targets);
        put_number(n, "active_timeout", &row->active_timeout,
                   row->active_timeout != 0);
        put_number(n, "add_id_to_interface", &add_id, add_id != 0);
        put_number(n, "engine_id", row->engine_id, row->n_engine_id);
        put_number(n, "engine_type", row->engine_type, row->n_engine_type);
    }
}

/* ## Mirrors and their ports. ## */

static void
put_ports(struct native_ports *ports, struct vswrec_port *const rows[],
          size_t n)
{
    for (size_t i = 0; i < n; i++) {
        native_ports_add(ports, &rows[i]->header_.uuid, rows[i]->name);
    }
}

/* The port of ours that belongs to a mirror. */
static void
put_own_port(const struct db *db, struct have_native *hn,
             const struct vswrec_port *port)
{
    const struct vswrec_interface *intf
        = (port->n_interfaces == 1
           ? vswrec_interface_get_for_uuid(db->ovs.idl, &port->interfaces[0])
           : NULL);
    struct native *n = &hn->native;

    hn->port = port->header_.uuid;
    n->port_name = xstrdup(port->name);
    if (intf) {
        n->port_type = xstrdup(intf->type);
        smap_destroy(&n->options);
        smap_clone(&n->options, &intf->options);
        hn->ofport = intf->n_ofport ? intf->ofport[0] : 0;
        hn->error = (intf->error && intf->error[0] ? xstrdup(intf->error)
                     : NULL);
    }
    hn->whole = intf && !uuid_is_zero(&hn->row);
}

static void
put_statistics(struct have_native *hn, const struct vswrec_mirror *m)
{
    hn->has_stats = m->n_statistics != 0;
    for (size_t i = 0; i < m->n_statistics; i++) {
        if (!strcmp(m->key_statistics[i], "tx_packets")) {
            hn->tx_packets = m->value_statistics[i];
        } else if (!strcmp(m->key_statistics[i], "tx_bytes")) {
            hn->tx_bytes = m->value_statistics[i];
        }
    }
}

static void
put_output(const struct db *db, const struct vswrec_mirror *m,
           struct native *n)
{
    if (m->output_port && !is_ours(db, &m->output_port->external_ids)) {
        n->output.uuid = m->output_port->header_.uuid;
        n->output.name = xstrdup(m->output_port->name);
    } else if (!m->output_port && m->n_output_vlan) {
        n->output_vlan = m->output_vlan[0];
    }
}

static struct have_native *
read_mirror(const struct db *db, const struct vswrec_bridge *br,
            const struct vswrec_mirror *m, struct have *have)
{
    struct have_native *hn = have_add_native(have, NATIVE_MIRROR);
    struct native *n = &hn->native;

    begin_native(n, br, m->name, &m->external_ids);
    hn->row = m->header_.uuid;
    n->select_all = m->select_all;
    put_ports(&n->src, m->select_src_port, m->n_select_src_port);
    put_ports(&n->dst, m->select_dst_port, m->n_select_dst_port);
    for (size_t i = 0; i < m->n_select_vlan; i++) {
        char *vlan = xasprintf("%"PRId64, m->select_vlan[i]);

        simap_put(&n->vlans, vlan, 1);
        free(vlan);
    }
    n->snaplen = m->n_snaplen ? m->snaplen[0] : 0;
    put_output(db, m, n);
    put_statistics(hn, m);
    return hn;
}

/* A mirror's port is its output, or the scratch port of its name. */
static bool
belongs(const struct vswrec_mirror *m, const struct vswrec_port *port)
{
    return m->output_port == port || !strcmp(m->name, port->name);
}

/* A port of ours: of the mirror that it belongs to, or a rest. */
static void
read_own_port(const struct db *db, const struct vswrec_bridge *br,
              const struct vswrec_port *port, struct have *have,
              size_t first)
{
    for (size_t i = first; i < have->n_natives; i++) {
        struct have_native *hn = &have->natives[i];
        const struct vswrec_mirror *m
            = vswrec_mirror_get_for_uuid(db->ovs.idl, &hn->row);

        if (m && uuid_is_zero(&hn->port) && belongs(m, port)) {
            put_own_port(db, hn, port);
            return;
        }
    }

    struct have_native *rest = have_add_native(have, NATIVE_MIRROR);

    begin_native(&rest->native, br, port->name, &port->external_ids);
    put_own_port(db, rest, port);
}

static bool
is_tunnel(const struct db *db, const struct vswrec_port *port)
{
    const struct vswrec_interface *intf
        = (port->n_interfaces == 1
           ? vswrec_interface_get_for_uuid(db->ovs.idl, &port->interfaces[0])
           : NULL);

    return intf && smap_get(&intf->options, "remote_ip");
}

/* Where the copies of a mirror leave, if not by a port of ours. */
static void
note_output(const struct db *db, const struct vswrec_mirror *m,
            struct have_bridge *b)
{
    const struct vswrec_port *port = m->output_port;

    if (port && !is_ours(db, &port->external_ids)) {
        have_add_output(b, &port->header_.uuid, m->name,
                        smap_get_bool(&m->external_ids, "ovn-owned", false),
                        is_tunnel(db, port));
    }
}

static void
read_bridge(const struct db *db, const struct vswrec_bridge *br,
            struct have *have)
{
    struct have_bridge *b = have_add_bridge(have);
    size_t first = have->n_natives;
    struct uuid uuid;

    b->uuid = br->header_.uuid;
    b->name = xstrdup(br->name);
    b->userspace = br->datapath_type[0] && strcmp(br->datapath_type,
                                                  "system");
    for (size_t i = 0; i < br->n_mirrors; i++) {
        note_output(db, br->mirrors[i], b);
        if (is_ours(db, &br->mirrors[i]->external_ids)) {
            read_mirror(db, br, br->mirrors[i], have);
        } else {
            b->n_mirrors++;
        }
    }
    /* In order: of two that might be a mirror's, it is always the same. */
    const char **made = sset_sort(&db->made_ports);
    for (size_t i = 0; i < sset_count(&db->made_ports); i++) {
        const struct vswrec_port *port
            = (uuid_from_string(&uuid, made[i])
               ? vswrec_port_get_for_uuid(db->ovs.idl, &uuid) : NULL);

        if (port && is_ours(db, &port->external_ids)
            && db_has_uuid(br->ports, br->n_ports, &uuid)) {
            read_own_port(db, br, port, have, first);
        }
    }
    free(made);
    read_sflow(db, br, have, &b->slots[NATIVE_SFLOW]);
    read_ipfix(db, br, have, &b->slots[NATIVE_IPFIX]);
    read_netflow(db, br, have, &b->slots[NATIVE_NETFLOW]);
}

/* ## What the switch can do. ## */

static void
read_capabilities(const struct db *db, struct have *have)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    have->has_types = ovsdb_idl_server_has_column(
        db->ovs.idl, &vswrec_open_vswitch_col_iface_types);
    if (!ovsdb_idl_server_has_column(db->ovs.idl,
                                     &vswrec_mirror_col_snaplen)) {
        sset_add(&have->no_columns, "Mirror.snaplen");
    }
    if (!db_has_column(db, DB_IPFIX_STATS_INTERVAL)) {
        sset_add(&have->no_columns, "IPFIX.stats_interval");
    }
    if (!db_has_column(db, DB_IPFIX_TEMPLATE_INTERVAL)) {
        sset_add(&have->no_columns, "IPFIX.template_interval");
    }
    if (!cfg) {
        return;
    }
    have->version = have_version_parse(cfg->ovs_version);
    have->tso = smap_get_bool(&cfg->other_config, "userspace-tso-enable",
                              false);
    have->settled = cfg->cur_cfg >= cfg->next_cfg;
    for (size_t i = 0; i < cfg->n_iface_types; i++) {
        sset_add(&have->types, cfg->iface_types[i]);
    }
    for (size_t i = 0; i < cfg->n_datapaths; i++) {
        const struct smap_node *node;

        SMAP_FOR_EACH (node, &cfg->value_datapaths[i]->capabilities) {
            char *key = xasprintf("%s.%s", cfg->key_datapaths[i], node->key);

            smap_replace(&have->capabilities, key, node->value);
            free(key);
        }
    }
}

void
db_read_have(const struct db *db, struct have *have)
{
    const struct vswrec_bridge *br;

    if (!db->ovs.synced || !db->host) {
        return;
    }
    have->known = true;
    have->owner = xstrdup(db->host);
    read_capabilities(db, have);
    VSWREC_BRIDGE_FOR_EACH (br, db->ovs.idl) {
        read_bridge(db, br, have);
    }
    have_sort(have);
}
