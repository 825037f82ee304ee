/* points.h -- where packets can be taken for a node; for src/plan/ alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_POINTS_H
#define OVSPAN_PLAN_POINTS_H 1

#include "plan/tap.h"
#include "plan/want.h"
#include "topo/topo.h"

struct plan_point {
    const struct topo_node *node;       /* As selected. */
    const struct topo_node *device;     /* With a kernel device; NULL: none. */
    bool reversed;              /* What enters the point leaves the device. */
    enum tap_reason reason;     /* TAP_R_OK, or why nothing can be taken. */
    char *detail;               /* For a person; NULL if TAP_R_OK. */
};

/* The points of 'nodes', each once, in the same order.  The caller frees the
 * array and the details. */
struct plan_point *plan_points(const struct topo_node *const *nodes,
                               size_t n_nodes, size_t *n);

/* 'direction', which is meant at the point, as its device sees it. */
enum want_direction plan_point_direction(const struct plan_point *,
                                         enum want_direction);

#endif /* plan/points.h */
