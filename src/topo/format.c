/* format.c -- a topology as text: a tree by ownership.  See format.h.
 *
 * One node a line, at most 79 columns, what does not fit on lines below it.
 * Also of graphs that were loaded and may be anything: a node is printed once,
 * whatever circles its edges make.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/format.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "base/words.h"

enum { WIDTH = 79, INDENT = 2, MAX_DEPTH = 16 };

struct printer {
    const struct topo_overlay *overlays;
    size_t n_overlays;
    struct sset seen;           /* Ids of the nodes that are printed. */
    struct ds *ds;              /* What was printed. */
    size_t column;              /* Of the line that is being printed. */
    int indent;                 /* Of lines that go on. */
};

static void
continue_below(struct printer *p)
{
    ds_put_char(p->ds, '\n');
    ds_put_char_multiple(p->ds, ' ', p->indent);
    p->column = p->indent;
}

/* Adds 'text', which is clean.  A name may be longer than a line: it goes on
 * below, whole. */
static void
put_text(struct printer *p, const char *text)
{
    for (const char *s = text; *s; s++) {
        bool starts_character = (*s & 0xc0) != 0x80;

        if (p->column >= WIDTH && starts_character) {
            continue_below(p);
        }
        ds_put_char(p->ds, *s);
        p->column++;
    }
}

static void
start_line(struct printer *p, int depth, const char *text)
{
    int indent = depth * INDENT;
    char *clean = words_clean(text);

    ds_put_char_multiple(p->ds, ' ', indent);
    p->column = indent;
    p->indent = indent + 2 * INDENT;
    put_text(p, clean);
    free(clean);
}

/* Adds 'text', which is freed, behind 'blanks' to the line or, if it does not
 * fit, below. */
static void
put_after(struct printer *p, int blanks, char *text)
{
    char *clean = words_clean(text);
    size_t length = strlen(clean);

    if (p->column + blanks + length > WIDTH) {
        continue_below(p);
    } else {
        ds_put_char_multiple(p->ds, ' ', blanks);
        p->column += blanks;
    }
    put_text(p, clean);
    free(clean);
    free(text);
}

static void
put_word(struct printer *p, char *text)
{
    put_after(p, 2, text);
}

/* Adds 'text', which is freed, broken where it has blanks or commas. */
static void
put_words(struct printer *p, char *text)
{
    int blanks = 1;

    for (const char *s = text; *s; ) {
        size_t n = strcspn(s, " ,");

        n += s[n] == ',';
        put_after(p, blanks, xmemdup0(s, n));
        s += n;
        blanks = strspn(s, " ");
        s += blanks;
    }
    free(text);
}

static const struct topo_node *
owner_of(const struct topo_node *node)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, in_node, &node->in) {
        if (!strcmp(edge->relation, "ownership")) {
            return edge->parent;
        }
    }
    return NULL;
}

/* NETNS/NAME, or NAME for what is not in a namespace of its own. */
static char *
label(const char *prefix, const struct topo_node *node)
{
    const struct topo_node *owner = owner_of(node);

    return (owner && !strcmp(owner->type, "netns")
            ? xasprintf("%s %s/%s", prefix, owner->name, node->name)
            : xasprintf("%s %s", prefix, node->name));
}

/* What the edge to or from 'other' is called on a node's line; NULL: it is not
 * shown there. */
static const char *
edge_word(const struct topo_edge *edge, bool outgoing)
{
    const char *type = topo_map_find_string(&edge->meta, "Type");

    if (!strcmp(edge->relation, "mirroring")) {
        return outgoing ? "mirrored to" : NULL;
    } else if (strcmp(edge->relation, "layer2")) {
        return NULL;
    } else if (type && (!strcmp(type, "veth") || !strcmp(type, "patch"))) {
        return "<->";
    } else if (type) {
        return outgoing ? NULL : "over";
    } else if (!strcmp(edge->parent->type, "ovsbridge")) {
        return NULL;
    } else if (!strcmp(edge->parent->type, "ovsport")) {
        return outgoing ? "is" : "port";
    }
    return outgoing ? NULL : "in";
}

static void
put_edges(struct printer *p, const struct topo_node *node)
{
    struct svec words = SVEC_EMPTY_INITIALIZER;
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &node->out) {
        const char *word = edge_word(edge, true);

        if (word) {
            svec_add_nocopy(&words, label(word, edge->child));
        }
    }
    LIST_FOR_EACH (edge, in_node, &node->in) {
        const char *word = edge_word(edge, false);

        if (word) {
            svec_add_nocopy(&words, label(word, edge->parent));
        }
    }
    svec_sort(&words);
    for (size_t i = 0; i < words.n; i++) {
        put_word(p, xstrdup(words.names[i]));
    }
    svec_destroy(&words);
}

static void
put_addresses(struct printer *p, const struct topo_node *node,
              const char *key)
{
    const struct topo_value *value = topo_map_find(&node->meta, key);

    if (value && value->type == TOPO_LIST) {
        for (size_t i = 0; i < topo_list_n(value); i++) {
            const struct topo_value *address = topo_list_at(value, i);

            /* Every interface has one of these; they say little. */
            if (address->type == TOPO_STRING
                && strncmp(address->string, "fe80:", 5)) {
                put_word(p, xstrdup(address->string));
            }
        }
    }
}

static void
put_overlays(struct printer *p, const struct topo_node *node, int depth)
{
    for (size_t i = 0; i < p->n_overlays; i++) {
        const struct topo_overlay *o = &p->overlays[i];

        if (!strcmp(o->node_id, node->id)) {
            char *text = xasprintf("* capture %s", o->capture);

            start_line(p, depth, text);
            free(text);
            put_words(p, xasprintf("-> %s (%s)", o->target, o->state));
            ds_put_char(p->ds, '\n');
        }
    }
}

/* Who decides about a bridge, as put behind its name. */
static const char *
managed_word(const struct topo_node *node)
{
    const char *by = topo_map_find_string(&node->meta, "Managed");

    return (!by ? NULL
            : !strcmp(by, "ovn") ? "OVN"
            : by);
}

static void
put_line(struct printer *p, const struct topo_node *node, int depth)
{
    const char *state = topo_map_find_string(&node->meta, "State");
    const char *join = topo_map_find_string(&node->meta, "Ovs.Join");
    const char *by = managed_word(node);
    char *text = xasprintf("%s %s%s%s%s", node->type, node->name,
                           by ? " (" : "", by ? by : "", by ? ")" : "");

    start_line(p, depth, text);
    free(text);
    if (state && strcmp(state, "UP") && strcmp(state, "UNKNOWN")) {
        put_word(p, xstrdup(state));
    }
    put_addresses(p, node, "IPV4");
    put_addresses(p, node, "IPV6");
    put_edges(p, node);
    if (join) {
        put_word(p, xasprintf("(kernel device: %s)", join));
    }
    ds_put_char(p->ds, '\n');
    put_overlays(p, node, depth + 1);
}

static void
put_tree(struct printer *p, const struct topo_node *node, int depth)
{
    if (depth > MAX_DEPTH || !sset_add(&p->seen, node->id)) {
        return;
    }
    put_line(p, node, depth);

    const struct topo_node **owned = xmalloc((ovs_list_size(&node->out) + 1)
                                             * sizeof *owned);
    const struct topo_edge *edge;
    size_t n = 0;

    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (!strcmp(edge->relation, "ownership")) {
            owned[n++] = edge->child;
        }
    }
    topo_nodes_sort(owned, n);
    for (size_t i = 0; i < n; i++) {
        put_tree(p, owned[i], depth + 1);
    }
    free(owned);
}

void
topo_format_text(const struct topo *topo, const struct topo_overlay *overlays,
                 size_t n_overlays, struct ds *ds)
{
    struct printer p = {
        .overlays = overlays,
        .n_overlays = n_overlays,
        .seen = SSET_INITIALIZER(&p.seen),
        .ds = ds,
    };
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);

    for (size_t i = 0; i < n; i++) {
        if (!owner_of(nodes[i])) {
            put_tree(&p, nodes[i], 0);
        }
    }
    /* Those that only circles lead to. */
    for (size_t i = 0; i < n; i++) {
        put_tree(&p, nodes[i], 0);
    }
    free(nodes);
    sset_destroy(&p.seen);
}
