/* input.c -- what the kernel and OVS say, as entities.
 *
 * Called by the kernel room and the database room.  Nothing here touches the
 * graph: what changed is noted and waits for topo_run(), so that pointers to
 * nodes stay valid until then.  Invariant: an input that says what is known
 * already has no effect.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

static bool
same_string(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool
set_string(char **dst, const char *src)
{
    if (same_string(*dst, src)) {
        return false;
    }
    free(*dst);
    *dst = nullable_xstrdup(src);
    return true;
}

/* Takes '*meta', with the name of 'ent' and 'type' added, which its node will
 * most often show.  True if it is new. */
static bool
set_meta(struct topo_ent *ent, struct topo_map *meta, const char *type)
{
    topo_map_put_string(meta, "Name", ent->name);
    topo_map_put_string(meta, "Type", type);

    bool changed = !topo_map_equal(&ent->meta, meta);

    if (changed) {
        struct topo_map old = ent->meta;

        ent->meta = *meta;
        *meta = old;
    }
    topo_map_uninit(meta);
    return changed;
}

/* Marks 'ent' as put.  True if it was not there. */
static bool
set_present(struct topo_ent *ent)
{
    bool appears = !ent->present;

    ent->present = true;
    ent->stale = false;
    return appears;
}

static void
set_absent(struct topo *topo, struct topo_ent *ent)
{
    if (ent && ent->present) {
        ent->present = false;
        topo_ent_touch(topo, ent);
        topo_announce_key(topo, &ent->key);
    }
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
    bool changed = set_present(ent);

    if (!same_string(ent->name, name ? name : number)) {
        topo_ent_set_name(topo, ent, name ? name : number);
        changed = true;
    }
    changed |= set_string(&ent->netns.path, path);
    if (changed) {
        /* Its links tell its name and path. */
        topo_announce_key(topo, &ent->key);
    }
    if (set_meta(ent, meta, "netns") || changed) {
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
set_link_in(struct topo_ent *ent, const struct topo_link_in *in)
{
    struct topo_link_in *old = &ent->link.in;
    char *kind = CONST_CAST(char *, old->kind);
    bool changed = (old->up != in->up || old->mtu != in->mtu
                    || old->master != in->master
                    || old->peer_netns != in->peer_netns
                    || old->peer != in->peer || old->parent != in->parent);

    changed |= set_string(&kind, in->kind);
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

    bool changed = set_present(ent);

    if (changed) {
        topo_announce_key(topo, &key);
    }
    if (!same_string(ent->name, in->name)) {
        topo_ent_set_name(topo, ent, in->name);
        changed = true;
    }
    changed |= set_link_in(ent, in);
    changed |= set_meta(ent, meta, in->kind);
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

/* The entity of a row; one of another kind, whose UUID was reused, cannot be:
 * OVSDB's are random. */
static struct topo_ent *
obtain_row(struct topo *topo, enum topo_ent_kind kind, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);
    struct topo_ent *ent = topo_ent_lookup(topo, &key);

    if (!ent) {
        ent = topo_ent_create(topo, kind, &key);
        ent->row.uuid = *uuid;
    }
    return ent->kind == kind ? ent : NULL;
}

static bool
set_row(struct topo *topo, struct topo_ent *ent, const char *name,
        const struct uuid *parent)
{
    bool changed = set_present(ent);

    if (!same_string(ent->name, name)) {
        topo_ent_set_name(topo, ent, name);
        changed = true;
    }
    if (parent && !uuid_equals(&ent->row.parent, parent)) {
        ent->row.parent = *parent;
        changed = true;
    }
    if (changed) {
        /* What hangs on it tells its name. */
        topo_announce_key(topo, &ent->key);
    }
    return changed;
}

static void
put_row(struct topo *topo, enum topo_ent_kind kind, const struct uuid *uuid,
        const char *name, const struct uuid *parent, struct topo_map *meta)
{
    const char *type = kind == TOPO_ENT_BRIDGE ? "ovsbridge" : "ovsport";
    struct topo_ent *ent = obtain_row(topo, kind, uuid);

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    bool changed = set_row(topo, ent, name, parent);

    if (set_meta(ent, meta, type) || changed) {
        topo_ent_touch(topo, ent);
    }
}

void
topo_put_bridge(struct topo *topo, const struct topo_bridge_in *in,
                struct topo_map *meta)
{
    put_row(topo, TOPO_ENT_BRIDGE, &in->uuid, in->name, NULL, meta);
}

void
topo_put_port(struct topo *topo, const struct topo_port_in *in,
              struct topo_map *meta)
{
    put_row(topo, TOPO_ENT_PORT, &in->uuid, in->name, &in->bridge, meta);
}

void
topo_put_intf(struct topo *topo, const struct topo_intf_in *in,
              struct topo_map *meta)
{
    struct topo_ent *ent = obtain_row(topo, TOPO_ENT_INTF, &in->uuid);

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    struct topo_ent_row *row = &ent->row;
    bool changed = set_row(topo, ent, in->name, &in->port);

    changed |= set_string(&row->type, in->type ? in->type : "");
    changed |= set_string(&row->mac_in_use, in->mac_in_use);
    changed |= set_string(&row->attached_mac, in->attached_mac);
    changed |= set_string(&row->patch_peer, in->patch_peer);
    if (row->ifindex != in->ifindex) {
        row->ifindex = in->ifindex;
        changed = true;
    }
    if (row->ifindex) {
        row->last_ifindex = row->ifindex;
    }
    if (changed) {
        /* A patch port's peer, and who claims the same link. */
        topo_announce(topo, topo_topic_name(ent->name));
        if (row->link) {
            topo_announce_key(topo, &row->link->key);
        }
    }
    if (set_meta(ent, meta, row->type[0] ? row->type : "system") || changed) {
        topo_ent_touch(topo, ent);
    }
}

static int
compare_uuids(const void *a, const void *b)
{
    return uuid_compare_3way(a, b);
}

void
topo_put_mirror(struct topo *topo, const struct uuid *mirror,
                const struct uuid *selected_ports, size_t n_selected,
                const struct uuid *output_port, struct topo_map *meta)
{
    struct topo_ent *ent = obtain_row(topo, TOPO_ENT_MIRROR, mirror);
    size_t size = n_selected * sizeof *selected_ports;
    struct uuid output = output_port ? *output_port : UUID_ZERO;

    if (!ent) {
        topo_map_uninit(meta);
        return;
    }

    struct topo_ent_row *row = &ent->row;
    struct uuid *selected = n_selected ? xmemdup(selected_ports, size) : NULL;
    bool changed = set_present(ent);

    if (n_selected) {
        qsort(selected, n_selected, sizeof *selected, compare_uuids);
    }
    changed |= (row->n_selected != n_selected
                || (n_selected && memcmp(row->selected, selected, size))
                || !uuid_equals(&row->output, &output));
    free(row->selected);
    row->selected = selected;
    row->n_selected = n_selected;
    row->output = output;
    if (!topo_map_equal(&ent->meta, meta)) {
        topo_map_uninit(&ent->meta);
        topo_map_clone(&ent->meta, meta);
        changed = true;
    }
    topo_map_uninit(meta);
    if (changed) {
        topo_ent_touch(topo, ent);
    }
}

void
topo_del_ovs(struct topo *topo, const struct uuid *uuid)
{
    struct topo_key key = topo_key_row(uuid);

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
