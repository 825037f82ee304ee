/* tunnel.c -- the port of a mirror to a collector: ERSPAN or GRE by OVS.
 *
 * Called by rules-mirror.c.  OVS accepts much that never works; what can be
 * known before is refused here, with the reason.  Pure: what routes say is
 * asked through the planner's capabilities.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum {
    IPV4_LEN = 20,
    IPV6_LEN = 40,
    GRE_LEN = 4,
    GRE_KEY_LEN = 4,
    ETHERNET_LEN = 14,
    VLAN_LEN = 4,
    DEFAULT_MTU = 1500,
    DSCP_SHIFT = 2,             /* Of DSCP in TOS. */
};

static bool
is_ipv6(const struct plan_case *k)
{
    return !IN6_IS_ADDR_V4MAPPED(&k->target->addr.ip);
}

static bool
is_gre(const struct plan_case *k)
{
    return plan_is_class(k, "gre");
}

/* An address without brackets, as OVS wants it. */
static char *
ip_text(const struct in6_addr *ip)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ipv6_format_mapped(ip, &ds);
    return ds_steal_cstr(&ds);
}

/* ## Options of the interface. ## */

static void
put_number(struct smap *options, const char *key, const char *format,
           int64_t value)
{
    smap_add_format(options, key, format, value);
}

static void
put_source(const struct plan_case *k, struct smap *options)
{
    const char *source = target_get(k->target, "source");
    size_t length = source ? strlen(source) : 0;

    if (length && source[0] == '[') {
        smap_add_nocopy(options, xstrdup("local_ip"),
                        xmemdup0(source + 1, length - 2));
    } else if (length) {
        smap_add(options, "local_ip", source);
    }
}

static void
put_erspan(const struct plan_case *k, struct smap *options)
{
    bool type2 = plan_is_class(k, "erspan2");

    put_number(options, "key", "%"PRId64,
               target_get_int(k->target, "session"));
    smap_add(options, "erspan_ver", type2 ? "1" : "2");
    if (type2) {
        /* OVS reads it as hexadecimal, with and without the prefix. */
        put_number(options, "erspan_idx", "0x%"PRIx64,
                   target_get_int(k->target, "index"));
    }
}

static void
put_options(const struct plan_case *k, struct native *n)
{
    struct smap *options = &n->options;
    const struct target *t = k->target;
    const char *type = is_gre(k) ? "gre" : "erspan";

    n->port_type = xasprintf("%s%s", is_ipv6(k) ? "ip6" : "", type);
    smap_add_nocopy(options, xstrdup("remote_ip"), ip_text(&t->addr.ip));
    put_source(k, options);
    if (!is_gre(k)) {
        put_erspan(k, options);
    } else if (target_has(t, "key")) {
        put_number(options, "key", "%"PRId64, target_get_int(t, "key"));
    }
    if (target_has(t, "ttl")) {
        put_number(options, "ttl", "%"PRId64, target_get_int(t, "ttl"));
    }
    if (target_has(t, "dscp")) {
        put_number(options, "tos", "%"PRId64,
                   target_get_int(t, "dscp") << DSCP_SHIFT);
    }
    if (!strcmp(target_get(t, "oversize"), "fragment")) {
        smap_add(options, "df_default", "false");
    }
}

/* ## Who else has such a tunnel. ## */

static bool
parse_ip(const char *text, struct in6_addr *ip)
{
    ovs_be32 ip4;

    if (text && ip_parse(text, &ip4)) {
        in6_addr_set_mapped_ipv4(ip, ip4);
        return true;
    }
    return text && ipv6_parse(text, ip);
}

/* Addresses that cannot be read are equal if their texts are. */
static bool
same_ip(const char *a, const char *b)
{
    struct in6_addr ip_a, ip_b;

    if (parse_ip(a, &ip_a) && parse_ip(b, &ip_b)) {
        return ipv6_addr_equals(&ip_a, &ip_b);
    }
    return !strcmp(a ? a : "", b ? b : "");
}

static bool
same_key(const char *a, const char *b)
{
    return strtoull(a ? a : "0", NULL, 0) == strtoull(b ? b : "0", NULL, 0);
}

static bool
same_tunnel(const struct smap *ours, const char *remote, const char *local,
            const char *key)
{
    return (same_ip(smap_get(ours, "remote_ip"), remote)
            && same_ip(smap_get(ours, "local_ip"), local)
            && same_key(smap_get(ours, "key"), key));
}

static bool
is_tunnel(const struct topo_node *intf)
{
    return (!strcmp(intf->type, "gre") || !strcmp(intf->type, "erspan")
            || !strcmp(intf->type, "ip6gre")
            || !strcmp(intf->type, "ip6erspan"));
}

static bool
add_tunnel(const struct topo_node *port, void *p_)
{
    const struct topo_node *intf = plan_only_interface(port);
    struct planner *p = p_;

    if (intf && is_tunnel(intf) && !plan_is_made(port)) {
        p->tunnels = xrealloc(p->tunnels,
                              (p->n_tunnels + 1) * sizeof *p->tunnels);
        p->tunnels[p->n_tunnels++] = port;
    }
    return false;
}

/* Somebody else's port that goes where 'n' would, or NULL.  'bridge' is any of
 * the host. */
static const struct topo_node *
find_tunnel(struct planner *p, const struct topo_node *bridge,
            const struct native *n)
{
    if (!p->tunnels_known) {
        plan_for_each_port(bridge, add_tunnel, p);
        p->tunnels_known = true;
    }
    for (size_t i = 0; i < p->n_tunnels; i++) {
        const struct topo_node *intf = plan_only_interface(p->tunnels[i]);
        const struct topo_map *meta = &intf->meta;

        if (!strcmp(intf->type, n->port_type)
            && same_tunnel(&n->options,
                           topo_map_find_string(meta,
                                                "Ovs.Options.remote_ip"),
                           topo_map_find_string(meta, "Ovs.Options.local_ip"),
                           topo_map_find_string(meta, "Ovs.Options.key"))) {
            return p->tunnels[i];
        }
    }
    return NULL;
}

/* " (OVN's mirror m5)", or "". */
static char *
owner_of(const struct have *have, const struct topo_node *port)
{
    const struct have_output *output = NULL;

    for (size_t i = 0; i < have->n_bridges && !output; i++) {
        output = plan_output_of(&have->bridges[i], port);
    }

    char *mirror = output ? plan_output_text(output) : NULL;
    char *owner = mirror ? xasprintf(" (%s)", mirror) : xstrdup("");

    free(mirror);
    return owner;
}

static char *
check_tuple(const struct plan_case *k, const struct native *n,
            enum tap_reason *reason)
{
    const struct plan *plan = k->p->plan;
    const struct topo_node *port = find_tunnel(k->p, k->point->bridge, n);

    if (port) {
        char *owner = owner_of(k->p->have, port);
        char *why = xasprintf("port %s of bridge %s%s is a tunnel to the same "
                              "address with the same key: choose another %s",
                              port->name, port->bridge, owner,
                              is_gre(k) ? "key" : "session");

        free(owner);
        return plan_no(reason, TAP_R_TUNNEL_CONFLICT, why);
    }
    for (size_t i = 0; i < plan->n_natives; i++) {
        const struct native *other = &plan->natives[i]->native;

        if (plan->natives[i]->run && other->kind == NATIVE_MIRROR
            && native_compare(other, n)
            && !strcmp(other->port_type, n->port_type)
            && same_tunnel(&n->options,
                           smap_get(&other->options, "remote_ip"),
                           smap_get(&other->options, "local_ip"),
                           smap_get(&other->options, "key"))) {
            return plan_no(reason, TAP_R_TUNNEL_CONFLICT,
                           xasprintf("the tunnel of \"%s\" on bridge %s goes "
                                     "to the same address with the same key: "
                                     "choose another %s",
                                     other->taps.names[0], other->bridge_name,
                                     is_gre(k) ? "key" : "session"));
        }
    }
    return NULL;
}

/* Any bridge of this host, or NULL. */
static const struct topo_node *
any_bridge(const struct topo *topo)
{
    const struct topo_node **nodes;
    size_t n = topo_lookup(topo, "Type", "ovsbridge", &nodes);
    const struct topo_node *bridge = n ? nodes[0] : NULL;

    free(nodes);
    return bridge;
}

void
plan_find_blocked(struct planner *p)
{
    for (size_t i = 0; i < p->have->n_natives; i++) {
        const struct native *n = &p->have->natives[i].native;
        const struct topo_node *bridge
            = n->port_type && smap_get(&n->options, "remote_ip")
              ? any_bridge(p->topo) : NULL;
        const struct topo_node *port
            = bridge ? find_tunnel(p, bridge, n) : NULL;

        if (port) {
            char *owner = owner_of(p->have, port);

            svec_add_nocopy(&p->plan->blocked,
                            xasprintf("%s%s", port->name, owner));
            free(owner);
        }
    }
}

/* ## The way there. ## */

static char *
no_route(const struct plan_case *k, enum tap_reason *reason,
         const char *device)
{
    return plan_no(reason, TAP_R_NO_ROUTE,
                   xasprintf("the userspace datapath sends tunnels through "
                             "its own ports only, and the route to %s leaves "
                             "by %s, which is none: give a bridge an address "
                             "of that network", k->target->addr.host,
                             device));
}

/* A copy that leaves through what is copied would be copied again. */
static char *
check_loop(const struct plan_case *k, const struct topo_node *device,
           enum tap_reason *reason)
{
    const struct topo_node *bridge = k->point->bridge;
    const char *kind = (k->point->device ? k->point->device->type : "");

    if (device && device->bridge && !strcmp(device->bridge, bridge->name)
        && (!k->point->port || !strcmp(kind, "internal")
            || !strcmp(kind, "device"))) {
        return plan_no(reason, TAP_R_LOOP,
                       xasprintf("%s is reached through bridge %s itself, so "
                                 "that copies would be copied again",
                                 k->target->addr.host, bridge->name));
    }
    return NULL;
}

static uint32_t
mtu_of(const struct plan_case *k)
{
    uint32_t mtu = 0;
    struct plan_point *parts;
    char *left_out;
    size_t n;

    if (k->point->device) {
        return k->point->device->link->mtu;
    } else if (!k->point->many) {
        return DEFAULT_MTU;
    }
    parts = plan_expand(k->point, k->bridge, &n, &left_out);
    for (size_t i = 0; i < n; i++) {
        mtu = MAX(mtu, (parts[i].device ? parts[i].device->link->mtu
                        : DEFAULT_MTU));
    }
    plan_points_free(parts, n);
    free(left_out);
    return mtu;
}

/* 'auto' wants every frame to fit; who asks for 'ovs' takes what comes. */
static char *
check_mtu(const struct plan_case *k, uint32_t path_mtu,
          enum tap_reason *reason)
{
    uint32_t need = (mtu_of(k) + ETHERNET_LEN + VLAN_LEN + GRE_LEN
                     + (is_ipv6(k) ? IPV6_LEN : IPV4_LEN)
                     + (target_has(k->target, "key") ? GRE_KEY_LEN : 0));

    if (k->c->backend == WANT_AUTO && !k->c->snaplen && path_mtu
        && need > path_mtu) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("a full frame with its tunnel has %"PRIu32
                                 " bytes, the path to %s takes %"PRIu32", and "
                                 "OVS does not cut or fragment", need,
                                 k->target->addr.host, path_mtu));
    }
    return NULL;
}

static char *
check_path(const struct plan_case *k, enum tap_reason *reason)
{
    struct plan_route route;

    if (!k->p->caps->route || !topo_is_switch_here(k->p->topo)) {
        return NULL;            /* Our routes are not the switch's. */
    }

    int error = k->p->caps->route(&k->target->addr.ip, &route);
    const struct topo_node *device
        = error ? NULL : topo_find_host_link(k->p->topo, route.ifindex);
    char *why = NULL;

    if (error) {
        return plan_no(reason, TAP_R_NO_ROUTE,
                       xasprintf("no route to %s (%s)",
                                 k->target->addr.host, ovs_strerror(error)));
    } else if (k->bridge->userspace && (!device || !device->bridge)) {
        return no_route(k, reason, device ? device->name : "no known device");
    }
    why = check_loop(k, device, reason);
    return (why ? why
            : check_mtu(k, route.mtu ? route.mtu
                        : device && device->link ? device->link->mtu : 0,
                        reason));
}

static char *
check_tso(const struct plan_case *k, enum tap_reason *reason)
{
    enum defect_id id = is_gre(k) ? DEFECT_TSO_GRE : DEFECT_TSO_ERSPAN;

    return (k->p->have->tso && plan_has_defect(k, id)
            ? plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                      xstrdup(defect_get(id)->what))
            : NULL);
}

static char *
check_switch(const struct plan_case *k, const struct native *n,
             enum tap_reason *reason)
{
    const struct have *have = k->p->have;

    if (!have->has_types || !sset_contains(&have->types, n->port_type)) {
        return plan_no(reason, TAP_R_OVS_VERSION,
                       xasprintf("this OVS has no ports of type %s",
                                 n->port_type));
    } else if (k->bridge->userspace
               && plan_datapath_lacks(k, "tnl_push_pop")) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup("the userspace datapath does no tunnels (its "
                               "capability tnl_push_pop)"));
    } else if (k->c->snaplen
               && plan_has_defect(k, DEFECT_SNAPLEN_TUNNEL)) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xstrdup(defect_get(DEFECT_SNAPLEN_TUNNEL)->what));
    }
    return check_tso(k, reason);
}

char *
plan_tunnel(const struct plan_case *k, struct native *n,
            enum tap_reason *reason)
{
    if (k->target->addr.is_name) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("OVS wants a numeric address, not %s",
                                 k->target->addr.host));
    }
    put_options(k, n);

    char *why = check_switch(k, n, reason);

    why = why ? why : check_tuple(k, n, reason);
    return why ? why : check_path(k, reason);
}
