/* rules-own.c -- what our own capture can carry: at a device, or at a port of
 * ours that a mirror fills.
 *
 * Called by choose.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

/* "erspan2, netflow5": what there is an exporter for. */
static char *
list_exporters(const struct plan_caps *caps)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    for (size_t i = 0; i < n_target_classes; i++) {
        const char *name = target_classes[i]->name;

        if (caps->has_exporter(name)) {
            ds_put_format(&ds, "%s%s", ds.length ? ", " : "", name);
        }
    }
    return ds_steal_cstr(&ds);
}

static char *
check_exporter(const struct plan_case *k, enum tap_reason *reason)
{
    const char *class = k->target->class->name;
    char *why;

    if (k->p->caps->has_exporter(class)) {
        return NULL;
    } else if (plan_is_class(k, "span") || plan_is_class(k, "rspan")) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s is a mirror's: own capture does not put "
                                 "frames into a switch", class));
    }

    char *known = list_exporters(k->p->caps);

    why = plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                  xasprintf("%s cannot be sent yet: use one of %s", class,
                            known));
    free(known);
    return why;
}

/* ERSPAN of the types I and II is of Ethernet frames alone. */
static char *
check_link(const struct plan_case *k, enum tap_reason *reason)
{
    const struct topo_node *device = k->point->device;

    if (device && device->link->lacks_ethernet
        && (plan_is_class(k, "erspan1") || plan_is_class(k, "erspan2"))) {
        return plan_no(reason, TAP_R_BAD_TARGET,
                       xasprintf("packets of %s (%s) have no Ethernet "
                                 "headers, and %s carries Ethernet frames "
                                 "only: use erspan3 or gre, which carry IP "
                                 "too", device->name, device->link->kind,
                                 k->target->class->name));
    }
    return NULL;
}

char *
plan_rule_pcap(const struct plan_case *k, struct native *n OVS_UNUSED,
               enum tap_reason *reason)
{
    if (k->point->reason != TAP_R_OK) {
        return plan_no(reason, k->point->reason, xstrdup(k->point->detail));
    } else if (plan_has_vlans(k)) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("which VLAN of the switch a frame is in only "
                               "a mirror can tell: on a device, that of an "
                               "access port has no tag"));
    }

    char *why = check_exporter(k, reason);
    return why ? why : check_link(k, reason);
}

char *
plan_rule_mirror_pcap(const struct plan_case *k, struct native *n,
                      enum tap_reason *reason)
{
    char *why = NULL;
    struct wrap wrap;

    if (!plan_needs_mirror(k) && k->point->device) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s has a kernel device, which needs no "
                                 "mirror", k->point->device->name));
    } else if (!plan_needs_mirror(k) && k->point->many) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("each part is captured where it is, in the "
                               "direction that enters"));
    } else if (k->point->hopeless) {
        return plan_no(reason, k->point->reason, xstrdup(k->point->detail));
    }
    why = plan_check_port(k, reason);
    why = why ? why : check_exporter(k, reason);
    why = why ? why : plan_check_known(k, reason);
    if (!why && k->point->port && !plan_wrap(k->point->port, &wrap)) {
        why = plan_check_wrapped(k, reason);
    }
    if (!why) {
        char *name = plan_mirror_name(k->c->name, k->point->node->id,
                                      "capture");

        plan_draft(k, name, n);
        n->port_name = name;
        n->port_type = xstrdup("internal");
        why = plan_select(k, n, reason);
    }
    return why ? why : plan_check_limit(k, n, reason);
}

/* Of a link in it: its loopback interface at least. */
static const struct topo_link *
link_inside(const struct topo_node *netns)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &netns->out) {
        if (edge->child->link) {
            return edge->child->link;
        }
    }
    return NULL;
}

bool
plan_find_netns(const struct plan_case *k, topo_cookie *netns, char **path)
{
    const char *name = smap_get(&k->target->options, "netns");
    const struct topo_link *link = NULL;
    const struct topo_node **nodes;

    if (!name) {
        return true;
    }
    size_t n = topo_lookup(k->p->topo, "Name", name, &nodes);
    for (size_t i = 0; i < n && !link; i++) {
        link = (!strcmp(nodes[i]->type, "netns")
                && !strcmp(nodes[i]->name, name)
                ? link_inside(nodes[i]) : NULL);
    }
    free(nodes);
    if (link && netns) {
        *netns = link->netns;
        *path = nullable_xstrdup(link->netns_path);
    }
    return link != NULL;
}
