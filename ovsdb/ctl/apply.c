/* apply.c -- apply: captures become what a file states.
 *
 * Run by db_ctl_run() (ctl.c), perhaps more than once; the file was read
 * before, once.  What it states as it is already is not even looked at: so
 * what 'show' printed changes nothing, whatever is in it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "ovsdb/ctl/capture-row.h"
#include "ovsdb/ctl/state.h"

/* Says on the output what is done to 'name'. */
static void
say(struct ctl_context *ctx, const char *what, const char *name)
{
    ds_put_format(&ctx->output, "%s %s\n", what, name);
}

static void
apply_draft(struct ctl_context *ctx, const struct spanrec_capture *row,
            const struct ctl_draft *draft)
{
    const char *name = draft->capture->name;

    if (!row) {
        ctl_capture_insert(ctx, draft);
        say(ctx, "added", name);
    } else if (ctl_capture_replace(ctx, row, draft, true)) {
        say(ctx, "changed", name);
    }
}

static void
apply_capture(struct ctl_context *ctx, const struct jsn *json, size_t i)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    const char *name = jsn_get_string(json, "name", "");
    const struct spanrec_capture *row = ctl_find_capture(ctx->idl, name);
    struct ctl_draft draft;
    char *error;

    if (row && ctl_state_is_of(json, row)) {
        return;
    }
    error = ctl_state_to_draft(json, &draft);
    if (!error) {
        error = conf->check_draft ? conf->check_draft(&draft) : NULL;
        if (!error) {
            apply_draft(ctx, row, &draft);
        }
        ctl_draft_uninit(&draft);
    }
    if (error) {
        ctl_error(ctx, "apply: capture %"PRIuSIZE" (\"%s\"): %s", i + 1, name,
                  error);
        free(error);
    }
}

/* Whether 'captures' has one of that name. */
static bool
is_stated(const struct jsn *captures, const char *name)
{
    for (size_t i = 0; i < jsn_size(captures); i++) {
        if (!strcmp(jsn_get_string(jsn_at(captures, i), "name", ""), name)) {
            return true;
        }
    }
    return false;
}

/* Two of a name would undo one another. */
static bool
check_names(struct ctl_context *ctx, const struct jsn *captures)
{
    struct sset names = SSET_INITIALIZER(&names);
    bool good = true;

    for (size_t i = 0; i < jsn_size(captures) && good; i++) {
        const char *name = jsn_get_string(jsn_at(captures, i), "name", "");

        good = sset_add(&names, name) != NULL;
        if (!good) {
            ctl_error(ctx, "apply: \"%s\" is stated twice", name);
        }
    }
    sset_destroy(&names);
    return good;
}

static void
prune(struct ctl_context *ctx, const struct jsn *captures, const char *owner)
{
    const struct spanrec_capture *row;

    SPANREC_CAPTURE_FOR_EACH_SAFE (row, ctx->idl) {
        const char *own = smap_get(&row->external_ids, "owner");

        if (own && !strcmp(own, owner) && !is_stated(captures, row->name)) {
            say(ctx, "deleted", row->name);
            spanrec_capture_delete(row);
        }
    }
}

void
db_ctl_apply(struct ctl_context *ctx)
{
    const struct jsn *document = db_ctl_conf(ctx)->document;
    const struct jsn *captures = jsn_get(document, "captures");
    const char *owner = shash_find_data(&ctx->options, "--owner");
    bool prunes = shash_find(&ctx->options, "--prune") != NULL;

    if (prunes && !owner) {
        ctl_error(ctx, "--prune needs --owner=NAME: it deletes captures with "
                  "external_ids:owner=NAME that the file does not have");
    } else if (owner && !prunes) {
        ctl_error(ctx, "--owner=%s says whose captures --prune deletes",
                  owner);
    } else if (jsn_type(captures) != JSN_ARRAY) {
        ctl_error(ctx, "apply: expected {\"captures\":[...]}, as 'show "
                  "--format=json' prints");
    } else if (check_names(ctx, captures)) {
        for (size_t i = 0; i < jsn_size(captures) && !ctx->error; i++) {
            apply_capture(ctx, jsn_at(captures, i), i);
        }
        if (prunes && !ctx->error) {
            prune(ctx, captures, owner);
        }
    }
}
