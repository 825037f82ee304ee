/* explain.c -- how 'explain' is printed.  See explain.h.
 *
 * The shape that is read here is the one of 'show json', with "rejected" and
 * "rows" in each tap; what is missing reads as empty.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/explain.h"
#include <stdlib.h>
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
put_tap_text(const struct jsn *tap, void *out_)
{
    const struct jsn *rejected = jsn_get(tap, "rejected");
    const struct jsn *rows = jsn_get(tap, "rows");
    const char *backend = get(tap, "backend");
    const char *why = get(tap, "why");
    struct ds *out = out_;

    words_put(out, get(tap, "netns"));
    ds_put_cstr(out, get(tap, "netns")[0] ? "/" : "");
    words_put(out, get(tap, "node_name")[0] ? get(tap, "node_name") : "-");
    ds_put_cstr(out, " to ");
    words_put(out, get(tap, "target"));
    ds_put_char(out, '\n');
    put_line(out, backend[0]
             ? xasprintf("by %s%s%s", backend, why[0] ? ": " : "", why)
             : xasprintf("by none: %s", get(tap, "reason")));
    if (get(tap, "detail")[0] && !jsn_size(jsn_get(tap, "differs"))) {
        db_ctl_put_wrapped(out, 2, 4, get(tap, "detail"));
    }
    put_strings(tap, "differs", "differs:", out);
    put_strings(tap, "costs", "costs", out);
    put_strings(tap, "interferes", "interferes:", out);
    for (size_t i = 0; i < jsn_size(rejected); i++) {
        const struct jsn *other = jsn_at(rejected, i);

        put_line(out, xasprintf("not by %s: %s", get(other, "backend"),
                                get(other, "why")));
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

static void
ignore_tap(const struct jsn *tap OVS_UNUSED, void *aux OVS_UNUSED)
{
}

bool
cli_explain_is_empty(const struct jsn *answer)
{
    return !for_each_tap(answer, ignore_tap, NULL);
}

void
cli_explain_text(const struct jsn *answer, struct ds *out)
{
    if (!for_each_tap(answer, put_tap_text, out)) {
        ds_put_cstr(out, "matches nothing\n");
    }
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
