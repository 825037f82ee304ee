/* keys.h -- what a key of a selector means for a node or an edge.
 *
 * 'ID', 'Host' and, for an edge, 'Parent' and 'Child' are members of the
 * element; every other key is looked up in its metadata and may reach into
 * maps with dots.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_KEYS_H
#define OVSPAN_QUERY_KEYS_H 1

#include "query/ast.h"
#include "query/steps.h"

/* The value of 'key', or NULL.  'hand' says what 'item' is: HAND_NODES or
 * HAND_EDGES.  The value may be '*scratch', and then it lends its string from
 * the element. */
const struct topo_value *query_key_find(unsigned int hand, const void *item,
                                        const char *key,
                                        struct topo_value *scratch);

/* The metadata of a node or an edge. */
const struct topo_map *query_key_metadata(unsigned int hand,
                                          const void *item);

/* Whether all, or with 'either' one, of the matches hold. */
bool query_filter_match(const struct query_filter *, unsigned int hand,
                        const void *item, bool either);

#endif /* query/keys.h */
