/* step.c -- one step of a plan, written into the rows of Open_vSwitch.
 *
 * Called by apply.c for each step of its transaction.  Sets that others write
 * too (a bridge's ports and mirrors, targets of a row) are changed by partial
 * updates; a bridge's slot is verified in the transaction.  What is gone
 * meanwhile is left out: the plan that follows sees it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "ovsdb/vswitch-idl.h"

/* ## Columns. ## */

static void
stamp(const struct db *db, const struct native *n, struct smap *ids)
{
    char *taps = native_taps_text(n);

    smap_init(ids);
    smap_add(ids, NATIVE_OWNER, db->host);
    smap_add(ids, NATIVE_MACHINE, db->machine);
    smap_add(ids, NATIVE_TAPS, taps);
    free(taps);
}

/* The value of a column, and whether there is one. */
static size_t
get_number(const struct native *n, const char *column, int64_t *value)
{
    const struct simap_node *node = simap_find(&n->numbers, column);

    *value = node ? node->data : 0;
    return node != NULL;
}

static void
set_sflow(const struct vswrec_sflow *row, const struct native *n)
{
    int64_t value;
    size_t has;

    has = get_number(n, "header", &value);
    vswrec_sflow_set_header(row, &value, has);
    has = get_number(n, "polling", &value);
    vswrec_sflow_set_polling(row, &value, has);
    has = get_number(n, "sampling", &value);
    vswrec_sflow_set_sampling(row, &value, has);
    vswrec_sflow_set_agent(row, n->agent);
}

static void
set_ipfix(const struct db *db, const struct vswrec_ipfix *row,
          const struct native *n)
{
    int64_t value;
    size_t has;

    has = get_number(n, "sampling", &value);
    vswrec_ipfix_set_sampling(row, &value, has);
    has = get_number(n, "cache_active_timeout", &value);
    vswrec_ipfix_set_cache_active_timeout(row, &value, has);
    has = get_number(n, "cache_max_flows", &value);
    vswrec_ipfix_set_cache_max_flows(row, &value, has);
    has = get_number(n, "obs_domain_id", &value);
    vswrec_ipfix_set_obs_domain_id(row, &value, has);
    has = get_number(n, "obs_point_id", &value);
    vswrec_ipfix_set_obs_point_id(row, &value, has);
    if (db_has_column(db, DB_IPFIX_STATS_INTERVAL)) {
        has = get_number(n, "stats_interval", &value);
        vswrec_ipfix_set_stats_interval(row, &value, has);
    }
    if (db_has_column(db, DB_IPFIX_TEMPLATE_INTERVAL)) {
        has = get_number(n, "template_interval", &value);
        vswrec_ipfix_set_template_interval(row, &value, has);
    }
}

static void
set_netflow(const struct vswrec_netflow *row, const struct native *n)
{
    int64_t value;
    size_t has;

    get_number(n, "active_timeout", &value);
    vswrec_netflow_set_active_timeout(row, value);
    get_number(n, "add_id_to_interface", &value);
    vswrec_netflow_set_add_id_to_interface(row, value != 0);
    has = get_number(n, "engine_id", &value);
    vswrec_netflow_set_engine_id(row, &value, has);
    has = get_number(n, "engine_type", &value);
    vswrec_netflow_set_engine_type(row, &value, has);
}

/* ## Making. ## */

static const struct vswrec_port *
insert_port(struct db *db, const struct native *n, const struct smap *ids)
{
    const struct vswrec_interface *intf
        = vswrec_interface_insert(db->apply.attempt.txn);
    const struct vswrec_port *port = vswrec_port_insert(db->apply.attempt.txn);
    const struct smap transient
        = SMAP_CONST1(&transient, "transient", "true");

    vswrec_interface_set_name(intf, n->port_name);
    vswrec_interface_set_type(intf, n->port_type);
    vswrec_interface_set_options(intf, &n->options);
    vswrec_interface_set_external_ids(intf, ids);
    vswrec_port_set_name(port, n->port_name);
    vswrec_port_set_interfaces(port, &intf->header_.uuid, 1);
    vswrec_port_set_other_config(port, &transient);
    vswrec_port_set_external_ids(port, ids);
    return port;
}

/* Rows of ports that are there; the caller frees the array. */
static struct vswrec_port **
find_ports(const struct db *db, const struct native_ports *ports, size_t *n)
{
    struct vswrec_port **rows = xmalloc(MAX(1, ports->n) * sizeof *rows);

    *n = 0;
    for (size_t i = 0; i < ports->n; i++) {
        const struct vswrec_port *row
            = vswrec_port_get_for_uuid(db->ovs.idl, &ports->ports[i].uuid);

        if (row) {
            rows[(*n)++] = CONST_CAST(struct vswrec_port *, row);
        }
    }
    return rows;
}

static void
set_selection(struct db *db, const struct vswrec_mirror *m,
              const struct native *n)
{
    size_t n_rows;
    struct vswrec_port **rows = find_ports(db, &n->src, &n_rows);

    vswrec_mirror_set_select_src_port(m, rows, n_rows);
    free(rows);
    rows = find_ports(db, &n->dst, &n_rows);
    vswrec_mirror_set_select_dst_port(m, rows, n_rows);
    free(rows);
    vswrec_mirror_set_select_all(m, n->select_all);

    int64_t *vlans = xmalloc(MAX(1, simap_count(&n->vlans)) * sizeof *vlans);
    const struct simap_node *node;
    size_t n_vlans = 0;

    SIMAP_FOR_EACH (node, &n->vlans) {
        vlans[n_vlans++] = atoi(node->name);
    }
    vswrec_mirror_set_select_vlan(m, vlans, n_vlans);
    free(vlans);
    if (n->snaplen) {
        int64_t snaplen = n->snaplen;

        vswrec_mirror_set_snaplen(m, &snaplen, 1);
    }
}

static void
set_output(struct db *db, const struct vswrec_mirror *m,
           const struct native *n, const struct vswrec_port *port)
{
    if (n->output_vlan) {
        int64_t vlan = n->output_vlan;

        vswrec_mirror_set_output_vlan(m, &vlan, 1);
    } else if (n->output.name) {
        vswrec_mirror_set_output_port(
            m, vswrec_port_get_for_uuid(db->ovs.idl, &n->output.uuid));
    } else {
        vswrec_mirror_set_output_port(m, port);
    }
}

static void
create_mirror(struct db *db, const struct vswrec_bridge *br,
              const struct native *n, const struct smap *ids)
{
    const struct vswrec_port *port = insert_port(db, n, ids);
    const struct vswrec_mirror *m
        = vswrec_mirror_insert(db->apply.attempt.txn);

    vswrec_mirror_set_name(m, n->name);
    vswrec_mirror_set_external_ids(m, ids);
    set_selection(db, m, n);
    set_output(db, m, n, port);
    vswrec_bridge_update_ports_addvalue(br, port->header_.uuid);
    vswrec_bridge_update_mirrors_addvalue(br, m);
}

static void
create_sflow(struct db *db, const struct vswrec_bridge *br,
             const struct native *n, const struct smap *ids)
{
    const struct vswrec_sflow *row
        = vswrec_sflow_insert(db->apply.attempt.txn);

    vswrec_bridge_verify_sflow(br);
    vswrec_sflow_set_targets(row, (const char **) n->targets.names,
                             n->targets.n);
    vswrec_sflow_set_external_ids(row, ids);
    set_sflow(row, n);
    vswrec_bridge_set_sflow(br, row);
}

static void
create_ipfix(struct db *db, const struct vswrec_bridge *br,
             const struct native *n, const struct smap *ids)
{
    const struct vswrec_ipfix *row
        = vswrec_ipfix_insert(db->apply.attempt.txn);

    vswrec_bridge_verify_ipfix(br);
    vswrec_ipfix_set_targets(row, (const char **) n->targets.names,
                             n->targets.n);
    vswrec_ipfix_set_external_ids(row, ids);
    set_ipfix(db, row, n);
    vswrec_bridge_set_ipfix(br, row);
}

static void
create_netflow(struct db *db, const struct vswrec_bridge *br,
               const struct native *n, const struct smap *ids)
{
    const struct vswrec_netflow *row
        = vswrec_netflow_insert(db->apply.attempt.txn);

    vswrec_bridge_verify_netflow(br);
    vswrec_netflow_set_targets(row, (const char **) n->targets.names,
                               n->targets.n);
    vswrec_netflow_set_external_ids(row, ids);
    set_netflow(row, n);
    vswrec_bridge_set_netflow(br, row);
}

static void
create(struct db *db, const struct native *n)
{
    const struct vswrec_bridge *br
        = vswrec_bridge_get_for_uuid(db->ovs.idl, &n->bridge);
    struct smap ids;

    if (!br) {
        return;
    }
    /* Who deletes the bridge meanwhile gets no rows that hang nowhere. */
    vswrec_bridge_verify_name(br);
    stamp(db, n, &ids);
    switch (n->kind) {
    case NATIVE_MIRROR: create_mirror(db, br, n, &ids); break;
    case NATIVE_SFLOW: create_sflow(db, br, n, &ids); break;
    case NATIVE_IPFIX: create_ipfix(db, br, n, &ids); break;
    case NATIVE_NETFLOW: create_netflow(db, br, n, &ids); break;
    }
    smap_destroy(&ids);
}

/* ## Taking away: what nothing refers to any more, the database removes. ## */

static void
delete_mirror(struct db *db, const struct vswrec_bridge *br,
              const struct have_native *hn)
{
    const struct vswrec_mirror *m
        = vswrec_mirror_get_for_uuid(db->ovs.idl, &hn->row);
    const struct vswrec_port *port
        = vswrec_port_get_for_uuid(db->ovs.idl, &hn->port);

    if (m) {
        vswrec_bridge_update_mirrors_delvalue(br, m);
    }
    if (port) {
        vswrec_bridge_update_ports_delvalue(br, port->header_.uuid);
    }
}

static void
delete(struct db *db, const struct have_native *hn)
{
    const struct vswrec_bridge *br
        = vswrec_bridge_get_for_uuid(db->ovs.idl, &hn->native.bridge);

    if (!br) {
        return;
    }
    switch (hn->native.kind) {
    case NATIVE_MIRROR:
        delete_mirror(db, br, hn);
        break;
    case NATIVE_SFLOW:
        vswrec_bridge_verify_sflow(br);
        vswrec_bridge_set_sflow(br, NULL);
        break;
    case NATIVE_IPFIX:
        vswrec_bridge_verify_ipfix(br);
        vswrec_bridge_set_ipfix(br, NULL);
        break;
    case NATIVE_NETFLOW:
        vswrec_bridge_verify_netflow(br);
        vswrec_bridge_set_netflow(br, NULL);
        break;
    }
}

/* ## Changing a row where it is. ## */

static bool
share_target(const struct native *a, const struct native *b)
{
    for (size_t i = 0; i < a->targets.n; i++) {
        if (svec_contains(&b->targets, a->targets.names[i])) {
            return true;
        }
    }
    return false;
}

/* Calls 'add' and 'del' of a set of targets for what differs.  Where none
 * stays, the set is written: the IDL takes away before it adds, and a set of
 * targets may not be empty in between. */
#define UPDATE_TARGETS(TABLE, ROW, WANT, HAVE)                              \
    if (!share_target(WANT, HAVE)) {                                        \
        vswrec_##TABLE##_set_targets(ROW,                                   \
                                     (const char **) (WANT)->targets.names, \
                                     (WANT)->targets.n);                    \
    } else {                                                                \
        UPDATE_TARGETS__(TABLE, ROW, WANT, HAVE)                            \
    }
#define UPDATE_TARGETS__(TABLE, ROW, WANT, HAVE)                            \
    for (size_t i = 0; i < (WANT)->targets.n; i++) {                        \
        if (!svec_contains(&(HAVE)->targets, (WANT)->targets.names[i])) {   \
            vswrec_##TABLE##_update_targets_addvalue(                       \
                ROW, (WANT)->targets.names[i]);                             \
        }                                                                   \
    }                                                                       \
    for (size_t i = 0; i < (HAVE)->targets.n; i++) {                        \
        if (!svec_contains(&(WANT)->targets, (HAVE)->targets.names[i])) {   \
            vswrec_##TABLE##_update_targets_delvalue(                       \
                ROW, (HAVE)->targets.names[i]);                             \
        }                                                                   \
    }

static void
update_mirror(struct db *db, const struct have_native *hn, const char *taps)
{
    const struct vswrec_mirror *m
        = vswrec_mirror_get_for_uuid(db->ovs.idl, &hn->row);
    const struct vswrec_port *port
        = vswrec_port_get_for_uuid(db->ovs.idl, &hn->port);

    if (m) {
        vswrec_mirror_update_external_ids_setkey(m, NATIVE_TAPS, taps);
    }
    if (port) {
        vswrec_port_update_external_ids_setkey(port, NATIVE_TAPS, taps);
    }
    for (size_t i = 0; port && i < port->n_interfaces; i++) {
        const struct vswrec_interface *intf
            = vswrec_interface_get_for_uuid(db->ovs.idl,
                                            &port->interfaces[i]);

        if (intf) {
            vswrec_interface_update_external_ids_setkey(intf, NATIVE_TAPS,
                                                        taps);
        }
    }
}

static void
update(struct db *db, const struct native *want,
       const struct have_native *hn)
{
    const struct native *have = &hn->native;
    char *taps = native_taps_text(want);

    if (want->kind == NATIVE_MIRROR) {
        update_mirror(db, hn, taps);
    } else if (want->kind == NATIVE_SFLOW) {
        const struct vswrec_sflow *row
            = vswrec_sflow_get_for_uuid(db->ovs.idl, &hn->row);

        if (row) {
            UPDATE_TARGETS(sflow, row, want, have)
            set_sflow(row, want);
            vswrec_sflow_update_external_ids_setkey(row, NATIVE_TAPS, taps);
        }
    } else if (want->kind == NATIVE_IPFIX) {
        const struct vswrec_ipfix *row
            = vswrec_ipfix_get_for_uuid(db->ovs.idl, &hn->row);

        if (row) {
            UPDATE_TARGETS(ipfix, row, want, have)
            set_ipfix(db, row, want);
            vswrec_ipfix_update_external_ids_setkey(row, NATIVE_TAPS, taps);
        }
    } else {
        const struct vswrec_netflow *row
            = vswrec_netflow_get_for_uuid(db->ovs.idl, &hn->row);

        if (row) {
            UPDATE_TARGETS(netflow, row, want, have)
            set_netflow(row, want);
            vswrec_netflow_update_external_ids_setkey(row, NATIVE_TAPS, taps);
        }
    }
    free(taps);
}

void
db_write_step(struct db *db, const struct plan_step *step)
{
    switch (step->op) {
    case PLAN_DELETE: delete(db, step->have); break;
    case PLAN_CREATE: create(db, step->want); break;
    case PLAN_UPDATE: update(db, step->want, step->have); break;
    }
}
