/* value.h -- metadata of nodes and edges: typed values in nested maps.
 *
 * A value is a string, an integer, a boolean, a list of values or a map.  Keys
 * reach into maps with dots ("Ovs.Options.remote_ip"); a key of a map may have
 * dots itself, so a path is tried as a whole before it is split.
 *
 * Ownership: a map owns its keys and values.  Maps and lists that were cloned
 * from one another share their memory until one of them changes; so a clone
 * costs nothing, and nobody may change what is inside but through a function
 * of here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_VALUE_H
#define OVSPAN_TOPO_VALUE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct jsn;
struct smap;
struct topo_value;

enum topo_type {
    TOPO_STRING,
    TOPO_INTEGER,
    TOPO_BOOL,
    TOPO_LIST,
    TOPO_MAP,
};

/* A pointer alone, as there are very many maps and most have few members. */
struct topo_map {
    struct topo_members *all;   /* NULL: none. */
};
#define TOPO_MAP_INITIALIZER { NULL }

struct topo_value {
    enum topo_type type;
    union {
        char *string;           /* A text, see topo/text.h. */
        int64_t integer;
        bool boolean;
        struct topo_list *list; /* NULL: empty. */
        struct topo_map map;
    };
};

struct topo_list {
    uint32_t n_refs;            /* Values that share it. */
    uint32_t n;
    struct topo_value values[];
};

struct topo_member {
    char *key;                  /* A text. */
    struct topo_value value;
};

struct topo_members {
    uint32_t n_refs;            /* Maps that share it. */
    uint32_t n;
    uint32_t allocated;
    struct topo_member members[];   /* Sorted by key. */
};

static inline size_t
topo_map_n(const struct topo_map *map)
{
    return map->all ? map->all->n : 0;
}

static inline const struct topo_member *
topo_map_at(const struct topo_map *map, size_t i)
{
    return &map->all->members[i];
}

/* Of a list. */
static inline size_t
topo_list_n(const struct topo_value *value)
{
    return value->list ? value->list->n : 0;
}

static inline const struct topo_value *
topo_list_at(const struct topo_value *value, size_t i)
{
    return &value->list->values[i];
}

void topo_map_init(struct topo_map *);
void topo_map_uninit(struct topo_map *);
void topo_map_clone(struct topo_map *dst, const struct topo_map *src);
bool topo_map_equal(const struct topo_map *, const struct topo_map *);
/* Copies every member of 'src' into 'dst', into nested maps too; where both
 * have a key, 'src' wins. */
void topo_map_merge(struct topo_map *dst, const struct topo_map *src);

/* Gives back the room for more members, in nested maps too. */
void topo_map_trim(struct topo_map *);

/* 'key' is one key, not a path. */
void topo_map_put(struct topo_map *, const char *key, struct topo_value value);
void topo_map_put_string(struct topo_map *, const char *key, const char *);
/* Takes a hold on 'text'; with NULL does nothing. */
void topo_map_put_text(struct topo_map *, const char *key, char *text);
void topo_map_put_integer(struct topo_map *, const char *key, int64_t);
void topo_map_put_bool(struct topo_map *, const char *key, bool);
/* Adds 's' to the list of strings 'key', which is made when missing. */
void topo_map_add_string(struct topo_map *, const char *key, const char *s);
void topo_map_put_smap(struct topo_map *, const char *key,
                       const struct smap *);
/* The map 'key', which is made when missing. */
struct topo_map *topo_map_get_map(struct topo_map *, const char *key);

/* 'path' may reach into maps with dots.  NULL if there is none. */
const struct topo_value *topo_map_find(const struct topo_map *,
                                       const char *path);
/* The string at 'path', or NULL. */
const char *topo_map_find_string(const struct topo_map *, const char *path);

struct topo_value topo_value_string(const char *);
/* A list of 'n' values for the caller to fill in. */
struct topo_value topo_value_list(size_t n);
void topo_list_add_string(struct topo_value *list, const char *);
void topo_value_uninit(struct topo_value *);
struct topo_value topo_value_clone(const struct topo_value *);
bool topo_value_equal(const struct topo_value *, const struct topo_value *);
/* Order of values: numbers before strings, else by content. */
int topo_value_compare(const struct topo_value *, const struct topo_value *);

struct jsn *topo_value_to_json(const struct topo_value *);
struct jsn *topo_map_to_json(const struct topo_map *);
/* Values that are not a topo_value (null, reals) become strings. */
void topo_map_from_json(struct topo_map *, const struct jsn *object);

#endif /* topo/value.h */
