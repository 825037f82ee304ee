/* render-row.c -- from rows of OVS to their nodes and edges.
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

/* What a row's node has to be, but for its metadata. */
struct row_face {
    const char *kind;           /* As in 'struct topo_face'. */
    const char *type;           /* Likewise. */
    const struct topo_ent *bridge;  /* That it is on, or is itself. */
};

/* Gives the row 'ent' its node; takes 'meta'. */
static void
show_row(struct topo *topo, struct topo_ent *ent, const struct row_face *face,
         struct topo_map meta)
{
    struct uuid uuid = topo_key_uuid(&ent->key);
    char key[UUID_LEN + 1];

    snprintf(key, sizeof key, UUID_FMT, UUID_ARGS(&uuid));
    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = face->kind, .key = key, .type = face->type,
        .name = ent->name, .meta = &meta, .bridge = face->bridge->name,
        .uuid = uuid });
    topo_map_uninit(&meta);
}

void
topo_show_bridge(struct topo *topo, struct topo_ent *ent)
{
    const char *type = "ovsbridge";

    if (ent->present) {
        show_row(topo, ent, &(struct row_face) { "bridge", type, ent },
                 topo_complete_meta(ent, ent->name, type));
    } else {
        topo_node_hide(topo, ent);
    }
}

void
topo_hold_bridge_edges(struct topo *topo, struct topo_ent *ent)
{
    topo_hold(topo, ent, topo_host_node(topo), ent->node, "ownership",
              NULL);
}

void
topo_show_port(struct topo *topo, struct topo_ent *ent)
{
    const char *type = "ovsport";
    struct topo_ent *bridge = (ent->present
                               ? topo_row_of(topo, ent, &ent->port.bridge)
                               : NULL);

    if (bridge && bridge->kind == TOPO_ENT_BRIDGE) {
        show_row(topo, ent, &(struct row_face) { "port", type, bridge },
                 topo_complete_meta(ent, ent->name, type));
    } else {
        topo_node_hide(topo, ent);
    }
}

/* The entity that is the row 'uuid', which was followed when what hangs on it
 * was shown; NULL: none. */
static struct topo_ent *
find_row(const struct topo *topo, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);

    return topo_ent_find(topo, &key);
}

void
topo_hold_port_edges(struct topo *topo, struct topo_ent *ent)
{
    if (ent->node) {
        struct topo_node *bridge = find_row(topo, &ent->port.bridge)->node;

        topo_hold(topo, ent, bridge, ent->node, "ownership", NULL);
        topo_hold(topo, ent, bridge, ent->node, "layer2", NULL);
        topo_hold_mirrors_of(topo, ent);
    }
}

/* An interface without a kernel device is a node of its own. */
static void
show_on(struct topo *topo, struct topo_ent *ent, struct topo_ent *bridge)
{
    const char *type = ent->intf.type[0] ? ent->intf.type : "system";
    struct topo_map meta = topo_complete_meta(ent, ent->name, type);

    if (ent->intf.ambiguous || ent->intf.unproved) {
        topo_map_put_string(topo_map_get_map(&meta, "Ovs"), "Join",
                            ent->intf.ambiguous ? "ambiguous" : "unproved");
    }
    show_row(topo, ent, &(struct row_face) { "interface", type, bridge },
             meta);
}

struct topo_ent *
topo_bridge_of(const struct topo *topo, const struct topo_ent *intf)
{
    struct topo_ent *port = find_row(topo, &intf->intf.port);

    return (port && port->kind == TOPO_ENT_PORT
            ? find_row(topo, &port->port.bridge) : NULL);
}

void
topo_show_intf(struct topo *topo, struct topo_ent *ent)
{
    struct topo_ent *port = topo_row_of(topo, ent, &ent->intf.port);
    struct topo_ent *bridge = (port && port->kind == TOPO_ENT_PORT
                               ? topo_row_of(topo, ent, &port->port.bridge)
                               : NULL);

    if (!ent->intf.link && ent->present && bridge
        && bridge->kind == TOPO_ENT_BRIDGE) {
        show_on(topo, ent, bridge);
    } else {
        topo_node_hide(topo, ent);
    }
}

/* Two patch ports are peers when each names the other. */
static void
hold_patch(struct topo *topo, struct topo_ent *ent)
{
    const char *peer = ent->intf.patch_peer;
    struct topo_ent *other;

    if (!peer || strcmp(ent->intf.type, "patch")) {
        return;
    }
    topo_follow(topo, ent, topo_topic_name(peer));
    HMAP_FOR_EACH_WITH_HASH (other, intf.name_node, hash_string(peer, 0),
                             &topo->intfs_by_name) {
        if (other != ent && other->present && !strcmp(other->name, peer)
            && !strcmp(other->intf.type, "patch") && other->intf.patch_peer
            && !strcmp(other->intf.patch_peer, ent->name)) {
            bool first = strcmp(ent->name, other->name) < 0;

            topo_follow_key(topo, ent, &other->key);
            topo_hold(topo, ent, first ? ent->node : other->node,
                      first ? other->node : ent->node, "layer2", "patch");
        }
    }
}

void
topo_hold_intf_edges(struct topo *topo, struct topo_ent *ent)
{
    struct topo_ent *link = ent->intf.link;
    struct topo_ent *port = find_row(topo, &ent->intf.port);
    /* A link was followed when it was joined. */
    struct topo_node *node = link ? link->node : ent->node;

    topo_hold(topo, ent, port ? port->node : NULL, node, "layer2", NULL);
    if (ent->node) {
        struct topo_ent *bridge = find_row(topo, &port->port.bridge);

        topo_hold(topo, ent, bridge->node, ent->node, "ownership", NULL);
        hold_patch(topo, ent);
    }
}
