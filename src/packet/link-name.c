/* link-name.c -- link layers by the names that libpcap has for them.
 *
 * For those who join captures, which know libpcap's, with this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/packet.h"
#include <string.h>
#include "base/ovs.h"

static const struct {
    const char *name;
    enum pkt_link link;
} names[] = {
    { "EN10MB", PKT_LINK_ETHERNET },
    { "RAW", PKT_LINK_RAW_IP },
    { "IPV4", PKT_LINK_RAW_IP },
    { "IPV6", PKT_LINK_RAW_IP },
    { "LINUX_SLL", PKT_LINK_SLL },
    { "LINUX_SLL2", PKT_LINK_SLL2 },
    { "NULL", PKT_LINK_NULL },
    { "LOOP", PKT_LINK_NULL },
    { "C_HDLC", PKT_LINK_CISCO_HDLC },
    { "PPP", PKT_LINK_PPP },
    { "PPP_SERIAL", PKT_LINK_PPP_SERIAL },
    { "IEEE802_11_RADIO", PKT_LINK_RADIOTAP },
    { "NFLOG", PKT_LINK_NFLOG },
    { "IPNET", PKT_LINK_IPNET },
};

bool
pkt_link_from_name(const char *name, enum pkt_link *link)
{
    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (!strcmp(names[i].name, name)) {
            *link = names[i].link;
            return true;
        }
    }
    return false;
}
