/* index.c -- nodes by what selectors most often ask for.
 *
 * Called by graph.c and topo.c whenever the metadata of a node is another, and
 * by the evaluator of selectors.  Strings are known by a hash alone: who asks
 * compares what he gets.  Invariant: a node is under every key and value that
 * it has, whichever way a path with dots can be read.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

#define EXT_ID "ExtID"

struct hashes {
    uint32_t *all;
    size_t n, allocated;
};

bool
topo_is_indexed(const char *key)
{
    static const char *const keys[] = { "Name", "Type", "UUID", "MAC" };

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        if (!strcmp(key, keys[i])) {
            return true;
        }
    }
    return !strncmp(key, EXT_ID".", strlen(EXT_ID"."));
}

static uint32_t
hash_pair(const char *key, const char *value)
{
    return hash_string(value, hash_string(key, 0));
}

static void
add_hash(struct hashes *h, const char *key, const char *value)
{
    if (h->n >= h->allocated) {
        h->all = x2nrealloc(h->all, &h->allocated, sizeof *h->all);
    }
    h->all[h->n++] = hash_pair(key, value);
}

static void
add_value(struct hashes *h, const char *key, const struct topo_value *value)
{
    if (value->type == TOPO_STRING) {
        add_hash(h, key, value->string);
    } else if (value->type == TOPO_LIST) {
        for (size_t i = 0; i < topo_list_n(value); i++) {
            if (topo_list_at(value, i)->type != TOPO_MAP) {
                add_value(h, key, topo_list_at(value, i));
            }
        }
    } else if (value->type == TOPO_MAP) {
        for (size_t i = 0; i < topo_map_n(&value->map); i++) {
            const struct topo_member *m = topo_map_at(&value->map, i);
            char *path = xasprintf("%s.%s", key, m->key);

            add_value(h, path, &m->value);
            free(path);
        }
    }
}

static int
compare_hashes(const void *a_, const void *b_)
{
    const uint32_t *a = a_, *b = b_;

    return *a < *b ? -1 : *a > *b;
}

/* What 'node' has to be under, each once. */
static void
collect(const struct topo_node *node, struct hashes *h)
{
    size_t n = 0;

    add_hash(h, "Name", node->name);
    add_hash(h, "Type", node->type);
    for (size_t i = 0; i < topo_map_n(&node->meta); i++) {
        const struct topo_member *m = topo_map_at(&node->meta, i);

        if (topo_is_indexed(m->key) || !strcmp(m->key, EXT_ID)) {
            add_value(h, m->key, &m->value);
        }
    }
    qsort(h->all, h->n, sizeof *h->all, compare_hashes);
    for (size_t i = 0; i < h->n; i++) {
        if (!n || h->all[n - 1] != h->all[i]) {
            h->all[n++] = h->all[i];
        }
    }
    h->n = n;
}

static struct topo_indexed *
find_first(const struct topo *topo, uint32_t hash)
{
    struct hmap_node *node = hmap_first_with_hash(&topo->index, hash);

    return node ? CONTAINER_OF(node, struct topo_indexed, node) : NULL;
}

static void
insert(struct topo *topo, struct topo_indexed *x, uint32_t hash)
{
    struct topo_indexed *first = find_first(topo, hash);

    if (first) {
        x->node.hash = hash;
        ovs_list_push_back(&first->same, &x->same);
        first->n++;
    } else {
        hmap_insert(&topo->index, &x->node, hash);
        ovs_list_init(&x->same);
        x->n = 1;
    }
}

static void
erase(struct topo *topo, struct topo_indexed *x)
{
    struct topo_indexed *first = find_first(topo, x->node.hash);

    if (first != x) {
        first->n--;
    } else if (x->n == 1) {
        hmap_remove(&topo->index, &x->node);
    } else {
        struct topo_indexed *next = CONTAINER_OF(ovs_list_front(&x->same),
                                                 struct topo_indexed, same);

        next->n = x->n - 1;
        hmap_replace(&topo->index, &x->node, &next->node);
    }
    ovs_list_remove(&x->same);
}

void
topo_index_remove(struct topo *topo, struct topo_node *node)
{
    for (size_t i = 0; i < node->n_indexed; i++) {
        erase(topo, &node->indexed[i]);
    }
    free(node->indexed);
    node->indexed = NULL;
    node->n_indexed = 0;
}

static bool
is_same(const struct topo_node *node, const struct hashes *h)
{
    if (node->n_indexed != h->n) {
        return false;
    }
    for (size_t i = 0; i < h->n; i++) {
        if (node->indexed[i].node.hash != h->all[i]) {
            return false;
        }
    }
    return true;
}

void
topo_index_update(struct topo *topo, struct topo_node *node)
{
    struct hashes h = { NULL, 0, 0 };

    collect(node, &h);
    if (!is_same(node, &h)) {
        topo_index_remove(topo, node);
        node->indexed = xmalloc(h.n * sizeof *node->indexed);
        node->n_indexed = h.n;
        for (size_t i = 0; i < h.n; i++) {
            node->indexed[i].owner = node;
            insert(topo, &node->indexed[i], h.all[i]);
        }
    }
    free(h.all);
}

size_t
topo_lookup(const struct topo *topo, const char *key, const char *value,
            const struct topo_node ***nodes)
{
    const struct topo_indexed *first = find_first(topo, hash_pair(key, value));
    const struct topo_indexed *other;
    size_t n = 0;

    if (!nodes) {
        return first ? first->n : 0;
    }
    *nodes = xmalloc((first ? first->n : 1) * sizeof **nodes);
    if (first) {
        (*nodes)[n++] = first->owner;
        LIST_FOR_EACH (other, same, &first->same) {
            (*nodes)[n++] = other->owner;
        }
    }
    return n;
}
