/* graph.c -- query and topology.  See live.h.
 *
 * Of this host, the answers are the daemon's, as it sees the host right now.
 * With another database they are made here from the rows that the hosts of
 * that database publish, by the same evaluator and the same printers.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/live.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/words.h"
#include "cli/agent.h"
#include "cli/nothing.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/output.h"
#include "query/query.h"
#include "topo/format.h"
#include "topo/topo.h"
#include "topo/view.h"

/* ## query ## */

void
cli_pre_query(struct ctl_context *ctx)
{
    if (!db_ctl_conf(ctx)->is_local) {
        db_ctl_pre_topo(ctx);
    }
}

static bool
is_empty_array(const struct jsn *json)
{
    return jsn_type(json) == JSN_ARRAY && !jsn_size(json);
}

/* Runs 'text' on the published rows. */
static char *
query_rows(struct ctl_context *ctx, const char *text, struct jsn **answer)
{
    struct query_result result;
    struct query *query;
    struct topo *topo;
    char *error = query_parse(text, &query);

    if (error) {
        return error;
    }
    /* Nodes bring the name of their host: this topology is of all. */
    topo = topo_create("");
    db_ctl_load_topo(ctx, topo);
    error = query_run(query, topo, &result);
    if (!error) {
        *answer = query_result_to_json(&result);
        query_result_uninit(&result);
        if (is_empty_array(*answer) && !db_ctl_conf(ctx)->oneline) {
            cli_say_why(query_why_nothing(query, topo));
        }
    }
    topo_destroy(topo);
    query_destroy(query);
    return error;
}

static void
put_cell(struct table *table, const struct jsn *value)
{
    const char *string = jsn_to_c_string(value);

    table_add_cell(table)->text = (string ? words_clean(string)
                                   : jsn_to_text(value, false));
}

/* The columns that tell nodes, or edges, apart. */
static void
put_objects(struct table *table, const struct jsn *array)
{
    static const char *const of_nodes[] = { "ID", "Host", "Type", "Name" };
    static const char *const of_edges[] = {
        "ID", "Host", "Parent", "Child", "RelationType" };
    bool edges = jsn_get(jsn_at(array, 0), "Parent") != NULL;
    const char *const *names = edges ? of_edges : of_nodes;
    size_t n = edges ? ARRAY_SIZE(of_edges) : ARRAY_SIZE(of_nodes);

    for (size_t i = 0; i < n; i++) {
        table_add_column(table, "%s", names[i]);
    }
    for (size_t row = 0; row < jsn_size(array); row++) {
        const struct jsn *object = jsn_at(array, row);
        const struct jsn *meta = jsn_get(object, "Metadata");

        table_add_row(table);
        for (size_t i = 0; i < n; i++) {
            const struct jsn *value = jsn_get(object, names[i]);

            put_cell(table, value ? value : jsn_get(meta, names[i]));
        }
    }
}

/* Their nodes, each path from its start to its end. */
static void
put_paths(struct table *table, const struct jsn *paths)
{
    struct jsn *nodes = jsn_array();

    for (size_t i = 0; i < jsn_size(paths); i++) {
        const struct jsn *path = jsn_at(paths, i);

        for (size_t j = 0; j < jsn_size(path); j++) {
            jsn_add(nodes, jsn_clone(jsn_at(path, j)));
        }
    }
    put_objects(table, nodes);
    jsn_destroy(nodes);
}

static void
put_query_table(struct ctl_context *ctx, const struct jsn *answer)
{
    struct table table;

    table_init(&table);
    if (jsn_type(jsn_at(answer, 0)) == JSN_ARRAY
        && jsn_get(jsn_at(jsn_at(answer, 0), 0), "Metadata")) {
        put_paths(&table, answer);
    } else if (jsn_type(answer) != JSN_ARRAY) {
        table_add_column(&table, "Number");
        table_add_row(&table);
        put_cell(&table, answer);
    } else if (jsn_get(jsn_at(answer, 0), "Metadata")) {
        put_objects(&table, answer);
    } else {
        table_add_column(&table, "Value");
        for (size_t i = 0; i < jsn_size(answer); i++) {
            table_add_row(&table);
            put_cell(&table, jsn_at(answer, i));
        }
    }
    db_ctl_put_table(ctx, &table);
}

void
cli_query(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    struct jsn *answer = NULL;
    char *error = (conf->is_local
                   ? cli_agent_ask("query", ctx->argv[1], 0, &answer)
                   : query_rows(ctx, ctx->argv[1], &answer));

    /* One line is for programs, which know what they ask for. */
    if (!error && conf->is_local && !conf->oneline
        && is_empty_array(answer)) {
        cli_say_why(cli_why_nothing(ctx->argv[1], NULL));
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    } else if (conf->format_given && conf->style.format != TF_JSON) {
        put_query_table(ctx, answer);
    } else {
        db_ctl_put_json(ctx, answer);
    }
    jsn_destroy(answer);
}

/* ## topology ## */

void
cli_pre_topology(struct ctl_context *ctx)
{
    db_ctl_pre_overlays(ctx);
    if (!db_ctl_conf(ctx)->is_local) {
        db_ctl_pre_topo(ctx);
    }
}

/* A tap may be of another host, or its node gone since: leaves in front those
 * whose node is in 'topo', and returns their number. */
static size_t
keep_known(struct topo_overlay *overlays, size_t n, const struct topo *topo)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (topo_find_node(topo, overlays[i].node_id)) {
            struct topo_overlay tmp = overlays[kept];

            overlays[kept++] = overlays[i];
            overlays[i] = tmp;
        }
    }
    return kept;
}

/* Stores in '*nodes', which the caller frees, what 'word' is: a point, or a
 * namespace.  NULL, or an error text that the caller frees. */
static char *
find_part(const struct topo *topo, const char *word,
          const struct topo_node ***nodes, size_t *n)
{
    struct query_result result;
    struct query *query;
    char *error = query_parse(word, &query);

    *nodes = NULL;
    *n = 0;
    if (error) {
        return error;
    }
    error = query_select(query, topo, &result);
    if (!error && !result.n) {
        char *text = xasprintf("G.V().Has('Type','netns','Name','%s')", word);
        struct query *netns;

        query_result_uninit(&result);
        error = query_parse(text, &netns);
        error = error ? error : query_select(netns, topo, &result);
        free(text);
        query_destroy(netns);
    }
    if (!error && !result.n) {
        error = query_why_nothing(query, topo);
    }
    if (!error) {
        *nodes = xmemdup(result.nodes, result.n * sizeof *result.nodes);
        *n = result.n;
    }
    query_result_uninit(&result);
    query_destroy(query);
    return error;
}

static void
put_topology(struct ctl_context *ctx, const char *format,
             const struct topo *topo)
{
    size_t n, n_known;
    struct topo_overlay *overlays = db_ctl_overlays(ctx, &n);

    n_known = keep_known(overlays, n, topo);
    if (!strcmp(format, "text")) {
        topo_format_text(topo, overlays, n_known, &ctx->output);
    } else if (!strcmp(format, "dot")) {
        topo_format_dot(topo, overlays, n_known, &ctx->output);
    } else {
        struct jsn *json = topo_to_json(topo, overlays, n_known);

        db_ctl_put_json(ctx, json);
        jsn_destroy(json);
    }
    db_ctl_free_overlays(overlays, n);
}

static void
refuse_part(struct ctl_context *ctx, const char *word, const char *why)
{
    ctl_error(ctx, "topology: expected \"text\", \"dot\" or \"json\", not "
              "\"%s\", or what is there: %s", word, why);
}

/* Puts the part of 'topo' that 'word' says, NULL for all of it, with large
 * bridges folded where it is for people. */
static void
put_part(struct ctl_context *ctx, const char *format, const char *word,
         const struct topo *topo)
{
    bool fold = strcmp(format, "json") && !shash_find(&ctx->options, "--all");
    const struct topo_node **nodes = NULL;
    struct topo_overlay *overlays;
    size_t n = 0, n_overlays;
    char *error = word ? find_part(topo, word, &nodes, &n) : NULL;

    if (error) {
        refuse_part(ctx, word, error);
        free(error);
        return;
    }
    overlays = db_ctl_overlays(ctx, &n_overlays);

    struct topo *view = topo_create("");
    topo_view(view, topo, nodes, n, overlays, n_overlays, fold);
    put_topology(ctx, format, view);
    topo_destroy(view);
    db_ctl_free_overlays(overlays, n_overlays);
    free(nodes);
}

/* The topology of this host, or of the database; NULL with an error in
 * 'ctx'. */
static struct topo *
load_topology(struct ctl_context *ctx)
{
    struct topo *topo = topo_create("");
    struct jsn *answer = NULL;
    char *error = NULL;

    if (db_ctl_conf(ctx)->is_local) {
        error = cli_agent_ask("topology", NULL, 0, &answer);
    } else {
        db_ctl_load_topo(ctx, topo);
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
        topo_destroy(topo);
        topo = NULL;
    } else if (answer) {
        topo_from_json(topo, answer);
    }
    jsn_destroy(answer);
    return topo;
}

void
cli_topology(struct ctl_context *ctx)
{
    const struct db_ctl_conf *conf = db_ctl_conf(ctx);
    const char *format = (conf->format_given && conf->style.format == TF_JSON
                          ? "json" : "text");
    const char *first = ctx->argc > 1 ? ctx->argv[1] : "";
    bool is_format = (!strcmp(first, "text") || !strcmp(first, "dot")
                      || !strcmp(first, "json"));
    int i = is_format ? 2 : 1;
    const char *word = ctx->argc > i ? ctx->argv[i] : NULL;
    struct topo *topo;

    if (ctx->argc > i + 1) {
        ctl_error(ctx, "topology: expected \"text\", \"dot\" or \"json\", not "
                  "\"%s\"", first);
        return;
    }
    topo = load_topology(ctx);
    if (!topo && word && !is_format) {
        /* Nobody can tell whether it is the name of anything. */
        char *error = ctx->error;

        ctx->error = NULL;
        refuse_part(ctx, word, error);
        free(error);
    } else if (topo) {
        put_part(ctx, is_format ? first : format, word, topo);
        topo_destroy(topo);
    }
}
