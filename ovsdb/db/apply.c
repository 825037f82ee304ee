/* apply.c -- the steps of a plan, as one transaction on Open_vSwitch.
 *
 * Called by the daemon with steps that were computed from the snapshot that
 * the IDL still has.  Sets that others write too (a bridge's ports and
 * mirrors, targets of a row) are changed by partial updates; a bridge's slot
 * is verified in the transaction.  Each transaction has a comment and asks the
 * switch, by next_cfg, to say when it is done.  The invariant: one transaction
 * at a time, and none before the IDL shows what the last one wrote.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "openvswitch/poll-loop.h"
#include "openvswitch/vlog.h"
#include "ovsdb/vswitch-idl.h"

VLOG_DEFINE_THIS_MODULE(db_apply);

#define RETRY_MS 1000           /* For rows that never come. */

/* ## Columns. ## */

static void
stamp(const struct db *db, const struct native *n, struct smap *ids)
{
    char *taps = native_taps_text(n);

    smap_init(ids);
    smap_add(ids, NATIVE_OWNER, db->host);
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
set_ipfix(const struct vswrec_ipfix *row, const struct native *n)
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
        = vswrec_interface_insert(db->apply.txn);
    const struct vswrec_port *port = vswrec_port_insert(db->apply.txn);
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
    const struct vswrec_mirror *m = vswrec_mirror_insert(db->apply.txn);

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
    const struct vswrec_sflow *row = vswrec_sflow_insert(db->apply.txn);

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
    const struct vswrec_ipfix *row = vswrec_ipfix_insert(db->apply.txn);

    vswrec_bridge_verify_ipfix(br);
    vswrec_ipfix_set_targets(row, (const char **) n->targets.names,
                             n->targets.n);
    vswrec_ipfix_set_external_ids(row, ids);
    set_ipfix(row, n);
    vswrec_bridge_set_ipfix(br, row);
}

static void
create_netflow(struct db *db, const struct vswrec_bridge *br,
               const struct native *n, const struct smap *ids)
{
    const struct vswrec_netflow *row = vswrec_netflow_insert(db->apply.txn);

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
            set_ipfix(row, want);
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

/* ## Transactions. ## */

/* "ovspand on h1: +Mirror osp1 of br0 (c1 erspan2:10.9.0.2)". */
static void
put_comment(const struct db *db, const struct plan_step *steps, size_t n)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "ovspand on %s:", db->host);
    for (size_t i = 0; i < n; i++) {
        const struct native *native = (steps[i].op == PLAN_DELETE
                                       ? &steps[i].have->native
                                       : steps[i].want);
        char *taps = native_taps_text(native);

        ds_put_format(&s, "%s %c%s%s%s of %s (%s)", i ? "," : "",
                      "-+~"[steps[i].op], native_table(native->kind),
                      native->name[0] ? " " : "", native->name,
                      native->bridge_name, taps);
        free(taps);
    }
    VLOG_INFO("%s", ds_cstr(&s));
    ovsdb_idl_txn_add_comment(db->apply.txn, "%s", ds_cstr(&s));
    ds_destroy(&s);
}

static bool
must_skip(const struct db *db)
{
    return (time_msec() < db->apply.skip_until
            && ovsdb_idl_get_seqno(db->ovs.idl) == db->apply.seqno);
}

bool
db_ovs_is_current(const struct db *db)
{
    return (db->ovs.synced && !db->apply.txn
            && (db->apply.generation != db->ovs.generation
                || db_ovs_next_cfg(db) >= db->apply.cfg));
}

bool
db_can_apply(const struct db *db)
{
    return db->host && db_ovs_is_current(db) && !must_skip(db);
}

void
db_apply(struct db *db, const struct plan_step *steps, size_t n)
{
    const struct vswrec_open_vswitch *cfg
        = vswrec_open_vswitch_first(db->ovs.idl);

    if (!db_can_apply(db) || !cfg || !n) {
        return;
    }
    db->apply.txn = ovsdb_idl_txn_create(db->ovs.idl);
    db->apply.seqno = ovsdb_idl_get_seqno(db->ovs.idl);
    put_comment(db, steps, n);
    for (size_t i = 0; i < n; i++) {
        switch (steps[i].op) {
        case PLAN_DELETE: delete(db, steps[i].have); break;
        case PLAN_CREATE: create(db, steps[i].want); break;
        case PLAN_UPDATE: update(db, steps[i].want, steps[i].have); break;
        }
    }
    ovsdb_idl_txn_increment(db->apply.txn, &cfg->header_,
                            &vswrec_open_vswitch_col_next_cfg, false);
}

static enum db_verdict
conclude(struct db *db, enum ovsdb_idl_txn_status status, char **error)
{
    const char *text = ovsdb_idl_txn_get_error(db->apply.txn);

    switch (status) {
    case TXN_INCOMPLETE:
        return DB_BUSY;
    case TXN_UNCHANGED:
    case TXN_SUCCESS:
        if (status == TXN_SUCCESS) {
            db->apply.cfg = ovsdb_idl_txn_get_increment_new_value(
                db->apply.txn);
            db->apply.generation = db->ovs.generation;
        }
        return DB_DONE;
    case TXN_ABORTED:
    case TXN_NOT_LOCKED:
    case TXN_TRY_AGAIN:
        db->apply.skip_until = time_msec() + RETRY_MS;
        return DB_TRY_AGAIN;
    case TXN_ERROR:
        *error = xstrdup(text ? text : "no reason given");
        return DB_FAILED;
    case TXN_UNCOMMITTED:
        break;
    }
    OVS_NOT_REACHED();
}

enum db_verdict
db_apply_run(struct db *db, char **error)
{
    *error = NULL;
    if (!db->apply.txn) {
        return DB_IDLE;
    }

    enum db_verdict verdict
        = conclude(db, ovsdb_idl_txn_commit(db->apply.txn), error);

    if (verdict != DB_BUSY) {
        ovsdb_idl_txn_destroy(db->apply.txn);
        db->apply.txn = NULL;
        poll_immediate_wake();
    }
    return verdict;
}

void
db_apply_wait(const struct db *db)
{
    if (db->apply.txn) {
        ovsdb_idl_txn_wait(db->apply.txn);
    } else if (must_skip(db)) {
        poll_timer_wait_until(db->apply.skip_until);
    }
}

void
db_apply_uninit(struct db *db)
{
    if (db->apply.txn) {
        ovsdb_idl_txn_destroy(db->apply.txn);
        db->apply.txn = NULL;
    }
}
