/* capture.c -- add-capture, del-capture, add-target, del-target.
 *
 * Run by db_ctl_run() (ctl.c), more than once when the transaction has to be
 * composed anew.  What is typed is checked in full by draft.c before the
 * first row is written; an error leaves the transaction uncommitted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/when.h"
#include "ovsdb/ctl/draft.h"
#include "ovsdb/ctl/rows.h"

void
db_ctl_pre_captures(struct ctl_context *ctx)
{
    ctl_add_capture_columns(ctx->idl);
}

/* ## Writing. ## */

/* Adds the row of 'text', which is known to be a good target. */
static struct spanrec_target *
insert_target(struct ctl_context *ctx, const char *text)
{
    struct spanrec_target *row = NULL;
    char *type, *address;
    struct smap options;
    char *error = target_split(text, &type, &address, &options);

    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    } else {
        row = spanrec_target_insert(ctx->txn);
        spanrec_target_set_type(row, type);
        spanrec_target_set_address(row, address);
        spanrec_target_set_options(row, &options);
    }
    free(type);
    free(address);
    smap_destroy(&options);
    return row;
}

/* Writes the columns that were typed; the others stay empty, which means the
 * default. */
static void
write_columns(const struct spanrec_capture *row, const struct ctl_draft *draft)
{
    const struct smap *columns = &draft->columns;
    const struct want_capture *capture = draft->capture;

    spanrec_capture_set_filter(row, smap_get(columns, "filter"));
    spanrec_capture_set_direction(row, smap_get(columns, "direction"));
    spanrec_capture_set_backend(row, smap_get(columns, "backend"));
    if (smap_get(columns, "snaplen")) {
        spanrec_capture_set_snaplen(row, &(int64_t) { capture->snaplen }, 1);
    }
    if (smap_get(columns, "sampling")) {
        spanrec_capture_set_sampling(row, &(int64_t) { capture->sampling }, 1);
    }
    if (smap_get(columns, "enabled")) {
        spanrec_capture_set_enabled(row, &capture->enabled, 1);
    }
    if (smap_get(columns, "expires")) {
        spanrec_capture_set_expires(row, &(int64_t) { capture->expires }, 1);
    }
    spanrec_capture_set_options(row, &capture->options);
    spanrec_capture_set_external_ids(row, &draft->external_ids);
}

static void
insert_capture(struct ctl_context *ctx, const struct ctl_draft *draft)
{
    const struct spanrec_capture *row = spanrec_capture_insert(ctx->txn);
    struct spanrec_target **targets;
    size_t n = 0;

    /* A target row has no life of its own: the capture's strong references
     * keep it, in this same transaction and after. */
    targets = xmalloc(draft->targets.n * sizeof *targets);
    spanrec_capture_set_name(row, draft->capture->name);
    spanrec_capture_set_selector(row, draft->capture->selector);
    write_columns(row, draft);
    for (size_t i = 0; i < draft->targets.n; i++) {
        struct spanrec_target *target = insert_target(ctx,
                                                      draft->targets.names[i]);
        if (target) {
            targets[n++] = target;
        }
    }
    spanrec_capture_set_targets(row, targets, n);
    free(targets);
}

/* ## Comparing, for --may-exist. ## */

static bool
text_equals(const char *row, const struct ctl_draft *draft, const char *column,
            const char *def)
{
    return !strcmp(row ? row : def,
                   smap_get_def(&draft->columns, column, def));
}

static bool
same_targets(const struct spanrec_capture *row, const struct ctl_draft *draft)
{
    struct svec texts = SVEC_EMPTY_INITIALIZER;
    bool same;

    ctl_capture_targets(row, &texts);
    same = svec_equal(&texts, &draft->targets);
    svec_destroy(&texts);
    return same;
}

/* Every typed external id is there; others may be. */
static bool
has_external_ids(const struct spanrec_capture *row,
                 const struct ctl_draft *draft)
{
    const struct smap_node *node;

    SMAP_FOR_EACH (node, &draft->external_ids) {
        const char *value = smap_get(&row->external_ids, node->key);

        if (!value || strcmp(value, node->value)) {
            return false;
        }
    }
    return true;
}

/* The name of the first column in which 'row' is not what was typed, or NULL.
 * An empty column equals its default. */
static const char *
find_difference(const struct spanrec_capture *row,
                const struct ctl_draft *draft)
{
    const struct want_capture *want = draft->capture;
    const struct {
        const char *column;
        bool same;
    } checks[] = {
        { "selector", !strcmp(row->selector, want->selector) },
        { "targets", same_targets(row, draft) },
        { "filter", text_equals(row->filter, draft, "filter", "") },
        { "direction",
          text_equals(row->direction, draft, "direction", "both") },
        { "backend", text_equals(row->backend, draft, "backend", "auto") },
        { "snaplen",
          (row->n_snaplen ? *row->snaplen : 0) == want->snaplen },
        { "sampling",
          (row->n_sampling ? *row->sampling : 0) == want->sampling },
        { "enabled",
          (row->n_enabled ? *row->enabled : true) == want->enabled },
        { "expires",
          (row->n_expires ? *row->expires : 0) == want->expires },
        { "options", smap_equal(&row->options, &want->options) },
        { "external_ids", has_external_ids(row, draft) },
    };

    for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
        if (!checks[i].same) {
            return checks[i].column;
        }
    }
    return NULL;
}

/* ## The commands. ## */

char *
db_ctl_draft_add(const struct ctl_context *ctx, struct ctl_draft *draft)
{
    const char *duration = shash_find_data(&ctx->options, "--for");
    size_t n = ctx->argc - 3;
    char **args = xmalloc((n + 1) * sizeof *args);
    char *expires = duration ? xasprintf("expires=+%s", duration) : NULL;
    int64_t ms;
    char *error = duration ? when_parse_duration(duration, &ms) : NULL;

    if (error) {
        char *message = xasprintf("--for: %s", error);

        free(error);
        free(expires);
        free(args);
        return message;
    }
    memcpy(args, &ctx->argv[3], n * sizeof *args);
    if (expires) {
        args[n++] = expires;
    }
    error = ctl_draft_parse(draft, ctx->argv[1], ctx->argv[2], args, n);
    free(expires);
    free(args);
    return error;
}

void
db_ctl_add_capture(struct ctl_context *ctx)
{
    bool may_exist = shash_find(&ctx->options, "--may-exist") != NULL;
    const char *name = ctx->argv[1];
    const struct spanrec_capture *row;
    struct ctl_draft draft;
    char *error = db_ctl_draft_add(ctx, &draft);

    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
        return;
    }

    /* The database has an index on the name, but its error would not be one
     * that a person can act on. */
    row = ctl_find_capture(ctx->idl, name);
    if (!row) {
        insert_capture(ctx, &draft);
    } else if (!may_exist) {
        ctl_error(ctx, "a capture named \"%s\" exists already (see "
                  "--may-exist)", name);
    } else {
        const char *column = find_difference(row, &draft);

        if (column) {
            bool targets = !strcmp(column, "targets");

            ctl_error(ctx, "a capture named \"%s\" exists already, and its "
                      "%s %s: change %s, or delete it first", name, column,
                      targets ? "differ" : "differs",
                      targets ? "them with 'add-target' and 'del-target'"
                      : "it with 'set'");
        }
    }
    ctl_draft_uninit(&draft);
}

void
db_ctl_del_capture(struct ctl_context *ctx)
{
    bool must_exist = !shash_find(&ctx->options, "--if-exists");
    bool all = shash_find(&ctx->options, "--all") != NULL;
    const struct spanrec_capture *row;

    /* Neither "everything" by forgetting a name, nor names beside --all. */
    if (all == (ctx->argc > 1)) {
        ctl_error(ctx, "del-capture takes either names or --all");
    } else if (all) {
        SPANREC_CAPTURE_FOR_EACH_SAFE (row, ctx->idl) {
            spanrec_capture_delete(row);
        }
    } else {
        for (int i = 1; i < ctx->argc; i++) {
            row = (must_exist ? ctl_get_capture(ctx, ctx->argv[i])
                   : ctl_find_capture(ctx->idl, ctx->argv[i]));
            if (row) {
                spanrec_capture_delete(row);
            } else if (must_exist) {
                return;
            }
        }
    }
}

/* The position of the target that is said 'text' among those of 'capture', or
 * their number. */
static size_t
find_target(const struct spanrec_capture *capture, const char *text)
{
    size_t i;

    for (i = 0; i < capture->n_targets; i++) {
        char *other = ctl_target_text(capture->targets[i]);
        bool found = !strcmp(text, other);

        free(other);
        if (found) {
            break;
        }
    }
    return i;
}

void
db_ctl_add_target(struct ctl_context *ctx)
{
    const struct spanrec_capture *capture = ctl_get_capture(ctx, ctx->argv[1]);
    struct spanrec_target **targets;
    struct target *target;
    char *error, *text;
    size_t n;

    if (!capture) {
        return;
    }
    error = target_parse(ctx->argv[2], &target);
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
        return;
    }

    text = target_to_text(target);
    target_destroy(target);
    n = capture->n_targets;
    if (find_target(capture, text) < n) {
        ctl_error(ctx, "capture \"%s\" has the target %s already",
                  capture->name, text);
    } else {
        struct spanrec_target *row = insert_target(ctx, text);

        if (row) {
            targets = xmalloc((n + 1) * sizeof *targets);
            for (size_t i = 0; i < n; i++) {
                targets[i] = capture->targets[i];
            }
            targets[n] = row;
            spanrec_capture_verify_targets(capture);
            spanrec_capture_set_targets(capture, targets, n + 1);
            free(targets);
        }
    }
    free(text);
}

void
db_ctl_del_target(struct ctl_context *ctx)
{
    const struct spanrec_capture *capture = ctl_get_capture(ctx, ctx->argv[1]);
    struct spanrec_target **targets;
    char *text;
    size_t n, at;

    if (!capture) {
        return;
    }
    text = ctl_target_text_from_arg(ctx->argv[2]);
    n = capture->n_targets;
    at = find_target(capture, text);
    if (at < n) {
        /* The row goes by itself when nothing refers to it.  'verify' makes
         * the server refuse this if another client changed the set
         * meanwhile; it is then done again from what is there. */
        targets = xmemdup(capture->targets, n * sizeof *targets);
        targets[at] = targets[n - 1];
        spanrec_capture_verify_targets(capture);
        spanrec_capture_set_targets(capture, targets, n - 1);
        free(targets);
    } else {
        struct svec texts = SVEC_EMPTY_INITIALIZER;
        char *list;

        ctl_capture_targets(capture, &texts);
        list = svec_join(&texts, " ", "");
        ctl_error(ctx, "capture \"%s\" has no target %s (it has: %s)",
                  capture->name, text, texts.n ? list : "none");
        free(list);
        svec_destroy(&texts);
    }
    free(text);
}
