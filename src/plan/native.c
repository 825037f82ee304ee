/* native.c -- rows of ours in OVS, as data.  See native.h.
 *
 * Called by the planner and by the database room.  Pure.  Invariant: lists are
 * sorted, so that equal things have equal members.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/native.h"
#include <stdlib.h>
#include <string.h>

const char *
native_table(enum native_kind kind)
{
    switch (kind) {
    case NATIVE_MIRROR: return "Mirror";
    case NATIVE_SFLOW: return "sFlow";
    case NATIVE_IPFIX: return "IPFIX";
    case NATIVE_NETFLOW: return "NetFlow";
    }
    OVS_NOT_REACHED();
}

void
native_init(struct native *n, enum native_kind kind)
{
    memset(n, 0, sizeof *n);
    n->kind = kind;
    svec_init(&n->taps);
    simap_init(&n->vlans);
    smap_init(&n->options);
    svec_init(&n->targets);
    simap_init(&n->numbers);
}

static void
ports_uninit(struct native_ports *ports)
{
    for (size_t i = 0; i < ports->n; i++) {
        free(ports->ports[i].name);
    }
    free(ports->ports);
}

void
native_uninit(struct native *n)
{
    free(n->bridge_name);
    free(n->name);
    svec_destroy(&n->taps);
    ports_uninit(&n->src);
    ports_uninit(&n->dst);
    simap_destroy(&n->vlans);
    free(n->output.name);
    free(n->port_name);
    free(n->port_type);
    smap_destroy(&n->options);
    svec_destroy(&n->targets);
    simap_destroy(&n->numbers);
    free(n->agent);
}

static void
ports_clone(struct native_ports *dst, const struct native_ports *src)
{
    for (size_t i = 0; i < src->n; i++) {
        native_ports_add(dst, &src->ports[i].uuid, src->ports[i].name);
    }
}

static void
simap_copy(struct simap *dst, const struct simap *src)
{
    const struct simap_node *node;

    SIMAP_FOR_EACH (node, src) {
        simap_put(dst, node->name, node->data);
    }
}

void
native_clone(struct native *dst, const struct native *src)
{
    native_init(dst, src->kind);
    dst->bridge = src->bridge;
    dst->bridge_name = nullable_xstrdup(src->bridge_name);
    dst->name = nullable_xstrdup(src->name);
    svec_clone(&dst->taps, &src->taps);
    dst->select_all = src->select_all;
    ports_clone(&dst->src, &src->src);
    ports_clone(&dst->dst, &src->dst);
    simap_copy(&dst->vlans, &src->vlans);
    dst->snaplen = src->snaplen;
    dst->output_vlan = src->output_vlan;
    dst->output.uuid = src->output.uuid;
    dst->output.name = nullable_xstrdup(src->output.name);
    dst->port_name = nullable_xstrdup(src->port_name);
    dst->port_type = nullable_xstrdup(src->port_type);
    smap_destroy(&dst->options);
    smap_clone(&dst->options, &src->options);
    svec_clone(&dst->targets, &src->targets);
    simap_copy(&dst->numbers, &src->numbers);
    dst->agent = nullable_xstrdup(src->agent);
}

void
native_ports_add(struct native_ports *ports, const struct uuid *uuid,
                 const char *name)
{
    size_t i = 0;

    while (i < ports->n
           && uuid_compare_3way(&ports->ports[i].uuid, uuid) < 0) {
        i++;
    }
    if (i < ports->n && uuid_equals(&ports->ports[i].uuid, uuid)) {
        return;
    }
    ports->ports = xrealloc(ports->ports,
                            (ports->n + 1) * sizeof *ports->ports);
    memmove(&ports->ports[i + 1], &ports->ports[i],
            (ports->n - i) * sizeof *ports->ports);
    ports->ports[i].uuid = *uuid;
    ports->ports[i].name = xstrdup(name);
    ports->n++;
}

bool
native_has_own_output(const struct native *n)
{
    return !n->output.name && !n->output_vlan;
}

char *
native_taps_text(const struct native *n)
{
    return svec_join(&n->taps, "; ", "");
}

int
native_compare(const struct native *a, const struct native *b)
{
    int cmp = a->kind < b->kind ? -1 : a->kind > b->kind;

    cmp = cmp ? cmp : uuid_compare_3way(&a->bridge, &b->bridge);
    return cmp ? cmp : strcmp(a->name, b->name);
}

static bool
same_ports(const struct native_ports *a, const struct native_ports *b)
{
    if (a->n != b->n) {
        return false;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (!uuid_equals(&a->ports[i].uuid, &b->ports[i].uuid)) {
            return false;
        }
    }
    return true;
}

static bool
same_string(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool
same_mirror(const struct native *a, const struct native *b)
{
    return (a->select_all == b->select_all
            && same_ports(&a->src, &b->src)
            && same_ports(&a->dst, &b->dst)
            && simap_equal(&a->vlans, &b->vlans)
            && a->snaplen == b->snaplen
            && a->output_vlan == b->output_vlan
            && !a->output.name == !b->output.name
            && uuid_equals(&a->output.uuid, &b->output.uuid)
            && same_string(a->port_name, b->port_name)
            && same_string(a->port_type, b->port_type)
            && smap_equal(&a->options, &b->options));
}

bool
native_same_settings(const struct native *a, const struct native *b)
{
    return (a->kind == b->kind && same_mirror(a, b)
            && simap_equal(&a->numbers, &b->numbers)
            && same_string(a->agent, b->agent));
}

/* By text: in OVS it is one. */
static bool
same_taps(const struct native *a, const struct native *b)
{
    char *a_text = native_taps_text(a);
    char *b_text = native_taps_text(b);
    bool same = !strcmp(a_text, b_text);

    free(a_text);
    free(b_text);
    return same;
}

bool
native_equal(const struct native *a, const struct native *b)
{
    return (!native_compare(a, b) && native_same_settings(a, b)
            && svec_equal(&a->targets, &b->targets) && same_taps(a, b));
}
