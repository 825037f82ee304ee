/* format-json.c -- a topology as JSON, and back.  See format.h.
 *
 * The shape is Skydive's.  What is read back may come from anybody: what does
 * not fit is left out.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/format.h"
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs.h"

struct jsn *
topo_node_to_json(const struct topo_node *node)
{
    struct jsn *object = jsn_object();

    jsn_put_string(object, "ID", node->id);
    jsn_put_string(object, "Host", node->host);
    jsn_put(object, "Metadata", topo_map_to_json(&node->meta));
    return object;
}

struct jsn *
topo_edge_to_json(const struct topo_edge *edge)
{
    struct jsn *object = jsn_object();

    jsn_put_string(object, "ID", topo_edge_id(edge));
    jsn_put_string(object, "Host", edge->parent->host);
    jsn_put_string(object, "Parent", edge->parent->id);
    jsn_put_string(object, "Child", edge->child->id);
    jsn_put(object, "Metadata", topo_map_to_json(&edge->meta));
    return object;
}

static struct jsn *
overlays_to_json(const struct topo_overlay *overlays, size_t n)
{
    struct jsn *array = jsn_array();

    for (size_t i = 0; i < n; i++) {
        struct jsn *object = jsn_object();

        jsn_put_string(object, "Node", overlays[i].node_id);
        jsn_put_string(object, "Capture", overlays[i].capture);
        jsn_put_string(object, "Target", overlays[i].target);
        jsn_put_string(object, "State", overlays[i].state);
        jsn_add(array, object);
    }
    return array;
}

struct jsn *
topo_to_json(const struct topo *topo, const struct topo_overlay *overlays,
             size_t n_overlays)
{
    struct jsn *object = jsn_object();
    struct jsn *array = jsn_array();
    size_t n;

    const struct topo_node **nodes = topo_nodes(topo, &n);
    for (size_t i = 0; i < n; i++) {
        jsn_add(array, topo_node_to_json(nodes[i]));
    }
    free(nodes);
    jsn_put(object, "Nodes", array);

    array = jsn_array();
    const struct topo_edge **edges = topo_edges(topo, &n);
    for (size_t i = 0; i < n; i++) {
        jsn_add(array, topo_edge_to_json(edges[i]));
    }
    free(edges);
    jsn_put(object, "Edges", array);

    if (n_overlays) {
        jsn_put(object, "Captures", overlays_to_json(overlays, n_overlays));
    }
    return object;
}

static void
node_from_json(struct topo *topo, const struct jsn *json)
{
    const char *id = jsn_get_string(json, "ID", NULL);
    const struct jsn *metadata = jsn_get(json, "Metadata");
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    if (id) {
        topo_map_from_json(&meta, metadata);
        topo_load_node(topo, jsn_get_string(json, "Host", ""), id,
                       jsn_get_string(metadata, "Type", ""),
                       jsn_get_string(metadata, "Name", ""), &meta);
    }
}

static void
edge_from_json(struct topo *topo, const struct jsn *json)
{
    const char *id = jsn_get_string(json, "ID", NULL);
    const struct jsn *metadata = jsn_get(json, "Metadata");
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    if (id) {
        topo_map_from_json(&meta, metadata);
        topo_load_edge(topo, id, jsn_get_string(json, "Parent", ""),
                       jsn_get_string(json, "Child", ""),
                       jsn_get_string(metadata, "RelationType", ""), &meta);
    }
}

void
topo_from_json(struct topo *topo, const struct jsn *json)
{
    const struct jsn *nodes = jsn_get(json, "Nodes");
    const struct jsn *edges = jsn_get(json, "Edges");

    for (size_t i = 0; i < jsn_size(nodes); i++) {
        node_from_json(topo, jsn_at(nodes, i));
    }
    for (size_t i = 0; i < jsn_size(edges); i++) {
        edge_from_json(topo, jsn_at(edges, i));
    }
    topo_run(topo);
}
