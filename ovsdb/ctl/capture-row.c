/* capture-row.c -- rows of Capture and Target, written and compared.  See
 * capture-row.h.
 *
 * Called by the commands that add and change captures, with drafts that are
 * checked.  What is not stated stays empty, which means the default.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/capture-row.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ## Targets. ## */

struct spanrec_target *
ctl_target_insert(struct ctl_context *ctx, const char *text)
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

/* The target of 'row' that is said 'text', or NULL. */
static struct spanrec_target *
find_target(const struct spanrec_capture *row, const char *text)
{
    for (size_t i = 0; i < row->n_targets; i++) {
        char *other = ctl_target_text(row->targets[i]);
        bool found = !strcmp(text, other);

        free(other);
        if (found) {
            return row->targets[i];
        }
    }
    return NULL;
}

/* A target row has no life of its own: the capture's strong references keep
 * it, in this same transaction and after.  Those that are there stay. */
static void
write_targets(struct ctl_context *ctx, const struct spanrec_capture *row,
              const struct ctl_draft *draft, bool is_new)
{
    struct spanrec_target **targets;
    size_t n = 0;

    targets = xmalloc(draft->targets.n * sizeof *targets);
    for (size_t i = 0; i < draft->targets.n; i++) {
        const char *text = draft->targets.names[i];
        struct spanrec_target *target = is_new ? NULL : find_target(row, text);

        target = target ? target : ctl_target_insert(ctx, text);
        if (target) {
            targets[n++] = target;
        }
    }
    if (!is_new) {
        /* Another client's change meanwhile is seen, and this made anew. */
        spanrec_capture_verify_targets(row);
    }
    spanrec_capture_set_targets(row, targets, n);
    free(targets);
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

/* ## External ids. ## */

/* Every id of the draft is there; others may be. */
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

static void
add_external_ids(const struct spanrec_capture *row,
                 const struct ctl_draft *draft)
{
    struct smap ids;
    const struct smap_node *node;

    smap_clone(&ids, &row->external_ids);
    SMAP_FOR_EACH (node, &draft->external_ids) {
        smap_replace(&ids, node->key, node->value);
    }
    spanrec_capture_set_external_ids(row, &ids);
    smap_destroy(&ids);
}

/* ## Columns. ## */

static bool
same_text(const char *row, const struct ctl_draft *draft, const char *column,
          const char *def)
{
    return !strcmp(row ? row : def,
                   smap_get_def(&draft->columns, column, def));
}

static bool
same_selector(const struct spanrec_capture *row, const struct ctl_draft *draft)
{
    return !strcmp(row->selector, draft->capture->selector);
}

static void
write_selector(const struct spanrec_capture *row,
               const struct ctl_draft *draft)
{
    spanrec_capture_set_selector(row, draft->capture->selector);
}

/* Columns that are a word, or none. */
#define WORD_COLUMN(NAME, DEFAULT)                                          \
    static bool                                                             \
    same_##NAME(const struct spanrec_capture *row,                          \
                const struct ctl_draft *draft)                              \
    {                                                                       \
        return same_text(row->NAME, draft, #NAME, DEFAULT);                 \
    }                                                                       \
    static void                                                             \
    write_##NAME(const struct spanrec_capture *row,                         \
                 const struct ctl_draft *draft)                             \
    {                                                                       \
        spanrec_capture_set_##NAME(row, smap_get(&draft->columns, #NAME));  \
    }
WORD_COLUMN(filter, "")
WORD_COLUMN(direction, "both")
WORD_COLUMN(backend, "auto")

/* Columns that are a number or a truth, or none. */
#define VALUE_COLUMN(NAME, TYPE, DEFAULT)                                   \
    static bool                                                             \
    same_##NAME(const struct spanrec_capture *row,                          \
                const struct ctl_draft *draft)                              \
    {                                                                       \
        return (row->n_##NAME ? *row->NAME : DEFAULT)                       \
               == draft->capture->NAME;                                     \
    }                                                                       \
    static void                                                             \
    write_##NAME(const struct spanrec_capture *row,                         \
                 const struct ctl_draft *draft)                             \
    {                                                                       \
        const TYPE value = draft->capture->NAME;                            \
        bool typed = smap_get(&draft->columns, #NAME) != NULL;              \
                                                                            \
        spanrec_capture_set_##NAME(row, &value, typed);                     \
    }
VALUE_COLUMN(snaplen, int64_t, 0)
VALUE_COLUMN(sampling, int64_t, 0)
VALUE_COLUMN(enabled, bool, true)
VALUE_COLUMN(expires, int64_t, 0)

static bool
same_options(const struct spanrec_capture *row, const struct ctl_draft *draft)
{
    return smap_equal(&row->options, &draft->capture->options);
}

static void
write_options(const struct spanrec_capture *row, const struct ctl_draft *draft)
{
    spanrec_capture_set_options(row, &draft->capture->options);
}

static const struct column {
    const char *name;
    bool (*same)(const struct spanrec_capture *, const struct ctl_draft *);
    void (*write)(const struct spanrec_capture *, const struct ctl_draft *);
} columns[] = {
    { "selector", same_selector, write_selector },
    { "filter", same_filter, write_filter },
    { "direction", same_direction, write_direction },
    { "backend", same_backend, write_backend },
    { "snaplen", same_snaplen, write_snaplen },
    { "sampling", same_sampling, write_sampling },
    { "enabled", same_enabled, write_enabled },
    { "expires", same_expires, write_expires },
    { "options", same_options, write_options },
};

/* ## Captures. ## */

void
ctl_capture_insert(struct ctl_context *ctx, const struct ctl_draft *draft)
{
    const struct spanrec_capture *row = spanrec_capture_insert(ctx->txn);

    spanrec_capture_set_name(row, draft->capture->name);
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        columns[i].write(row, draft);
    }
    spanrec_capture_set_external_ids(row, &draft->external_ids);
    write_targets(ctx, row, draft, true);
}

const char *
ctl_capture_difference(const struct spanrec_capture *row,
                       const struct ctl_draft *draft)
{
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        if (!columns[i].same(row, draft)) {
            return columns[i].name;
        }
    }
    return (!same_targets(row, draft) ? "targets"
            : !has_external_ids(row, draft) ? "external_ids" : NULL);
}

bool
ctl_capture_replace(struct ctl_context *ctx,
                    const struct spanrec_capture *row,
                    const struct ctl_draft *draft, bool exact)
{
    bool written = false;

    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        if (!columns[i].same(row, draft)) {
            columns[i].write(row, draft);
            written = true;
        }
    }
    if (!same_targets(row, draft)) {
        write_targets(ctx, row, draft, false);
        written = true;
    }
    if (exact && !smap_equal(&row->external_ids, &draft->external_ids)) {
        spanrec_capture_set_external_ids(row, &draft->external_ids);
        written = true;
    } else if (!has_external_ids(row, draft)) {
        add_external_ids(row, draft);
        written = true;
    }
    return written;
}
