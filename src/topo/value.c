/* value.c -- metadata of nodes and edges: typed values in nested maps.  See
 * value.h.
 *
 * A map is an array sorted by key: maps are small, read often, compared with
 * each pass and printed in order.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/value.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "topo/words.h"

/* Maps that were cloned from one another share their members until one of them
 * changes: a topology has most of its metadata both as it was put and as it is
 * shown. */
struct block {
    size_t n_refs;              /* Maps that share it. */
    struct topo_member members[];
};

static struct block *
block_of(const struct topo_map *map)
{
    return (map->members
            ? CONTAINER_OF((void *) map->members, struct block, members)
            : NULL);
}

/* A block for 'n' members in place of 'block', whose only map asks. */
static struct block *
resize_block(struct block *block, size_t n)
{
    size_t size = sizeof *block + n * sizeof block->members[0];

    block = block ? xrealloc(block, size) : xzalloc(size);
    block->n_refs = 1;
    return block;
}

/* Makes 'map' the only one that has its members. */
static void
make_own(struct topo_map *map)
{
    struct block *old = block_of(map);

    if (!old || old->n_refs == 1) {
        return;
    }

    struct block *new = resize_block(NULL, map->n);

    for (size_t i = 0; i < map->n; i++) {
        new->members[i].key = topo_word_dup(old->members[i].key);
        new->members[i].value = topo_value_clone(&old->members[i].value);
    }
    old->n_refs--;
    map->members = new->members;
    map->allocated = map->n;
}

void
topo_map_init(struct topo_map *map)
{
    memset(map, 0, sizeof *map);
}

void
topo_map_uninit(struct topo_map *map)
{
    struct block *block = block_of(map);

    if (block && !--block->n_refs) {
        for (size_t i = 0; i < map->n; i++) {
            topo_word_free(map->members[i].key);
            topo_value_uninit(&map->members[i].value);
        }
        free(block);
    }
    topo_map_init(map);
}

void
topo_map_clone(struct topo_map *dst, const struct topo_map *src)
{
    *dst = *src;
    if (src->members) {
        block_of(src)->n_refs++;
    }
}

bool
topo_map_equal(const struct topo_map *a, const struct topo_map *b)
{
    if (a->members == b->members || a->n != b->n) {
        return a->n == b->n;
    }
    for (size_t i = 0; i < a->n; i++) {
        if (strcmp(a->members[i].key, b->members[i].key)
            || !topo_value_equal(&a->members[i].value,
                                 &b->members[i].value)) {
            return false;
        }
    }
    return true;
}

/* The index of the first member whose key is not less than the 'length' bytes
 * of 'key'. */
static size_t
lower_bound(const struct topo_map *map, const char *key, size_t length)
{
    size_t low = 0;
    size_t high = map->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = map->members[middle].key;
        int cmp = strncmp(other, key, length);

        if (cmp < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The value of the key that is the 'length' bytes of 'key', or NULL. */
static struct topo_value *
find_key(const struct topo_map *map, const char *key, size_t length)
{
    size_t i = lower_bound(map, key, length);

    /* Longer keys that start with 'key' sort after it. */
    return (i < map->n && !strncmp(map->members[i].key, key, length)
            && !map->members[i].key[length]
            ? &map->members[i].value
            : NULL);
}

/* The place for the value of 'key', emptied or new. */
static struct topo_value *
put_key(struct topo_map *map, const char *key)
{
    size_t length = strlen(key);
    struct topo_value *value;

    make_own(map);
    value = find_key(map, key, length);

    if (value) {
        topo_value_uninit(value);
        return value;
    }

    size_t i = lower_bound(map, key, length);

    if (map->n >= map->allocated) {
        map->allocated = map->allocated ? 2 * map->allocated : 4;
        map->members = resize_block(block_of(map), map->allocated)->members;
    }
    memmove(&map->members[i + 1], &map->members[i],
            (map->n - i) * sizeof *map->members);
    map->n++;
    map->members[i].key = topo_word_dup(key);
    return &map->members[i].value;
}

void
topo_map_merge(struct topo_map *dst, const struct topo_map *src)
{
    make_own(dst);
    for (size_t i = 0; i < src->n; i++) {
        const struct topo_member *m = &src->members[i];
        struct topo_value *old = find_key(dst, m->key, strlen(m->key));

        if (old && old->type == TOPO_MAP && m->value.type == TOPO_MAP) {
            topo_map_merge(&old->map, &m->value.map);
        } else {
            topo_map_put(dst, m->key, topo_value_clone(&m->value));
        }
    }
}

void
topo_map_trim(struct topo_map *map)
{
    if (map->n && map->n < map->allocated && block_of(map)->n_refs == 1) {
        map->members = resize_block(block_of(map), map->n)->members;
        map->allocated = map->n;
    }
}

void
topo_map_put(struct topo_map *map, const char *key, struct topo_value value)
{
    *put_key(map, key) = value;
}

void
topo_map_put_string(struct topo_map *map, const char *key, const char *s)
{
    topo_map_put(map, key, (struct topo_value) {
        .type = TOPO_STRING, .string = topo_word_dup(s) });
}

void
topo_map_put_integer(struct topo_map *map, const char *key, int64_t integer)
{
    topo_map_put(map, key, (struct topo_value) {
        .type = TOPO_INTEGER, .integer = integer });
}

void
topo_map_put_bool(struct topo_map *map, const char *key, bool boolean)
{
    topo_map_put(map, key, (struct topo_value) {
        .type = TOPO_BOOL, .boolean = boolean });
}

void
topo_map_add_string(struct topo_map *map, const char *key, const char *s)
{
    struct topo_value *value;

    make_own(map);
    value = find_key(map, key, strlen(key));

    if (!value || value->type != TOPO_LIST) {
        value = put_key(map, key);
        *value = (struct topo_value) { .type = TOPO_LIST };
    }
    value->list.values = xrealloc(value->list.values,
                                  ((value->list.n + 1)
                                   * sizeof *value->list.values));
    value->list.values[value->list.n++] = (struct topo_value) {
        .type = TOPO_STRING, .string = topo_word_dup(s) };
}

void
topo_map_put_smap(struct topo_map *map, const char *key,
                  const struct smap *smap)
{
    struct topo_value value = { .type = TOPO_MAP,
                                .map = TOPO_MAP_INITIALIZER };
    const struct smap_node *node;

    SMAP_FOR_EACH (node, smap) {
        topo_map_put_string(&value.map, node->key, node->value);
    }
    topo_map_put(map, key, value);
}

struct topo_map *
topo_map_get_map(struct topo_map *map, const char *key)
{
    struct topo_value *value;

    make_own(map);
    value = find_key(map, key, strlen(key));

    if (!value || value->type != TOPO_MAP) {
        value = put_key(map, key);
        *value = (struct topo_value) { .type = TOPO_MAP,
                                       .map = TOPO_MAP_INITIALIZER };
    }
    return &value->map;
}

/* Tries the longest key first: "a.b.c", then "a.b" with "c" in it, then "a"
 * with "b.c" in it. */
const struct topo_value *
topo_map_find(const struct topo_map *map, const char *path)
{
    const struct topo_value *value = find_key(map, path, strlen(path));

    if (value) {
        return value;
    }
    for (size_t i = strlen(path); i-- > 0; ) {
        if (path[i] == '.') {
            value = find_key(map, path, i);
            if (value && value->type == TOPO_MAP) {
                value = topo_map_find(&value->map, path + i + 1);
                if (value) {
                    return value;
                }
            }
        }
    }
    return NULL;
}

const char *
topo_map_find_string(const struct topo_map *map, const char *path)
{
    const struct topo_value *value = topo_map_find(map, path);

    return value && value->type == TOPO_STRING ? value->string : NULL;
}

void
topo_value_uninit(struct topo_value *value)
{
    switch (value->type) {
    case TOPO_STRING:
        topo_word_free(value->string);
        break;
    case TOPO_LIST:
        for (size_t i = 0; i < value->list.n; i++) {
            topo_value_uninit(&value->list.values[i]);
        }
        free(value->list.values);
        break;
    case TOPO_MAP:
        topo_map_uninit(&value->map);
        break;
    case TOPO_INTEGER:
    case TOPO_BOOL:
        break;
    }
}

struct topo_value
topo_value_clone(const struct topo_value *value)
{
    struct topo_value copy = *value;

    if (value->type == TOPO_STRING) {
        copy.string = topo_word_dup(value->string);
    } else if (value->type == TOPO_LIST) {
        size_t n = value->list.n;

        copy.list.values = n ? xmalloc(n * sizeof *copy.list.values) : NULL;
        for (size_t i = 0; i < n; i++) {
            copy.list.values[i] = topo_value_clone(&value->list.values[i]);
        }
    } else if (value->type == TOPO_MAP) {
        topo_map_clone(&copy.map, &value->map);
    }
    return copy;
}

bool
topo_value_equal(const struct topo_value *a, const struct topo_value *b)
{
    return a->type == b->type && !topo_value_compare(a, b);
}
