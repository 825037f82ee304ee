/* format-dot.c -- a topology in Graphviz's language.  See format.h.
 *
 * Names come from the kernel and from databases and may be any bytes: they are
 * quoted here and nowhere else.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/format.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"

/* What of 's' is no UTF-8 is replaced, as in JSON; dot would refuse it. */
static void
put_escaped(struct ds *ds, const char *s)
{
    struct jsn *json = jsn_string(s);

    for (const char *p = jsn_to_c_string(json); *p; p++) {
        if (*p == '"' || *p == '\\') {
            ds_put_char(ds, '\\');
        }
        ds_put_char(ds, (unsigned char) *p < ' ' ? ' ' : *p);
    }
    jsn_destroy(json);
}

static void
put_quoted(struct ds *ds, const char *prefix, const char *s)
{
    ds_put_format(ds, "\"%s", prefix);
    put_escaped(ds, s);
    ds_put_char(ds, '"');
}

static const char *
node_style(const struct topo_node *node)
{
    static const struct {
        const char *type;
        const char *style;
    } styles[] = {
        { "host", "shape=house, fillcolor=\"#e8e8e8\"" },
        { "netns", "shape=folder, fillcolor=\"#f5ecd0\"" },
        { "ovsbridge", "shape=box3d, fillcolor=\"#cfe2f3\"" },
        { "ovsport", "shape=box, fillcolor=\"#e3eefa\"" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(styles); i++) {
        if (!strcmp(node->type, styles[i].type)) {
            return styles[i].style;
        }
    }
    return "shape=ellipse, fillcolor=\"#e2f0d9\"";
}

static void
put_node(struct ds *ds, const struct topo_node *node)
{
    ds_put_cstr(ds, "    ");
    put_quoted(ds, "", node->id);
    ds_put_cstr(ds, " [label=\"");
    put_escaped(ds, node->name);
    ds_put_cstr(ds, "\\n");
    put_escaped(ds, node->type);
    ds_put_format(ds, "\", %s];\n", node_style(node));
}

static void
put_edge(struct ds *ds, const struct topo_edge *edge)
{
    const char *type = topo_map_find_string(&edge->meta, "Type");
    bool owns = !strcmp(edge->relation, "ownership");

    ds_put_cstr(ds, "    ");
    put_quoted(ds, "", edge->parent->id);
    ds_put_cstr(ds, " -> ");
    put_quoted(ds, "", edge->child->id);
    if (owns) {
        ds_put_cstr(ds, " [style=dotted, arrowhead=none];\n");
    } else {
        bool mirroring = !strcmp(edge->relation, "mirroring");

        ds_put_format(ds, " [%s, label=",
                      mirroring ? "style=dashed" : "dir=none");
        put_quoted(ds, "", type ? type : "");
        ds_put_cstr(ds, "];\n");
    }
}

/* A collector is one node, however many captures go there. */
static void
put_overlay(struct ds *ds, const struct topo_overlay *o)
{
    ds_put_cstr(ds, "    ");
    put_quoted(ds, "to ", o->target);
    ds_put_cstr(ds, " [label=");
    put_quoted(ds, "", o->target);
    ds_put_cstr(ds, ", shape=cylinder, fillcolor=\"#fbd5d5\"];\n    ");
    put_quoted(ds, "", o->node_id);
    ds_put_cstr(ds, " -> ");
    put_quoted(ds, "to ", o->target);
    ds_put_cstr(ds, " [color=\"#c00000\", penwidth=2, label=\"");
    put_escaped(ds, o->capture);
    ds_put_cstr(ds, "\\n");
    put_escaped(ds, o->state);
    ds_put_cstr(ds, "\"];\n");
}

void
topo_format_dot(const struct topo *topo, const struct topo_overlay *overlays,
                size_t n_overlays, struct ds *ds)
{
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);

    ds_put_cstr(ds, "digraph topology {\n"
                "    rankdir=LR;\n"
                "    node [style=filled, fontname=\"sans-serif\"];\n"
                "    edge [fontname=\"sans-serif\", fontsize=10];\n");
    for (size_t i = 0; i < n; i++) {
        put_node(ds, nodes[i]);
    }
    free(nodes);

    const struct topo_edge **edges = topo_edges(topo, &n);

    for (size_t i = 0; i < n; i++) {
        put_edge(ds, edges[i]);
    }
    free(edges);
    for (size_t i = 0; i < n_overlays; i++) {
        if (topo_find_node(topo, overlays[i].node_id)) {
            put_overlay(ds, &overlays[i]);
        }
    }
    ds_put_cstr(ds, "}\n");
}
