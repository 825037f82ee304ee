/* topo.c -- the published topology, and the taps to draw into one.
 *
 * For query and topology of src/cli, when the database is of other hosts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <stdlib.h>
#include "base/json.h"
#include "ovsdb/ctl/absent.h"
#include "ovsdb/ctl/rows.h"
#include "topo/format.h"
#include "topo/topo.h"

void
db_ctl_pre_topo(struct ctl_context *ctx)
{
    for (int i = 0; i < SPANREC_NODE_N_COLUMNS; i++) {
        ovsdb_idl_add_column(ctx->idl, &spanrec_node_columns[i]);
    }
    for (int i = 0; i < SPANREC_EDGE_N_COLUMNS; i++) {
        ovsdb_idl_add_column(ctx->idl, &spanrec_edge_columns[i]);
    }
}

/* The column 'metadata' holds the text of a JSON object.  What is none reads
 * as an empty one: any client may have written it. */
static void
metadata_from_text(struct topo_map *meta, const char *text)
{
    struct jsn *json;
    char *error = jsn_parse(text, &json);

    topo_map_init(meta);
    if (jsn_type(json) == JSN_OBJECT) {
        topo_map_from_json(meta, json);
    }
    jsn_destroy(json);
    free(error);
}

void
db_ctl_load_topo(struct ctl_context *ctx, struct topo *topo)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;
    struct topo_map meta;

    /* Edges second: one whose ends are unknown would be dropped. */
    SPANREC_NODE_FOR_EACH (node, ctx->idl) {
        metadata_from_text(&meta, node->metadata);
        topo_load_node(topo, node->host, node->id, node->type, node->name,
                       &meta);
    }
    SPANREC_EDGE_FOR_EACH (edge, ctx->idl) {
        metadata_from_text(&meta, edge->metadata);
        topo_load_edge(topo, NULL, edge->parent, edge->child,
                       edge->relation, &meta);
    }
}

void
db_ctl_pre_overlays(struct ctl_context *ctx)
{
    ctl_add_tap_columns(ctx->idl);
    ctl_add_host_columns(ctx->idl);
}

struct topo_overlay *
db_ctl_overlays(struct ctl_context *ctx, size_t *n)
{
    struct topo_overlay *overlays;
    const struct spanrec_tap **taps;
    struct smap absent;

    ctl_absent_init(&absent, ctx->idl);
    taps = ctl_taps(ctx->idl, NULL, n);
    overlays = xmalloc(MAX(*n, 1) * sizeof *overlays);
    for (size_t i = 0; i < *n; i++) {
        overlays[i] = (struct topo_overlay) {
            .node_id = xstrdup(taps[i]->node),
            .capture = xstrdup(taps[i]->capture_name),
            .target = ctl_target_text(taps[i]->target),
            .state = xstrdup(ctl_view_tap(taps[i], &absent).state),
        };
    }
    free(taps);
    smap_destroy(&absent);
    return overlays;
}

void
db_ctl_free_overlays(struct topo_overlay *overlays, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(CONST_CAST(char *, overlays[i].node_id));
        free(CONST_CAST(char *, overlays[i].capture));
        free(CONST_CAST(char *, overlays[i].target));
        free(CONST_CAST(char *, overlays[i].state));
    }
    free(overlays);
}
