/* points.h -- where packets can be taken for a node; for src/plan/ alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_POINTS_H
#define OVSPAN_PLAN_POINTS_H 1

#include "plan/have.h"
#include "plan/tap.h"
#include "plan/want.h"
#include "topo/topo.h"

struct plan_point {
    const struct topo_node *node;       /* As selected. */
    const struct topo_node *bridge;     /* That it is, or is on; or NULL. */
    const struct topo_node *port;       /* OVS port that it is, or is of; NULL:
                                         * none. */
    const struct topo_node *device;     /* With a kernel device; NULL: none. */
    bool reversed;              /* What enters the point leaves the device. */
    bool leaves;                /* What enters the point leaves the bridge. */
    bool many;                  /* A bridge or a bond: see plan_expand(). */
    bool several;               /* The selection has more of that bridge. */
    bool hopeless;              /* Not even a mirror takes anything. */
    enum tap_reason reason;     /* TAP_R_OK, or why nothing can be captured at
                                 * a device. */
    char *detail;               /* For a person; NULL if TAP_R_OK. */
};

/* The points of 'nodes', each once, in the same order; not those that are
 * there because of a capture.  The caller frees them. */
struct plan_point *plan_points(const struct topo_node *const *nodes,
                               size_t n_nodes, size_t *n);
void plan_points_free(struct plan_point *, size_t n);

/* The mirror whose output 'port' is, or NULL; 'bridge' may be NULL. */
const struct have_output *plan_output_of(const struct have_bridge *bridge,
                                         const struct topo_node *port);
/* "mirror m", or "OVN's mirror m"; the caller frees it. */
char *plan_output_text(const struct have_output *);

/* The ports of a bridge, or the interfaces of a bond, as points; but not those
 * where the copies of a mirror leave: what they send is dropped.  Stores in
 * '*left_out' the names of those at which nothing is taken, for a person, or
 * NULL; the caller frees it.  'bridge' is what is known of theirs, or NULL. */
struct plan_point *plan_expand(const struct plan_point *,
                               const struct have_bridge *bridge, size_t *n,
                               char **left_out);

/* 'direction', which is meant at the point, as its device sees it. */
enum want_direction plan_point_direction(const struct plan_point *,
                                         enum want_direction);
/* Likewise as the bridge sees it: ingress is what enters it. */
enum want_direction plan_bridge_direction(const struct plan_point *,
                                          enum want_direction);

/* The names of the patch ports of a bridge, as "a, b"; NULL: none.  The caller
 * frees it. */
char *plan_patch_ports(const struct topo_node *bridge);
/* Calls 'cb' for each port of every bridge on the host of 'bridge', until it
 * returns true. */
void plan_for_each_port(const struct topo_node *bridge,
                        bool (*cb)(const struct topo_node *port, void *aux),
                        void *aux);
/* The interface of a port, if it has exactly one. */
const struct topo_node *plan_only_interface(const struct topo_node *port);
/* True if 'node' is there because of a capture of ours. */
bool plan_is_made(const struct topo_node *);

#endif /* plan/points.h */
