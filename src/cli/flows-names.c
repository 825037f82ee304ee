/* flows-names.c -- whose address it is, as far as the topology knows.
 *
 * Called by flows.c for --names.  An address of an interface in a namespace is
 * that namespace's, another one of an interface is the host's.  What several
 * have, such as 127.0.0.1, is nobody's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/flows.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"

struct flow_names {
    struct smap owners;         /* By address; "": several. */
};

struct flow_names *
flow_names_create(void)
{
    struct flow_names *names = xmalloc(sizeof *names);

    smap_init(&names->owners);
    return names;
}

void
flow_names_destroy(struct flow_names *names)
{
    if (names) {
        smap_destroy(&names->owners);
        free(names);
    }
}

static void
add_addresses(struct flow_names *names, const char *owner,
              const struct jsn *addresses)
{
    for (size_t i = 0; i < jsn_size(addresses); i++) {
        const char *text = jsn_to_c_string(jsn_at(addresses, i));

        if (!text) {
            continue;
        }
        char *address = xmemdup0(text, strcspn(text, "/"));
        const char *other = smap_get(&names->owners, address);

        smap_replace(&names->owners, address,
                     other && strcmp(other, owner) ? "" : owner);
        free(address);
    }
}

static const char *
metadata_of(const struct jsn *node, const char *key)
{
    return jsn_get_string(jsn_get(node, "Metadata"), key, "");
}

/* What owns interfaces: by its ID, what people call it. */
static void
find_owners(const struct jsn *nodes, struct smap *owners)
{
    for (size_t i = 0; i < jsn_size(nodes); i++) {
        const struct jsn *node = jsn_at(nodes, i);
        const char *type = metadata_of(node, "Type");

        if (!strcmp(type, "netns") || !strcmp(type, "host")) {
            smap_replace(owners, jsn_get_string(node, "ID", ""),
                         metadata_of(node, "Name"));
        }
    }
}

/* The owners of nodes: by the ID of each. */
static void
find_owned(const struct jsn *edges, const struct smap *owners,
           struct smap *owned)
{
    for (size_t i = 0; i < jsn_size(edges); i++) {
        const struct jsn *edge = jsn_at(edges, i);
        const char *owner = smap_get(owners,
                                     jsn_get_string(edge, "Parent", ""));

        if (owner && !strcmp(metadata_of(edge, "RelationType"),
                             "ownership")) {
            smap_replace(owned, jsn_get_string(edge, "Child", ""), owner);
        }
    }
}

void
flow_names_load(struct flow_names *names, const struct jsn *topology)
{
    const struct jsn *nodes = jsn_get(topology, "Nodes");
    struct smap owners = SMAP_INITIALIZER(&owners);
    struct smap owned = SMAP_INITIALIZER(&owned);

    smap_clear(&names->owners);
    find_owners(nodes, &owners);
    find_owned(jsn_get(topology, "Edges"), &owners, &owned);
    for (size_t i = 0; i < jsn_size(nodes); i++) {
        const struct jsn *node = jsn_at(nodes, i);
        const struct jsn *metadata = jsn_get(node, "Metadata");
        const char *owner = smap_get(&owned, jsn_get_string(node, "ID", ""));

        if (owner) {
            add_addresses(names, owner, jsn_get(metadata, "IPV4"));
            add_addresses(names, owner, jsn_get(metadata, "IPV6"));
        }
    }
    smap_destroy(&owned);
    smap_destroy(&owners);
}

const char *
flow_names_find(const struct flow_names *names, const char *address)
{
    const char *owner = smap_get(&names->owners, address);

    return owner && owner[0] ? owner : NULL;
}
