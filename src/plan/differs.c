/* differs.c -- what a native tap is like: where it differs from what was asked
 * for, what it costs the switch, whom it disturbs.
 *
 * Called by choose.c for a tap that OVS carries; what differs is its detail
 * too.  Pure.  Each sentence has to be true of the case at hand.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

static void
tell(struct svec *list, const struct plan_case *k, enum defect_id id)
{
    if (plan_has_defect(k, id)) {
        svec_add(list, defect_get(id)->what);
    }
}

/* An option that was given and that OVS has nothing for. */
static void
tell_option(const struct plan_case *k, struct plan_tap *tap,
            const char *option, const char *instead)
{
    if (target_has(k->target, option)) {
        svec_add_nocopy(&tap->differs, xasprintf("%s is not done: %s", option,
                                                 instead));
    }
}

/* That more seconds were asked for than OVS does. */
static void
tell_most(const struct plan_case *k, struct plan_tap *tap, const char *option,
          unsigned int done)
{
    if (target_get_int(k->target, option) > done) {
        svec_add_nocopy(&tap->differs,
                        xasprintf("%s is %u s, and not more: OVS's IPFIX has "
                                  "that bound", option, done));
    }
}

static void
describe_tunnel(const struct plan_case *k, struct plan_tap *tap)
{
    bool erspan = !strncmp(k->target->class->name, "erspan", 6);

    if (erspan) {
        tell(&tap->differs, k, DEFECT_ERSPAN_FIELDS);
        tell(&tap->differs, k, DEFECT_ERSPAN_COS);
        tell(&tap->differs, k, DEFECT_TUNNEL_SEQUENCE);
    }
    if (plan_has_defect(k, DEFECT_TUNNEL_BYTES)) {
        svec_add_nocopy(&tap->interferes,
                        xasprintf("what bridge %s counts of copied packets "
                                  "has their tunnel's headers in it: bytes of "
                                  "its other mirrors, of flows in later "
                                  "tables, and its NetFlow's octets",
                                  k->bridge->name));
    }
    tell_option(k, tap, "mtu", "OVS does not cut to a size");
    tell_option(k, tap, "fix-checksums", "OVS sends frames as they are");
}

static void
describe_rspan(const struct plan_case *k, struct plan_tap *tap)
{
    char *names = plan_vlan_ports(k, tap->native->native.output_vlan);

    svec_add(&tap->differs, "the copies carry the VLAN of the target instead "
             "of their own, and are flooded in it: no host may be in that "
             "VLAN, and flood_vlans of the bridge should name it");
    if (names) {
        svec_add_nocopy(&tap->interferes,
                        xasprintf("ports that carry VLAN %u get the copies: "
                                  "%s", tap->native->native.output_vlan,
                                  names));
        free(names);
    }
}

static void
describe_span(const struct plan_case *k, struct plan_tap *tap)
{
    if (plan_is_class(k, "rspan")) {
        describe_rspan(k, tap);
    }
    plan_tell_cut_off(k, &tap->native->native, &tap->interferes);
    if (native_has_own_output(&tap->native->native)) {
        tell(&tap->differs, k, DEFECT_SPAN_CHECKSUM);
    }
    if (k->p->have->tso) {
        tell(&tap->differs, k, DEFECT_TSO_SPAN);
    }
    if (tap->native->native.output.name || tap->native->native.output_vlan) {
        svec_add_nocopy(&tap->costs,
                        xasprintf("a port %s, without traffic: that it comes "
                                  "and goes with the mirror makes the switch "
                                  "look at established flows again",
                                  tap->native->native.port_name));
    }
}

static void
describe_patch_ports(const struct plan_case *k, struct plan_tap *tap)
{
    char *names = (k->point->port ? NULL
                   : plan_patch_ports(k->point->bridge));

    if (names) {
        svec_add_nocopy(&tap->differs,
                        xasprintf("what passes the patch ports %s is not "
                                  "seen there: %s", names,
                                  defect_get(DEFECT_PATCH_PORT)->what));
        free(names);
    }
}

/* A bridge's own exporters know of a packet where it entered the switch. */
static void
describe_entered(const struct plan_case *k, struct plan_tap *tap,
                 const char *what)
{
    char *names = plan_patch_ports(k->point->bridge);

    if (names) {
        svec_add_nocopy(&tap->differs,
                        xasprintf("what enters by the patch ports %s is not "
                                  "%s: capture the bridge where it enters, "
                                  "too", names, what));
        free(names);
    }
}

static unsigned int
sampling_of(const struct plan_tap *tap)
{
    return simap_get(&tap->native->native.numbers, "sampling");
}

/* With that of 'tap', which may not run. */
static size_t
count_mirrors(const struct plan_case *k, const struct plan_tap *tap)
{
    return (k->bridge->n_mirrors
            + plan_count_natives(k->p->plan, NATIVE_MIRROR, k->bridge)
            + !tap->native->run);
}

/* Whether the bridge has a row of 'kind', or will have one of ours. */
static bool
has_row(const struct plan_case *k, enum native_kind kind)
{
    return (k->bridge->slots[kind] != HAVE_FREE
            || plan_count_natives(k->p->plan, kind, k->bridge));
}

static void
tell_interference(const struct plan_case *k, struct plan_tap *tap)
{
    const struct have_bridge *b = k->bridge;

    if (has_row(k, NATIVE_SFLOW)) {
        svec_add_nocopy(&tap->interferes,
                        xasprintf("the sFlow of bridge %s then says of copied "
                                  "packets that they left by two ports: %s",
                                  b->name, defect_get(
                                      DEFECT_MIRROR_OUTPUT_COUNTED)->what));
    }
    if (has_row(k, NATIVE_NETFLOW)) {
        svec_add_nocopy(&tap->interferes,
                        xasprintf("the NetFlow of bridge %s then tells a "
                                  "wrong output port of copied packets: %s",
                                  b->name, defect_get(
                                      DEFECT_MIRROR_OUTPUT_COUNTED)->what));
    }
}

static void
tell_inexact(const struct plan_case *k, struct plan_tap *tap)
{
    const struct defect *found[PLAN_MAX_INEXACT];
    size_t n = plan_inexact(k, tap->backend != PLAN_MIRROR_PCAP, found);

    for (size_t i = 0; i < n; i++) {
        if (found[i]->id != DEFECT_TUNNEL_PORT_COPY) {
            svec_add(&tap->differs, found[i]->what);
        }
    }
}

/* Of a whole bridge those ports are left out; of one of them, only who can
 * tell takes the copies. */
static void
describe_wrapped(const struct plan_case *k, struct plan_tap *tap)
{
    const char *what = defect_get(DEFECT_TUNNEL_PORT_COPY)->what;
    bool leaves = (plan_bridge_direction(k->point, k->direction)
                   != WANT_INGRESS);
    char *names = (leaves && !k->point->port && !k->c->any_wrap
                   ? plan_wrapped_ports(k) : NULL);

    if (names) {
        svec_add_nocopy(&tap->differs,
                        xasprintf("what leaves by the tunnel ports %s is not "
                                  "seen there%s: %s", names,
                                  k->direction == WANT_BOTH
                                  ? ", but where it enters" : "", what));
        free(names);
    } else if (leaves && k->c->any_wrap
               && plan_is_wrapped(k, k->point->port)) {
        tap->wrapped = true;
        svec_add(&tap->differs, what);
    }
}

static void
describe_mirror(const struct plan_case *k, struct plan_tap *tap)
{
    describe_patch_ports(k, tap);
    describe_wrapped(k, tap);
    tell_inexact(k, tap);
    svec_add_nocopy(&tap->costs,
                    xasprintf("%"PRIuSIZE" of the %d mirrors of bridge %s",
                              count_mirrors(k, tap), HAVE_MAX_MIRRORS,
                              k->bridge->name));
    svec_add_nocopy(&tap->costs,
                    xasprintf("a copy of each packet in the switch's own "
                              "threads%s", k->bridge->userspace
                              ? ", sent by them too" : ""));
    if (!simap_is_empty(&tap->native->native.vlans)) {
        svec_add(&tap->costs, "a datapath flow for each VLAN, where the "
                 "switch did not tell them apart");
    }
    tell_interference(k, tap);
}

static void
describe_sflow(const struct plan_case *k, struct plan_tap *tap)
{
    svec_add(&tap->differs, "the samples are of the whole bridge: their "
             "data source is no port, and packets that the switch drops are "
             "among them");
    describe_entered(k, tap, "sampled");
    tell(&tap->differs, k, DEFECT_SFLOW_SPEED);
    svec_add_nocopy(&tap->costs,
                    xasprintf("an upcall for 1 in %u packets",
                              sampling_of(tap)));
}

static void
describe_ipfix(const struct plan_case *k, struct plan_tap *tap)
{
    describe_entered(k, tap, "told where it enters");
    tell(&tap->differs, k, DEFECT_IPFIX_BOTH_WAYS);
    svec_add(&tap->differs, "a message has one record, there is no inactive "
             "timeout, and no TCP flags");
    if (simap_contains(&tap->native->native.numbers, "template_interval")) {
        tell_most(k, tap, "template-interval",
                  simap_get(&tap->native->native.numbers,
                            "template_interval"));
    } else {
        tell_option(k, tap, "template-interval",
                    "OVS sends templates each 600 s (from 3.2 on it can be "
                    "set)");
    }
    tell_most(k, tap, "active", simap_get(&tap->native->native.numbers,
                                          "cache_active_timeout"));
    tell_option(k, tap, "inactive", "OVS's IPFIX has no inactive timeout");
    svec_add_nocopy(&tap->costs,
                    xasprintf("an upcall for 1 in %u packets, where they "
                              "enter and where they leave",
                              sampling_of(tap)));
}

static void
describe_netflow(const struct plan_case *k, struct plan_tap *tap)
{
    describe_entered(k, tap, "counted, and of what leaves by them the output "
                     "is told as dropped (65533)");
    tell(&tap->differs, k, DEFECT_NETFLOW_WIRE);
    tell_option(k, tap, "inactive", "a flow ends when the datapath forgets it "
                "(other_config:max-idle)");
    svec_add(&tap->costs, "a datapath flow for each connection: NetFlow makes "
             "the switch tell apart addresses, ports, protocol and TOS");
}

void
plan_add_detail(struct plan_tap *tap, const char *more)
{
    bool empty = !tap->detail || !tap->detail[0];
    char *detail = xasprintf("%s%s%s", empty ? "" : tap->detail,
                             empty ? "" : "; ", more);

    free(tap->detail);
    tap->detail = detail;
}

/* In 'detail' as in 'differs', for who does not ask for an explanation. */
static void
put_detail(struct plan_tap *tap)
{
    if (tap->differs.n) {
        free(tap->detail);
        tap->detail = svec_join(&tap->differs, "; ", "");
    }
}

void
plan_describe(const struct plan_case *k, struct plan_tap *tap)
{
    switch (tap->native->native.kind) {
    case NATIVE_MIRROR:
        describe_mirror(k, tap);
        if (tap->backend == PLAN_MIRROR_PCAP) {
            break;
        } else if (plan_is_class(k, "span") || plan_is_class(k, "rspan")) {
            describe_span(k, tap);
        } else {
            describe_tunnel(k, tap);
        }
        break;
    case NATIVE_SFLOW:
        describe_sflow(k, tap);
        break;
    case NATIVE_IPFIX:
        describe_ipfix(k, tap);
        break;
    case NATIVE_NETFLOW:
        describe_netflow(k, tap);
        break;
    }
    put_detail(tap);
}
