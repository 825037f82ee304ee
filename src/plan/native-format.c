/* native-format.c -- rows of ours as an operator would type them.
 *
 * Called for 'explain'.  Pure.  Invariant: what is printed, given to a shell,
 * makes the very rows that the database room would write.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/native.h"
#include <stdlib.h>
#include <string.h>
#include "base/words.h"
#include "openvswitch/json.h"

/* A value for ovs-vsctl(8) in a shell: bare where both take it so. */
static void
put_value(struct ds *ds, const char *value)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

    if (value[0] && value[strspn(value, bare)] == '\0') {
        ds_put_cstr(ds, value);
    } else {
        struct ds quoted = DS_EMPTY_INITIALIZER;

        json_string_escape(value, &quoted);
        words_put_shell(ds, ds_cstr(&quoted));
        ds_destroy(&quoted);
    }
}

static void
put_stamp(struct ds *ds, const struct native *n,
          const struct native_stamp *stamp)
{
    char *taps = native_taps_text(n);

    ds_put_cstr(ds, " external_ids:" NATIVE_OWNER "=");
    put_value(ds, stamp->owner);
    ds_put_cstr(ds, " external_ids:" NATIVE_MACHINE "=");
    put_value(ds, stamp->machine);
    ds_put_cstr(ds, " external_ids:" NATIVE_TAPS "=");
    put_value(ds, taps);
    free(taps);
}

static void
put_smap(struct ds *ds, const char *column, const struct smap *smap)
{
    const struct smap_node **nodes = smap_sort(smap);

    for (size_t i = 0; i < smap_count(smap); i++) {
        ds_put_format(ds, " %s:%s=", column, nodes[i]->key);
        put_value(ds, nodes[i]->value);
    }
    free(nodes);
}

static void
put_gets(struct ds *ds, char letter, const struct native_ports *ports)
{
    for (size_t i = 0; i < ports->n; i++) {
        ds_put_format(ds, " -- --id=@%c%"PRIuSIZE" get Port ", letter, i);
        put_value(ds, ports->ports[i].name);
    }
}

static void
put_refs(struct ds *ds, const char *column, char letter,
         const struct native_ports *ports)
{
    for (size_t i = 0; i < ports->n; i++) {
        ds_put_format(ds, "%s%s@%c%"PRIuSIZE, i ? "," : column, i ? "" : "=",
                      letter, i);
    }
}

static void
put_selection(struct ds *ds, const struct native *n)
{
    const struct simap_node **vlans = simap_sort(&n->vlans);

    if (n->select_all) {
        ds_put_cstr(ds, " select_all=true");
    }
    put_refs(ds, " select_src_port", 's', &n->src);
    put_refs(ds, " select_dst_port", 'd', &n->dst);
    for (size_t i = 0; i < simap_count(&n->vlans); i++) {
        ds_put_format(ds, "%s%s", i ? "," : " select_vlan=", vlans[i]->name);
    }
    free(vlans);
    if (n->snaplen) {
        ds_put_format(ds, " snaplen=%u", n->snaplen);
    }
}

static void
mirror_to_vsctl(struct ds *ds, const struct native *n,
                const struct native_stamp *stamp)
{
    put_gets(ds, 's', &n->src);
    put_gets(ds, 'd', &n->dst);
    if (n->output.name) {
        ds_put_cstr(ds, " -- --id=@o get Port ");
        put_value(ds, n->output.name);
    }
    ds_put_cstr(ds, " -- --id=@i create Interface name=");
    put_value(ds, n->port_name);
    ds_put_format(ds, " type=%s", n->port_type);
    put_smap(ds, "options", &n->options);
    put_stamp(ds, n, stamp);
    ds_put_cstr(ds, " -- --id=@p create Port name=");
    put_value(ds, n->port_name);
    ds_put_cstr(ds, " interfaces=@i other_config:transient=true");
    put_stamp(ds, n, stamp);
    ds_put_cstr(ds, " -- add Bridge ");
    put_value(ds, n->bridge_name);
    ds_put_format(ds, " ports @p -- --id=@m create Mirror name=%s", n->name);
    put_selection(ds, n);
    if (n->output_vlan) {
        ds_put_format(ds, " output_vlan=%u", n->output_vlan);
    } else {
        ds_put_format(ds, " output_port=%s", n->output.name ? "@o" : "@p");
    }
    put_stamp(ds, n, stamp);
    ds_put_cstr(ds, " -- add Bridge ");
    put_value(ds, n->bridge_name);
    ds_put_cstr(ds, " mirrors @m");
}

static void
row_to_vsctl(struct ds *ds, const struct native *n,
             const struct native_stamp *stamp)
{
    static const char *const columns[] = {
        [NATIVE_MIRROR] = "mirrors",
        [NATIVE_SFLOW] = "sflow",
        [NATIVE_IPFIX] = "ipfix",
        [NATIVE_NETFLOW] = "netflow",
    };
    const struct simap_node **numbers = simap_sort(&n->numbers);

    ds_put_format(ds, " -- --id=@r create %s targets=",
                  native_table(n->kind));
    for (size_t i = 0; i < n->targets.n; i++) {
        ds_put_cstr(ds, i ? "," : "");
        put_value(ds, n->targets.names[i]);
    }
    if (n->agent) {
        ds_put_cstr(ds, " agent=");
        put_value(ds, n->agent);
    }
    for (size_t i = 0; i < simap_count(&n->numbers); i++) {
        ds_put_format(ds, " %s=%u", numbers[i]->name, numbers[i]->data);
    }
    free(numbers);
    put_stamp(ds, n, stamp);
    ds_put_cstr(ds, " -- set Bridge ");
    put_value(ds, n->bridge_name);
    ds_put_format(ds, " %s=@r", columns[n->kind]);
}

char *
native_to_vsctl(const struct native *n, const struct native_stamp *stamp)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&ds, "ovs-vsctl");
    if (n->kind == NATIVE_MIRROR) {
        mirror_to_vsctl(&ds, n, stamp);
    } else {
        row_to_vsctl(&ds, n, stamp);
    }
    return ds_steal_cstr(&ds);
}
