/* text.c -- strings that most nodes have, kept once.  See text.h.
 *
 * A host has tens of thousands of nodes with the same keys and the same few
 * values: the table saves the memory and the time of as many copies.  What is
 * not in it has its count before it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/text.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

enum { LONGEST = 16 };

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

/* Where each word is in 'words', plus one; 0: nowhere.  By a hash of very few
 * of a string's bytes: most strings that come are a word. */
enum { N_SLOTS = 512 };
static uint8_t slots[N_SLOTS];

/* What is before a text that is not in the table. */
struct head {
    uint16_t n_refs;
};
enum { MANY_REFS = UINT16_MAX };

static unsigned int
hash_word(const char *s, size_t length)
{
    return (length * 37 + (uint8_t) s[0] * 5 + (uint8_t) s[length / 2] * 3
            + (uint8_t) s[length - (length > 0)]) % N_SLOTS;
}

static void
fill_slots(void)
{
    BUILD_ASSERT(ARRAY_SIZE(words) < UINT8_MAX);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        unsigned int slot = hash_word(words[i], strlen(words[i]));

        while (slots[slot]) {
            slot = (slot + 1) % N_SLOTS;
        }
        slots[slot] = i + 1;
    }
}

/* The word that is the string 's', or NULL. */
static char *
find_word(const char *s, size_t length)
{
    static bool filled;

    if (!filled) {
        filled = true;
        fill_slots();
    }
    if (length < LONGEST) {
        for (unsigned int slot = hash_word(s, length); slots[slot];
             slot = (slot + 1) % N_SLOTS) {
            char *word = words[slots[slot] - 1];

            if (!memcmp(word, s, length + 1)) {
                return word;
            }
        }
    }
    return NULL;
}

static bool
is_word(const char *text)
{
    return (uintptr_t) text - (uintptr_t) words < sizeof words;
}

static struct head *
head_of(char *text)
{
    return (struct head *) (void *) text - 1;
}

char *
topo_text_new(const char *s)
{
    size_t length = strlen(s);
    char *word = find_word(s, length);

    if (word) {
        return word;
    }

    struct head *head = xmalloc(sizeof *head + length + 1);

    head->n_refs = 1;
    return memcpy(head + 1, s, length + 1);
}

char *
topo_text_ref(char *text)
{
    if (!text || is_word(text)) {
        return text;
    }
    if (head_of(text)->n_refs == MANY_REFS) {
        return topo_text_new(text);
    }
    head_of(text)->n_refs++;
    return text;
}

void
topo_text_unref(char *text)
{
    if (text && !is_word(text) && !--head_of(text)->n_refs) {
        free(head_of(text));
    }
}

bool
topo_same_string(const char *a, const char *b)
{
    return a == b || (a && b && !strcmp(a, b));
}

bool
topo_set_string(char **dst, const char *src)
{
    if (topo_same_string(*dst, src)) {
        return false;
    }
    topo_text_unref(*dst);
    *dst = src ? topo_text_new(src) : NULL;
    return true;
}

bool
topo_set_text(char **dst, char *src)
{
    bool changed = !topo_same_string(*dst, src);

    if (*dst != src) {
        topo_text_unref(*dst);
        *dst = topo_text_ref(src);
    }
    return changed;
}
