/* wrapped.c -- tunnel ports of whose packets OVS copies the wrapped ones.
 *
 * The userspace datapath puts the tunnel's headers on before it makes an
 * egress mirror's copy, if the output was the last thing to do.  What of that
 * can be taken off again is known by the port's options; where a copy cannot
 * be looked at, there is no mirror.  Called by the rules of mirrors.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

/* Types of interfaces that are tunnels; of those without a wrap nothing can be
 * taken off. */
static const struct tunnel_type {
    const char *name;
    enum wrap_type wrap;
    uint16_t port;              /* UDP's, unless options say another one. */
} types[] = {
    { "vxlan", WRAP_VXLAN, 4789 },
    { "geneve", WRAP_GENEVE, 6081 },
    { "gre", WRAP_GRE, 0 },
    { "ip6gre", WRAP_GRE, 0 },
    { "erspan", WRAP_ERSPAN, 0 },
    { "ip6erspan", WRAP_ERSPAN, 0 },
    { "bareudp", WRAP_NONE, 0 },
    { "gtpu", WRAP_NONE, 0 },
    { "lisp", WRAP_NONE, 0 },
    { "srv6", WRAP_NONE, 0 },
    { "stt", WRAP_NONE, 0 },
};

static const struct tunnel_type *
find_type(const struct topo_node *port)
{
    const struct topo_node *intf = port ? plan_only_interface(port) : NULL;

    for (size_t i = 0; i < ARRAY_SIZE(types) && intf; i++) {
        if (!strcmp(intf->type, types[i].name)) {
            return &types[i];
        }
    }
    return NULL;
}

bool
plan_is_wrapped(const struct plan_case *k, const struct topo_node *port)
{
    return (plan_has_defect(k, DEFECT_TUNNEL_PORT_COPY) && find_type(port)
            && !plan_is_made(port));
}

static const char *
option_of(const struct topo_node *intf, const char *name)
{
    char *key = xasprintf("Ovs.Options.%s", name);
    const char *value = topo_map_find_string(&intf->meta, key);

    free(key);
    return value;
}

/* What of an address is known: "flow" and nothing are any. */
static void
put_address(struct in6_addr *ip, const char *text)
{
    ovs_be32 ip4;

    if (text && ip_parse(text, &ip4)) {
        in6_addr_set_mapped_ipv4(ip, ip4);
    } else if (!text || !ipv6_parse(text, ip)) {
        *ip = in6addr_any;
    }
}

static void
put_key(struct wrap *w, const struct topo_node *intf)
{
    const char *text = option_of(intf, "out_key");

    text = text ? text : option_of(intf, "key");
    /* GRE without one has none, and others have 0. */
    w->has_key = (text ? strcmp(text, "flow") != 0 : w->type != WRAP_GRE);
    w->key = w->has_key && text ? strtoull(text, NULL, 0) : 0;
}

bool
plan_wrap(const struct topo_node *port, struct wrap *w)
{
    const struct tunnel_type *type = find_type(port);
    const struct topo_node *intf = type ? plan_only_interface(port) : NULL;
    const char *what = intf ? option_of(intf, "packet_type") : NULL;
    const char *exts = intf ? option_of(intf, "exts") : NULL;
    const char *udp = intf ? option_of(intf, "dst_port") : NULL;

    memset(w, 0, sizeof *w);
    if (!intf || type->wrap == WRAP_NONE
        || (what && strcmp(what, "legacy_l2"))
        || (exts && strstr(exts, "gpe"))) {
        return false;
    }
    w->type = type->wrap;
    w->port = type->port && udp ? strtoul(udp, NULL, 0) : type->port;
    put_address(&w->remote, option_of(intf, "remote_ip"));
    put_address(&w->local, option_of(intf, "local_ip"));
    put_key(w, intf);
    return true;
}

char *
plan_check_wrapped(const struct plan_case *k, enum tap_reason *reason)
{
    const struct topo_node *port = k->point->port;

    if (k->c->any_wrap || !plan_is_wrapped(k, port)
        || plan_bridge_direction(k->point, k->direction) == WANT_INGRESS) {
        return NULL;
    }
    return plan_no(reason, TAP_R_OVS_VERSION,
                   xasprintf("%s, so that a mirror of port %s cannot be: "
                             "releases before 3.0 can, and so can "
                             "direction=%s", defect_get(
                                 DEFECT_TUNNEL_PORT_COPY)->what, port->name,
                             k->point->leaves ? "egress" : "ingress"));
}

char *
plan_wrapped_ports(const struct plan_case *k)
{
    struct ds names = DS_EMPTY_INITIALIZER;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &k->point->bridge->out) {
        if (!strcmp(edge->relation, "ownership")
            && !strcmp(edge->child->type, "ovsport")
            && plan_is_wrapped(k, edge->child)) {
            ds_put_format(&names, "%s%s", names.length ? ", " : "",
                          edge->child->name);
        }
    }
    return names.length ? ds_steal_cstr(&names) : NULL;
}
