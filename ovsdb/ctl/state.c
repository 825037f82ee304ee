/* state.c -- all that states a capture, as JSON.  See state.h.
 *
 * What is read goes the way of what is typed: as arguments, through draft.c,
 * so that both are refused alike.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/state.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/nearest.h"

/* ## Writing. ## */

static struct jsn *
map_to_json(const struct smap *smap)
{
    struct jsn *object = jsn_object();
    const struct smap_node *node;

    SMAP_FOR_EACH (node, smap) {
        jsn_put_string(object, node->key, node->value);
    }
    return object;
}

static void
put_string(struct jsn *json, const char *name, const char *value)
{
    if (value) {
        jsn_put_string(json, name, value);
    }
}

static void
put_integer(struct jsn *json, const char *name, const int64_t *value,
            size_t n)
{
    if (n) {
        jsn_put_integer(json, name, *value);
    }
}

struct jsn *
ctl_state_to_json(const struct spanrec_capture *row)
{
    struct svec texts = SVEC_EMPTY_INITIALIZER;
    struct jsn *targets = jsn_array();
    struct jsn *json = jsn_object();

    ctl_capture_targets(row, &texts);
    for (size_t i = 0; i < texts.n; i++) {
        jsn_add(targets, jsn_string(texts.names[i]));
    }
    svec_destroy(&texts);
    jsn_put_string(json, "name", row->name);
    jsn_put_string(json, "selector", row->selector);
    jsn_put(json, "targets", targets);
    put_string(json, "filter", row->filter);
    put_string(json, "direction", row->direction);
    put_string(json, "backend", row->backend);
    put_integer(json, "sampling", row->sampling, row->n_sampling);
    put_integer(json, "snaplen", row->snaplen, row->n_snaplen);
    put_integer(json, "expires", row->expires, row->n_expires);
    if (row->n_enabled) {
        jsn_put_bool(json, "enabled", *row->enabled);
    }
    jsn_put(json, "options", map_to_json(&row->options));
    jsn_put(json, "external_ids", map_to_json(&row->external_ids));
    return json;
}

bool
ctl_state_is_of(const struct jsn *json, const struct spanrec_capture *row)
{
    struct jsn *state = ctl_state_to_json(row);
    char *text, *other;
    bool same = true;

    /* Members are sorted, and "taps" is the same nothing in both. */
    struct jsn *copy = jsn_clone(json);
    jsn_put(copy, "taps", jsn_array());
    jsn_put(state, "taps", jsn_array());
    text = jsn_to_text(copy, false);
    other = jsn_to_text(state, false);
    same = !strcmp(text, other);
    free(text);
    free(other);
    jsn_destroy(copy);
    jsn_destroy(state);
    return same;
}

/* ## Reading. ## */

/* Adds "PREFIX:KEY=VALUE" for each member of the map 'value'. */
static char *
add_map(const char *prefix, const struct jsn *value, struct svec *args)
{
    const char **keys = jsn_names(value);
    char *error = NULL;

    if (jsn_type(value) != JSN_OBJECT) {
        error = xasprintf("\"%s\" has to be an object", prefix);
    }
    for (size_t i = 0; !error && i < jsn_size(value); i++) {
        const char *text = jsn_get_string(value, keys[i], NULL);

        if (text) {
            svec_add_nocopy(args, xasprintf("%s:%s=%s", prefix, keys[i],
                                            text));
        } else {
            error = xasprintf("\"%s\" of \"%s\" has to be a string", keys[i],
                              prefix);
        }
    }
    free(keys);
    return error;
}

/* Adds the strings of the array 'value'. */
static char *
add_targets(const struct jsn *value, struct svec *args)
{
    if (jsn_type(value) != JSN_ARRAY) {
        return xstrdup("\"targets\" has to be an array of strings");
    }
    for (size_t i = 0; i < jsn_size(value); i++) {
        const char *text = jsn_to_c_string(jsn_at(value, i));

        if (!text) {
            return xstrdup("\"targets\" has to be an array of strings");
        }
        svec_add(args, text);
    }
    return NULL;
}

static char *
refuse_member(const char *name)
{
    struct ds error = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    ds_put_format(&error, "a capture has no \"%s\"", name);
    nearest_init(&nearest, name);
    for (size_t i = 0; want_column(i); i++) {
        nearest_offer(&nearest, want_column(i));
    }
    nearest_offer(&nearest, "selector");
    nearest_offer(&nearest, "targets");
    nearest_offer(&nearest, "options");
    nearest_offer(&nearest, "external_ids");
    nearest_ask(&nearest, &error);
    return ds_steal_cstr(&error);
}

static char *
add_member(const char *name, const struct jsn *value, struct svec *args)
{
    const char *string = jsn_to_c_string(value);

    if (!strcmp(name, "name") || !strcmp(name, "selector")) {
        return string ? NULL : xasprintf("\"%s\" has to be a string", name);
    } else if (!strcmp(name, "taps")) {
        return NULL;            /* That is what came of it. */
    } else if (!strcmp(name, "expires") && jsn_type(value) == JSN_INTEGER) {
        return NULL;            /* A time that was written may be past. */
    } else if (!strcmp(name, "targets")) {
        return add_targets(value, args);
    } else if (!strcmp(name, "options") || !strcmp(name, "external_ids")) {
        return add_map(name, value, args);
    } else if (!want_is_column(name)) {
        return refuse_member(name);
    } else if (jsn_type(value) == JSN_OBJECT
               || jsn_type(value) == JSN_ARRAY) {
        return xasprintf("\"%s\" has to be a string or a number", name);
    }

    char *text = string ? xstrdup(string) : jsn_to_text(value, false);
    svec_add_nocopy(args, xasprintf("%s=%s", name, text));
    free(text);
    return NULL;
}

char *
ctl_state_to_draft(const struct jsn *json, struct ctl_draft *draft)
{
    const char *selector = jsn_get_string(json, "selector", NULL);
    const char *name = jsn_get_string(json, "name", NULL);
    const struct jsn *expires = jsn_get(json, "expires");
    struct svec args = SVEC_EMPTY_INITIALIZER;
    const char **names = jsn_names(json);
    char *error = NULL;

    if (!names || !name || !selector) {
        error = xstrdup("a capture has \"name\" and \"selector\"");
    }
    for (size_t i = 0; !error && i < jsn_size(json); i++) {
        error = add_member(names[i], jsn_get(json, names[i]), &args);
    }
    if (!error) {
        error = ctl_draft_parse(draft, name, selector, args.names, args.n);
    }
    if (!error && jsn_type(expires) == JSN_INTEGER) {
        char *text = jsn_to_text(expires, false);

        error = want_capture_set(draft->capture, "expires", text);
        smap_replace(&draft->columns, "expires", text);
        free(text);
        if (error) {
            ctl_draft_uninit(draft);
        }
    }
    free(names);
    svec_destroy(&args);
    return error;
}
