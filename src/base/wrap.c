/* wrap.c -- how the packets of one tunnel are wrapped.  See wrap.h.
 *
 * Called by the planner and the engine.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/wrap.h"
#include <string.h>
#include "base/ovs.h"

bool
wrap_equal(const struct wrap *a, const struct wrap *b)
{
    return (a->type == b->type && a->has_key == b->has_key
            && a->key == b->key && a->port == b->port
            && ipv6_addr_equals(&a->remote, &b->remote)
            && ipv6_addr_equals(&a->local, &b->local));
}

char *
wrap_to_text(const struct wrap *w)
{
    static const char *const names[] = {
        [WRAP_NONE] = "none", [WRAP_VXLAN] = "vxlan",
        [WRAP_GENEVE] = "geneve", [WRAP_GRE] = "gre",
        [WRAP_ERSPAN] = "erspan",
    };
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&ds, names[w->type]);
    if (w->type != WRAP_NONE) {
        ds_put_cstr(&ds, " to ");
        ipv6_format_mapped(&w->remote, &ds);
        ds_put_cstr(&ds, " from ");
        ipv6_format_mapped(&w->local, &ds);
        if (w->has_key) {
            ds_put_format(&ds, " key %"PRIu32, w->key);
        }
        if (w->port) {
            ds_put_format(&ds, " port %"PRIu16, w->port);
        }
    }
    return ds_steal_cstr(&ds);
}
