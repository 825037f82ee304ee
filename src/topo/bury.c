/* bury.c -- how entities end.
 *
 * Called at the end of a batch for those whose input was removed, and for all
 * when the topology ends.  Whatever they hold, follow and are joined with they
 * let go here: each file below knows its part of that alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include "base/ovs.h"

static void
destroy_link(struct topo_ent_link *link)
{
    ovs_assert(!link->intf);
    ovs_list_remove(&link->netns_node);
}

static void
destroy_intf(struct topo_ent_intf *intf)
{
    ovs_assert(!intf->link);
    topo_text_unref(intf->type);
    topo_text_unref(intf->patch_peer);
}

/* Frees an entity that has no node and that no other points to. */
static void
destroy_ent(struct topo *topo, struct topo_ent *ent)
{
    ovs_assert(!ent->node);
    topo_ent_set_name(topo, ent, NULL);
    topo_unfollow(topo, &ent->wants);
    topo_edge_release(topo, &ent->wants);
    ovs_list_remove(&ent->dirty_node);
    switch (ent->kind) {
    case TOPO_ENT_HOST:
    case TOPO_ENT_BRIDGE:
    case TOPO_ENT_PORT:
        break;
    case TOPO_ENT_NETNS:
        ovs_assert(ovs_list_is_empty(&ent->netns.links));
        topo_text_unref(ent->netns.path);
        break;
    case TOPO_ENT_LINK:
        destroy_link(&ent->link);
        break;
    case TOPO_ENT_INTF:
        destroy_intf(&ent->intf);
        break;
    case TOPO_ENT_MIRROR:
        topo_mirror_uninit(topo, ent);
        break;
    }
    hmap_remove(&topo->ents, &ent->key_node);
    topo_map_uninit(&ent->meta);
    free(ent);
}

void
topo_bury(struct topo *topo, struct topo_ent *ent)
{
    if (ent->kind == TOPO_ENT_NETNS) {
        if (!ovs_list_is_empty(&ent->netns.links)) {
            return;
        }
    } else if (ent->kind == TOPO_ENT_LINK) {
        struct topo_ent *netns = ent->link.netns;

        if (ent->link.intf) {
            topo_part(topo, ent->link.intf);
        }
        topo_announce_key(topo, &ent->key);
        if (!netns->present) {
            topo_ent_touch(topo, netns);
        }
    } else if (ent->kind == TOPO_ENT_INTF) {
        topo_part(topo, ent);
        topo_note_lacking(topo, ent, false);
        topo_announce_key(topo, &ent->key);
    }
    destroy_ent(topo, ent);
}

/* Every entity lets go of its node and its partner first, so that they can be
 * freed in any order, but for the namespaces, which come last. */
void
topo_bury_all(struct topo *topo)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        ent->node = NULL;
        if (ent->kind == TOPO_ENT_LINK) {
            ent->link.intf = NULL;
        } else if (ent->kind == TOPO_ENT_INTF) {
            ent->intf.link = NULL;
        }
    }
    HMAP_FOR_EACH_SAFE (ent, key_node, &topo->ents) {
        if (ent->kind != TOPO_ENT_NETNS) {
            destroy_ent(topo, ent);
        }
    }
    HMAP_FOR_EACH_SAFE (ent, key_node, &topo->ents) {
        destroy_ent(topo, ent);
    }
    hmap_destroy(&topo->ents);
    hmap_destroy(&topo->links_by_name);
    hmap_destroy(&topo->intfs_by_name);
    hmap_destroy(&topo->selections);
    hmap_destroy(&topo->topics);
}
