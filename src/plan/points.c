/* points.c -- where packets can be taken for a node.
 *
 * A selector gives nodes; a node is a point, or part of one that was selected
 * too, or no point at all.  Called by plan.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/points.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

static bool
is_type(const struct topo_node *node, const char *type)
{
    return node && !strcmp(node->type, type);
}

/* The parent of 'node' by an edge of that relation, of that type, or NULL. */
static const struct topo_node *
parent_of(const struct topo_node *node, const char *relation,
          const char *type)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, in_node, &node->in) {
        if (!strcmp(edge->relation, relation)
            && is_type(edge->parent, type)) {
            return edge->parent;
        }
    }
    return NULL;
}

/* The number of interfaces of an OVS port; stores one of them, or NULL. */
static size_t
count_interfaces(const struct topo_node *port, const struct topo_node **intf)
{
    const struct topo_edge *edge;
    size_t n = 0;

    *intf = NULL;
    LIST_FOR_EACH (edge, out_node, &port->out) {
        if (!strcmp(edge->relation, "layer2")) {
            *intf = edge->child;
            n++;
        }
    }
    return n;
}

/* The bridge that 'port' is the local port of, or NULL. */
static const struct topo_node *
local_bridge(const struct topo_node *port)
{
    const struct topo_node *bridge = parent_of(port, "ownership",
                                               "ovsbridge");

    return bridge && !strcmp(bridge->name, port->name) ? bridge : NULL;
}

/* True if 'node' is the same point as another of the 'selected' ids: the
 * outermost stands for all. */
static bool
is_inner(const struct topo_node *node, const struct sset *selected)
{
    const struct topo_node *port = (is_type(node, "ovsport") ? node
                                    : parent_of(node, "layer2", "ovsport"));
    const struct topo_node *bridge, *intf;

    if (!port || is_type(node, "ovsbridge")) {
        return false;
    }
    bridge = local_bridge(port);
    if (bridge && sset_contains(selected, bridge->id)) {
        return true;
    }
    return (node != port && sset_contains(selected, port->id)
            && count_interfaces(port, &intf) == 1);
}

/* An interface in 'owner' that a person might have meant. */
static const char *
example_interface(const struct topo_node *owner)
{
    const struct topo_edge *edge;
    const char *best = NULL;

    LIST_FOR_EACH (edge, out_node, &owner->out) {
        const struct topo_node *child = edge->child;

        if (child->link && strcmp(child->name, "lo")
            && (!best || strcmp(child->name, best) < 0)) {
            best = child->name;
        }
    }
    return best ? best : "eth0";
}

static void
refuse(struct plan_point *point, enum tap_reason reason, char *detail)
{
    point->reason = reason;
    point->detail = detail;
}

static void
refuse_owner(struct plan_point *point, const char *what)
{
    const char *name = point->node->name;

    refuse(point, TAP_R_NOT_TAPPABLE,
           xasprintf("%s is a %s: pick an interface in it, for example "
                     "G.V().Has('Name','%s').Out().Has('Name','%s')",
                     name, what, name, example_interface(point->node)));
}

static void
refuse_bridge(struct plan_point *point)
{
    const char *name = point->node->name;

    refuse(point, TAP_R_BACKEND_UNAVAILABLE,
           xasprintf("%s is a bridge, and own capture of a whole bridge is "
                     "not there yet: select its ports, for example "
                     "G.V().Has('Name','%s','Type','ovsbridge')"
                     ".Out('Type','ovsport')", name, name));
}

/* An interface that has no kernel device: why not? */
static void
refuse_bare(struct plan_point *point, const struct topo_node *intf)
{
    const char *name = intf->name;

    if (is_type(intf, "patch")) {
        refuse(point, TAP_R_PATCH_PORT,
               xasprintf("%s is a patch port: it has no device, and a mirror "
                         "takes nothing from it; select the ports at which "
                         "the packets enter or leave the switch", name));
    } else if (topo_map_find(&intf->meta, "Ovs.Join")) {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("more than one device named %s in other namespaces "
                         "could be this interface: set its "
                         "external_ids:attached-mac to the right one's "
                         "MAC address", name));
    } else if (is_type(intf, "system") || is_type(intf, "internal")) {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("%s has no kernel device now; the capture starts "
                         "by itself when it has one", name));
    } else {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("%s is a %s interface without a kernel device of "
                         "its own, and capture through a mirror is not there "
                         "yet: select the ports at which the packets enter "
                         "or leave the switch", name, intf->type));
    }
}

static void
resolve_port(struct plan_point *point)
{
    const struct topo_node *intf;
    size_t n = count_interfaces(point->node, &intf);

    if (!n) {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("port %s has no interface now; the capture starts "
                         "by itself when it has one", point->node->name));
    } else if (n > 1) {
        refuse(point, TAP_R_BACKEND_UNAVAILABLE,
               xasprintf("port %s is a bond of %"PRIuSIZE" interfaces, and "
                         "own capture of a bond is not there yet: select its "
                         "interfaces, for example "
                         "G.V().Has('Name','%s','Type','ovsport').Out()",
                         point->node->name, n, point->node->name));
    } else if (!intf->link) {
        refuse_bare(point, intf);
    } else {
        point->device = intf;
        /* A veth, tap or NIC receives what enters the bridge; an internal
         * device, the host's end of the port, sends it. */
        point->reversed = is_type(intf, "internal");
    }
}

static void
resolve(struct plan_point *point)
{
    const struct topo_node *node = point->node;

    if (is_type(node, "host")) {
        refuse_owner(point, "host");
    } else if (is_type(node, "netns")) {
        refuse_owner(point, "namespace");
    } else if (is_type(node, "ovsbridge")) {
        refuse_bridge(point);
    } else if (is_type(node, "ovsport")) {
        resolve_port(point);
    } else if (node->link) {
        point->device = node;
    } else {
        refuse_bare(point, node);
    }
}

struct plan_point *
plan_points(const struct topo_node *const *nodes, size_t n_nodes, size_t *n)
{
    struct plan_point *points = xcalloc(n_nodes ? n_nodes : 1,
                                        sizeof *points);
    struct sset selected = SSET_INITIALIZER(&selected);
    struct sset done = SSET_INITIALIZER(&done);

    for (size_t i = 0; i < n_nodes; i++) {
        sset_add(&selected, nodes[i]->id);
    }
    *n = 0;
    for (size_t i = 0; i < n_nodes; i++) {
        if (!is_inner(nodes[i], &selected) && sset_add(&done, nodes[i]->id)) {
            struct plan_point *point = &points[(*n)++];

            point->node = nodes[i];
            resolve(point);
        }
    }
    sset_destroy(&selected);
    sset_destroy(&done);
    return points;
}

enum want_direction
plan_point_direction(const struct plan_point *point,
                     enum want_direction direction)
{
    if (!point->reversed || direction == WANT_BOTH) {
        return direction;
    }
    return direction == WANT_INGRESS ? WANT_EGRESS : WANT_INGRESS;
}
