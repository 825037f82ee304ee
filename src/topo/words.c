/* words.c -- strings that most nodes have, kept once.
 *
 * Called by value.c for keys and for values.  A host has tens of thousands of
 * nodes with the same keys and the same few values: a table of those saves the
 * memory and the time of as many copies.  What is not in the table is copied.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/words.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

enum { LONGEST = 16 };

/* In the order of strcmp(). */
static char words[][LONGEST] = {
    "AdminState", "BROADCAST", "BondMode", "DOWN", "DatapathType", "Device",
    "Driver", "Duplex", "Error", "ExtID", "FailMode", "IPV4", "IPV6",
    "IfIndex", "Inode", "LACP", "LOOPBACK", "LOWER_UP", "LinkFlags",
    "LinkNetNsID", "LinkNetNsName", "LinkState", "LocalIP", "MAC", "MASTER",
    "MTU", "MULTICAST", "MasterIndex", "NOARP", "Name", "OfPort", "Options",
    "OtherConfig", "Ovs", "PROMISC", "ParentIndex", "Path", "PeerIfIndex",
    "Protocols", "RUNNING", "RelationType", "RemoteIP", "Rstp", "SLAVE",
    "Speed", "State", "Status", "Stp", "Tag", "Trunks", "TunEgressIface",
    "Type", "UNKNOWN", "UP", "UUID", "Vlan", "VlanMode", "Vlans",
    "attached-mac", "bond", "bridge", "device", "down", "driver_name",
    "driver_version", "dummy", "full", "geneve", "gre", "half", "host",
    "iface-id", "iface-status", "internal", "key", "layer2", "local_ip",
    "macvlan", "mirroring", "netdev", "netns", "openvswitch", "ovsbridge",
    "ovsport", "ownership", "patch", "peer", "remote_ip", "system", "tun",
    "tuntap", "up", "veth", "vlan", "vm-id", "vxlan",
};

static int
compare_word(const void *s, const void *word)
{
    return strcmp(s, word);
}

char *
topo_word_dup(const char *s)
{
    char *word = bsearch(s, words, ARRAY_SIZE(words), LONGEST, compare_word);

    return word ? word : xstrdup(s);
}

void
topo_word_free(char *s)
{
    if ((uintptr_t) s - (uintptr_t) words >= sizeof words) {
        free(s);
    }
}
