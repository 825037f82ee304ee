/* eval-value.c -- the steps that leave the graph: values, maps, numbers.
 *
 * Values are copies, since the result outlives the topology's next change.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/keys.h"

char *
query_run_count(const struct query_step *step OVS_UNUSED,
                struct query_state *state)
{
    state->number = (state->hand == HAND_VALUES ? state->n_values
                     : state->list.n);
    query_state_empty(state, HAND_NUMBER);
    return NULL;
}

static bool
is_empty(const struct topo_value *value)
{
    return ((value->type == TOPO_LIST && !topo_list_n(value))
            || (value->type == TOPO_MAP && !topo_map_n(&value->map)));
}

/* The value of 'key' of each element that has one that is not empty. */
char *
query_run_values(const struct query_step *step, struct query_state *state)
{
    for (size_t i = 0; i < state->list.n; i++) {
        struct topo_value scratch;
        const struct topo_value *value
            = query_key_find(state->hand, state->list.items[i],
                             step->keys[0], &scratch);

        if (value && !is_empty(value)) {
            query_state_add_value(state, topo_value_clone(value));
        }
    }
    query_list_clear(&state->list);
    state->hand = HAND_VALUES;
    return NULL;
}

/* A map of those keys, or of all metadata, of each element that has any. */
char *
query_run_value_map(const struct query_step *step, struct query_state *state)
{
    for (size_t i = 0; i < state->list.n; i++) {
        const void *item = state->list.items[i];
        struct topo_value map = { .type = TOPO_MAP };

        topo_map_init(&map.map);
        if (!step->n_keys) {
            topo_map_merge(&map.map, query_key_metadata(state->hand, item));
        }
        for (size_t j = 0; j < step->n_keys; j++) {
            struct topo_value scratch;
            const struct topo_value *value
                = query_key_find(state->hand, item, step->keys[j], &scratch);

            if (value) {
                topo_map_put(&map.map, step->keys[j],
                             topo_value_clone(value));
            }
        }
        if (topo_map_n(&map.map)) {
            query_state_add_value(state, map);
        } else {
            topo_map_uninit(&map.map);
        }
    }
    query_list_clear(&state->list);
    state->hand = HAND_VALUES;
    return NULL;
}

/* Those of maps in the map too, with dots. */
static void
add_keys(struct sset *keys, const char *prefix, const struct topo_map *map)
{
    for (size_t i = 0; i < topo_map_n(map); i++) {
        const struct topo_member *m = topo_map_at(map, i);
        char *key = xasprintf("%s%s", prefix, m->key);

        sset_add(keys, key);
        if (m->value.type == TOPO_MAP) {
            char *inner = xasprintf("%s.", key);

            add_keys(keys, inner, &m->value.map);
            free(inner);
        }
        free(key);
    }
}

/* The keys of the metadata of all elements, each once, sorted. */
char *
query_run_keys(const struct query_step *step OVS_UNUSED,
               struct query_state *state)
{
    struct sset keys = SSET_INITIALIZER(&keys);

    for (size_t i = 0; i < state->list.n; i++) {
        add_keys(&keys, "", query_key_metadata(state->hand,
                                               state->list.items[i]));
    }

    const char **sorted = sset_sort(&keys);
    for (size_t i = 0; i < sset_count(&keys); i++) {
        query_state_add_value(state, topo_value_string(sorted[i]));
    }
    free(sorted);
    sset_destroy(&keys);
    query_list_clear(&state->list);
    state->hand = HAND_VALUES;
    return NULL;
}

/* The sum of the numbers that are there; a value that is none is an error. */
char *
query_run_sum(const struct query_step *step, struct query_state *state)
{
    int64_t sum = 0;

    for (size_t i = 0; i < state->list.n; i++) {
        const void *item = state->list.items[i];
        struct topo_value scratch;
        const struct topo_value *value
            = query_key_find(state->hand, item, step->keys[0], &scratch);

        if (!value) {
            continue;
        }
        if (value->type != TOPO_INTEGER) {
            const struct topo_value *id = query_key_find(state->hand, item,
                                                         "ID", &scratch);
            return xasprintf("Sum('%s'): the value of %s is not a number",
                             step->keys[0], id ? id->string : "an element");
        }
        if (__builtin_add_overflow(sum, value->integer, &sum)) {
            return xasprintf("Sum('%s'): the sum is out of range",
                             step->keys[0]);
        }
    }
    query_state_empty(state, HAND_NUMBER);
    state->number = sum;
    return NULL;
}
