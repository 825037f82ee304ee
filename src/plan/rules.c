/* rules.c -- what the rules of the backends have in common.
 *
 * Called by the rules and by choose.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

bool
plan_is_class(const struct plan_case *k, const char *name)
{
    return !strcmp(k->target->class->name, name);
}

bool
plan_is_flows(const struct plan_case *k)
{
    return k->target->class->payload == TARGET_FLOWS;
}

char *
plan_no(enum tap_reason *reason, enum tap_reason value, char *why)
{
    *reason = value;
    return why;
}

/* The OVS port at the other end of a veth, or NULL. */
static const struct topo_node *
find_peer_port(const struct topo_node *node)
{
    const struct topo_node *found = NULL;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &node->out) {
        const char *type = topo_map_find_string(&edge->meta, "Type");

        found = (type && !strcmp(type, "veth") && edge->child->bridge
                 ? edge->child : found);
    }
    LIST_FOR_EACH (edge, in_node, &node->in) {
        const char *type = topo_map_find_string(&edge->meta, "Type");

        found = (type && !strcmp(type, "veth") && edge->parent->bridge
                 ? edge->parent : found);
    }
    return found;
}

char *
plan_check_port(const struct plan_case *k, enum tap_reason *reason)
{
    if (!k->point->bridge) {
        /* Others have a way without a port. */
        bool needs_port = (plan_is_class(k, "span")
                           || plan_is_class(k, "rspan"));
        const struct topo_node *port = (needs_port ? find_peer_port(
                                            k->point->node) : NULL);

        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s is not an OVS port%s%s%s",
                                 k->point->node->name,
                                 port ? "; its peer " : "",
                                 port ? port->name : "",
                                 port ? " is one, so use that" : ""));
    }
    return NULL;
}

char *
plan_check_known(const struct plan_case *k, enum tap_reason *reason)
{
    if (!k->p->have->known || !k->bridge) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("what Open vSwitch has is not known yet"));
    }
    return NULL;
}

char *
plan_check_plain(const struct plan_case *k, const char *who,
                 enum tap_reason *reason)
{
    const char *what = (k->c->filter ? "filter"
                        : want_option(k->c, "max-pps") ? "limit packets"
                        : want_option(k->c, "max-bps") ? "limit bits"
                        : want_option(k->c, "decap")
                          && k->target->class->payload == TARGET_FLOWS
                        ? "look into tunnels"
                        : target_has(k->target, "source")
                        ? "choose the source address"
                        : target_has(k->target, "rate")
                        ? "bound its datagrams a second"
                        : target_has(k->target, "fields")
                        ? "choose the fields of its records"
                        : target_has(k->target, "dev")
                        || addr_zone(&k->target->addr)
                        ? "choose the interface to send by"
                        : target_has(k->target, "netns")
                        ? "send from another network namespace"
                        : NULL);

    if (what) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s cannot %s", who, what));
    }
    return NULL;
}

bool
plan_datapath_lacks(const struct plan_case *k, const char *feature)
{
    char *key = xasprintf("%s.%s", k->bridge->userspace ? "netdev" : "system",
                          feature);
    const char *has = smap_get(&k->p->have->capabilities, key);

    free(key);
    return has && !strcmp(has, "false");
}

bool
plan_has_vlans(const struct plan_case *k)
{
    return smap_get(&k->c->options, "vlans") != NULL;
}

bool
plan_needs_mirror(const struct plan_case *k)
{
    return (plan_has_vlans(k) && k->point->bridge
            && k->c->backend != WANT_PCAP);
}

void
plan_draft(const struct plan_case *k, const char *name, struct native *n)
{
    n->bridge = k->bridge->uuid;
    n->bridge_name = xstrdup(k->point->bridge->name);
    n->name = xstrdup(name);

    char *text = target_to_text(k->target);
    char *tap = xasprintf("%s %s", k->c->name, text);

    svec_add_nocopy(&n->taps, tap);
    free(text);
}

bool
plan_has_defect(const struct plan_case *k, enum defect_id id)
{
    return defect_is_in(id, k->p->have->version, k->bridge->userspace);
}
