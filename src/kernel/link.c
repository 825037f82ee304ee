/* link.c -- the links of a namespace: RTM_NEWLINK and RTM_DELLINK.
 *
 * Called by rtnl.c for each such message, be it an event, part of a reading
 * or the answer about one link.  Fills the table; publish.c does the rest.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include "topo/text.h"

/* ## Attributes. ## */

struct attrs {
    const struct nlattr **tb;   /* By type. */
    uint16_t max;               /* Greatest type in 'tb'. */
};

static int
store_attr(const struct nlattr *attr, void *attrs_)
{
    struct attrs *attrs = attrs_;
    uint16_t type = mnl_attr_get_type(attr);

    if (type <= attrs->max) {
        attrs->tb[type] = attr;
    }
    return MNL_CB_OK;
}

static void
parse_nested(const struct nlattr *nest, const struct nlattr **tb, uint16_t max)
{
    struct attrs attrs = { tb, max };

    if (nest) {
        mnl_attr_parse_nested(nest, store_attr, &attrs);
    }
}

static uint32_t
attr_u32(const struct nlattr *attr, uint32_t dflt)
{
    return attr && !mnl_attr_validate(attr, MNL_TYPE_U32)
           ? mnl_attr_get_u32(attr) : dflt;
}

static uint8_t
attr_u8(const struct nlattr *attr, uint8_t dflt)
{
    return attr && !mnl_attr_validate(attr, MNL_TYPE_U8)
           ? mnl_attr_get_u8(attr) : dflt;
}

static const char *
attr_string(const struct nlattr *attr)
{
    return attr && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING)
           ? mnl_attr_get_str(attr) : NULL;
}

/* ## Messages. ## */

/* True if it is another name. */
static bool
set_name(struct kern_link *link, const char *name)
{
    if (!strcmp(link->name, name)) {
        return false;
    }
    ovs_strlcpy(link->name, name, sizeof link->name);
    return true;
}

static void
set_kind(struct kern_link *link, const char *kind)
{
    if (strcmp(link->kind, kind)) {
        topo_text_unref(link->kind);
        link->kind = topo_text_new(kind);
    }
}

/* The speed of a bridge or a bond is that of its members, one of which is
 * another. */
static void
reprobe(struct kern_netns *ns, int master)
{
    struct kern_link *link = (master && ns->dump == KERN_DUMP_IDLE
                              ? kern_link_find(ns, master) : NULL);

    if (link) {
        link->probed = false;
        kern_link_touch(link);
    }
}

static void
parse_info(struct kern_link *link, const struct nlattr *linkinfo)
{
    const struct nlattr *info[IFLA_INFO_MAX + 1] = { NULL };
    const struct nlattr *bond[IFLA_BOND_MODE + 1] = { NULL };
    const struct nlattr *vlan[IFLA_VLAN_ID + 1] = { NULL };
    const struct nlattr *vxlan[IFLA_VXLAN_LINK + 1] = { NULL };

    parse_nested(linkinfo, info, IFLA_INFO_MAX);
    const char *kind = attr_string(info[IFLA_INFO_KIND]);
    set_kind(link, kind ? kind : "");
    link->vlan = -1;
    link->bond_mode = -1;
    if (!strcmp(link->kind, "vlan")) {
        parse_nested(info[IFLA_INFO_DATA], vlan, IFLA_VLAN_ID);
        const struct nlattr *id = vlan[IFLA_VLAN_ID];
        if (id && !mnl_attr_validate(id, MNL_TYPE_U16)) {
            link->vlan = mnl_attr_get_u16(id);
        }
    } else if (!strcmp(link->kind, "bond")) {
        parse_nested(info[IFLA_INFO_DATA], bond, IFLA_BOND_MODE);
        const struct nlattr *mode = bond[IFLA_BOND_MODE];
        if (mode && !mnl_attr_validate(mode, MNL_TYPE_U8)) {
            link->bond_mode = mnl_attr_get_u8(mode);
        }
    } else if (!strcmp(link->kind, "vxlan")) {
        parse_nested(info[IFLA_INFO_DATA], vxlan, IFLA_VXLAN_LINK);
        link->lower = attr_u32(vxlan[IFLA_VXLAN_LINK], 0);
    }
}

/* A tunnel that is on no link gives its own ifindex, where it has to give
 * one.  Others are always on a link, which may have theirs elsewhere. */
static bool
has_no_lower(const struct kern_link *link)
{
    static const char *const kinds[] = {
        "veth", "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec",
        "netkit",
    };

    if (link->lower != link->ifindex) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        if (!strcmp(link->kind, kinds[i])) {
            return false;
        }
    }
    return true;
}

/* Counts the links that are on others. */
static void
set_upper(struct kern_link *link, bool upper)
{
    link->netns->kern->n_uppers += upper - link->is_upper;
    link->is_upper = upper;
}

/* The link 'ifindex' left 'ns': the kernel says nothing of those that are on
 * it, wherever they are. */
static void
request_uppers(struct kern_netns *ns, int ifindex)
{
    struct kern_netns *other;
    struct kern_link *upper;

    if (!ns->kern->n_uppers) {
        return;
    }
    HMAP_FOR_EACH (other, cookie_node, &ns->kern->by_cookie) {
        HMAP_FOR_EACH (upper, node, &other->links) {
            if (upper->is_upper && upper->lower == ifindex
                && upper->far == ns->cookie) {
                kern_link_request(other, upper->ifindex);
            }
        }
    }
}

static void
parse_newlink(struct kern_netns *ns, const struct ifinfomsg *ifi,
              const struct nlattr **tb, bool own)
{
    struct kern_link *link = kern_link_find(ns, ifi->ifi_index);
    bool is_new = !link;
    if (is_new) {
        link = kern_link_add(ns, ifi->ifi_index);
    }
    link->gen = ns->gen;
    if (set_name(link, attr_string(tb[IFLA_IFNAME]))
        || (link->flags ^ ifi->ifi_flags) & IFF_RUNNING) {
        /* The speed is another one, or is known only now. */
        link->probed = false;
    }
    const int master = attr_u32(tb[IFLA_MASTER], 0);
    if (!link->probed || link->master != master) {
        reprobe(ns, link->master);
        reprobe(ns, master);
    }
    link->flags = ifi->ifi_flags;
    link->type = ifi->ifi_type;
    link->operstate = attr_u8(tb[IFLA_OPERSTATE], IF_OPER_UNKNOWN);
    link->mtu = attr_u32(tb[IFLA_MTU], 0);
    link->master = master;
    link->lower = attr_u32(tb[IFLA_LINK], 0);
    link->nsid = attr_u32(tb[IFLA_LINK_NETNSID], -1);
    link->mac_len = 0;
    if (tb[IFLA_ADDRESS]) {
        link->mac_len = MIN(mnl_attr_get_payload_len(tb[IFLA_ADDRESS]),
                            sizeof link->mac);
        memcpy(link->mac, mnl_attr_get_payload(tb[IFLA_ADDRESS]),
               link->mac_len);
    }
    parse_info(link, tb[IFLA_LINKINFO]);
    if (has_no_lower(link)) {
        link->lower = 0;
    }
    set_upper(link, link->lower && !kern_link_is_veth(link));
    kern_nsid_locate(link);
    /* An answer that we asked for starts no further question, but for what it
     * shows for the first time. */
    link->doubt = MAX(link->doubt, !own ? KERN_DOUBT_ALL
                      : is_new ? KERN_DOUBT_KNOWN : KERN_DOUBT_NONE);
    kern_link_touch(link);
}

static void
parse_dellink(struct kern_netns *ns, const struct ifinfomsg *ifi,
              const struct nlattr **tb)
{
    struct kern_link *link = kern_link_find(ns, ifi->ifi_index);

    if (link) {
        reprobe(ns, link->master);
        kern_link_remove(link);
    }
    if (tb[IFLA_NEW_NETNSID]) {
        request_uppers(ns, ifi->ifi_index);
        kern_nsid_moved(ns, ifi->ifi_index,
                        attr_u32(tb[IFLA_NEW_NETNSID], -1),
                        attr_u32(tb[IFLA_NEW_IFINDEX], ifi->ifi_index));
    } else {
        topo_del_link(ns->kern->topo, ns->cookie, ifi->ifi_index);
    }
}

/* Takes an RTM_NEWLINK or RTM_DELLINK into the table.  'own': it answers a
 * request of ours. */
void
kern_link_parse(struct kern_netns *ns, const struct nlmsghdr *nlh, bool own)
{
    const struct nlattr *tb[IFLA_MAX + 1] = { NULL };
    struct attrs attrs = { tb, IFLA_MAX };
    const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

    /* Bridges tell of their ports in messages of this type and their own
     * family, and wireless drivers of theirs: no link comes or goes. */
    if (mnl_nlmsg_get_payload_len(nlh) < sizeof *ifi
        || ifi->ifi_family != AF_UNSPEC || ifi->ifi_index <= 0) {
        return;
    }
    mnl_attr_parse(nlh, sizeof *ifi, store_attr, &attrs);
    if (nlh->nlmsg_type == RTM_DELLINK) {
        parse_dellink(ns, ifi, tb);
    } else if (attr_string(tb[IFLA_IFNAME]) && !tb[IFLA_WIRELESS]) {
        parse_newlink(ns, ifi, tb, own);
    }
}
