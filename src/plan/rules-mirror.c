/* rules-mirror.c -- what a mirror can carry, and the rows that it needs.
 *
 * Called by choose.c through the rules, and by rules-own.c for a mirror to a
 * port that we capture at.  Pure.  Invariant: a draft always has a port of
 * ours, its output or a scratch port, so that the mirror is made and removed
 * together with a port.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

char *
plan_mirror_name(const char *a, const char *b, const char *c)
{
    char *text = xasprintf("%"PRIuSIZE":%s%"PRIuSIZE":%s%s",
                           strlen(a), a, strlen(b), b, c);
    uint32_t low = hash_string(text, 1);
    uint32_t high = hash_string(text, 2);

    free(text);
    return xasprintf("osp%04x%08x", high & 0xffff, low);
}

/* ## Who is selected. ## */

static void
select_port(const struct topo_node *port, enum want_direction direction,
            struct native *n)
{
    if (direction != WANT_EGRESS) {
        native_ports_add(&n->src, &port->ovs_uuid, port->name);
    }
    if (direction != WANT_INGRESS) {
        native_ports_add(&n->dst, &port->ovs_uuid, port->name);
    }
}

/* Of a port of a bridge that is selected as a whole. */
static void
select_part(const struct plan_case *k, const struct topo_node *port,
            struct native *n)
{
    bool enters_only = !k->c->any_wrap && plan_is_wrapped(k, port);

    if (!enters_only) {
        select_port(port, k->direction, n);
    } else if (k->direction != WANT_EGRESS) {
        select_port(port, WANT_INGRESS, n);
    }
}

static void
select_parts(const struct plan_case *k, struct native *n)
{
    size_t n_parts;
    char *left_out;
    struct plan_point *parts = plan_expand(k->point, k->bridge, &n_parts,
                                           &left_out);

    for (size_t i = 0; i < n_parts; i++) {
        select_part(k, parts[i].port, n);
    }
    plan_points_free(parts, n_parts);
    free(left_out);
}

static char *
select_bridge(const struct plan_case *k, struct native *n,
              enum tap_reason *reason)
{
    char *wrapped = k->c->any_wrap ? NULL : plan_wrapped_ports(k);
    char *why = NULL;

    if (k->direction == WANT_BOTH && !wrapped) {
        n->select_all = true;
        return NULL;
    }
    select_parts(k, n);
    if (wrapped && !n->src.n && !n->dst.n) {
        why = plan_no(reason, TAP_R_OVS_VERSION,
                      xasprintf("%s (%s), and there is no other port: "
                                "releases before 3.0 can",
                                defect_get(DEFECT_TUNNEL_PORT_COPY)->what,
                                wrapped));
    }
    free(wrapped);
    return why;
}

/* Nothing will ever come of it before somebody mends it. */
static bool
has_failed(const struct topo_node *intf)
{
    const struct topo_value *ofport = topo_map_find(&intf->meta, "OfPort");

    return (ofport && ofport->type == TOPO_INTEGER && ofport->integer < 0
            && topo_map_find_string(&intf->meta, "Ovs.Error"));
}

char *
plan_select(const struct plan_case *k, struct native *n,
            enum tap_reason *reason)
{
    const struct topo_node *port = k->point->port;
    const struct topo_node *intf;

    want_vlans(k->c, &n->vlans);
    if (!port) {
        return select_bridge(k, n, reason);
    }
    intf = plan_only_interface(port);
    if (intf && has_failed(intf)) {
        return plan_no(reason, TAP_R_NODE_DOWN,
                       xasprintf("Open vSwitch could not open port %s: %s",
                                 port->name,
                                 topo_map_find_string(&intf->meta,
                                                      "Ovs.Error")));
    } else if (intf && !strcmp(intf->type, "patch")) {
        return plan_no(reason, TAP_R_PATCH_PORT,
                       xasprintf("%s is a patch port, of which a mirror takes "
                                 "nothing", port->name));
    } else if (plan_output_of(k->bridge, port)) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s is the output of another mirror, and "
                                 "carries nothing else", port->name));
    } else if (!intf && k->point->node != port) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("a mirror takes whole ports, and %s is one "
                                 "of several interfaces of port %s",
                                 k->point->node->name, port->name));
    }
    select_port(port, plan_bridge_direction(k->point, k->direction), n);
    return NULL;
}

/* ## Where the copies go. ## */

struct port_search {
    const char *name;           /* Of a port, or a mirror-id. */
    const struct topo_node *port;
};

static bool
find_mirror_id(const struct topo_node *port, void *search_)
{
    struct port_search *search = search_;
    const struct topo_node *intf = plan_only_interface(port);
    const char *id = (intf
                      ? topo_map_find_string(&intf->meta, "ExtID.mirror-id")
                      : NULL);

    if (id && !strcmp(id, search->name) && !plan_is_made(port)) {
        search->port = port;
    }
    return search->port != NULL;
}

static bool
find_name(const struct topo_node *port, void *search_)
{
    struct port_search *search = search_;

    if (!strcmp(port->name, search->name) && !plan_is_made(port)) {
        search->port = port;
    }
    return search->port != NULL;
}

static char *
span_new_port(const struct plan_case *k, struct native *n,
              enum tap_reason *reason)
{
    const char *name = k->target->name;
    struct port_search search = { name, NULL };

    if (strlen(name) >= IFNAMSIZ) {
        return plan_no(reason, TAP_R_BAD_TARGET,
                       xasprintf("span: \"%s\" is longer than the %d "
                                 "characters of a port's name",
                                 name, IFNAMSIZ - 1));
    }
    plan_for_each_port(k->point->bridge, find_name, &search);
    if (search.port) {
        return plan_no(reason, TAP_R_BAD_TARGET,
                       xasprintf("span: there is a port %s already, which is "
                                 "not ours: choose another name, or give its "
                                 "interface external_ids:mirror-id=%s",
                                 name, name));
    }
    for (size_t i = 0; i < k->p->plan->n_natives; i++) {
        const struct plan_native *pn = k->p->plan->natives[i];

        if (pn->run && pn->native.port_name
            && !strcmp(pn->native.port_name, name)
            && native_compare(&pn->native, n)) {
            return plan_no(reason, TAP_R_BAD_TARGET,
                           xasprintf("span: port %s is already made for \"%s\""
                                     ": choose another name", name,
                                     pn->native.taps.names[0]));
        }
    }
    free(n->port_name);
    n->port_name = xstrdup(name);
    return NULL;
}

static char *
fill_span(const struct plan_case *k, struct native *n,
          enum tap_reason *reason)
{
    struct port_search search = { k->target->name, NULL };
    const struct topo_edge *edge;

    n->port_type = xstrdup("internal");
    LIST_FOR_EACH (edge, out_node, &k->point->bridge->out) {
        if (!strcmp(edge->child->type, "ovsport")
            && find_mirror_id(edge->child, &search)) {
            n->output.uuid = search.port->ovs_uuid;
            n->output.name = xstrdup(search.port->name);
            return NULL;
        }
    }
    return span_new_port(k, n, reason);
}

/* The VLAN was checked with the target. */
static char *
fill_rspan(const struct plan_case *k, struct native *n,
           enum tap_reason *reason)
{
    n->output_vlan = atoi(k->target->name);
    n->port_type = xstrdup("internal");
    return plan_check_rspan(k, n->output_vlan, reason);
}

static char *
fill_output(const struct plan_case *k, struct native *n,
            enum tap_reason *reason)
{
    n->port_name = xstrdup(n->name);
    return (plan_is_class(k, "span") ? fill_span(k, n, reason)
            : plan_is_class(k, "rspan") ? fill_rspan(k, n, reason)
            : plan_tunnel(k, n, reason));
}

/* ## What a mirror is not for. ## */

static char *
check_target(const struct plan_case *k, enum tap_reason *reason)
{
    const char *class = k->target->class->name;
    char *why = (plan_is_flows(k)
                 ? xstrdup("a mirror copies packets; it makes no flow "
                           "records")
                 : plan_is_class(k, "sflow")
                 ? xstrdup("a mirror copies packets; it makes no sFlow "
                           "samples")
                 : plan_is_class(k, "pcap")
                 ? xstrdup("a mirror writes no files")
                 : plan_is_class(k, "erspan1")
                 ? xasprintf("OVS does not speak %s", class)
                 : NULL);

    return why ? plan_no(reason, TAP_R_BACKEND_UNAVAILABLE, why) : NULL;
}

static char *
check_capture(const struct plan_case *k, enum tap_reason *reason)
{
    if (k->c->filter) {
        return plan_no(reason, TAP_R_OVS_VERSION,
                       xstrdup("a mirror does not filter: OVS has that from "
                               "3.4 on only, and not with pcap-filter(7)"));
    } else if (k->c->sampling > 1) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("a mirror does not sample"));
    } else if (k->c->snaplen
               && sset_contains(&k->p->have->no_columns, "Mirror.snaplen")) {
        return plan_no(reason, TAP_R_OVS_VERSION,
                       xstrdup("mirrors of this OVS have no snaplen"));
    } else if (k->c->snaplen && plan_datapath_lacks(k, "trunc")) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("the datapath cannot cut packets (its "
                               "capability trunc), so snaplen cannot be"));
    }
    return plan_check_plain(k, "a mirror", reason);
}

char *
plan_check_limit(const struct plan_case *k, const struct native *n,
                 enum tap_reason *reason)
{
    size_t used = (k->bridge->n_mirrors
                   + plan_count_natives(k->p->plan, NATIVE_MIRROR, k->bridge));

    if (!plan_find_native(k->p->plan, n) && used >= HAVE_MAX_MIRRORS) {
        return plan_no(reason, TAP_R_MIRROR_LIMIT,
                       xasprintf("bridge %s has %"PRIuSIZE" mirrors, and OVS "
                                 "programs no more than %d", n->bridge_name,
                                 used, HAVE_MAX_MIRRORS));
    }
    return NULL;
}

char *
plan_rule_mirror(const struct plan_case *k, struct native *n,
                 enum tap_reason *reason)
{
    char *why = plan_check_port(k, reason);

    why = why ? why : check_target(k, reason);
    why = why ? why : plan_check_known(k, reason);
    why = why ? why : check_capture(k, reason);
    why = why ? why : plan_check_wrapped(k, reason);
    if (!why) {
        char *text = target_to_text(k->target);
        char *name = plan_mirror_name(k->c->name, text,
                                      k->point->bridge->name);

        plan_draft(k, name, n);
        n->snaplen = k->c->snaplen;
        free(name);
        free(text);
    }
    why = why ? why : plan_select(k, n, reason);
    why = why ? why : fill_output(k, n, reason);
    return why ? why : plan_check_limit(k, n, reason);
}
