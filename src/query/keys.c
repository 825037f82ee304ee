/* keys.c -- look a key up in a node or an edge.
 *
 * Pure.  The table holds the keys that are no metadata.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/keys.h"
#include <string.h>
#include "base/ovs.h"
#include "query/predicates.h"

static const char *
node_id(const void *node)
{
    return ((const struct topo_node *) node)->id;
}

static const char *
node_host(const void *node)
{
    return ((const struct topo_node *) node)->host;
}

static const char *
edge_id(const void *edge)
{
    return topo_edge_id(edge);
}

static const char *
edge_host(const void *edge)
{
    return ((const struct topo_edge *) edge)->parent->host;
}

static const char *
edge_parent(const void *edge)
{
    return ((const struct topo_edge *) edge)->parent->id;
}

static const char *
edge_child(const void *edge)
{
    return ((const struct topo_edge *) edge)->child->id;
}

static const struct {
    enum query_hand hand;       /* Of what it is a key. */
    const char *key;            /* As it is written. */
    const char *(*get)(const void *item); /* Its value. */
} members[] = {
    { HAND_NODES, "ID", node_id },
    { HAND_NODES, "Host", node_host },
    /* What Skydive keeps over restarts, as we do the ID. */
    { HAND_NODES, "TID", node_id },
    { HAND_EDGES, "ID", edge_id },
    { HAND_EDGES, "Host", edge_host },
    { HAND_EDGES, "Parent", edge_parent },
    { HAND_EDGES, "Child", edge_child },
};

const struct topo_map *
query_key_metadata(unsigned int hand, const void *item)
{
    return (hand == HAND_NODES
            ? &((const struct topo_node *) item)->meta
            : &((const struct topo_edge *) item)->meta);
}

const struct topo_value *
query_key_find(unsigned int hand, const void *item, const char *key,
               struct topo_value *scratch)
{
    static const char prefix[] = "Metadata.";
    const char *member = *key == '@' ? key + 1 : key;

    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        if (members[i].hand == hand && !strcmp(members[i].key, member)) {
            const char *string = members[i].get(item);

            scratch->type = TOPO_STRING;
            scratch->string = CONST_CAST(char *, string);
            return string ? scratch : NULL;
        }
    }
    if (!strncmp(key, prefix, strlen(prefix))) {
        key += strlen(prefix);
    }
    return topo_map_find(query_key_metadata(hand, item), key);
}

bool
query_filter_match(const struct query_filter *filter, unsigned int hand,
                   const void *item, bool either)
{
    for (size_t i = 0; i < filter->n; i++) {
        const struct query_match *match = &filter->matches[i];
        struct topo_value scratch;
        const struct topo_value *value = query_key_find(hand, item,
                                                        match->key, &scratch);

        if (query_pred_match(&match->pred, value) == either) {
            return either;
        }
    }
    return !either || !filter->n;
}
