/* caps.c -- what this program can carry out, for the planner.
 *
 * The planner is pure and knows no plugins: this tells it which there are.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/caps.h"
#include "kernel/kernel.h"
#include "plugin/plugin.h"

static bool
has_exporter(const char *target_class)
{
    return plugin_find(target_class) != NULL;
}

static int
route(const struct in6_addr *dst, struct plan_route *r)
{
    struct kern_route kr;
    int error = kern_route_lookup(dst, &kr);

    if (!error) {
        r->ifindex = kr.ifindex;
        r->mtu = kr.mtu;
    }
    return error;
}

const struct plan_caps caps_of_daemon = {
    .has_exporter = has_exporter,
    .route = route,
};

const struct plan_caps caps_of_explain = {
    .has_exporter = has_exporter,
    .route = route,
    .explain = true,
};
