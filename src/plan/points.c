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
#include "plan/native.h"

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
        point->hopeless = true;
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
                         "its own", name, intf->type));
    }
}

static bool
has_device(const struct topo_node *port)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &port->out) {
        if (!strcmp(edge->relation, "layer2") && edge->child->link) {
            return true;
        }
    }
    return false;
}

static void
resolve_port(struct plan_point *point)
{
    const struct topo_node *intf;
    size_t n = count_interfaces(point->node, &intf);

    point->port = point->node;
    if (!n) {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("port %s has no interface now; the capture starts "
                         "by itself when it has one", point->node->name));
        point->hopeless = true;
    } else if (n > 1 && !has_device(point->node)) {
        refuse(point, TAP_R_NO_KERNEL_DEVICE,
               xasprintf("%s is a bond of interfaces without kernel devices",
                         point->node->name));
    } else if (n > 1) {
        point->many = true;
    } else if (!intf->link) {
        refuse_bare(point, intf);
    } else {
        point->device = intf;
        /* A veth, tap or NIC receives what enters the bridge; an internal
         * device, the host's end of the port, sends it. */
        point->reversed = is_type(intf, "internal");
    }
}

/* An interface, of OVS or not. */
static void
resolve_interface(struct plan_point *point)
{
    const struct topo_node *node = point->node;

    point->port = parent_of(node, "layer2", "ovsport");
    point->leaves = point->port && is_type(node, "internal");
    if (node->link) {
        point->device = node;
    } else {
        refuse_bare(point, node);
    }
}

static void
resolve(struct plan_point *point)
{
    const struct topo_node *node = point->node;

    if (is_type(node, "host")) {
        refuse_owner(point, "host");
        point->hopeless = true;
    } else if (is_type(node, "netns")) {
        refuse_owner(point, "namespace");
        point->hopeless = true;
    } else if (is_type(node, "ovsbridge")) {
        point->bridge = node;
        point->many = true;
    } else if (is_type(node, "ovsport")) {
        resolve_port(point);
    } else {
        resolve_interface(point);
    }
    if (point->port) {
        point->bridge = parent_of(point->port, "ownership", "ovsbridge");
    }
}

bool
plan_is_made(const struct topo_node *node)
{
    const struct topo_node *port = (is_type(node, "ovsport") ? NULL
                                    : parent_of(node, "layer2", "ovsport"));
    const char *key = "ExtID." NATIVE_OWNER;

    return (topo_map_find(&node->meta, key)
            || (port && topo_map_find(&port->meta, key)));
}

static void
mark_several(struct plan_point *points, size_t n)
{
    struct simap bridges = SIMAP_INITIALIZER(&bridges);

    for (size_t i = 0; i < n; i++) {
        if (points[i].bridge) {
            simap_increase(&bridges, points[i].bridge->id, 1);
        }
    }
    for (size_t i = 0; i < n; i++) {
        points[i].several = (points[i].bridge
                             && simap_get(&bridges,
                                          points[i].bridge->id) > 1);
    }
    simap_destroy(&bridges);
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
        if (!is_inner(nodes[i], &selected) && !plan_is_made(nodes[i])
            && sset_add(&done, nodes[i]->id)) {
            struct plan_point *point = &points[(*n)++];

            point->node = nodes[i];
            resolve(point);
        }
    }
    sset_destroy(&selected);
    sset_destroy(&done);
    mark_several(points, *n);
    return points;
}

void
plan_points_free(struct plan_point *points, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(points[i].detail);
    }
    free(points);
}

/* A part of a bridge that carries nothing now needs no tap: it gets one when
 * it does. */
static bool
is_silent(const struct plan_point *point)
{
    return point->device && !point->device->link->up;
}

static void
put_name(struct ds *names, const char *name)
{
    ds_put_format(names, "%s%s", names->length ? ", " : "", name);
}

static int
compare_points(const void *a_, const void *b_)
{
    const struct plan_point *a = a_;
    const struct plan_point *b = b_;

    return topo_node_compare(a->node, b->node);
}

const struct have_output *
plan_output_of(const struct have_bridge *bridge, const struct topo_node *port)
{
    for (size_t i = 0; bridge && port && i < bridge->n_outputs; i++) {
        if (uuid_equals(&bridge->outputs[i].port, &port->ovs_uuid)) {
            return &bridge->outputs[i];
        }
    }
    return NULL;
}

char *
plan_output_text(const struct have_output *output)
{
    return xasprintf("%smirror %s", output->ovn ? "OVN's " : "",
                     output->mirror);
}

struct parts {
    const struct have_bridge *bridge;   /* NULL: nothing is known of it. */
    struct plan_point *points;
    size_t n;
    size_t allocated;
    struct ds left_out;         /* Names. */
};

static void add_parts_of(struct parts *, const struct plan_point *whole);

/* Leaves out 'port' if it is a mirror's output. */
static bool
leave_out_output(struct parts *parts, const struct topo_node *port)
{
    const struct have_output *output = plan_output_of(parts->bridge, port);
    char *mirror = output ? plan_output_text(output) : NULL;

    if (output) {
        char *text = xasprintf("%s, which is the output of %s", port->name,
                               mirror);

        put_name(&parts->left_out, text);
        free(text);
        free(mirror);
    }
    return output != NULL;
}

/* Takes 'part'.  Of a bond on a bridge its interfaces are the parts. */
static void
add_part(struct parts *parts, struct plan_point *part)
{
    if (part->many) {
        add_parts_of(parts, part);
    } else if (part->hopeless || is_silent(part)) {
        put_name(&parts->left_out, part->node->name);
        free(part->detail);
    } else {
        if (parts->n >= parts->allocated) {
            parts->points = x2nrealloc(parts->points, &parts->allocated,
                                       sizeof *parts->points);
        }
        parts->points[parts->n++] = *part;
    }
}

static void
add_parts_of(struct parts *parts, const struct plan_point *whole)
{
    const char *relation = whole->port ? "layer2" : "ownership";
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &whole->node->out) {
        struct plan_point part = { .node = edge->child };

        if (!strcmp(edge->relation, relation) && !plan_is_made(part.node)
            && (whole->port
                || (is_type(part.node, "ovsport")
                    && !leave_out_output(parts, part.node)))) {
            resolve(&part);
            add_part(parts, &part);
        }
    }
}

struct plan_point *
plan_expand(const struct plan_point *whole, const struct have_bridge *bridge,
            size_t *n, char **left_out)
{
    struct parts parts = {
        .bridge = bridge,
        .left_out = DS_EMPTY_INITIALIZER,
    };

    add_parts_of(&parts, whole);
    if (parts.n) {
        qsort(parts.points, parts.n, sizeof *parts.points, compare_points);
    }
    *left_out = parts.left_out.length ? ds_steal_cstr(&parts.left_out) : NULL;
    ds_destroy(&parts.left_out);
    *n = parts.n;
    return parts.points;
}

static enum want_direction
reverse(enum want_direction direction)
{
    return (direction == WANT_BOTH ? WANT_BOTH
            : direction == WANT_INGRESS ? WANT_EGRESS
            : WANT_INGRESS);
}

enum want_direction
plan_point_direction(const struct plan_point *point,
                     enum want_direction direction)
{
    return point->reversed ? reverse(direction) : direction;
}

enum want_direction
plan_bridge_direction(const struct plan_point *point,
                      enum want_direction direction)
{
    return point->leaves ? reverse(direction) : direction;
}

const struct topo_node *
plan_only_interface(const struct topo_node *port)
{
    const struct topo_node *intf;

    return count_interfaces(port, &intf) == 1 ? intf : NULL;
}

static bool
each_port_of(const struct topo_node *bridge,
             bool (*cb)(const struct topo_node *port, void *aux), void *aux)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &bridge->out) {
        if (!strcmp(edge->relation, "ownership")
            && is_type(edge->child, "ovsport") && cb(edge->child, aux)) {
            return true;
        }
    }
    return false;
}

void
plan_for_each_port(const struct topo_node *bridge,
                   bool (*cb)(const struct topo_node *port, void *aux),
                   void *aux)
{
    const struct topo_node *host = parent_of(bridge, "ownership", "host");
    const struct topo_edge *edge;

    if (!host) {
        return;
    }
    LIST_FOR_EACH (edge, out_node, &host->out) {
        if (is_type(edge->child, "ovsbridge")
            && each_port_of(edge->child, cb, aux)) {
            return;
        }
    }
}

char *
plan_patch_ports(const struct topo_node *bridge)
{
    struct ds names = DS_EMPTY_INITIALIZER;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &bridge->out) {
        const struct topo_node *intf
            = (is_type(edge->child, "ovsport")
               && !strcmp(edge->relation, "ownership")
               ? plan_only_interface(edge->child) : NULL);

        if (is_type(intf, "patch")) {
            put_name(&names, edge->child->name);
        }
    }
    return names.length ? ds_steal_cstr(&names) : NULL;
}
