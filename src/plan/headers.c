/* headers.c -- mirrors whose bytes the switch counts with a tunnel's headers.
 *
 * The userspace datapath adds the headers of a copy that it sends by a tunnel
 * to all that it counts later in the same translation: that mirror, others of
 * the bridge, flows of later tables, NetFlow.  Which mirrors there are beside
 * each other is known when all taps are planned; called by plan.c then.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

static bool
is_to_tunnel(const struct native *n)
{
    return (n->kind == NATIVE_MIRROR && n->port_type
            && smap_get(&n->options, "remote_ip"));
}

static bool
has_tunnel_mirror(const struct plan *plan, const struct have_bridge *bridge)
{
    for (size_t i = 0; i < bridge->n_outputs; i++) {
        if (bridge->outputs[i].tunnel) {
            return true;
        }
    }
    for (size_t i = 0; i < plan->n_natives; i++) {
        const struct plan_native *pn = plan->natives[i];

        if (pn->run && is_to_tunnel(&pn->native)
            && uuid_equals(&pn->native.bridge, &bridge->uuid)) {
            return true;
        }
    }
    return false;
}

/* What a tap's own capture counts behind a mirror is right. */
static void
tell(struct plan_tap *tap)
{
    const char *what = defect_get(DEFECT_TUNNEL_BYTES)->what;

    svec_add(&tap->differs, what);
    plan_add_detail(tap, what);
}

/* Whether the switch counts 'n' so. */
static bool
has_headers(const struct planner *p, const struct native *n)
{
    const struct have_bridge *bridge = have_find_bridge(p->have, &n->bridge);

    return (n->kind == NATIVE_MIRROR && bridge
            && defect_is_in(DEFECT_TUNNEL_BYTES, p->have->version,
                            bridge->userspace)
            && (is_to_tunnel(n) || has_tunnel_mirror(p->plan, bridge)));
}

void
plan_tell_headers(const struct planner *p)
{
    for (size_t i = 0; i < p->plan->n; i++) {
        struct plan_tap *tap = &p->plan->taps[i];

        if (tap->backend == PLAN_MIRROR && tap->native
            && has_headers(p, &tap->native->native)) {
            tell(tap);
        }
    }
}
