/* value-json.c -- values as JSON, and back.
 *
 * Called by everything that prints, publishes or loads a graph.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/value.h"
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs.h"

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
