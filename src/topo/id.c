/* id.c -- what nodes and edges are known by.
 *
 * Below whatever makes, orders or remembers them.  Invariant: the same thing
 * of the same host has the same identity, whenever and wherever it is made.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* The text of 's', for as long as 'topo' lives: for what is the same in many
 * nodes and edges. */
char *
topo_intern(struct topo *topo, const char *s)
{
    char *text = shash_find_data(&topo->strings, s);

    if (!text) {
        text = topo_text_new(s);
        shash_add(&topo->strings, s, text);
    }
    return text;
}

/* A name-based UUID (RFC 4122, version 5) whose name has the lengths in it, so
 * that no two lists of arguments give one name. */
struct topo_id
topo_make_id(const char *host, const char *kind, const char *key)
{
    uint8_t digest[SHA1_DIGEST_SIZE];
    struct ds name = DS_EMPTY_INITIALIZER;
    struct topo_id id;
    struct uuid uuid;

    ds_reserve(&name, 256);
    ds_put_format(&name, "ovspan %"PRIuSIZE" %s %"PRIuSIZE" %s %s",
                  strlen(host), host, strlen(kind), kind, key);
    sha1_bytes(name.string, name.length, digest);
    ds_destroy(&name);
    for (int i = 0; i < 4; i++) {
        uuid.parts[i] = ntohl(get_unaligned_be32(
            ALIGNED_CAST(ovs_be32 *, &digest[i * 4])));
    }
    uuid.parts[1] = (uuid.parts[1] & ~0xf000u) | 0x5000u;
    uuid.parts[2] = (uuid.parts[2] & ~0xc0000000u) | 0x80000000u;
    snprintf(id.text, sizeof id.text, UUID_FMT, UUID_ARGS(&uuid));
    return id;
}

struct topo_node *
topo_find_node(const struct topo *topo, const char *id)
{
    struct topo_node *node;

    HMAP_FOR_EACH_WITH_HASH (node, id_node, hash_string(id, 0),
                             &topo->nodes) {
        if (!strcmp(node->id, id)) {
            return node;
        }
    }
    return NULL;
}

/* The string 'key', or "". */
const char *
topo_meta_text(const struct topo_map *meta, const char *key)
{
    const char *text = topo_map_find_string(meta, key);

    return text ? text : "";
}

const char *
topo_edge_id(const struct topo_edge *edge)
{
    if (!edge->id) {
        char *key = xasprintf("%s %s %s %s %s", edge->parent->id,
                              edge->child->id, edge->relation,
                              topo_meta_text(&edge->meta, "Type"),
                              topo_meta_text(&edge->meta, "UUID"));

        struct topo_id id = topo_make_id(edge->parent->host, "edge", key);

        CONST_CAST(struct topo_edge *, edge)->id = topo_text_new(id.text);
        free(key);
    }
    return edge->id;
}
