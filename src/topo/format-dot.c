/* format-dot.c -- a topology as a picture, in Graphviz's language.  See
 * format.h.
 *
 * What owns others is a frame around them: the host, each namespace, each
 * bridge.  A port and its only interface of the same name are one box, and a
 * bridge, its local port and that port's device are one; what is connected to
 * nothing (the loopback device of each namespace) is left out.  Captures are
 * arrows to their collectors, in the colour of their state.
 *
 * Names come from the kernel and from databases and may be any bytes: they are
 * quoted here and nowhere else.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/format.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "base/words.h"

struct picture {
    const struct topo *topo;
    const struct topo_node **nodes;
    size_t n_nodes;
    const struct topo_overlay *overlays;
    size_t n_overlays;
    struct ds *ds;
};

static void
put_escaped(struct ds *ds, const char *s)
{
    char *clean = words_clean(s);

    for (const char *p = clean; *p; p++) {
        if (*p == '"' || *p == '\\') {
            ds_put_char(ds, '\\');
        }
        ds_put_char(ds, *p);
    }
    free(clean);
}

static void
put_quoted(struct ds *ds, const char *prefix, const char *s)
{
    ds_put_format(ds, "\"%s", prefix);
    put_escaped(ds, s);
    ds_put_char(ds, '"');
}

/* ## What is one box, and in which frame. ## */

static bool
has_type(const struct topo_node *node, const char *type)
{
    return node && !strcmp(node->type, type);
}

static const struct topo_node *
parent_by(const struct topo_node *node, const char *relation,
          const char *type)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, in_node, &node->in) {
        if (!strcmp(edge->relation, relation)
            && (!type || has_type(edge->parent, type))) {
            return edge->parent;
        }
    }
    return NULL;
}

/* The interface of 'port' that is drawn as the port, or NULL. */
static const struct topo_node *
only_interface(const struct topo_node *port)
{
    const struct topo_node *found = NULL;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &port->out) {
        if (!strcmp(edge->relation, "layer2")) {
            if (found) {
                return NULL;
            }
            found = edge->child;
        }
    }
    return (found && !strcmp(found->name, port->name)
            && !has_type(parent_by(found, "ownership", NULL), "netns")
            ? found : NULL);
}

/* The node whose box stands for 'node'. */
static const struct topo_node *
box_of(const struct topo_node *node)
{
    const struct topo_node *port = (has_type(node, "ovsport") ? node
                                    : parent_by(node, "layer2", "ovsport"));
    const struct topo_node *bridge, *only;

    if (!port) {
        return node;
    }
    bridge = parent_by(port, "ownership", "ovsbridge");
    only = only_interface(port);
    if (bridge && !strcmp(bridge->name, port->name)
        && (node == port || node == only)) {
        return bridge;
    }
    return node == port && only ? only : node;
}

/* The frame around the box of 'node': a bridge, a namespace or a host. */
static const struct topo_node *
frame_of(const struct topo_node *node)
{
    const struct topo_node *owner = parent_by(node, "ownership", NULL);
    const struct topo_node *port = parent_by(node, "layer2", "ovsport");

    if (has_type(node, "ovsbridge")) {
        return node;
    } else if (port && only_interface(port) == node) {
        return parent_by(port, "ownership", "ovsbridge");
    }
    return owner;
}

static bool
is_tapped(const struct picture *p, const struct topo_node *node)
{
    for (size_t i = 0; i < p->n_overlays; i++) {
        const struct topo_node *at = topo_find_node(p->topo,
                                                    p->overlays[i].node_id);
        if (at && box_of(at) == node) {
            return true;
        }
    }
    return false;
}

static bool
is_connected(const struct topo_node *node)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (strcmp(edge->relation, "ownership")) {
            return true;
        }
    }
    LIST_FOR_EACH (edge, in_node, &node->in) {
        if (strcmp(edge->relation, "ownership")) {
            return true;
        }
    }
    return false;
}

static bool
is_drawn(const struct picture *p, const struct topo_node *node)
{
    bool frame_only = has_type(node, "host") || has_type(node, "netns");

    return (box_of(node) == node
            && (has_type(node, "ovsbridge") || is_tapped(p, node)
                || (!frame_only && is_connected(node))));
}

/* ## Boxes and frames. ## */

static void
put_box(struct picture *p, const struct topo_node *node, int depth)
{
    bool bridge = has_type(node, "ovsbridge");
    const char *style = (bridge ? "shape=box3d, fillcolor=\"#9fc5e8\""
                         : has_type(node, "ovsport")
                         ? "shape=box, fillcolor=\"#cfe2f3\""
                         : "shape=box, style=\"filled,rounded\", "
                           "fillcolor=\"#d9ead3\"");
    const struct topo_value *ips = topo_map_find(&node->meta, "IPV4");

    ds_put_char_multiple(p->ds, ' ', 4 * depth);
    put_quoted(p->ds, "", node->id);
    ds_put_cstr(p->ds, " [label=\"");
    put_escaped(p->ds, node->name);
    ds_put_cstr(p->ds, "\\n");
    put_escaped(p->ds, bridge ? "bridge" : node->type);
    if (ips && ips->type == TOPO_LIST && topo_list_n(ips)
        && topo_list_at(ips, 0)->type == TOPO_STRING) {
        ds_put_cstr(p->ds, "\\n");
        put_escaped(p->ds, topo_list_at(ips, 0)->string);
    }
    ds_put_format(p->ds, "\", %s];\n", style);
}

/* Boxes in 'frame', except a bridge, which has a frame of its own. */
static void
put_boxes(struct picture *p, const struct topo_node *frame, int depth)
{
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct topo_node *node = p->nodes[i];

        if (is_drawn(p, node) && frame_of(node) == frame) {
            put_box(p, node, depth);
        }
    }
}

static void put_frames(struct picture *, const struct topo_node *owner,
                       int depth);

static void
put_frame(struct picture *p, const struct topo_node *frame, int depth)
{
    bool netns = has_type(frame, "netns");
    bool bridge = has_type(frame, "ovsbridge");

    ds_put_char_multiple(p->ds, ' ', 4 * depth);
    ds_put_cstr(p->ds, "subgraph ");
    put_quoted(p->ds, "cluster ", frame->id);
    ds_put_cstr(p->ds, " {\n");
    ds_put_char_multiple(p->ds, ' ', 4 * (depth + 1));
    ds_put_cstr(p->ds, "label=");
    put_quoted(p->ds, bridge ? "" : netns ? "namespace " : "host ",
               bridge ? "" : frame->name);
    ds_put_format(p->ds, "; style=\"filled,rounded\"; color=\"#999999\"; "
                  "fillcolor=\"%s\";\n",
                  bridge ? "#eef4fb" : netns ? "#fdf6e3" : "#f7f7f7");
    put_boxes(p, frame, depth + 1);
    if (!bridge) {
        put_frames(p, frame, depth + 1);
    }
    ds_put_char_multiple(p->ds, ' ', 4 * depth);
    ds_put_cstr(p->ds, "}\n");
}

static bool
has_boxes(const struct picture *p, const struct topo_node *frame)
{
    for (size_t i = 0; i < p->n_nodes; i++) {
        if (is_drawn(p, p->nodes[i]) && frame_of(p->nodes[i]) == frame) {
            return true;
        }
    }
    return false;
}

/* The frames in that of 'owner'.  A namespace stands beside the host that has
 * it: that is how people draw it. */
static void
put_frames(struct picture *p, const struct topo_node *owner, int depth)
{
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct topo_node *node = p->nodes[i];

        if (owner ? (has_type(node, "ovsbridge")
                     && parent_by(node, "ownership", NULL) == owner)
            : (has_type(node, "host")
               || (has_type(node, "netns") && has_boxes(p, node)))) {
            put_frame(p, node, depth);
        }
    }
}

/* ## Lines. ## */

static void
put_edge(struct picture *p, const struct topo_edge *edge)
{
    const struct topo_node *from = box_of(edge->parent);
    const struct topo_node *to = box_of(edge->child);
    const char *type = topo_map_find_string(&edge->meta, "Type");
    bool mirroring = !strcmp(edge->relation, "mirroring");

    if (!strcmp(edge->relation, "ownership") || from == to
        || !is_drawn(p, from) || !is_drawn(p, to)) {
        return;
    }
    ds_put_cstr(p->ds, "    ");
    put_quoted(p->ds, "", from->id);
    ds_put_cstr(p->ds, " -> ");
    put_quoted(p->ds, "", to->id);
    if (mirroring) {
        ds_put_cstr(p->ds, " [style=dashed, label=\"mirror\"];\n");
    } else if (type) {
        ds_put_cstr(p->ds, " [dir=none, penwidth=1.5, label=");
        put_quoted(p->ds, "", type);
        ds_put_cstr(p->ds, "];\n");
    } else {
        ds_put_cstr(p->ds, " [dir=none];\n");
    }
}

static const char *
state_style(const char *state)
{
    static const struct {
        const char *state;
        const char *style;
    } styles[] = {
        { "active", "color=\"#2e7d32\", fontcolor=\"#2e7d32\"" },
        { "pending", "color=\"#e69138\", fontcolor=\"#b45f06\"" },
        { "failed", "color=\"#c00000\", fontcolor=\"#c00000\", "
                    "style=dashed" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(styles); i++) {
        if (!strcmp(state, styles[i].state)) {
            return styles[i].style;
        }
    }
    return "color=\"#888888\", fontcolor=\"#666666\", style=dotted";
}

/* A collector is one node, however many captures go there. */
static void
put_overlay(struct picture *p, const struct topo_overlay *o)
{
    const struct topo_node *node = topo_find_node(p->topo, o->node_id);

    if (!node) {
        return;
    }
    node = box_of(node);
    ds_put_cstr(p->ds, "    ");
    put_quoted(p->ds, "to ", o->target);
    ds_put_cstr(p->ds, " [label=");
    put_quoted(p->ds, "", o->target);
    ds_put_cstr(p->ds, ", shape=cylinder, fillcolor=\"#fff2cc\"];\n    ");
    if (is_drawn(p, node)) {
        put_quoted(p->ds, "", node->id);
        ds_put_cstr(p->ds, " -> ");
        put_quoted(p->ds, "to ", o->target);
        ds_put_cstr(p->ds, " [penwidth=2, label=\"");
        put_escaped(p->ds, o->capture);
        ds_put_cstr(p->ds, "\\n");
        put_escaped(p->ds, o->state);
        ds_put_format(p->ds, "\", %s];\n", state_style(o->state));
    }
}

void
topo_format_dot(const struct topo *topo, const struct topo_overlay *overlays,
                size_t n_overlays, struct ds *ds)
{
    struct picture p = { .topo = topo, .overlays = overlays,
                         .n_overlays = n_overlays, .ds = ds };
    size_t n;

    p.nodes = topo_nodes(topo, &p.n_nodes);
    ds_put_cstr(ds, "digraph topology {\n"
                "    rankdir=LR; nodesep=0.3; ranksep=0.6;\n"
                "    fontname=\"sans-serif\"; fontsize=12;\n"
                "    node [style=filled, fontname=\"sans-serif\", "
                "fontsize=11];\n"
                "    edge [fontname=\"sans-serif\", fontsize=9];\n");
    put_frames(&p, NULL, 1);
    put_boxes(&p, NULL, 1);

    const struct topo_edge **edges = topo_edges(topo, &n);

    for (size_t i = 0; i < n; i++) {
        put_edge(&p, edges[i]);
    }
    free(edges);
    for (size_t i = 0; i < n_overlays; i++) {
        put_overlay(&p, &overlays[i]);
    }
    ds_put_cstr(ds, "}\n");
    free(p.nodes);
}
