/* owners.c -- whose rows are in Open_vSwitch, beside this host's.
 *
 * Called by who takes back what is left: of a daemon that died, or of one that
 * called this machine something else.  Reads only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "ovsdb/vswitch-idl.h"

struct owners {
    const struct db *db;
    struct db_owner *owners;
    size_t n;
};

static struct db_owner *
get_owner(struct owners *all, const char *name)
{
    struct db_owner *owner;

    for (size_t i = 0; i < all->n; i++) {
        if (!strcmp(all->owners[i].name, name)) {
            return &all->owners[i];
        }
    }
    all->owners = xrealloc(all->owners, (all->n + 1) * sizeof *all->owners);
    owner = &all->owners[all->n++];
    memset(owner, 0, sizeof *owner);
    owner->name = xstrdup(name);
    return owner;
}

/* The owner to count a row for, or NULL: it is not of this machine. */
static struct db_owner *
find_owner(struct owners *all, const struct smap *ids)
{
    const char *name = smap_get(ids, NATIVE_OWNER);
    const char *machine = smap_get_def(ids, NATIVE_MACHINE, "");

    return (name && (!strcmp(machine, all->db->machine)
                     || !strcmp(name, all->db->host))
            ? get_owner(all, name) : NULL);
}

static void
count(struct owners *all, const struct smap *ids, enum native_kind kind)
{
    struct db_owner *owner = find_owner(all, ids);

    if (owner) {
        owner->n[kind]++;
    }
}

struct db_owner *
db_owners(const struct db *db, size_t *n)
{
    struct owners all = { .db = db };
    const struct vswrec_mirror *mirror;
    const struct vswrec_sflow *sflow;
    const struct vswrec_ipfix *ipfix;
    const struct vswrec_netflow *netflow;
    const struct vswrec_port *port;

    VSWREC_MIRROR_FOR_EACH (mirror, db->ovs.idl) {
        count(&all, &mirror->external_ids, NATIVE_MIRROR);
    }
    VSWREC_SFLOW_FOR_EACH (sflow, db->ovs.idl) {
        count(&all, &sflow->external_ids, NATIVE_SFLOW);
    }
    VSWREC_IPFIX_FOR_EACH (ipfix, db->ovs.idl) {
        count(&all, &ipfix->external_ids, NATIVE_IPFIX);
    }
    VSWREC_NETFLOW_FOR_EACH (netflow, db->ovs.idl) {
        count(&all, &netflow->external_ids, NATIVE_NETFLOW);
    }
    VSWREC_PORT_FOR_EACH (port, db->ovs.idl) {
        struct db_owner *owner = find_owner(&all, &port->external_ids);

        if (owner) {
            owner->n_ports++;
        }
    }
    *n = all.n;
    return all.owners;
}

void
db_owners_free(struct db_owner *owners, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(owners[i].name);
    }
    free(owners);
}

bool
db_is_host_of_switch(const struct db *db)
{
    const struct vswrec_open_vswitch *ovs
        = vswrec_open_vswitch_first(db->ovs.idl);
    const char *id = ovs ? smap_get(&ovs->external_ids, "system-id") : NULL;
    const struct spanrec_host *host;

    SPANREC_HOST_FOR_EACH (host, db->span.idl) {
        if (!strcmp(host->name, db->host)) {
            return id && id[0] && !strcmp(host->system_id, id);
        }
    }
    return false;
}
