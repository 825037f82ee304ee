/* points.c -- list-points: what can be typed for a selector.  See points.h.
 *
 * Of this host the daemon tells which points there are, else the rows that the
 * hosts publish; who watches them are the taps of the database.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/points.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/nearest.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/agent.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/output.h"
#include "query/query.h"
#include "topo/format.h"
#include "topo/topo.h"

static char *
ask_daemon(const char *pattern, struct jsn **points)
{
    struct jsn *request = jsn_object();
    char *text, *error;

    if (pattern) {
        jsn_put_string(request, "pattern", pattern);
    }
    text = jsn_to_text(request, false);
    error = cli_agent_ask("points", text, 0, points);
    free(text);
    jsn_destroy(request);
    return error;
}

static struct jsn *
read_rows(struct ctl_context *ctx, const char *pattern)
{
    struct topo *topo = topo_create("");
    struct jsn *points;

    db_ctl_load_topo(ctx, topo);
    points = query_points_to_json(topo, pattern);
    topo_destroy(topo);
    return points;
}

static struct jsn *
get_points(struct ctl_context *ctx, const char *pattern)
{
    struct jsn *points = NULL;
    char *error = NULL;

    if (db_ctl_conf(ctx)->is_local) {
        error = ask_daemon(pattern, &points);
    } else {
        points = read_rows(ctx, pattern);
    }
    if (error) {
        ctl_error(ctx, "%s", error);
        free(error);
    }
    return points;
}

/* ## Who watches. ## */

/* The names of captures by the node that they watch: 'struct sset's. */
static void
read_watchers(struct ctl_context *ctx, struct shash *watchers)
{
    struct topo_overlay *overlays;
    size_t n;

    overlays = db_ctl_overlays(ctx, &n);
    for (size_t i = 0; i < n; i++) {
        struct sset *names = shash_find_data(watchers, overlays[i].node_id);

        if (!names) {
            names = xmalloc(sizeof *names);
            sset_init(names);
            shash_add(watchers, overlays[i].node_id, names);
        }
        sset_add(names, overlays[i].capture);
    }
    db_ctl_free_overlays(overlays, n);
}

static void
free_watchers(struct shash *watchers)
{
    struct shash_node *node;

    SHASH_FOR_EACH (node, watchers) {
        sset_destroy(node->data);
    }
    shash_destroy_free_data(watchers);
}

/* The captures at the point, which a tap may know as its device. */
static char *
watchers_of(const struct jsn *point, const struct shash *watchers)
{
    static const char *const keys[] = { "id", "device" };
    struct sset all = SSET_INITIALIZER(&all);
    char *text;

    for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
        const struct sset *names = shash_find_data(
            watchers, jsn_get_string(point, keys[i], ""));
        const char *name;

        if (names) {
            SSET_FOR_EACH (name, names) {
                sset_add(&all, name);
            }
        }
    }
    text = sset_join(&all, ",", "");
    sset_destroy(&all);
    return text;
}

/* ## The table. ## */

/* Points of more than one host need to be told apart. */
static bool
has_hosts(const struct jsn *points)
{
    const char *first = jsn_get_string(jsn_at(points, 0), "host", "");

    for (size_t i = 1; i < jsn_size(points); i++) {
        if (strcmp(first, jsn_get_string(jsn_at(points, i), "host", ""))) {
            return true;
        }
    }
    return false;
}

static void
put_points(struct ctl_context *ctx, const struct jsn *points)
{
    static const char *const columns[] = {
        "host", "point", "type", "address", "state" };
    struct shash watchers = SHASH_INITIALIZER(&watchers);
    size_t first = has_hosts(points) ? 0 : 1;
    struct table table;

    read_watchers(ctx, &watchers);
    table_init(&table);
    for (size_t i = first; i < ARRAY_SIZE(columns); i++) {
        table_add_column(&table, "%s", columns[i]);
    }
    table_add_column(&table, "watched by");
    for (size_t row = 0; row < jsn_size(points); row++) {
        const struct jsn *point = jsn_at(points, row);

        table_add_row(&table);
        for (size_t i = first; i < ARRAY_SIZE(columns); i++) {
            table_add_cell(&table)->text = xstrdup(
                jsn_get_string(point, columns[i], ""));
        }
        table_add_cell(&table)->text = watchers_of(point, &watchers);
    }
    db_ctl_put_table(ctx, &table);
    free_watchers(&watchers);
}

/* Says what is near to a pattern that fits nothing. */
static void
say_nothing_fits(struct ctl_context *ctx, const char *pattern)
{
    struct jsn *points = get_points(ctx, NULL);
    struct ds line = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    nearest_init(&nearest, pattern);
    for (size_t i = 0; i < jsn_size(points); i++) {
        nearest_offer(&nearest,
                      jsn_get_string(jsn_at(points, i), "point", ""));
    }
    ds_put_format(&line, "no point fits \"%s\"", pattern);
    nearest_ask(&nearest, &line);
    ovs_error(0, "%s", ds_cstr(&line));
    ds_destroy(&line);
    jsn_destroy(points);
}

void
cli_list_points(struct ctl_context *ctx)
{
    const char *pattern = ctx->argc > 1 ? ctx->argv[1] : NULL;
    struct jsn *points = get_points(ctx, pattern);

    if (points) {
        put_points(ctx, points);
        if (!jsn_size(points) && pattern) {
            say_nothing_fits(ctx, pattern);
        }
    }
    jsn_destroy(points);
}
