/* add.c -- add-capture, with what the database's half cannot know.  See add.h.
 *
 * Rows are written by ovsdb/ctl/capture.c.  Before that the filter is
 * compiled; with --dry-run the daemon is asked what it would do.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/add.h"
#include <stdlib.h>
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/draft-check.h"
#include "cli/live.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/context.h"
#include "ovsdb/ctl/draft.h"

void
cli_pre_add_capture(struct ctl_context *ctx)
{
    struct ctl_draft draft;
    char *error = db_ctl_draft_add(ctx, &draft);

    db_ctl_pre_captures(ctx);
    if (!error) {
        error = cli_draft_check(&draft);
        ctl_draft_uninit(&draft);
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    }
}

/* Prints what would be done, as 'explain' does; nothing if there is no daemon
 * that could do it. */
static void
print_plan(struct ctl_context *ctx)
{
    struct ds plan = DS_EMPTY_INITIALIZER;
    struct ctl_draft draft;
    char *error = db_ctl_draft_add(ctx, &draft);

    if (!error) {
        error = cli_explain_draft(&draft, &plan);
        ctl_draft_uninit(&draft);
    }
    if (!error) {
        ds_put_format(&ctx->output, "capture %s would be added:\n%s",
                      ctx->argv[1], ds_cstr(&plan));
    }
    free(error);
    ds_destroy(&plan);
}

void
cli_add_capture(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);

    db_ctl_add_capture(ctx);
    if (!ctx->error && conf->dry_run && conf->is_local) {
        print_plan(ctx);
    }
}
