/* value-order.c -- the order of values, and whether two are equal.
 *
 * Called by selectors that sort or compare and by whoever looks for what is
 * new.  The order is total, so that results are stable.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/value.h"
#include <string.h>
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

bool
topo_value_equal(const struct topo_value *a, const struct topo_value *b)
{
    return a->type == b->type && !topo_value_compare(a, b);
}

bool
topo_map_equal(const struct topo_map *a, const struct topo_map *b)
{
    size_t n = topo_map_n(a);

    if (a->all == b->all || n != topo_map_n(b)) {
        return n == topo_map_n(b);
    }
    for (size_t i = 0; i < n; i++) {
        const struct topo_member *ma = topo_map_at(a, i);
        const struct topo_member *mb = topo_map_at(b, i);

        if ((ma->key != mb->key && strcmp(ma->key, mb->key))
            || !topo_value_equal(&ma->value, &mb->value)) {
            return false;
        }
    }
    return true;
}
