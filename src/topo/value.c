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
#include "topo/text.h"

/* Members for 'n' in place of 'all', which is one map's alone or NULL. */
static struct topo_members *
resize(struct topo_members *all, size_t n)
{
    struct topo_members *new = xrealloc(all, (sizeof *all
                                              + n * sizeof all->members[0]));

    if (!all) {
        new->n_refs = 1;
        new->n = 0;
    }
    new->allocated = n;
    return new;
}

static void
clone_member(struct topo_members *all, const struct topo_member *m)
{
    struct topo_member *copy = &all->members[all->n++];

    copy->key = topo_text_ref(m->key);
    copy->value = topo_value_clone(&m->value);
}

/* Makes 'map' the only one that has its members. */
static void
make_own(struct topo_map *map)
{
    struct topo_members *old = map->all;

    if (!old || old->n_refs == 1) {
        return;
    }
    map->all = resize(NULL, old->n);
    for (size_t i = 0; i < old->n; i++) {
        clone_member(map->all, &old->members[i]);
    }
    old->n_refs--;
}

void
topo_map_init(struct topo_map *map)
{
    map->all = NULL;
}

void
topo_map_uninit(struct topo_map *map)
{
    struct topo_members *all = map->all;

    if (all && !--all->n_refs) {
        for (size_t i = 0; i < all->n; i++) {
            topo_text_unref(all->members[i].key);
            topo_value_uninit(&all->members[i].value);
        }
        free(all);
    }
    topo_map_init(map);
}

void
topo_map_clone(struct topo_map *dst, const struct topo_map *src)
{
    dst->all = src->all;
    if (src->all) {
        src->all->n_refs++;
    }
}

/* The index of the first member whose key is not less than the 'length' bytes
 * of 'key'. */
static size_t
lower_bound(const struct topo_map *map, const char *key, size_t length)
{
    size_t low = 0;
    size_t high = topo_map_n(map);

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strncmp(map->all->members[middle].key, key, length) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Whether the member at 'i' has the key that is the 'length' bytes of 'key';
 * 'i' is their lower_bound().  (Longer keys that start so sort after it.) */
static bool
is_at(const struct topo_map *map, size_t i, const char *key, size_t length)
{
    if (i >= topo_map_n(map)) {
        return false;
    }

    const char *other = map->all->members[i].key;

    return !strncmp(other, key, length) && !other[length];
}

/* The value of the key that is the 'length' bytes of 'key', or NULL. */
static struct topo_value *
find_key(const struct topo_map *map, const char *key, size_t length)
{
    size_t i = lower_bound(map, key, length);

    return (is_at(map, i, key, length) ? &map->all->members[i].value : NULL);
}

/* The place for the value of 'key', emptied or new. */
static struct topo_value *
put_key(struct topo_map *map, const char *key)
{
    size_t length = strlen(key);
    size_t i = lower_bound(map, key, length);

    make_own(map);
    if (is_at(map, i, key, length)) {
        topo_value_uninit(&map->all->members[i].value);
        return &map->all->members[i].value;
    }
    if (!map->all || map->all->n >= map->all->allocated) {
        map->all = resize(map->all, map->all ? MAX(4, 2 * map->all->allocated)
                          : 4);
    }

    struct topo_member *m = &map->all->members[i];

    memmove(m + 1, m, (map->all->n - i) * sizeof *m);
    map->all->n++;
    m->key = topo_text_new(key);
    return &m->value;
}

/* 'a' with what 'b' says in its place, maps merged. */
static void
merge_member(struct topo_members *all, const struct topo_member *a,
             const struct topo_member *b)
{
    clone_member(all, b);
    if (a->value.type == TOPO_MAP && b->value.type == TOPO_MAP) {
        struct topo_map *map = &all->members[all->n - 1].value.map;

        topo_map_uninit(map);
        topo_map_clone(map, &a->value.map);
        topo_map_merge(map, &b->value.map);
    }
}

void
topo_map_merge(struct topo_map *dst, const struct topo_map *src)
{
    size_t n_dst = topo_map_n(dst);
    size_t n_src = topo_map_n(src);
    struct topo_map new = TOPO_MAP_INITIALIZER;
    size_t i = 0, j = 0;

    if (!n_src) {
        return;
    }
    new.all = resize(NULL, n_dst + n_src);
    while (i < n_dst && j < n_src) {
        const struct topo_member *a = topo_map_at(dst, i);
        const struct topo_member *b = topo_map_at(src, j);
        int cmp = a->key == b->key ? 0 : strcmp(a->key, b->key);

        if (!cmp) {
            merge_member(new.all, a, b);
        } else {
            clone_member(new.all, cmp < 0 ? a : b);
        }
        i += cmp <= 0;
        j += cmp >= 0;
    }
    while (i < n_dst) {
        clone_member(new.all, topo_map_at(dst, i++));
    }
    while (j < n_src) {
        clone_member(new.all, topo_map_at(src, j++));
    }
    topo_map_uninit(dst);
    *dst = new;
}

void
topo_map_trim(struct topo_map *map)
{
    struct topo_members *all = map->all;

    if (!all || all->n_refs > 1) {
        return;
    }
    if (all->n < all->allocated) {
        all = map->all = resize(all, all->n);
    }
    for (size_t i = 0; i < all->n; i++) {
        if (all->members[i].value.type == TOPO_MAP) {
            topo_map_trim(&all->members[i].value.map);
        }
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
    topo_map_put(map, key, topo_value_string(s));
}

void
topo_map_put_text(struct topo_map *map, const char *key, char *text)
{
    if (text) {
        topo_map_put(map, key, (struct topo_value) {
            .type = TOPO_STRING, .string = topo_text_ref(text) });
    }
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

/* Makes the list 'value' that value's alone, with room for 'n' values. */
static void
make_own_list(struct topo_value *value, size_t n)
{
    struct topo_list *old = value->list;

    if (old && old->n_refs == 1) {
        value->list = xrealloc(old, sizeof *old + n * sizeof old->values[0]);
        return;
    }

    struct topo_value own = topo_value_list(n);

    own.list->n = MIN(n, topo_list_n(value));
    for (size_t i = 0; i < own.list->n; i++) {
        own.list->values[i] = topo_value_clone(&old->values[i]);
    }
    topo_value_uninit(value);
    *value = own;
}

void
topo_list_add_string(struct topo_value *value, const char *s)
{
    make_own_list(value, topo_list_n(value) + 1);
    value->list->values[value->list->n++] = topo_value_string(s);
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
    topo_list_add_string(value, s);
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

struct topo_value
topo_value_string(const char *s)
{
    return (struct topo_value) { .type = TOPO_STRING,
                                 .string = topo_text_new(s) };
}

struct topo_value
topo_value_list(size_t n)
{
    struct topo_list *list = xmalloc(sizeof *list
                                     + n * sizeof list->values[0]);

    list->n_refs = 1;
    list->n = n;
    return (struct topo_value) { .type = TOPO_LIST, .list = list };
}

static void
unref_list(struct topo_list *list)
{
    if (list && !--list->n_refs) {
        for (size_t i = 0; i < list->n; i++) {
            topo_value_uninit(&list->values[i]);
        }
        free(list);
    }
}

void
topo_value_uninit(struct topo_value *value)
{
    switch (value->type) {
    case TOPO_STRING:
        topo_text_unref(value->string);
        break;
    case TOPO_LIST:
        unref_list(value->list);
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
        copy.string = topo_text_ref(value->string);
    } else if (value->type == TOPO_LIST && value->list) {
        value->list->n_refs++;
    } else if (value->type == TOPO_MAP) {
        topo_map_clone(&copy.map, &value->map);
    }
    return copy;
}
