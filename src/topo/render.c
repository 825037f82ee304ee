/* render.c -- from inputs to their nodes and edges; of links and namespaces.
 *
 * Called by topo_run().  What is dirty is rendered as a batch: interfaces are
 * joined with links, then each entity shows its node, then each holds its
 * edges.  So nobody is rendered twice because a neighbour came later.
 * Invariant: what an entity shows depends on the inputs alone,
 * what it holds on which nodes there are too; never on what was before.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

COVERAGE_DEFINE(topo_render);

/* ## Nodes. ## */

static void
show_host(struct topo *topo, struct topo_ent *ent)
{
    struct topo_map meta = topo_complete_meta(ent, topo->host, "host");

    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "host", .key = "", .type = "host", .name = topo->host,
        .meta = &meta });
    topo_map_uninit(&meta);
}

/* The host's own namespace is the host itself: no node of its own. */
static void
show_netns(struct topo *topo, struct topo_ent *ent)
{
    if (!ent->present || ent->key.a == topo->host_netns) {
        topo_node_hide(topo, ent);
        return;
    }

    char *key = xasprintf("%"PRIu64, ent->key.a);
    struct topo_map meta = topo_complete_meta(ent, ent->name, "netns");

    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "netns", .key = key, .type = "netns", .name = ent->name,
        .meta = &meta });
    topo_map_uninit(&meta);
    free(key);
}

static void
show_known_link(struct topo *topo, struct topo_ent *ent)
{
    const struct topo_link_in *in = &ent->link.in;
    struct topo_ent *netns = ent->link.netns;
    struct topo_ent *intf = ent->link.intf;
    struct topo_ent *bridge = intf ? topo_bridge_of(topo, intf) : NULL;
    bool here = in->netns == topo->host_netns;
    bool internal = intf && !strcmp(intf->intf.type, "internal");
    const char *type = internal ? "internal" : in->kind;
    struct topo_link link = {
        .netns = in->netns,
        .ifindex = in->ifindex,
        .name = ent->name,
        .netns_name = here ? NULL : netns->name,
        .netns_path = here ? NULL : netns->netns.path,
        .up = in->up,
        .lacks_ethernet = in->lacks_ethernet,
        .mtu = in->mtu,
        .kind = CONST_CAST(char *, in->kind),
    };
    struct topo_map meta = topo_complete_meta(ent, ent->name, type);
    char key[INT_STRLEN(uint64_t) + INT_STRLEN(int) + 2];

    snprintf(key, sizeof key, "%"PRIu64":%d", in->netns, in->ifindex);

    if (intf) {
        /* Where both say something the kernel is right. */
        struct topo_map both;

        topo_map_clone(&both, &intf->meta);
        topo_map_merge(&both, &meta);
        topo_map_uninit(&meta);
        topo_map_trim(&both);
        meta = both;
    }
    topo_node_show(topo, ent, &(struct topo_face) {
        .kind = "link", .key = key, .type = type, .name = ent->name,
        .meta = &meta, .link = &link,
        .bridge = bridge ? bridge->name : NULL,
        .uuid = intf ? topo_key_uuid(&intf->key) : UUID_ZERO });
    topo_map_uninit(&meta);
}

/* A link in a namespace that is not known is not shown: nobody owns it. */
static void
show_link(struct topo *topo, struct topo_ent *ent)
{
    struct topo_ent *netns = ent->link.netns;

    topo_follow_key(topo, ent, &netns->key);
    if (ent->present && topo_is_known_netns(topo, netns)) {
        show_known_link(topo, ent);
    } else {
        topo_node_hide(topo, ent);
    }
}

static void
show(struct topo *topo, struct topo_ent *ent)
{
    switch (ent->kind) {
    case TOPO_ENT_HOST:
        show_host(topo, ent);
        break;
    case TOPO_ENT_NETNS:
        show_netns(topo, ent);
        break;
    case TOPO_ENT_LINK:
        show_link(topo, ent);
        break;
    case TOPO_ENT_BRIDGE:
        topo_show_bridge(topo, ent);
        break;
    case TOPO_ENT_PORT:
        topo_show_port(topo, ent);
        break;
    case TOPO_ENT_INTF:
        topo_show_intf(topo, ent);
        break;
    case TOPO_ENT_MIRROR:
        break;                  /* Only edges tell of it. */
    }
}

/* ## Edges. ## */

/* A veth's two ends may both tell of each other: that with the greater ifindex
 * is the parent, as in Skydive, and both hold the one edge. */
static void
hold_peer(struct topo *topo, struct topo_ent *ent, const struct topo_key *key)
{
    struct topo_node *peer = topo_node_of(topo, ent, key);
    bool first = (ent->key.b != key->b ? ent->key.b > key->b
                  : ent->key.a > key->a);

    topo_hold(topo, ent, first ? ent->node : peer, first ? peer : ent->node,
              "layer2", ent->link.in.kind);
}

static void
hold_link_edges(struct topo *topo, struct topo_ent *ent)
{
    const struct topo_link_in *in = &ent->link.in;
    struct topo_node *owner = (in->netns == topo->host_netns
                               ? topo_host_node(topo)
                               : ent->link.netns->node);

    topo_hold(topo, ent, owner, ent->node, "ownership", NULL);
    if (in->master) {
        struct topo_key key = topo_key_link(in->netns, in->master);
        struct topo_node *master = topo_node_of(topo, ent, &key);

        /* The kernel's datapath is master of the ports of all bridges, which
         * does not make them neighbours. */
        if (master && strcmp(master->link->kind, "openvswitch")) {
            topo_hold(topo, ent, master, ent->node, "layer2", NULL);
        }
    }
    if (in->peer && in->peer_netns) {
        struct topo_key key = topo_key_link(in->peer_netns, in->peer);

        hold_peer(topo, ent, &key);
    }
    if (in->parent && in->peer_netns) {
        struct topo_key key = topo_key_link(in->peer_netns, in->parent);

        topo_hold(topo, ent, topo_node_of(topo, ent, &key), ent->node,
                  "layer2", in->kind);
    }
}

static void
hold_edges(struct topo *topo, struct topo_ent *ent)
{
    switch (ent->kind) {
    case TOPO_ENT_HOST:
        break;
    case TOPO_ENT_NETNS:
        topo_hold(topo, ent, topo_host_node(topo), ent->node,
                  "ownership", NULL);
        break;
    case TOPO_ENT_LINK:
        if (ent->node) {
            hold_link_edges(topo, ent);
        }
        break;
    case TOPO_ENT_BRIDGE:
        topo_hold_bridge_edges(topo, ent);
        break;
    case TOPO_ENT_PORT:
        topo_hold_port_edges(topo, ent);
        break;
    case TOPO_ENT_INTF:
        topo_hold_intf_edges(topo, ent);
        break;
    case TOPO_ENT_MIRROR:
        break;                  /* The ports hold its edges. */
    }
}

/* ## Batches. ## */

/* What is rendered together, and what its entities wanted before. */
struct batch {
    struct ovs_list ents;       /* 'struct topo_ent's, by 'dirty_node'. */
    struct topo_wants *wanted;
    size_t n_wanted, allocated_wanted;
};

static void
set_wants_aside(struct batch *batch, struct topo_wants *wants)
{
    if (wants->n_follows || wants->n_edges) {
        if (batch->n_wanted >= batch->allocated_wanted) {
            batch->wanted = x2nrealloc(batch->wanted,
                                       &batch->allocated_wanted,
                                       sizeof *batch->wanted);
        }
        batch->wanted[batch->n_wanted++] = *wants;
        *wants = (struct topo_wants) { NULL, NULL, 0, 0 };
    }
}

/* Joins whatever is dirty, or becomes it meanwhile, and puts it into
 * 'batch'. */
static void
begin_batch(struct topo *topo, struct batch *batch)
{
    struct topo_ent *ent;

    LIST_FOR_EACH_POP (ent, dirty_node, &topo->dirty) {
        ent->dirty = false;
        ent->batched = true;
        ovs_list_push_back(&batch->ents, &ent->dirty_node);
        set_wants_aside(batch, &ent->wants);
        if (ent->kind == TOPO_ENT_INTF) {
            topo_join(topo, ent);
        }
    }
}

/* The old edges are let go after the new ones are held, so that what stays the
 * same stays untouched. */
static void
end_batch(struct topo *topo, struct batch *batch)
{
    struct topo_ent *ent;

    for (size_t i = 0; i < batch->n_wanted; i++) {
        topo_edge_release(topo, &batch->wanted[i]);
        topo_unfollow(topo, &batch->wanted[i]);
    }
    batch->n_wanted = 0;
    LIST_FOR_EACH_POP (ent, dirty_node, &batch->ents) {
        COVERAGE_INC(topo_render);
        ovs_list_init(&ent->dirty_node);
        ent->batched = false;
        if (!ent->present) {
            topo_bury(topo, ent);
        }
    }
}

void
topo_render(struct topo *topo)
{
    struct batch batch = { .ents = OVS_LIST_INITIALIZER(&batch.ents) };
    struct topo_ent *ent;

    while (!ovs_list_is_empty(&topo->dirty)) {
        begin_batch(topo, &batch);
        topo->showing = true;
        LIST_FOR_EACH (ent, dirty_node, &batch.ents) {
            show(topo, ent);
        }
        topo->showing = false;
        LIST_FOR_EACH (ent, dirty_node, &batch.ents) {
            hold_edges(topo, ent);
        }
        end_batch(topo, &batch);
    }
    free(batch.wanted);
}
