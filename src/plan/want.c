/* want.c -- what users want.  See want.h.
 *
 * Called with rows of the database and by the command; want-columns.c knows
 * the columns that are words and numbers.  Invariant: a finished capture has
 * either a query that yields nodes or an error that says why not.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/want.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "plan/want-columns.h"

void
want_init(struct want *want)
{
    *want = (struct want) {
        .budget = { .taps = 4096, .ring_bytes = 256 << 20 },
    };
}

static void
uninit_target(struct want_target *target)
{
    free(target->text);
    free(target->error);
    target_destroy(target->target);
}

static void
uninit_capture(struct want_capture *c)
{
    free(c->name);
    free(c->selector);
    query_destroy(c->query);
    free(c->selector_error);
    free(c->filter);
    smap_destroy(&c->options);
    free(c->options_error);
    for (size_t i = 0; i < c->n_targets; i++) {
        uninit_target(&c->targets[i]);
    }
    free(c->targets);
}

void
want_uninit(struct want *want)
{
    for (size_t i = 0; i < want->n; i++) {
        uninit_capture(&want->captures[i]);
    }
    free(want->captures);
    want_init(want);
}

struct want_capture *
want_add(struct want *want)
{
    struct want_capture *c;

    want->captures = xrealloc(want->captures,
                              (want->n + 1) * sizeof *want->captures);
    c = &want->captures[want->n++];
    memset(c, 0, sizeof *c);
    c->enabled = true;
    smap_init(&c->options);
    /* An smap that moves in memory points to itself no more; with room for
     * one bucket inside, every move has to tell it. */
    for (size_t i = 0; i + 1 < want->n; i++) {
        hmap_moved(&want->captures[i].options.map);
    }
    return c;
}

/* The text of a target that is wrong, as it was typed. */
static char *
raw_text(const char *type, const char *address, const struct smap *options)
{
    const struct smap_node **sorted = smap_sort(options);
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_format(&ds, "%s:%s", type, address);
    for (size_t i = 0; i < smap_count(options); i++) {
        ds_put_format(&ds, ",%s=%s", sorted[i]->key, sorted[i]->value);
    }
    free(sorted);
    return ds_steal_cstr(&ds);
}

static struct want_target *
new_target(struct want_capture *c)
{
    c->targets = xrealloc(c->targets,
                          (c->n_targets + 1) * sizeof *c->targets);

    struct want_target *t = &c->targets[c->n_targets++];

    memset(t, 0, sizeof *t);
    return t;
}

void
want_capture_give_target(struct want_capture *c, struct target *target)
{
    struct want_target *t = new_target(c);

    t->target = target;
    t->text = target_to_text(target);
}

void
want_capture_add_target(struct want_capture *c, const struct uuid *uuid,
                        const char *type, const char *address,
                        const struct smap *options)
{
    struct want_target *t = new_target(c);

    if (uuid) {
        t->uuid = *uuid;
    }
    t->error = target_create(type, address, options, &t->target);
    t->text = (t->target
               ? target_to_text(t->target)
               : raw_text(type, address, options));
}

static const char *
kind_to_string(enum query_kind kind)
{
    switch (kind) {
    case QUERY_NODES: return "nodes";
    case QUERY_EDGES: return "edges";
    case QUERY_VALUES: return "values";
    case QUERY_COUNT: return "a number";
    }
    OVS_NOT_REACHED();
}

/* Whether 'selector' has the name of a namespace that has none but that of a
 * process: "pid-N/eth0" or, in an expression, 'pid-N'. */
static bool
names_a_process(const char *selector)
{
    static const char prefix[] = "pid-";
    const char *s = selector;

    while ((s = strstr(s, prefix)) != NULL) {
        const char *digits = s + strlen(prefix);
        size_t n = strspn(digits, "0123456789");

        if (n && (s == selector || strchr("'\"", s[-1]))
            && (!digits[n] || strchr("/'\"", digits[n]))) {
            return true;
        }
        s = digits;
    }
    return false;
}

static void
refuse_process(struct want_capture *c)
{
    if (names_a_process(c->selector)) {
        c->selector_error = xstrdup(
            "a namespace is called pid-N by the number of a process, which "
            "another one may have later, in anybody's namespace: give it a "
            "name of its own first (ip netns attach NAME N)");
        query_destroy(c->query);
        c->query = NULL;
    }
}

static void
parse_selector(struct want_capture *c)
{
    c->selector_error = query_parse(c->selector, &c->query);
    if (c->query && !c->is_session) {
        refuse_process(c);
    }
    if (c->query && query_kind(c->query) != QUERY_NODES) {
        c->selector_error = xasprintf(
            "the selector yields %s, but only nodes can be watched: leave "
            "out its last step", kind_to_string(query_kind(c->query)));
        query_destroy(c->query);
        c->query = NULL;
    }
}

static int
compare_targets(const void *a_, const void *b_)
{
    const struct want_target *a = a_;
    const struct want_target *b = b_;
    int cmp = strcmp(a->text, b->text);

    return cmp ? cmp : uuid_compare_3way(&a->uuid, &b->uuid);
}

/* A target that is there twice would get everything twice: the second is
 * refused. */
static void
refuse_duplicates(struct want_capture *c)
{
    for (size_t i = 1; i < c->n_targets; i++) {
        struct want_target *t = &c->targets[i];

        if (!strcmp(t[-1].text, t->text) && !t->error) {
            t->error = xasprintf("%s is a target of this capture twice: "
                                 "remove one", t->text);
            target_destroy(t->target);
            t->target = NULL;
        }
    }
}

void
want_capture_finish(struct want_capture *c)
{
    parse_selector(c);
    if (!c->options_error) {
        c->options_error = want_check_columns(c);
    }
    if (c->n_targets) {
        qsort(c->targets, c->n_targets, sizeof *c->targets, compare_targets);
    }
    refuse_duplicates(c);
}

static int
compare_captures(const void *a_, const void *b_)
{
    const struct want_capture *a = a_;
    const struct want_capture *b = b_;
    int cmp = strcmp(a->name, b->name);

    return cmp ? cmp : uuid_compare_3way(&a->uuid, &b->uuid);
}

void
want_sort(struct want *want)
{
    if (want->n) {
        qsort(want->captures, want->n, sizeof *want->captures,
              compare_captures);
    }
    for (size_t i = 0; i < want->n; i++) {
        hmap_moved(&want->captures[i].options.map);
    }
}

static char *
add_targets_from_json(struct want_capture *c, const struct jsn *targets)
{
    for (size_t i = 0; i < jsn_size(targets); i++) {
        const char *text = jsn_to_c_string(jsn_at(targets, i));
        char *type, *address;
        struct smap options;
        char *error;

        if (!text) {
            return xstrdup("\"targets\" has to be an array of strings");
        }
        error = target_split(text, &type, &address, &options);
        if (!error) {
            want_capture_add_target(c, NULL, type, address, &options);
        }
        free(type);
        free(address);
        smap_destroy(&options);
        if (error) {
            return error;
        }
    }
    return NULL;
}

static char *
set_columns_from_json(struct want_capture *c, const struct jsn *columns)
{
    const char **names = jsn_names(columns);
    size_t n = names ? jsn_size(columns) : 0;
    char *error = NULL;

    for (size_t i = 0; i < n && !error; i++) {
        const char *value = jsn_get_string(columns, names[i], NULL);

        error = (value
                 ? want_capture_set(c, names[i], value)
                 : xasprintf("column \"%s\" has to be a string", names[i]));
    }
    free(names);
    return error;
}

char *
want_from_json(struct want *want, const struct jsn *json)
{
    const char *selector = jsn_get_string(json, "selector", NULL);
    struct want_capture *c;
    char *error;

    if (!selector) {
        return xstrdup("\"selector\" is missing");
    }
    c = want_add(want);
    c->name = xstrdup(jsn_get_string(json, "name", "explain"));
    c->selector = xstrdup(selector);
    c->is_session = (jsn_get(json, "session")
                     && jsn_to_bool(jsn_get(json, "session")));
    c->any_wrap = (jsn_get(json, "any_wrap")
                   && jsn_to_bool(jsn_get(json, "any_wrap")));
    error = add_targets_from_json(c, jsn_get(json, "targets"));
    if (!error) {
        error = set_columns_from_json(c, jsn_get(json, "columns"));
    }
    if (!error) {
        want_capture_finish(c);
    }
    return error;
}
