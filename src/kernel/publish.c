/* publish.c -- from the tables to the topology.
 *
 * Puts a link as the topology's words say it: its kind by Skydive's name, its
 * references by cookie and ifindex, the rest as metadata with Skydive's keys.
 * Everything put is made from the table alone, so putting it twice says the
 * same.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <arpa/inet.h>
#include <net/if_arp.h>
#include "topo/text.h"

/* Flags as 'ip link' writes them. */
static const struct {
    unsigned int flag;
    const char *name;
} flag_names[] = {
    { IFF_UP, "UP" },
    { IFF_BROADCAST, "BROADCAST" },
    { IFF_DEBUG, "DEBUG" },
    { IFF_LOOPBACK, "LOOPBACK" },
    { IFF_POINTOPOINT, "POINTTOPOINT" },
    { IFF_RUNNING, "RUNNING" },
    { IFF_NOARP, "NOARP" },
    { IFF_PROMISC, "PROMISC" },
    { IFF_ALLMULTI, "ALLMULTI" },
    { IFF_MASTER, "MASTER" },
    { IFF_SLAVE, "SLAVE" },
    { IFF_MULTICAST, "MULTICAST" },
    { IFF_LOWER_UP, "LOWER_UP" },
    { IFF_DORMANT, "DORMANT" },
};

/* By IFLA_OPERSTATE. */
static const char *const states[] = {
    "UNKNOWN", "NOT-PRESENT", "DOWN", "LOWER-LAYER-DOWN", "TESTING",
    "DORMANT", "UP",
};

/* By IFLA_BOND_MODE. */
static const char *const bond_modes[] = {
    "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad",
    "balance-tlb", "balance-alb",
};

/* The kind by the name that users of the topology know. */
static const char *
kind_name(const struct kern_link *link)
{
    return (!strcmp(link->kind, "tun") ? "tuntap"
            : link->kind[0] ? link->kind : "device");
}

/* Adds those of 'addrs' of 'family' to the list 'key'. */
static void
put_addrs(struct topo_map *meta, const char *key, const struct kern_link *link,
          int family)
{
    for (size_t i = 0; i < link->n_addrs; i++) {
        const struct kern_addr *a = &link->addrs[i];
        const uint8_t *bytes = a->addr.s6_addr;
        bool v4 = IN6_IS_ADDR_V4MAPPED(&a->addr);
        char ip[INET6_ADDRSTRLEN], text[INET6_ADDRSTRLEN + 4];

        if (v4 == (family == AF_INET)) {
            if (i && !kern_addr_compare(a, a - 1)) {
                continue;       /* The same towards another peer. */
            }
            inet_ntop(family, v4 ? bytes + 12 : bytes, ip, sizeof ip);
            snprintf(text, sizeof text, "%s/%u", ip, a->plen);
            topo_map_add_string(meta, key, text);
        }
    }
}

/* Most links have the flags of the one before. */
static void
put_flags(struct topo_map *meta, const struct kern_link *link)
{
    struct kern *kern = link->netns->kern;

    if (link->flags != kern->put_flags) {
        struct topo_value *names = &kern->put_flag_names;

        topo_value_uninit(names);
        *names = topo_value_list(0);
        for (size_t i = 0; i < ARRAY_SIZE(flag_names); i++) {
            if (link->flags & flag_names[i].flag) {
                topo_list_add_string(names, flag_names[i].name);
            }
        }
        kern->put_flags = link->flags;
    }
    if (topo_list_n(&kern->put_flag_names)) {
        topo_map_put(meta, "LinkFlags",
                     topo_value_clone(&kern->put_flag_names));
    }
}

/* An address of zeros, as that of lo, is none. */
static void
put_mac(struct topo_map *meta, const struct kern_link *link)
{
    static const char digits[] = "0123456789abcdef";
    char text[3 * sizeof link->mac + 1];
    bool any = false;

    for (size_t i = 0; i < link->mac_len; i++) {
        text[3 * i] = digits[link->mac[i] >> 4];
        text[3 * i + 1] = digits[link->mac[i] & 0xf];
        text[3 * i + 2] = ':';
        any |= link->mac[i];
    }
    if (any) {
        text[3 * link->mac_len - 1] = '\0';
        topo_map_put_string(meta, "MAC", text);
    }
}

/* What the link says of others. */
static void
put_references(struct topo_map *meta, const struct kern_link *link)
{
    if (link->lower) {
        topo_map_put_integer(meta, "ParentIndex", link->lower);
        if (kern_link_is_veth(link)) {
            topo_map_put_integer(meta, "PeerIfIndex", link->lower);
        }
    }
    if (link->master) {
        topo_map_put_integer(meta, "MasterIndex", link->master);
    }
    if (link->nsid >= 0) {
        topo_map_put_integer(meta, "LinkNetNsID", link->nsid);
        const struct kern_netns *far
            = kern_netns_by_cookie(link->netns->kern, link->far);
        if (far && far->name) {
            topo_map_put_string(meta, "LinkNetNsName", far->name);
        }
    }
}

static void
put_meta(struct topo_map *meta, const struct kern_link *link)
{
    topo_map_put_integer(meta, "IfIndex", link->ifindex);
    topo_map_put_integer(meta, "MTU", link->mtu);
    topo_map_put_string(meta, "State", states[link->operstate
                                              < ARRAY_SIZE(states)
                                              ? link->operstate : 0]);
    put_flags(meta, link);
    put_mac(meta, link);
    put_addrs(meta, "IPV4", link, AF_INET);
    put_addrs(meta, "IPV6", link, AF_INET6);
    put_references(meta, link);
    topo_map_put_text(meta, "Driver", link->driver);
    if (link->speed >= 0) {
        topo_map_put_integer(meta, "Speed", link->speed);
    }
    if (link->vlan >= 0) {
        topo_map_put_integer(meta, "Vlan", link->vlan);
    }
    if (link->bond_mode >= 0 && link->bond_mode < ARRAY_SIZE(bond_modes)) {
        topo_map_put_string(meta, "BondMode", bond_modes[link->bond_mode]);
    }
}

/* The kernel tells of a new veth before it has its peer, and when one end
 * moves while both are down, it tells the other end's namespace nothing: ask
 * about the other end if it is not known to refer to this one.  (Where its
 * number for a namespace is not known, it may be an old one; but a first
 * reading of many links asks for all such numbers by itself.) */
static void
check_peer(struct kern_link *link)
{
    const enum kern_doubt doubt = link->doubt;

    if (doubt == KERN_DOUBT_NONE || !link->far) {
        return;
    }
    link->doubt = KERN_DOUBT_NONE;
    struct kern_netns *ns = kern_netns_by_cookie(link->netns->kern, link->far);
    if (!ns || !kern_link_is_veth(link)) {
        return;
    }
    const struct kern_link *peer = kern_link_find(ns, link->lower);
    if (peer && kern_link_is_veth(peer)
        && (peer->lower != link->ifindex
            || (peer->far != link->netns->cookie
                && (peer->far || doubt == KERN_DOUBT_ALL)))) {
        kern_link_request(ns, peer->ifindex);
    }
}

/* Asks for driver and speed, and lets those be asked that have the speed of
 * what they are on. */
static void
probe(struct kern_link *link)
{
    bool first = !link->driver;
    int old = link->speed;
    struct kern_link *upper;

    kern_ethtool_probe(link);
    if (first || link->speed == old) {
        return;                 /* Nobody asked before it was there. */
    }
    HMAP_FOR_EACH (upper, node, &link->netns->links) {
        if (upper->lower == link->ifindex && !kern_link_is_veth(upper)) {
            upper->probed = false;
            kern_link_touch(upper);
        }
    }
}

static void
publish_link(struct kern_link *link)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    bool has_lower = link->lower && link->far;
    struct topo_link_in in = {
        .netns = link->netns->cookie,
        .ifindex = link->ifindex,
        .name = link->name,
        .kind = kind_name(link),
        .up = link->flags & IFF_UP,
        .lacks_ethernet = (link->type != ARPHRD_ETHER
                           && link->type != ARPHRD_LOOPBACK),
        .mtu = link->mtu,
        .master = link->master,
        .peer_netns = has_lower ? link->far : 0,
        .peer = has_lower && kern_link_is_veth(link) ? link->lower : 0,
        .parent = has_lower && !kern_link_is_veth(link) ? link->lower : 0,
    };

    if (!link->probed) {
        probe(link);
    }
    put_meta(&meta, link);
    topo_put_link(link->netns->kern->topo, &in, &meta);
    check_peer(link);
}

/* Puts every link of 'ns', and nothing else stays there. */
void
kern_publish_netns(struct kern_netns *ns)
{
    struct kern_link *link;

    topo_begin_netns(ns->kern->topo, ns->cookie);
    HMAP_FOR_EACH (link, node, &ns->links) {
        ovs_list_remove(&link->dirty_node);
        ovs_list_init(&link->dirty_node);
        publish_link(link);
    }
    topo_end_netns(ns->kern->topo, ns->cookie);
}

/* Puts the links that changed since the last call. */
void
kern_publish_dirty(struct kern *kern)
{
    struct kern_link *link;

    LIST_FOR_EACH_POP (link, dirty_node, &kern->dirty) {
        ovs_list_init(&link->dirty_node);
        /* The end of a reading puts all of them. */
        if (link->netns->complete && link->netns->dump == KERN_DUMP_IDLE) {
            publish_link(link);
        }
    }
}

/* 'ns' has another name: who refers to it by name is put again. */
void
kern_publish_renamed(struct kern_netns *renamed)
{
    struct kern_netns *ns;
    struct kern_link *link;

    HMAP_FOR_EACH (ns, cookie_node, &renamed->kern->by_cookie) {
        HMAP_FOR_EACH (link, node, &ns->links) {
            if (link->far == renamed->cookie && link->nsid >= 0) {
                kern_link_touch(link);
            }
        }
    }
}
