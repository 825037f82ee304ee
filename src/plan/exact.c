/* exact.c -- whether a mirror would copy exactly what was asked for.
 *
 * Where it would lose, repeat or replace packets 'auto' captures by itself, if
 * it can; what a mirror has to be for says it.  Called by choose.c and
 * differs.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

static bool
is_balanced(const struct topo_node *port)
{
    const char *mode = topo_map_find_string(&port->meta, "Ovs.BondMode");

    return mode && !strcmp(mode, "balance-tcp");
}

/* Can a packet leave by a bond that hashes, and be copied there? */
static bool
leaves_by_bond(const struct plan_case *k, enum want_direction direction)
{
    const struct plan_point *point = k->point;
    const struct topo_edge *edge;

    if (direction == WANT_INGRESS) {
        return false;
    } else if (point->port) {
        return is_balanced(point->port);
    }
    LIST_FOR_EACH (edge, out_node, &point->bridge->out) {
        if (!strcmp(edge->relation, "ownership")
            && is_balanced(edge->child)) {
            return true;
        }
    }
    return false;
}

static bool
has_wrapped_port(const struct plan_case *k)
{
    char *names = plan_wrapped_ports(k);
    bool has = names != NULL;

    free(names);
    return has;
}

size_t
plan_inexact(const struct plan_case *k, bool shared,
             const struct defect *found[PLAN_MAX_INEXACT])
{
    enum want_direction direction
        = plan_bridge_direction(k->point, k->direction);
    bool whole = !k->point->port;
    bool several = shared && k->point->several;
    /* What enters, enters once. */
    bool twice = (direction == WANT_BOTH
                  || (direction == WANT_EGRESS && (whole || several)));
    bool modified = plan_has_defect(k, DEFECT_MIRROR_MODIFIED);
    const struct {
        enum defect_id id;
        bool applies;
    } causes[PLAN_MAX_INEXACT] = {
        { DEFECT_MIRROR_CONTROLLER,
          topo_map_find(&k->point->bridge->meta, "Ovs.Controllers") },
        { DEFECT_MIRROR_MODIFIED, twice },
        { DEFECT_MIRROR_MODIFIED_TWICE, twice && whole && !modified },
        { DEFECT_MIRROR_METADATA_TWICE, twice && (whole || several) },
        { DEFECT_MIRROR_ONCE, (several ? direction != WANT_INGRESS
                               : whole && direction == WANT_EGRESS) },
        { DEFECT_MIRROR_BOND_TWICE, leaves_by_bond(k, direction) },
        { DEFECT_TUNNEL_PORT_COPY, (whole && direction != WANT_INGRESS
                                    && has_wrapped_port(k)) },
    };
    size_t n = 0;

    for (size_t i = 0; i < ARRAY_SIZE(causes); i++) {
        if (causes[i].applies && plan_has_defect(k, causes[i].id)) {
            found[n++] = defect_get(causes[i].id);
        }
    }
    return n;
}
