/* table.c -- the tables of namespaces and links: what the kernel said last.
 *
 * Below whoever asks the kernel, takes its messages or puts what they said:
 * finds, adds and removes, and notes which links are to be put again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <string.h>
#include "topo/text.h"

static uint32_t
hash_inode(dev_t dev, ino_t ino)
{
    return hash_2words(hash_uint64(dev), hash_uint64(ino));
}

struct kern_netns *
kern_netns_find(const struct kern *kern, dev_t dev, ino_t ino)
{
    struct kern_netns *ns;

    HMAP_FOR_EACH_WITH_HASH (ns, inode_node, hash_inode(dev, ino),
                             &kern->by_inode) {
        if (ns->dev == dev && ns->ino == ino) {
            return ns;
        }
    }
    return NULL;
}

struct kern_netns *
kern_netns_by_cookie(const struct kern *kern, topo_cookie cookie)
{
    struct kern_netns *ns;

    HMAP_FOR_EACH_WITH_HASH (ns, cookie_node, hash_uint64(cookie),
                             &kern->by_cookie) {
        if (ns->cookie == cookie) {
            return ns;
        }
    }
    return NULL;
}

/* Adds a namespace that is not read yet. */
struct kern_netns *
kern_netns_create(struct kern *kern, dev_t dev, ino_t ino)
{
    struct kern_netns *ns = xzalloc(sizeof *ns);

    ns->kern = kern;
    ns->dev = dev;
    ns->ino = ino;
    ns->fd = -1;
    sset_init(&ns->names);
    hmap_init(&ns->links);
    hmap_init(&ns->nsids);
    ovs_list_init(&ns->asks);
    ovs_list_init(&ns->lost);
    ovs_list_init(&ns->moves);
    hmap_insert(&kern->by_inode, &ns->inode_node, hash_inode(dev, ino));
    return ns;
}

struct kern_link *
kern_link_find(const struct kern_netns *ns, int ifindex)
{
    struct kern_link *link;

    HMAP_FOR_EACH_WITH_HASH (link, node, hash_int(ifindex, 0), &ns->links) {
        if (link->ifindex == ifindex) {
            return link;
        }
    }
    return NULL;
}

bool
kern_link_is_veth(const struct kern_link *link)
{
    return !strcmp(link->kind, "veth");
}

struct kern_link *
kern_link_add(struct kern_netns *ns, int ifindex)
{
    struct kern_link *link = xzalloc(sizeof *link);

    link->netns = ns;
    link->ifindex = ifindex;
    link->kind = topo_text_new("");
    link->nsid = -1;
    link->vlan = -1;
    link->bond_mode = -1;
    link->speed = -1;
    ovs_list_init(&link->dirty_node);
    ovs_list_init(&link->lost_node);
    hmap_insert(&ns->links, &link->node, hash_int(ifindex, 0));
    /* Somebody may look for this link's namespace. */
    ns->kern->resolve = true;
    return link;
}

/* Drops 'link' from the table; of the topology, the caller takes care. */
void
kern_link_remove(struct kern_link *link)
{
    link->netns->kern->n_uppers -= link->is_upper;
    hmap_remove(&link->netns->links, &link->node);
    ovs_list_remove(&link->dirty_node);
    ovs_list_remove(&link->lost_node);
    topo_text_unref(link->kind);
    topo_text_unref(link->driver);
    free(link->addrs);
    free(link);
}

/* 'link' is to be put when this round's messages are read. */
void
kern_link_touch(struct kern_link *link)
{
    if (ovs_list_is_empty(&link->dirty_node)) {
        ovs_list_push_back(&link->netns->kern->dirty, &link->dirty_node);
    }
}

void
kern_held_add(struct kern_held *held, topo_cookie netns, int ifindex)
{
    if (held->n >= held->allocated) {
        held->devices = x2nrealloc(held->devices, &held->allocated,
                                   sizeof *held->devices);
    }
    held->devices[held->n++] = (struct topo_device) { netns, ifindex };
}
