/* hint.c -- what is to be done about an error of the generic commands.  See
 * hint.h.
 *
 * Called by ctl.c.  libopenvswitch says what is wrong with "set Capture x ..."
 * in words that we cannot change; what a person may have meant is added here.
 * Its words are matched, so that another version's may go without: a test has
 * each of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/hint.h"
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"
#include "base/words.h"
#include "ovsdb/ctl/context.h"
#include "ovsdb/ctl/rows.h"
#include "ovsdb/ovs-idl.h"
#include "ovsdb/ovspan-idl.h"

/* The arguments of a command that failed, and where its hint goes. */
struct hinting {
    const struct ctl_context *ctx;
    char **argv;                /* Of its arguments, the first the table. */
    int n;
    struct ds *out;
};

/* The first argument that has 'part' in it, or NULL. */
static const char *
find_argument(const struct hinting *h, const char *part)
{
    for (int i = 0; i < h->n; i++) {
        if (strstr(h->argv[i], part)) {
            return h->argv[i];
        }
    }
    return NULL;
}

static const struct ovsdb_idl_table_class *
find_table(const char *name)
{
    for (size_t i = 0; i < SPANREC_N_TABLES; i++) {
        if (!strcasecmp(spanrec_table_classes[i].name, name)) {
            return &spanrec_table_classes[i];
        }
    }
    return NULL;
}

static void
hint_table(const struct hinting *h)
{
    const char *separator = "; there are ";
    struct nearest nearest;

    nearest_init(&nearest, h->argv[0]);
    for (size_t i = 0; i < SPANREC_N_TABLES; i++) {
        nearest_offer(&nearest, spanrec_table_classes[i].name);
    }
    nearest_ask(&nearest, h->out);
    for (size_t i = 0; i < SPANREC_N_TABLES && !nearest.best; i++) {
        ds_put_format(h->out, "%s%s", separator,
                      spanrec_table_classes[i].name);
        separator = ", ";
    }
}

/* 'error' ends in the word that is no column, in quotes. */
static void
hint_column(const struct hinting *h)
{
    const struct ovsdb_idl_table_class *table = find_table(h->argv[0]);
    const char *quote = strchr(h->ctx->error, '"');
    char *word = xmemdup0(quote + 1, strcspn(quote + 1, "\""));
    const char *separator = "; it has ";
    struct nearest nearest;

    nearest_init(&nearest, word);
    for (size_t i = 0; table && i < table->n_columns; i++) {
        nearest_offer(&nearest, table->columns[i].name);
    }
    nearest_ask(&nearest, h->out);
    for (size_t i = 0; table && i < table->n_columns && !nearest.best; i++) {
        ds_put_format(h->out, "%s%s", separator, table->columns[i].name);
        separator = ", ";
    }
    free(word);
}

static void
hint_row(const struct hinting *h)
{
    const char *name = h->n > 1 ? h->argv[1] : "";

    if (!strcasecmp(h->argv[0], "Tap")) {
        ds_put_format(h->out, ": a tap has no name; see 'list-taps %s', or "
                      "'find Tap capture_name=%s'", name, name);
    } else if (!strcasecmp(h->argv[0], "Capture")) {
        ctl_put_capture_names(h->ctx->idl, name, h->out);
    } else if (!strcasecmp(h->argv[0], "Target")) {
        ds_put_cstr(h->out, ": a target has no name; see 'list-captures', "
                    "'add-target' and 'del-target'");
    }
}

/* "filter=tcp port 80" of a shell's quotes alone is three values.  The error
 * begins with the value. */
static void
hint_quotes(const struct hinting *h)
{
    for (int i = 0; i < h->n; i++) {
        const char *value = strchr(h->argv[i], '=');

        if (value && value[1]
            && !strncmp(h->ctx->error, value + 1, strlen(value + 1))) {
            char *word = xasprintf("%.*s=\"%s\"",
                                   (int) (value - h->argv[i]), h->argv[i],
                                   value + 1);

            ds_put_cstr(h->out, ": such a value is quoted twice here,");
            words_put_argument(h->out, word);
            free(word);
            break;
        }
    }
}

static void
hint_uuid(const struct hinting *h)
{
    const char *arg = find_argument(h, "targets");

    if (arg && h->n > 1 && !strcasecmp(h->argv[0], "Capture")) {
        const char *equals = strchr(arg, '=');

        ds_put_format(h->out, ": targets are rows of their own; see "
                      "'add-target %s %s' and 'del-target'", h->argv[1],
                      equals ? equals + 1 : "TARGET");
    }
}

char *
ctl_hint(const struct ctl_context *ctx)
{
    static const struct {
        const char *part;       /* Of the error. */
        void (*hint)(const struct hinting *);
    } hints[] = {
        { "unknown table ", hint_table },
        { " does not contain a column whose name matches ", hint_column },
        { "no row \"", hint_row },
        { "value(s) specified but the maximum number is ", hint_quotes },
        { " parsing string", hint_quotes },
        { " is not a valid UUID", hint_uuid },
    };
    struct ds out = DS_EMPTY_INITIALIZER;
    struct hinting h = { ctx, &ctx->argv[1], ctx->argc - 1, &out };

    for (size_t i = 0; i < ARRAY_SIZE(hints) && h.n > 0; i++) {
        if (strstr(ctx->error, hints[i].part)) {
            hints[i].hint(&h);
            break;
        }
    }
    return ds_steal_cstr(&out);
}
