/* context.h -- what every command gets, and what may come of it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_CONTEXT_H
#define OVSPAN_OVSDB_CTL_CONTEXT_H 1

#include <stdbool.h>
#include <stddef.h>
#include "base/ovs-ctl.h"

struct ctl_draft;
struct jsn;

enum db_ctl_status {
    DB_CTL_OK = 0,
    DB_CTL_ERROR = 1,           /* Nothing was committed. */
    DB_CTL_TAP_FAILED = 65,     /* Committed, but a tap of it has failed. */
};

/* What the options of the command line say. */
struct db_ctl_conf {
    const char *db;             /* The remote. */
    bool is_local;              /* 'db' is this host's own. */
    bool wait;                  /* For the hosts, after writing. */
    bool dry_run;               /* Abort instead of committing. */
    bool oneline;               /* One line of output a command. */
    bool format_given;          /* --format was used. */
    bool colour;                /* States are in colour. */
    struct table_style style;
    const struct jsn *document; /* What 'apply' was given, or NULL. */
    /* What is wrong with a draft beside what draft.h checks: NULL, or an error
     * text that the caller frees. */
    char *(*check_draft)(const struct ctl_draft *);
    /* Why a selector, typed for the capture 'name', matches nothing on this
     * host; the caller frees it.  NULL, or returns NULL: nobody knows. */
    char *(*why_nothing)(const char *selector, const char *name);
};

/* What every command gets; 'base' is db-ctl-base's. */
struct db_ctl_context {
    struct ctl_context base;
    const struct db_ctl_conf *conf;
};
static inline const struct db_ctl_conf *
db_ctl_conf(const struct ctl_context *ctx)
{
    return CONTAINER_OF(ctx, struct db_ctl_context, base)->conf;
}

#endif /* ovsdb/ctl/context.h */
