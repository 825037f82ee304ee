/* caps.c -- what this program can carry out, for the planner.
 *
 * The planner is pure and knows no plugins: this tells it which there are.
 * What the host's routes answered is remembered, since no event tells that
 * they would answer something else by now.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/caps.h"
#include <stdlib.h>
#include "base/ovs.h"
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

    *r = (struct plan_route) { .ifindex = error ? 0 : kr.ifindex,
                               .mtu = error ? 0 : kr.mtu };
    return error;
}

/* ## Answers. ## */

struct answer {
    struct in6_addr dst;
    struct plan_route route;
    int error;
};

/* Since caps_forget_routes(), each destination once. */
static struct answer *answers;
static size_t n_answers, allocated_answers;

void
caps_forget_routes(void)
{
    free(answers);
    answers = NULL;
    n_answers = allocated_answers = 0;
}

int
caps_route(const struct in6_addr *dst, struct plan_route *r)
{
    struct answer *a;

    for (size_t i = 0; i < n_answers; i++) {
        if (ipv6_addr_equals(&answers[i].dst, dst)) {
            *r = answers[i].route;
            return answers[i].error;
        }
    }
    if (n_answers == allocated_answers) {
        answers = x2nrealloc(answers, &allocated_answers, sizeof *answers);
    }
    a = &answers[n_answers++];
    a->dst = *dst;
    a->error = route(dst, &a->route);
    *r = a->route;
    return a->error;
}

bool
caps_routes_changed(void)
{
    for (size_t i = 0; i < n_answers; i++) {
        struct plan_route now;

        if (route(&answers[i].dst, &now) != answers[i].error
            || now.ifindex != answers[i].route.ifindex
            || now.mtu != answers[i].route.mtu) {
            return true;
        }
    }
    return false;
}

bool
caps_have_routes(void)
{
    return n_answers != 0;
}

const struct plan_caps caps_of_daemon = {
    .has_exporter = has_exporter,
    .route = caps_route,
};

const struct plan_caps caps_of_explain = {
    .has_exporter = has_exporter,
    .route = route,
    .explain = true,
};
