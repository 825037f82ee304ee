/* value-order.c -- the order of values, and values as JSON.
 *
 * Called by selectors that sort or compare and by everything that prints.  The
 * order is total, so that results are stable.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/value.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"

/* Numbers before strings; false and true before both. */
static int
rank(enum topo_type type)
{
    switch (type) {
    case TOPO_BOOL: return 0;
    case TOPO_INTEGER: return 1;
    case TOPO_STRING: return 2;
    case TOPO_LIST: return 3;
    case TOPO_MAP: return 4;
    }
    OVS_NOT_REACHED();
}

#define COMPARE(A, B) ((A) < (B) ? -1 : (A) > (B))

static int
compare_lists(const struct topo_value *a, const struct topo_value *b)
{
    size_t n_a = topo_list_n(a);
    size_t n_b = topo_list_n(b);

    for (size_t i = 0; a->list != b->list && i < n_a && i < n_b; i++) {
        int cmp = topo_value_compare(topo_list_at(a, i), topo_list_at(b, i));
        if (cmp) {
            return cmp;
        }
    }
    return COMPARE(n_a, n_b);
}

static int
compare_maps(const struct topo_map *a, const struct topo_map *b)
{
    size_t n_a = topo_map_n(a);
    size_t n_b = topo_map_n(b);

    for (size_t i = 0; a->all != b->all && i < n_a && i < n_b; i++) {
        const struct topo_member *ma = topo_map_at(a, i);
        const struct topo_member *mb = topo_map_at(b, i);
        int cmp = strcmp(ma->key, mb->key);

        cmp = cmp ? cmp : topo_value_compare(&ma->value, &mb->value);
        if (cmp) {
            return cmp;
        }
    }
    return COMPARE(n_a, n_b);
}

int
topo_value_compare(const struct topo_value *a, const struct topo_value *b)
{
    if (a->type != b->type) {
        return rank(a->type) - rank(b->type);
    }
    switch (a->type) {
    case TOPO_BOOL: return COMPARE(a->boolean, b->boolean);
    case TOPO_INTEGER: return COMPARE(a->integer, b->integer);
    case TOPO_STRING: return (a->string == b->string ? 0
                              : strcmp(a->string, b->string));
    case TOPO_LIST: return compare_lists(a, b);
    case TOPO_MAP: return compare_maps(&a->map, &b->map);
    }
    OVS_NOT_REACHED();
}

struct jsn *
topo_value_to_json(const struct topo_value *value)
{
    struct jsn *array;

    switch (value->type) {
    case TOPO_BOOL: return jsn_bool(value->boolean);
    case TOPO_INTEGER: return jsn_integer(value->integer);
    case TOPO_STRING: return jsn_string(value->string);
    case TOPO_MAP: return topo_map_to_json(&value->map);
    case TOPO_LIST:
        array = jsn_array();
        for (size_t i = 0; i < topo_list_n(value); i++) {
            jsn_add(array, topo_value_to_json(topo_list_at(value, i)));
        }
        return array;
    }
    OVS_NOT_REACHED();
}

struct jsn *
topo_map_to_json(const struct topo_map *map)
{
    struct jsn *object = jsn_object();

    for (size_t i = 0; i < topo_map_n(map); i++) {
        const struct topo_member *m = topo_map_at(map, i);

        jsn_put(object, m->key, topo_value_to_json(&m->value));
    }
    return object;
}

static struct topo_value
value_from_json(const struct jsn *json)
{
    struct topo_value value = { .type = TOPO_INTEGER };
    char *text;

    switch (jsn_type(json)) {
    case JSN_BOOL:
        value.type = TOPO_BOOL;
        value.boolean = jsn_to_bool(json);
        break;
    case JSN_INTEGER:
        value.integer = jsn_to_integer(json);
        break;
    case JSN_STRING:
        value = topo_value_string(jsn_to_c_string(json));
        break;
    case JSN_ARRAY:
        value = topo_value_list(jsn_size(json));
        for (size_t i = 0; i < value.list->n; i++) {
            value.list->values[i] = value_from_json(jsn_at(json, i));
        }
        break;
    case JSN_OBJECT:
        value.type = TOPO_MAP;
        topo_map_init(&value.map);
        topo_map_from_json(&value.map, json);
        break;
    case JSN_NULL:
    case JSN_REAL:
        text = jsn_to_text(json, false);
        value = topo_value_string(text);
        free(text);
        break;
    }
    return value;
}

void
topo_map_from_json(struct topo_map *map, const struct jsn *object)
{
    const char **names = jsn_names(object);
    size_t n = names ? jsn_size(object) : 0;

    for (size_t i = 0; i < n; i++) {
        topo_map_put(map, names[i],
                     value_from_json(jsn_get(object, names[i])));
    }
    free(names);
}
