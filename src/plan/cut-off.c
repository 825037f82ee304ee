/* cut-off.c -- whom copies reach, and whom they cut off, in the switch.
 *
 * A mirror to a VLAN floods what it copies to every port that carries that
 * VLAN, and one to a port of somebody else's takes that port for itself.
 * Called by rules-mirror.c and differs.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_NAMES = 8 };         /* So many are read, not looked through. */

/* True if the list 'key' of a port has 'vlan'; 'empty' if it has none. */
static bool
has_vlan(const struct topo_node *port, const char *key, int vlan, bool empty)
{
    const struct topo_value *list = topo_map_find(&port->meta, key);

    if (!list || list->type != TOPO_LIST || !topo_list_n(list)) {
        return empty;
    }
    for (size_t i = 0; i < topo_list_n(list); i++) {
        const struct topo_value *value = topo_list_at(list, i);

        if (value->type == TOPO_INTEGER && value->integer == vlan) {
            return true;
        }
    }
    return false;
}

/* As OVS has it: with a tag and without a mode it is an access port, without
 * either it is a trunk of every VLAN. */
static bool
carries(const struct topo_node *port, int vlan)
{
    const char *mode = topo_map_find_string(&port->meta, "Ovs.VlanMode");
    bool tagged = topo_map_find(&port->meta, "Ovs.Tag") != NULL;

    if (mode ? !strcmp(mode, "access") || !strcmp(mode, "dot1q-tunnel")
        : tagged) {
        return has_vlan(port, "Ovs.Tag", vlan, vlan == 0);
    }
    return (has_vlan(port, "Ovs.Trunks", vlan, true)
            || has_vlan(port, "Ovs.Tag", vlan, false));
}

static char *
join_names(struct svec *names)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    svec_sort(names);
    for (size_t i = 0; i < MIN(names->n, MAX_NAMES); i++) {
        ds_put_format(&ds, "%s%s", i ? ", " : "", names->names[i]);
    }
    if (names->n > MAX_NAMES) {
        ds_put_format(&ds, " and %"PRIuSIZE" more", names->n - MAX_NAMES);
    }
    return names->n ? ds_steal_cstr(&ds) : NULL;
}

char *
plan_vlan_ports(const struct plan_case *k, int vlan)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    const struct topo_edge *edge;
    char *text;

    LIST_FOR_EACH (edge, out_node, &k->point->bridge->out) {
        const struct topo_node *port = edge->child;

        if (!strcmp(edge->relation, "ownership")
            && !strcmp(port->type, "ovsport") && !plan_is_made(port)
            && !plan_output_of(k->bridge, port) && carries(port, vlan)) {
            svec_add(&names, port->name);
        }
    }
    text = join_names(&names);
    svec_destroy(&names);
    return text;
}

char *
plan_check_rspan(const struct plan_case *k, int vlan, enum tap_reason *reason)
{
    const struct topo_node *bridge = k->point->bridge;
    const char *by = topo_map_find_string(&bridge->meta, "Managed");

    if (!by || want_flag(k->c, "rspan-anyway")) {
        return NULL;
    }

    char *names = plan_vlan_ports(k, vlan);
    char *why = xasprintf("bridge %s is %s, which decides by flows and not by "
                          "VLANs who gets what, and the copies would be "
                          "flooded to %s; options:rspan-anyway=true does it "
                          "all the same", bridge->name,
                          !strcmp(by, "ovn") ? "OVN's"
                          : !strcmp(by, "controller") ? "a controller's"
                          : "one of fail_mode=secure",
                          names ? names : "no port now");

    free(names);
    return plan_no(reason, TAP_R_NOT_ALLOWED, why);
}

static const struct topo_node *
find_port(const struct topo_node *bridge, const struct uuid *uuid)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &bridge->out) {
        if (!strcmp(edge->child->type, "ovsport")
            && uuid_equals(&edge->child->ovs_uuid, uuid)) {
            return edge->child;
        }
    }
    return NULL;
}

void
plan_tell_cut_off(const struct plan_case *k, const struct native *n,
                  struct svec *interferes)
{
    const struct topo_node *port
        = n->output.name ? find_port(k->point->bridge, &n->output.uuid) : NULL;
    const struct topo_node *intf = port ? plan_only_interface(port) : NULL;
    const char *id = (intf ? topo_map_find_string(&intf->meta,
                                                  "ExtID.iface-id")
                      : NULL);

    if (port) {
        svec_add_nocopy(interferes,
                        xasprintf("%s%s%sport %s gets nothing but copies, and "
                                  "what it sends is dropped",
                                  id ? "THE MACHINE OF LOGICAL PORT " : "",
                                  id ? id : "",
                                  id ? " IS CUT OFF FROM ITS NETWORK: " : "",
                                  port->name));
    }
}
