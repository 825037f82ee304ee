/* format.h -- a topology as text, as Graphviz dot, as JSON.
 *
 * Pure.  Called by the daemon's and the command's "topology".  The order of
 * what is printed is stable.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_FORMAT_H
#define OVSPAN_TOPO_FORMAT_H 1

#include "topo/topo.h"

/* A capture and its collector, drawn into the graph at a node. */
struct topo_overlay {
    const char *node_id;
    const char *capture;        /* Its name. */
    const char *target;         /* "erspan2:10.9.0.2". */
    const char *state;          /* "active", "failed", ... */
};

/* An indented tree by ownership that reads well in 80 columns. */
void topo_format_text(const struct topo *, const struct topo_overlay *,
                      size_t n_overlays, struct ds *);
void topo_format_dot(const struct topo *, const struct topo_overlay *,
                     size_t n_overlays, struct ds *);

/* {"ID","Host","Metadata":{...}} and, for an edge, "Parent" and "Child". */
struct jsn *topo_node_to_json(const struct topo_node *);
struct jsn *topo_edge_to_json(const struct topo_edge *);

/* {"Nodes":[...],"Edges":[...]}, and "Captures":[{"Node","Capture","Target",
 * "State"}] when there are overlays. */
struct jsn *topo_to_json(const struct topo *, const struct topo_overlay *,
                         size_t n_overlays);

/* The inverse of topo_to_json(), into an empty 'topo'. */
void topo_from_json(struct topo *, const struct jsn *);

#endif /* topo/format.h */
