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
#include "ovsdb/ctl/capture-row.h"
#include "ovsdb/ctl/draft.h"
#include "ovsdb/ctl/rows.h"

void
db_ctl_pre_captures(struct ctl_context *ctx)
{
    ctl_add_capture_columns(ctx->idl);
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
    bool replace = shash_find(&ctx->options, "--replace") != NULL;
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
        ctl_capture_insert(ctx, &draft);
    } else if (replace) {
        ctl_capture_replace(ctx, row, &draft, false);
    } else if (!may_exist) {
        ctl_error(ctx, "a capture named \"%s\" exists already (see "
                  "--may-exist and --replace)", name);
    } else {
        const char *column = ctl_capture_difference(row, &draft);

        if (column) {
            bool targets = !strcmp(column, "targets");

            ctl_error(ctx, "a capture named \"%s\" exists already, and its "
                      "%s %s: change %s, or see --replace", name, column,
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
        struct spanrec_target *row = ctl_target_insert(ctx, text);

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
