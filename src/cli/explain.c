/* explain.c -- how 'explain' is printed.  See explain.h.
 *
 * The shape that is read here is the one of 'show json', with "rejected" and
 * "rows" in each tap; what is missing reads as empty.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/explain.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/words.h"
#include "ovsdb/ctl/output.h"

typedef void tap_cb(const struct jsn *tap, void *aux);

/* Calls 'cb' for each tap of each capture.  Returns how many there were. */
static size_t
for_each_tap(const struct jsn *answer, tap_cb *cb, void *aux)
{
    const struct jsn *captures = jsn_get(answer, "captures");
    size_t n = 0;

    for (size_t i = 0; i < jsn_size(captures); i++) {
        const struct jsn *taps = jsn_get(jsn_at(captures, i), "taps");

        for (size_t j = 0; j < jsn_size(taps); j++) {
            cb(jsn_at(taps, j), aux);
            n++;
        }
    }
    return n;
}

/* The text of a row that would be written: as it is, or as JSON. */
static char *
row_text(const struct jsn *row)
{
    const char *string = jsn_to_c_string(row);

    return string ? xstrdup(string) : jsn_to_text(row, false);
}

static const char *
get(const struct jsn *tap, const char *name)
{
    return jsn_get_string(tap, name, "");
}

/* Takes 'text'. */
static void
put_line(struct ds *out, char *text)
{
    db_ctl_put_wrapped(out, 2, 4, text);
    free(text);
}

/* A line for each string of the tap's array 'name'. */
static void
put_strings(const struct jsn *tap, const char *name, const char *prefix,
            struct ds *out)
{
    const struct jsn *list = jsn_get(tap, name);

    for (size_t i = 0; i < jsn_size(list); i++) {
        const char *text = jsn_to_c_string(jsn_at(list, i));

        put_line(out, xasprintf("%s %s", prefix, text ? text : ""));
    }
}

static void
put_rejected(const struct jsn *tap, struct ds *out)
{
    const struct jsn *rejected = jsn_get(tap, "rejected");

    for (size_t i = 0; i < jsn_size(rejected); i++) {
        const struct jsn *other = jsn_at(rejected, i);

        put_line(out, xasprintf("not by %s: %s", get(other, "backend"),
                                get(other, "why")));
    }
}

/* What is said of 'tap' below its name; with 'why', why no other way. */
static void
put_tap_text(const struct jsn *tap, bool why, struct ds *out)
{
    const struct jsn *rows = jsn_get(tap, "rows");
    const char *backend = get(tap, "backend");
    const char *by = get(tap, "why");

    put_line(out, backend[0]
             ? xasprintf("by %s%s%s", backend, by[0] ? ": " : "", by)
             : xasprintf("by none: %s", get(tap, "reason")));
    if (get(tap, "detail")[0] && !jsn_size(jsn_get(tap, "differs"))) {
        db_ctl_put_wrapped(out, 2, 4, get(tap, "detail"));
    }
    put_strings(tap, "differs", "differs:", out);
    put_strings(tap, "costs", "costs", out);
    put_strings(tap, "interferes", "interferes:", out);
    if (why) {
        put_rejected(tap, out);
    }
    for (size_t i = 0; i < jsn_size(rows); i++) {
        char *text = row_text(jsn_at(rows, i));

        /* Whole, to be copied. */
        ds_put_cstr(out, "  writes ");
        words_put(out, text);
        ds_put_char(out, '\n');
        free(text);
    }
    if (!jsn_size(rows)) {
        ds_put_cstr(out, "  writes nothing into Open vSwitch\n");
    }
}

/* ## Points that are alike. ## */

/* Points of which the same is said, but for their own names. */
struct alike {
    struct svec points;         /* As they are typed. */
    const char *target;         /* Lent. */
    struct ds text;             /* Of the first. */
};

struct grouping {
    bool why;
    struct shash by_text;       /* Of 'struct alike's. */
    struct alike **alikes;      /* In the order of the first of each. */
    size_t n, allocated;
};

/* 'text' without 'name', and with its blanks alike, as lines are broken
 * elsewhere in a longer name. */
static void
put_anonymous(struct ds *out, const char *text, const char *name)
{
    size_t len = strlen(name);

    while (*text) {
        if (len && !strncmp(text, name, len)) {
            ds_put_char(out, '\1');
            text += len;
        } else if (*text == ' ' || *text == '\n') {
            ds_put_char(out, ' ');
            text += strspn(text, " \n");
        } else {
            ds_put_char(out, *text++);
        }
    }
}

static void
group_tap(const struct jsn *tap, void *grouping_)
{
    struct grouping *g = grouping_;
    const char *name = get(tap, "node_name");
    struct ds text = DS_EMPTY_INITIALIZER;
    struct ds key = DS_EMPTY_INITIALIZER;
    struct alike *alike;

    put_tap_text(tap, g->why, &text);
    ds_put_format(&key, "%s ", get(tap, "target"));
    put_anonymous(&key, ds_cstr(&text), name);
    alike = shash_find_data(&g->by_text, ds_cstr(&key));
    if (!alike) {
        alike = xmalloc(sizeof *alike);
        svec_init(&alike->points);
        alike->target = get(tap, "target");
        ds_init(&alike->text);
        ds_swap(&alike->text, &text);
        shash_add(&g->by_text, ds_cstr(&key), alike);
        if (g->n >= g->allocated) {
            g->alikes = x2nrealloc(g->alikes, &g->allocated,
                                   sizeof *g->alikes);
        }
        g->alikes[g->n++] = alike;
    }
    svec_add_nocopy(&alike->points,
                    xasprintf("%s%s%s", get(tap, "netns"),
                              get(tap, "netns")[0] ? "/" : "",
                              name[0] ? name : "-"));
    ds_destroy(&text);
    ds_destroy(&key);
}

/* Puts "3 points alike: a, b, c to TARGET"; of very many the first and the
 * last. */
static void
put_points(const struct alike *alike, struct ds *out)
{
    enum { MAX_POINTS = 8 };
    const struct svec *points = &alike->points;
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "%"PRIuSIZE" points alike:", points->n);
    for (size_t i = 0; i < points->n; i++) {
        if (i < MAX_POINTS - 1 || points->n <= MAX_POINTS) {
            ds_put_format(&line, "%s %s", i ? "," : "", points->names[i]);
        } else if (i == points->n - 1) {
            ds_put_format(&line, " ... %s", points->names[i]);
        }
    }
    ds_put_format(&line, " to %s", alike->target);
    db_ctl_put_wrapped(out, 0, 4, ds_cstr(&line));
    ds_destroy(&line);
}

static void
put_alike(struct alike *alike, struct ds *out)
{
    if (alike->points.n == 1) {
        words_put(out, alike->points.names[0]);
        ds_put_cstr(out, " to ");
        words_put(out, alike->target);
        ds_put_char(out, '\n');
    } else {
        put_points(alike, out);
    }
    ds_put_cstr(out, ds_cstr(&alike->text));
}

void
cli_explain_text(const struct jsn *answer, bool why, struct ds *out)
{
    struct grouping g = { .why = why };

    shash_init(&g.by_text);
    if (!for_each_tap(answer, group_tap, &g)) {
        ds_put_cstr(out, "matches nothing\n");
    }
    for (size_t i = 0; i < g.n; i++) {
        put_alike(g.alikes[i], out);
        svec_destroy(&g.alikes[i]->points);
        ds_destroy(&g.alikes[i]->text);
    }
    free(g.alikes);
    shash_destroy_free_data(&g.by_text);
}

static void
ignore_tap(const struct jsn *tap OVS_UNUSED, void *aux OVS_UNUSED)
{
}

bool
cli_explain_is_empty(const struct jsn *answer)
{
    return !for_each_tap(answer, ignore_tap, NULL);
}

/* ## As a table. ## */

static void
put_list(struct table *table, const struct jsn *list,
         char *(*to_text)(const struct jsn *))
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    for (size_t i = 0; i < jsn_size(list); i++) {
        char *text = to_text(jsn_at(list, i));

        ds_put_cstr(&ds, i ? "; " : "");
        words_put(&ds, text);
        free(text);
    }
    table_add_cell(table)->text = ds_steal_cstr(&ds);
}

static char *
rejected_text(const struct jsn *rejected)
{
    return xasprintf("%s: %s", get(rejected, "backend"), get(rejected, "why"));
}

static const char *const columns[] = {
    "host", "netns", "node_name", "target", "backend", "why", "state",
    "reason", "detail" };

static void
put_tap_row(const struct jsn *tap, void *table_)
{
    struct table *table = table_;

    table_add_row(table);
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        table_add_cell(table)->text = words_clean(get(tap, columns[i]));
    }
    put_list(table, jsn_get(tap, "rejected"), rejected_text);
    put_list(table, jsn_get(tap, "rows"), row_text);
    put_list(table, jsn_get(tap, "differs"), row_text);
    put_list(table, jsn_get(tap, "costs"), row_text);
    put_list(table, jsn_get(tap, "interferes"), row_text);
}

void
cli_explain_table(const struct jsn *answer, struct table *table)
{
    table_init(table);
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        table_add_column(table, "%s", columns[i]);
    }
    table_add_column(table, "rejected");
    table_add_column(table, "rows");
    table_add_column(table, "differs");
    table_add_column(table, "costs");
    table_add_column(table, "interferes");
    for_each_tap(answer, put_tap_row, table);
}
