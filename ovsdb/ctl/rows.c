/* rows.c -- what the commands share about rows.  See rows.h.
 *
 * Reads only.  The daemon has its own readers (db.h), which work on changes;
 * these work on a snapshot, once.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/rows.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/nearest.h"
#include "target/target.h"

void
ctl_add_capture_columns(struct ovsdb_idl *idl)
{
    for (int i = 0; i < SPANREC_CAPTURE_N_COLUMNS; i++) {
        ovsdb_idl_add_column(idl, &spanrec_capture_columns[i]);
    }
    ovsdb_idl_add_column(idl, &spanrec_target_col_type);
    ovsdb_idl_add_column(idl, &spanrec_target_col_address);
    ovsdb_idl_add_column(idl, &spanrec_target_col_options);
}

void
ctl_add_tap_columns(struct ovsdb_idl *idl)
{
    for (int i = 0; i < SPANREC_TAP_N_COLUMNS; i++) {
        ovsdb_idl_add_column(idl, &spanrec_tap_columns[i]);
    }
    ctl_add_capture_columns(idl);
}

void
ctl_add_host_columns(struct ovsdb_idl *idl)
{
    ovsdb_idl_add_column(idl, &spanrec_host_col_name);
    ovsdb_idl_add_column(idl, &spanrec_host_col_version);
    ovsdb_idl_add_column(idl, &spanrec_host_col_ovs_version);
    ovsdb_idl_add_column(idl, &spanrec_host_col_cur_cfg);
    ovsdb_idl_add_column(idl, &spanrec_host_col_last_seen);
    ovsdb_idl_add_column(idl, &spanrec_host_col_status);
}

const struct spanrec_capture *
ctl_find_capture(struct ovsdb_idl *idl, const char *name)
{
    const struct spanrec_capture *capture;

    /* An IDL index would not see what this transaction has written. */
    SPANREC_CAPTURE_FOR_EACH (capture, idl) {
        if (!strcmp(capture->name, name)) {
            return capture;
        }
    }
    return NULL;
}

void
ctl_put_capture_names(struct ovsdb_idl *idl, const char *name, struct ds *out)
{
    enum { MAX_NAMES = 8 };     /* More are a list to look at. */
    const struct spanrec_capture **captures;
    struct nearest nearest;
    size_t n;

    captures = ctl_captures(idl, &n);
    nearest_init(&nearest, name);
    for (size_t i = 0; i < n; i++) {
        nearest_offer(&nearest, captures[i]->name);
    }
    nearest_ask(&nearest, out);
    if (!n) {
        ds_put_cstr(out, "; there is none at all");
    } else if (!nearest.best && n > MAX_NAMES) {
        ds_put_format(out, "; 'list-captures' shows all %"PRIuSIZE, n);
    } else if (!nearest.best) {
        for (size_t i = 0; i < n; i++) {
            ds_put_format(out, "%s %s",
                          i ? "," : n == 1 ? "; there is" : "; there are",
                          captures[i]->name);
        }
    }
    free(captures);
}

const struct spanrec_capture *
ctl_get_capture(struct ctl_context *ctx, const char *name)
{
    const struct spanrec_capture *capture = ctl_find_capture(ctx->idl, name);

    if (!capture) {
        struct ds names = DS_EMPTY_INITIALIZER;

        ctl_put_capture_names(ctx->idl, name, &names);
        ctl_error(ctx, "no capture named \"%s\"%s", name, ds_cstr(&names));
        ds_destroy(&names);
    }
    return capture;
}

/* TYPE:ADDRESS[,OPTION=VALUE]..., canonical if that is a good target. */
static char *
target_text(const char *type, const char *address, const struct smap *options)
{
    struct target *target;
    char *error = target_create(type, address, options, &target);
    char *text;

    if (!error) {
        text = target_to_text(target);
        target_destroy(target);
    } else {
        /* Any client may have written this row; it must still be possible to
         * see it, and to delete it by what is seen. */
        const struct smap_node **nodes = smap_sort(options);
        struct ds ds = DS_EMPTY_INITIALIZER;

        ds_put_format(&ds, "%s:%s", type, address);
        for (size_t i = 0; i < smap_count(options); i++) {
            ds_put_format(&ds, ",%s=%s", nodes[i]->key, nodes[i]->value);
        }
        free(nodes);
        free(error);
        text = ds_steal_cstr(&ds);
    }
    return text;
}

char *
ctl_target_text(const struct spanrec_target *row)
{
    return (row ? target_text(row->type, row->address, &row->options)
            : xstrdup(""));
}

char *
ctl_target_text_from_arg(const char *arg)
{
    char *type, *address;
    struct smap options;
    char *error = target_split(arg, &type, &address, &options);
    /* A row can hold what nobody can type. */
    char *text = error ? xstrdup(arg) : target_text(type, address, &options);

    free(error);
    free(type);
    free(address);
    smap_destroy(&options);
    return text;
}

void
ctl_capture_targets(const struct spanrec_capture *capture, struct svec *texts)
{
    for (size_t i = 0; i < capture->n_targets; i++) {
        svec_add_nocopy(texts, ctl_target_text(capture->targets[i]));
    }
    svec_sort(texts);
}

char *
ctl_tap_point(const struct spanrec_tap *tap)
{
    if (tap->netns[0]) {
        return xasprintf("%s/%s", tap->netns, tap->node_name);
    }
    return xstrdup(tap->node_name[0] ? tap->node_name
                   : tap->node[0] ? tap->node : "-");
}

/* All rows of a table, in any order; each is the struct of its own table, that
 * begins with it.  The caller frees the array. */
static const void **
collect_rows(struct ovsdb_idl *idl, const struct ovsdb_idl_table_class *table,
             size_t *n)
{
    const void **rows = NULL;
    size_t allocated = 0;

    *n = 0;
    for (const struct ovsdb_idl_row *row = ovsdb_idl_first_row(idl, table);
         row; row = ovsdb_idl_next_row(row)) {
        if (*n >= allocated) {
            rows = x2nrealloc(rows, &allocated, sizeof *rows);
        }
        rows[(*n)++] = row;
    }
    return rows;
}

static void
sort_rows(const void **rows, size_t n,
          int (*compare)(const void *, const void *))
{
    if (n) {
        qsort(rows, n, sizeof *rows, compare);
    }
}

static int
compare_captures(const void *a_, const void *b_)
{
    const struct spanrec_capture *const *a = a_;
    const struct spanrec_capture *const *b = b_;

    return strcmp((*a)->name, (*b)->name);
}

const struct spanrec_capture **
ctl_captures(struct ovsdb_idl *idl, size_t *n)
{
    const void **rows = collect_rows(idl, &spanrec_table_capture, n);

    sort_rows(rows, *n, compare_captures);
    return (const struct spanrec_capture **) rows;
}

static int
compare_hosts(const void *a_, const void *b_)
{
    const struct spanrec_host *const *a = a_;
    const struct spanrec_host *const *b = b_;

    return strcmp((*a)->name, (*b)->name);
}

const struct spanrec_host **
ctl_hosts(struct ovsdb_idl *idl, size_t *n)
{
    const void **rows = collect_rows(idl, &spanrec_table_host, n);

    sort_rows(rows, *n, compare_hosts);
    return (const struct spanrec_host **) rows;
}

static int
compare_taps(const void *a_, const void *b_)
{
    const struct spanrec_tap *a = *(const struct spanrec_tap *const *) a_;
    const struct spanrec_tap *b = *(const struct spanrec_tap *const *) b_;
    int cmp = strcmp(a->capture_name, b->capture_name);

    cmp = cmp ? cmp : strcmp(a->host, b->host);
    cmp = cmp ? cmp : strcmp(a->netns, b->netns);
    cmp = cmp ? cmp : strcmp(a->node_name, b->node_name);
    cmp = cmp ? cmp : strcmp(a->node, b->node);
    /* The texts cost most, and are seldom needed. */
    if (!cmp) {
        char *a_target = ctl_target_text(a->target);
        char *b_target = ctl_target_text(b->target);

        cmp = strcmp(a_target, b_target);
        free(a_target);
        free(b_target);
    }
    return cmp;
}

const struct spanrec_tap **
ctl_taps(struct ovsdb_idl *idl, const char *capture_name, size_t *n)
{
    size_t n_all;
    const void **rows = collect_rows(idl, &spanrec_table_tap, &n_all);

    *n = 0;
    for (size_t i = 0; i < n_all; i++) {
        const struct spanrec_tap *tap = rows[i];

        if (!capture_name || !strcmp(tap->capture_name, capture_name)) {
            rows[(*n)++] = tap;
        }
    }
    sort_rows(rows, *n, compare_taps);
    return (const struct spanrec_tap **) rows;
}
