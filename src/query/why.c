/* why.c -- why a selector yields nothing.
 *
 * Called for a person who typed one: the steps are run one after the other
 * until one leaves nothing, and the first reason that can be seen is said: a
 * key that no node has, a value that none has there, or which step it was.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"
#include "query/eval.h"
#include "query/keys.h"
#include "query/predicates.h"

enum { MAX_VALUES = 8 };        /* So many are read, not looked through. */

/* All nodes or all edges, to ask what they have. */
struct elements {
    unsigned int hand;          /* HAND_NODES or HAND_EDGES. */
    const void **items;
    size_t n;
};

static void
elements_init(struct elements *all, unsigned int hand,
              const struct topo *topo)
{
    all->hand = hand;
    all->items = (hand == HAND_NODES
                  ? (const void **) topo_nodes(topo, &all->n)
                  : (const void **) topo_edges(topo, &all->n));
}

static const char *
kind(const struct elements *all)
{
    return all->hand == HAND_NODES ? "node" : "edge";
}

/* ## Keys. ## */

static bool
has_key(const struct elements *all, const char *key)
{
    struct topo_value scratch;

    for (size_t i = 0; i < all->n; i++) {
        if (query_key_find(all->hand, all->items[i], key, &scratch)) {
            return true;
        }
    }
    return false;
}

/* Adds the keys of 'map', those of the maps in it behind dots. */
static void
add_keys(const struct topo_map *map, const char *prefix, struct sset *keys)
{
    for (size_t i = 0; i < topo_map_n(map); i++) {
        const struct topo_member *member = topo_map_at(map, i);
        char *key = xasprintf("%s%s", prefix, member->key);

        if (member->value.type == TOPO_MAP) {
            char *inner = xasprintf("%s.", key);

            add_keys(&member->value.map, inner, keys);
            free(inner);
        }
        sset_add_and_free(keys, key);
    }
}

static void
why_no_key(const struct elements *all, const char *key, struct ds *out)
{
    struct sset keys = SSET_INITIALIZER(&keys);
    struct nearest nearest;
    const char *known;

    for (size_t i = 0; i < all->n; i++) {
        add_keys(query_key_metadata(all->hand, all->items[i]), "", &keys);
    }
    nearest_init(&nearest, key);
    SSET_FOR_EACH (known, &keys) {
        nearest_offer(&nearest, known);
    }
    ds_put_format(out, "no %s has a key \"%s\"", kind(all), key);
    nearest_ask(&nearest, out);
    if (!nearest.best) {
        ds_put_format(out, "; 'ovspan query \"G.%s().Keys()\"' shows those "
                      "that there are", all->hand == HAND_NODES ? "V" : "E");
    }
    sset_destroy(&keys);
}

/* ## Values. ## */

/* Calls query_pred_match() of any element. */
static bool
any_matches(const struct elements *all, const struct query_match *match)
{
    struct topo_value scratch;

    for (size_t i = 0; i < all->n; i++) {
        const struct topo_value *value
            = query_key_find(all->hand, all->items[i], match->key, &scratch);

        if (value && query_pred_match(&match->pred, value)) {
            return true;
        }
    }
    return false;
}

/* Adds 'value' to 'texts', or its elements.  Returns the type of one. */
static enum topo_type
add_values(const struct topo_value *value, struct sset *texts)
{
    struct ds text = DS_EMPTY_INITIALIZER;
    enum topo_type type = value->type;

    switch (value->type) {
    case TOPO_STRING:
        sset_add(texts, value->string);
        break;
    case TOPO_INTEGER:
    case TOPO_BOOL:
        query_format_literal(value, &text);
        sset_add(texts, ds_cstr(&text));
        break;
    case TOPO_LIST:
        for (size_t i = 0; i < topo_list_n(value); i++) {
            type = add_values(topo_list_at(value, i), texts);
        }
        break;
    case TOPO_MAP:
        break;
    }
    ds_destroy(&text);
    return type;
}

static void
put_values(const struct sset *texts, struct ds *out)
{
    const char **sorted = sset_sort(texts);
    size_t n = sset_count(texts);

    if (n) {
        ds_put_cstr(out, n == 1 ? "; there is " : "; there are ");
    }
    for (size_t i = 0; i < MIN(n, MAX_VALUES); i++) {
        ds_put_format(out, "%s%s", i ? ", " : "", sorted[i]);
    }
    if (n > MAX_VALUES) {
        ds_put_format(out, " and %"PRIuSIZE" more", n - MAX_VALUES);
    }
    free(sorted);
}

/* Nothing has the value of 'match', which asks for equality. */
static void
why_no_value(const struct elements *all, const struct query_match *match,
             struct ds *out)
{
    const struct topo_value *asked = &match->pred.args[0];
    struct sset texts = SSET_INITIALIZER(&texts);
    enum topo_type type = asked->type;
    struct ds text = DS_EMPTY_INITIALIZER;
    struct topo_value scratch;
    struct nearest nearest;
    const char *known;

    for (size_t i = 0; i < all->n; i++) {
        const struct topo_value *value
            = query_key_find(all->hand, all->items[i], match->key, &scratch);

        type = value ? add_values(value, &texts) : type;
    }
    query_format_literal(asked, &text);
    ds_put_format(out, "no %s has %s %s", kind(all), match->key,
                  ds_cstr(&text));
    if (type != asked->type && type != TOPO_MAP && type != TOPO_LIST) {
        ds_put_format(out, ": %s is %s", match->key,
                      type == TOPO_STRING ? "a text, which stands in quotes"
                      : type == TOPO_BOOL ? "true or false, without quotes"
                      : "a number, which stands without quotes");
    } else {
        nearest_init(&nearest, asked->type == TOPO_STRING ? asked->string
                     : ds_cstr(&text));
        SSET_FOR_EACH (known, &texts) {
            nearest_offer(&nearest, known);
        }
        nearest_ask(&nearest, out);
        if (!nearest.best) {
            put_values(&texts, out);
        }
    }
    ds_destroy(&text);
    sset_destroy(&texts);
}

/* Says what of 'filter' no element of all can have.  Returns false if each of
 * its matches holds of some. */
static bool
why_not_filter(const struct elements *all, const struct query_filter *filter,
               struct ds *out)
{
    for (size_t i = 0; i < filter->n; i++) {
        const struct query_match *match = &filter->matches[i];

        if (!has_key(all, match->key)) {
            why_no_key(all, match->key, out);
            return true;
        } else if (match->pred.class && match->pred.n_args == 1
                   && query_pred_is_equality(&match->pred)
                   && !any_matches(all, match)) {
            why_no_value(all, match, out);
            return true;
        }
    }
    return false;
}

/* ## Steps. ## */

/* Puts the names of what was there before the step. */
static void
put_before(const struct query_list *before, unsigned int hand, struct ds *out)
{
    if (hand == HAND_NODES && before->n <= MAX_VALUES) {
        for (size_t i = 0; i < before->n; i++) {
            const struct topo_node *node = before->items[i];

            ds_put_format(out, "%s %s", i ? "," : "", node->name);
        }
    } else {
        ds_put_format(out, " the %"PRIuSIZE" %s", before->n,
                      hand == HAND_NODES ? "nodes" : "edges");
    }
}

/* Elements that a step looks at, by what it makes of what it is given. */
static unsigned int
looked_at(const struct query_step *step, unsigned int hand)
{
    return (step->class->yields == HAND_NODES
            || step->class->yields == HAND_EDGES
            ? step->class->yields : hand);
}

/* 'step' left nothing of 'before', which are 'hand'. */
static void
why_step(const struct query_step *step, const struct topo *topo,
         const struct query_list *before, unsigned int hand, struct ds *out)
{
    struct elements all;
    bool said;

    if (hand == HAND_GRAPH && !step->n_keys) {
        ds_put_cstr(out, "there is nothing at all");
        return;
    } else if (hand == HAND_GRAPH) {
        ds_put_format(out, "there is no ");
        query_format_step(step, out);
        ds_put_cstr(out, ", which takes an ID; a name is asked for by "
                    "Has('Name','...')");
        return;
    }
    elements_init(&all, looked_at(step, hand), topo);
    said = why_not_filter(&all, &step->filter, out);
    if (!said && step->class->args == ARGS_KEY
        && !has_key(&all, step->keys[0])) {
        why_no_key(&all, step->keys[0], out);
        said = true;
    }
    free(all.items);
    if (!said) {
        query_format_step(step, out);
        ds_put_cstr(out, looked_at(step, hand) != hand
                    || step->class->yields == HAND_NODES
                    ? " leads nowhere from" : " leaves nothing of");
        put_before(before, hand, out);
    }
}

static bool
is_empty(const struct query_state *state)
{
    return ((state->hand & HAND_ELEMENTS) ? !state->list.n
            : state->hand == HAND_VALUES ? !state->n_values : false);
}

/* Puts why the steps of 'chain' come to nothing; puts nothing if they do not,
 * or if they cannot be run. */
static void
why_chain(const struct query_chain *chain, const struct topo *topo,
          struct ds *out)
{
    struct query_list before;
    struct query_state state;
    char *error = NULL;

    query_list_init(&before);
    query_state_init(&state, topo);
    for (size_t i = 0; i < chain->n && !error && !out->length; i++) {
        unsigned int hand = state.hand;

        query_list_clear(&before);
        for (size_t j = 0; j < state.list.n; j++) {
            query_list_append(&before, state.list.items[j]);
        }
        error = query_state_work(&state, 1 + state.list.n);
        error = error ? error : chain->steps[i].class->run(&chain->steps[i],
                                                           &state);
        if (!error && is_empty(&state)) {
            why_step(&chain->steps[i], topo, &before, hand, out);
        }
    }
    free(error);
    query_state_uninit(&state);
    query_list_uninit(&before);
}

char *
query_why_nothing(const struct query *query, const struct topo *topo)
{
    struct ds out = DS_EMPTY_INITIALIZER;
    struct query_result result;
    char *error;

    if (query->short_name) {
        error = query_run(query, topo, &result);
        if (!error && !result.n) {
            query_why_no_name(query->short_name, topo, &out);
        }
        free(error);
        query_result_uninit(&result);
    } else {
        why_chain(&query->chain, topo, &out);
    }
    if (!out.length) {
        ds_destroy(&out);
        return NULL;
    }
    return ds_steal_cstr(&out);
}
