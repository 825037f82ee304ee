/* eval-list.c -- the steps that choose among elements or order them.
 *
 * Nodes and edges are unique already, so Dedup() without keys only has work
 * with values.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/keys.h"

/* Keeps 'n' from 'from' on. */
static char *
cut(struct query_state *state, uint64_t from, uint64_t n)
{
    size_t have = state->hand == HAND_VALUES ? state->n_values
                  : state->list.n;
    size_t begin = MIN(from, have);
    size_t kept = MIN(n, have - begin);

    if (state->hand == HAND_VALUES) {
        for (size_t i = 0; i < have; i++) {
            if (i < begin || i >= begin + kept) {
                topo_value_uninit(&state->values[i]);
            }
        }
        if (kept) {
            memmove(state->values, state->values + begin,
                    kept * sizeof *state->values);
        }
        state->n_values = kept;
        return NULL;
    }

    struct query_list list;

    query_list_init(&list);
    for (size_t i = begin; i < begin + kept; i++) {
        query_list_append(&list, state->list.items[i]);
    }
    query_list_move(&state->list, &list);
    query_list_uninit(&list);
    return NULL;
}

char *
query_run_limit(const struct query_step *step, struct query_state *state)
{
    return cut(state, 0, step->numbers[0]);
}

/* From the first number up to, and without, the second. */
char *
query_run_range(const struct query_step *step, struct query_state *state)
{
    int64_t from = step->numbers[0], to = step->numbers[1];

    return cut(state, from, to > from ? to - from : 0);
}

/* Something with the values of some keys, to be sorted by them.  An element
 * without a key comes after those that have it. */
struct keyed {
    size_t i;                   /* Its place at the beginning. */
    struct topo_value *values;  /* Of each key; an empty list: none. */
    size_t n;                   /* Number of keys. */
};

static const struct topo_value no_value = { .type = TOPO_LIST };

static bool
is_no_value(const struct topo_value *value)
{
    return value->type == TOPO_LIST && !topo_list_n(value);
}

static int
compare_keys(const struct keyed *a, const struct keyed *b)
{
    for (size_t i = 0; i < a->n; i++) {
        bool no_a = is_no_value(&a->values[i]);
        bool no_b = is_no_value(&b->values[i]);
        int cmp = (no_a || no_b ? no_a - no_b
                   : topo_value_compare(&a->values[i], &b->values[i]));
        if (cmp) {
            return cmp;
        }
    }
    return 0;
}

static int
compare_ascending(const void *a_, const void *b_)
{
    const struct keyed *a = a_;
    const struct keyed *b = b_;
    int cmp = compare_keys(a, b);

    return cmp ? cmp : a->i < b->i ? -1 : a->i > b->i;
}

/* What is equal, and what lacks the key, stays in the order that it had. */
static int
compare_descending(const void *a_, const void *b_)
{
    const struct keyed *a = a_;
    const struct keyed *b = b_;
    bool lacks = is_no_value(&a->values[0]) || is_no_value(&b->values[0]);
    int cmp = lacks ? compare_keys(a, b) : compare_keys(b, a);

    return cmp ? cmp : a->i < b->i ? -1 : a->i > b->i;
}

/* The elements (or, without keys, the values themselves) with their keys, an
 * array that free_keyed() takes. */
static struct keyed *
get_keyed(const struct query_step *step, const struct query_state *state,
          size_t n)
{
    struct keyed *keyed = xcalloc(MAX(n, 1), sizeof *keyed);

    for (size_t i = 0; i < n; i++) {
        keyed[i].i = i;
        keyed[i].n = MAX(step->n_keys, 1);
        keyed[i].values = xcalloc(keyed[i].n, sizeof *keyed[i].values);
        for (size_t j = 0; j < keyed[i].n; j++) {
            struct topo_value scratch;
            const struct topo_value *value
                = (state->hand == HAND_VALUES ? &state->values[i]
                   : query_key_find(state->hand, state->list.items[i],
                                    step->keys[j], &scratch));

            keyed[i].values[j] = topo_value_clone(value ? value : &no_value);
        }
    }
    return keyed;
}

static void
free_keyed(struct keyed *keyed, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < keyed[i].n; j++) {
            topo_value_uninit(&keyed[i].values[j]);
        }
        free(keyed[i].values);
    }
    free(keyed);
}

char *
query_run_sort(const struct query_step *step, struct query_state *state)
{
    size_t n = state->list.n;
    struct keyed *keyed = get_keyed(step, state, n);
    struct query_list sorted;

    qsort(keyed, n, sizeof *keyed,
          step->descending ? compare_descending : compare_ascending);
    query_list_init(&sorted);
    for (size_t i = 0; i < n; i++) {
        query_list_append(&sorted, state->list.items[keyed[i].i]);
    }
    query_list_move(&state->list, &sorted);
    query_list_uninit(&sorted);
    free_keyed(keyed, n);
    return NULL;
}

/* Stores in 'first[i]' whether the i-th is the first with its keys.  Elements
 * that have none of the keys are all kept, as in Skydive. */
static void
mark_first(struct keyed *keyed, size_t n, bool *first)
{
    qsort(keyed, n, sizeof *keyed, compare_ascending);
    for (size_t i = 0; i < n; i++) {
        bool none = true;

        for (size_t j = 0; j < keyed[i].n; j++) {
            none = none && is_no_value(&keyed[i].values[j]);
        }
        first[keyed[i].i] = (none || !i
                             || compare_keys(&keyed[i - 1], &keyed[i]));
    }
}

static void
keep_first(struct query_state *state, const bool *first, size_t n)
{
    size_t kept = 0;

    if (state->hand == HAND_VALUES) {
        for (size_t i = 0; i < n; i++) {
            if (first[i]) {
                state->values[kept++] = state->values[i];
            } else {
                topo_value_uninit(&state->values[i]);
            }
        }
        state->n_values = kept;
        return;
    }

    struct query_list list;

    query_list_init(&list);
    for (size_t i = 0; i < n; i++) {
        if (first[i]) {
            query_list_append(&list, state->list.items[i]);
        }
    }
    query_list_move(&state->list, &list);
    query_list_uninit(&list);
}

char *
query_run_dedup(const struct query_step *step, struct query_state *state)
{
    bool values = state->hand == HAND_VALUES;

    if (values || step->n_keys) {
        size_t n = values ? state->n_values : state->list.n;
        struct keyed *keyed = get_keyed(step, state, n);
        bool *first = xcalloc(MAX(n, 1), sizeof *first);

        mark_first(keyed, n, first);
        keep_first(state, first, n);
        free(first);
        free_keyed(keyed, n);
    }
    return NULL;
}
