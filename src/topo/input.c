/* input.c -- what the kernel says, as entities; what a resync leaves.
 *
 * Called by the kernel room; input-row.c is for the database room.  Nothing
 * here touches the graph: what changed is noted and waits for topo_run(), so
 * that pointers to nodes stay valid until then.  Invariant: an input that says
 * what is known already has no effect.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include "base/ovs.h"

/* Of a device that is gone the number may be given to another one. */
static void
set_absent(struct topo *topo, struct topo_ent *ent)
{
    if (ent && ent->kind == TOPO_ENT_LINK) {
        topo_let_go(topo, &ent->key);
    }
    topo_set_absent(topo, ent);
}

static void
touch_all(struct topo *topo)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        topo_ent_touch(topo, ent);
    }
}

void
topo_set_host_netns(struct topo *topo, topo_cookie cookie)
{
    if (topo->host_netns != cookie) {
        topo->host_netns = cookie;
        touch_all(topo);
    }
}

void
topo_set_switch_netns(struct topo *topo, topo_cookie cookie)
{
    if (topo->switch_netns != cookie) {
        topo->switch_netns = cookie;
        touch_all(topo);
    }
}

static struct topo_ent *
obtain_netns(struct topo *topo, topo_cookie cookie)
{
    struct topo_key key = topo_key_netns(cookie);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    return ent ? ent : topo_ent_create(topo, TOPO_ENT_NETNS, &key);
}

void
topo_put_netns(struct topo *topo, topo_cookie cookie, const char *name,
               const char *path, struct topo_map *meta)
{
    struct topo_ent *ent = obtain_netns(topo, cookie);
    char *number = xasprintf("netns-%"PRIu64, cookie);
    bool changed = topo_set_present(ent);

    changed |= topo_ent_set_name(topo, ent, name ? name : number);
    changed |= topo_set_string(&ent->netns.path, path);
    if (changed) {
        /* Its links tell its name and path. */
        topo_announce_key(topo, &ent->key);
    }
    if (topo_set_meta(ent, meta, "netns") || changed) {
        topo_ent_touch(topo, ent);
    }
    free(number);
}

void
topo_del_netns(struct topo *topo, topo_cookie cookie)
{
    struct topo_key key = topo_key_netns(cookie);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);
    struct topo_ent *link;

    if (ent) {
        LIST_FOR_EACH (link, link.netns_node, &ent->netns.links) {
            set_absent(topo, link);
        }
        set_absent(topo, ent);
    }
}

static struct topo_ent *
create_link(struct topo *topo, const struct topo_key *key)
{
    struct topo_ent *ent = topo_ent_create(topo, TOPO_ENT_LINK, key);

    ent->link.netns = obtain_netns(topo, key->a);
    ovs_list_push_back(&ent->link.netns->netns.links, &ent->link.netns_node);
    return ent;
}

/* Takes over 'in'.  True if anything but the name is new. */
static bool
set_link_in(struct topo *topo, struct topo_ent *ent,
            const struct topo_link_in *in)
{
    struct topo_link_in *old = &ent->link.in;
    const char *kind = topo_intern(topo, in->kind);
    bool changed = (old->up != in->up || old->mtu != in->mtu
                    || old->lacks_ethernet != in->lacks_ethernet
                    || old->master != in->master
                    || old->peer_netns != in->peer_netns
                    || old->peer != in->peer || old->parent != in->parent
                    || old->kind != kind);

    *old = *in;
    old->kind = kind;
    old->name = NULL;           /* 'ent' has it. */
    return changed;
}

void
topo_put_link(struct topo *topo, const struct topo_link_in *in,
              struct topo_map *meta)
{
    struct topo_key key = topo_key_link(in->netns, in->ifindex);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    if (!ent) {
        ent = create_link(topo, &key);
    }

    bool changed = topo_set_present(ent);

    if (changed) {
        topo_announce_key(topo, &key);
    }
    changed |= topo_ent_set_name(topo, ent, in->name);
    changed |= set_link_in(topo, ent, in);
    changed |= topo_set_meta(ent, meta, in->kind);
    if (changed) {
        topo_ent_touch(topo, ent);
        /* Its kind or MAC may decide what an interface is. */
        topo_announce(topo, topo_topic_name(in->name));
    }
}

void
topo_del_link(struct topo *topo, topo_cookie netns, int ifindex)
{
    struct topo_key key = topo_key_link(netns, ifindex);

    set_absent(topo, topo_ent_lookup(topo, &key));
}

void
topo_begin_netns(struct topo *topo, topo_cookie cookie)
{
    struct topo_ent *netns = obtain_netns(topo, cookie);
    struct topo_ent *ent;

    LIST_FOR_EACH (ent, link.netns_node, &netns->netns.links) {
        ent->stale = true;
    }
}

void
topo_end_netns(struct topo *topo, topo_cookie cookie)
{
    struct topo_ent *netns = obtain_netns(topo, cookie);
    struct topo_ent *ent;

    LIST_FOR_EACH (ent, link.netns_node, &netns->netns.links) {
        if (ent->stale) {
            set_absent(topo, ent);
        }
    }
}

void
topo_begin_ovs(struct topo *topo)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        ent->stale |= ent->key.space == TOPO_KEY_ROW;
    }
}

void
topo_end_ovs(struct topo *topo)
{
    struct topo_ent *ent;

    HMAP_FOR_EACH (ent, key_node, &topo->ents) {
        if (ent->key.space == TOPO_KEY_ROW && ent->stale) {
            set_absent(topo, ent);
        }
    }
}
