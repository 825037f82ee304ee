/* render-row.c -- from a row of OVS to its node and edges.
 *
 * Called by render.c, whose invariant holds here too.  A row shows only where
 * what it hangs on is there: a port without its bridge is nowhere.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

void
topo_render_bridge(struct topo *topo, struct topo_ent *ent)
{
    if (!ent->present) {
        topo_node_hide(topo, ent);
        return;
    }

    char *key = xasprintf(UUID_FMT, UUID_ARGS(&ent->row.uuid));
    struct topo_map meta = topo_complete_meta(ent, ent->name, "ovsbridge");

    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "bridge", .key = key, .type = "ovsbridge",
        .name = ent->name, .meta = &meta, .bridge = ent->name,
        .uuid = &ent->row.uuid });
    topo_hold(topo, ent, topo_host_node(topo, ent), ent->node, "ownership",
              NULL);
    topo_map_uninit(&meta);
    free(key);
}

void
topo_render_port(struct topo *topo, struct topo_ent *ent)
{
    struct topo_ent *bridge = (ent->present
                               ? topo_row_of(topo, ent, &ent->row.parent)
                               : NULL);

    if (!bridge || bridge->kind != TOPO_ENT_BRIDGE) {
        topo_node_hide(topo, ent);
        return;
    }

    char *key = xasprintf(UUID_FMT, UUID_ARGS(&ent->row.uuid));
    struct topo_map meta = topo_complete_meta(ent, ent->name, "ovsport");

    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "port", .key = key, .type = "ovsport",
        .name = ent->name, .meta = &meta, .bridge = bridge->name,
        .uuid = &ent->row.uuid });
    topo_hold(topo, ent, bridge->node, ent->node, "ownership", NULL);
    topo_hold(topo, ent, bridge->node, ent->node, "layer2", NULL);
    topo_map_uninit(&meta);
    free(key);
}

/* An interface without a kernel device is a node of its own. */
static void
show_intf(struct topo *topo, struct topo_ent *ent, struct topo_ent *bridge,
          bool ambiguous)
{
    const char *type = ent->row.type[0] ? ent->row.type : "system";
    char *key = xasprintf(UUID_FMT, UUID_ARGS(&ent->row.uuid));
    struct topo_map meta = topo_complete_meta(ent, ent->name, type);

    if (ambiguous) {
        topo_map_put_string(topo_map_get_map(&meta, "Ovs"), "Join",
                            "ambiguous");
    }
    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "interface", .key = key, .type = type, .name = ent->name,
        .meta = &meta, .bridge = bridge->name, .uuid = &ent->row.uuid });
    topo_hold(topo, ent, bridge->node, ent->node, "ownership", NULL);
    topo_map_uninit(&meta);
    free(key);
}

/* Two patch ports are peers when each names the other. */
static void
hold_patch(struct topo *topo, struct topo_ent *ent)
{
    const char *peer = ent->row.patch_peer;
    struct topo_ent *other;

    if (!peer || strcmp(ent->row.type, "patch")) {
        return;
    }
    topo_follow(topo, ent, topo_topic_name(peer));
    HMAP_FOR_EACH_WITH_HASH (other, row.name_node, hash_string(peer, 0),
                             &topo->intfs_by_name) {
        if (other != ent && other->present && !strcmp(other->name, peer)
            && !strcmp(other->row.type, "patch") && other->row.patch_peer
            && !strcmp(other->row.patch_peer, ent->name)) {
            bool first = strcmp(ent->name, other->name) < 0;

            topo_follow_key(topo, ent, &other->key);
            topo_hold(topo, ent, first ? ent->node : other->node,
                      first ? other->node : ent->node, "layer2", "patch");
        }
    }
}

void
topo_render_intf(struct topo *topo, struct topo_ent *ent)
{
    bool ambiguous = topo_join(topo, ent);
    struct topo_ent *link = ent->row.link;
    struct topo_ent *port = topo_row_of(topo, ent, &ent->row.parent);
    struct topo_ent *bridge = (port
                               ? topo_row_of(topo, ent, &port->row.parent)
                               : NULL);
    struct topo_node *port_node = port ? port->node : NULL;

    if (link) {
        /* What it says shows on the link's node. */
        topo_node_hide(topo, ent);
        topo_ent_touch(topo, link);
        topo_hold(topo, ent, port_node, topo_node_of(topo, ent, &link->key),
                  "layer2", NULL);
    } else if (ent->present && bridge && bridge->kind == TOPO_ENT_BRIDGE) {
        show_intf(topo, ent, bridge, ambiguous);
        topo_hold(topo, ent, port_node, ent->node, "layer2", NULL);
        hold_patch(topo, ent);
    } else {
        topo_node_hide(topo, ent);
    }
}

void
topo_render_mirror(struct topo *topo, struct topo_ent *ent)
{
    struct topo_key output_key = topo_key_row(&ent->row.output);
    struct topo_node *output = topo_node_of(topo, ent, &output_key);
    struct topo_map meta;

    topo_map_clone(&meta, &ent->meta);
    char *uuid = xasprintf(UUID_FMT, UUID_ARGS(&ent->row.uuid));
    topo_map_put_string(&meta, "UUID", uuid);
    for (size_t i = 0; ent->present && i < ent->row.n_selected; i++) {
        struct topo_key key = topo_key_row(&ent->row.selected[i]);
        struct topo_node *selected = topo_node_of(topo, ent, &key);

        if (selected && output && selected != output) {
            topo_edge_hold(topo, ent, selected, output, "mirroring",
                           "mirroring", &meta);
        }
    }
    topo_map_uninit(&meta);
    free(uuid);
}
