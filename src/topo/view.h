/* view.h -- a part of a topology, to be looked at.
 *
 * Pure.  Called before a topology is printed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_VIEW_H
#define OVSPAN_TOPO_VIEW_H 1

#include "topo/format.h"

/* Bridges with more ports are folded. */
#define TOPO_FOLD_PORTS 20

/* Adds to the empty 'view' what is around the 'n' nodes 'starts' of 'topo':
 * what they own, what that is connected with, and who owns it; with 'n' 0,
 * everything.  With 'fold', of bridges with very many ports, unless they are
 * 'starts' themselves, only ports that are not up or that an overlay is at,
 * and one called "980 ports more" for the others. */
void topo_view(struct topo *view, const struct topo *topo,
               const struct topo_node *const *starts, size_t n,
               const struct topo_overlay *, size_t n_overlays, bool fold);

#endif /* topo/view.h */
