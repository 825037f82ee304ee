/* list.c -- list-captures, list-taps: OVS's tables of our rows.
 *
 * As the generic 'list', but sorted, with the columns that people want to see,
 * and with targets as they are typed instead of as UUIDs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <stdlib.h>
#include <string.h>
#include "base/words.h"
#include "openvswitch/json.h"
#include "ovsdb/ctl/absent.h"
#include "ovsdb/ctl/counters.h"
#include "ovsdb/ctl/output.h"
#include "ovsdb/ctl/rows.h"

/* A set of strings, which is what Capture.targets looks like here. */
static const struct ovsdb_type string_set = {
    .key = OVSDB_BASE_STRING_INIT,
    .value = OVSDB_BASE_VOID_INIT,
    .n_min = 0,
    .n_max = UINT_MAX,
};

struct listing {
    const struct ovsdb_idl_table_class *class;
    const struct ovsdb_idl_column **columns;    /* NULL: "_uuid". */
    size_t n_columns;
    struct table table;         /* Where the rows go. */
    struct smap absent;         /* Hosts, see absent.h. */
};

/* Columns of list-taps that no row has as such: what it counts. */
static const struct ovsdb_idl_column counters[] = {
    { .name = (char *) "packets" },
    { .name = (char *) "sent" },
    { .name = (char *) "lost" },
};

static bool
is_counter(const struct ovsdb_idl_column *column)
{
    return column >= counters && column < &counters[ARRAY_SIZE(counters)];
}

/* Puts nothing for what nobody counts. */
static void
put_counter(struct cell *cell, const struct spanrec_tap *tap,
            const struct ovsdb_idl_column *column)
{
    bool is_lost = !strcmp(column->name, "lost");
    const char *name = (!strcmp(column->name, "sent") ? "sent_datagrams"
                        : column->name);
    int64_t value = is_lost ? ctl_get_lost(tap) : 0;
    bool known = (is_lost ? tap->n_statistics > 0
                  : ctl_has_counter(tap, name, &value));

    if (known) {
        cell->json = json_integer_create(value);
        cell->type = &ovsdb_type_integer;
    } else {
        cell->text = xstrdup("");
    }
}

static const struct ovsdb_idl_column *
find_column(const struct ovsdb_idl_table_class *class, const char *name)
{
    for (size_t i = 0; i < class->n_columns; i++) {
        if (!strcmp(class->columns[i].name, name)) {
            return &class->columns[i];
        }
    }
    for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
        if (class == &spanrec_table_tap && !strcmp(counters[i].name, name)) {
            return &counters[i];
        }
    }
    return NULL;
}

static char *
unknown_column(const struct ovsdb_idl_table_class *class, const char *name)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_format(&ds, "%s has no column \"%s\"; it has _uuid", class->name,
                  name);
    for (size_t i = 0; i < class->n_columns; i++) {
        ds_put_format(&ds, ", %s", class->columns[i].name);
    }
    return ds_steal_cstr(&ds);
}

/* Starts a table of 'class' with the columns of --columns, else 'names'. */
static bool
listing_init(struct listing *list, struct ctl_context *ctx,
             const struct ovsdb_idl_table_class *class, const char *names)
{
    const char *given = shash_find_data(&ctx->options, "--columns");
    char *copy = xstrdup(given ? given : names);
    char *save = NULL;
    size_t allocated = 0;

    *list = (struct listing) { .class = class };
    smap_init(&list->absent);
    for (char *name = strtok_r(copy, ", ", &save); name;
         name = strtok_r(NULL, ", ", &save)) {
        const struct ovsdb_idl_column *column = find_column(class, name);

        if (!column && strcmp(name, "_uuid")) {
            ctx->error = unknown_column(class, name);
            break;
        }
        if (list->n_columns >= allocated) {
            list->columns = x2nrealloc(list->columns, &allocated,
                                       sizeof *list->columns);
        }
        list->columns[list->n_columns++] = column;
    }
    free(copy);
    if (!ctx->error && !list->n_columns) {
        ctl_error(ctx, "--columns needs the name of a column");
    }
    if (ctx->error) {
        free(list->columns);
        smap_destroy(&list->absent);
        return false;
    }

    table_init(&list->table);
    for (size_t i = 0; i < list->n_columns; i++) {
        table_add_column(&list->table, "%s",
                         list->columns[i] ? list->columns[i]->name : "_uuid");
    }
    return true;
}

static void
put_uuid(struct cell *cell, const struct uuid *uuid)
{
    union ovsdb_atom atom = { .uuid = *uuid };
    struct ovsdb_datum datum = { .n = 1, .keys = &atom };

    cell->json = ovsdb_datum_to_json(&datum, &ovsdb_type_uuid);
    cell->type = &ovsdb_type_uuid;
}

static void
put_strings(struct cell *cell, const struct svec *strings)
{
    struct json *array = json_array_create_empty();

    for (size_t i = 0; i < strings->n; i++) {
        json_array_add(array, json_string_create(strings->names[i]));
    }
    cell->json = json_array_create_2(json_string_create("set"), array);
    cell->type = &string_set;
}

/* What can be said of a tap in 'column', or NULL: what the row has. */
static const char *
find_said(const struct listing *list, const struct ovsdb_idl_row *row,
          const struct ovsdb_idl_column *column)
{
    struct ctl_tap_view view;

    if (list->class != &spanrec_table_tap) {
        return NULL;
    }
    view = ctl_view_tap((const struct spanrec_tap *) row, &list->absent);
    return (column == &spanrec_tap_col_state ? view.state
            : column == &spanrec_tap_col_reason ? view.reason
            : column == &spanrec_tap_col_detail ? view.detail
            : NULL);
}

static void
put_column(const struct listing *list, struct cell *cell,
           const struct ovsdb_idl_row *row,
           const struct ovsdb_idl_column *column)
{
    const char *said = column ? find_said(list, row, column) : NULL;

    if (!column) {
        put_uuid(cell, &row->uuid);
    } else if (is_counter(column)) {
        put_counter(cell, (const struct spanrec_tap *) row, column);
    } else if (said) {
        cell->json = json_string_create(said);
        cell->type = &column->type;
    } else if (column == &spanrec_capture_col_targets
               || column == &spanrec_tap_col_target) {
        struct svec texts = SVEC_EMPTY_INITIALIZER;

        if (column == &spanrec_capture_col_targets) {
            ctl_capture_targets((const struct spanrec_capture *) row, &texts);
            put_strings(cell, &texts);
        } else {
            cell->text = ctl_target_text(
                ((const struct spanrec_tap *) row)->target);
        }
        svec_destroy(&texts);
    } else {
        cell->json = ovsdb_datum_to_json(ovsdb_idl_read(row, column),
                                         &column->type);
        cell->type = &column->type;
    }
}

static void
listing_finish(struct listing *list, struct ctl_context *ctx)
{
    db_ctl_put_table(ctx, &list->table);
    free(list->columns);
    smap_destroy(&list->absent);
}

static void
listing_add(struct listing *list, const struct ovsdb_idl_row *row)
{
    table_add_row(&list->table);
    for (size_t i = 0; i < list->n_columns; i++) {
        put_column(list, table_add_cell(&list->table), row,
                   list->columns[i]);
    }
}

/* ## The commands. ## */

void
db_ctl_pre_list_captures(struct ctl_context *ctx)
{
    ctl_add_capture_columns(ctx->idl);
}

void
db_ctl_list_captures(struct ctl_context *ctx)
{
    const struct spanrec_capture **captures;
    struct listing list;
    size_t n;

    if (!listing_init(&list, ctx, &spanrec_table_capture,
                      "name,selector,filter,targets")) {
        return;
    }
    captures = ctl_captures(ctx->idl, &n);
    for (size_t i = 0; i < n; i++) {
        listing_add(&list, &captures[i]->header_);
    }
    free(captures);
    listing_finish(&list, ctx);
}

void
db_ctl_pre_list_taps(struct ctl_context *ctx)
{
    ctl_add_tap_columns(ctx->idl);
    ctl_add_host_columns(ctx->idl);
}

/* What was told of their taps may be long wrong. */
static void
warn_of(const struct smap *absent)
{
    const struct smap_node **nodes = smap_sort(absent);

    for (size_t i = 0; i < smap_count(absent); i++) {
        char *clean = words_clean(nodes[i]->value);

        ovs_error(0, "warning: %s; what its taps do is not known", clean);
        free(clean);
    }
    free(nodes);
}

void
db_ctl_list_taps(struct ctl_context *ctx)
{
    const char *name = ctx->argc > 1 ? ctx->argv[1] : NULL;
    const struct spanrec_tap **taps;
    struct listing list;
    size_t n;

    if (name && !ctl_get_capture(ctx, name)) {
        return;
    }
    if (!listing_init(&list, ctx, &spanrec_table_tap,
                      "capture_name,host,netns,node_name,target,backend,"
                      "state,reason,packets,sent,lost")) {
        return;
    }
    ctl_absent_init(&list.absent, ctx->idl);
    taps = ctl_taps(ctx->idl, name, &n);
    for (size_t i = 0; i < n; i++) {
        listing_add(&list, &taps[i]->header_);
    }
    free(taps);
    warn_of(&list.absent);
    listing_finish(&list, ctx);
}
