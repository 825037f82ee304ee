/* graph-rows.c -- the rows of one node, or of the edges from one to another.
 *
 * Called by publish.c, which knows what may differ.  Rows of this host that
 * say something else than the graph are changed or replaced, those that
 * nobody owns or that are there twice are deleted, as many as may be written.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/json.h"
#include "base/ovs.h"

static char *
meta_to_text(const struct topo_map *meta)
{
    struct jsn *json = topo_map_to_json(meta);
    char *text = jsn_to_text(json, false);

    jsn_destroy(json);
    return text;
}

/* Takes one of the rows that may be written; false if there is none left. */
static bool
take(struct db_pass *pass)
{
    return pass->left && pass->left--;
}

/* Writes 'node' into 'row', or a new one; false if there is no room. */
static bool
write_node(struct db_pass *pass, const struct spanrec_node *row,
           const struct topo_node *node)
{
    char *meta = meta_to_text(&node->meta);
    bool same = (row && !strcmp(row->metadata, meta)
                 && !strcmp(row->type, node->type)
                 && !strcmp(row->name, node->name));
    bool ok = same || take(pass);

    if (ok && !same) {
        if (!row) {
            row = spanrec_node_insert(pass->txn);
            spanrec_node_set_host(row, pass->db->host);
            spanrec_node_set_id(row, node->id);
            pass->db->ops.rows_added++;
        }
        spanrec_node_set_type(row, node->type);
        spanrec_node_set_name(row, node->name);
        spanrec_node_set_metadata(row, meta);
    }
    free(meta);
    return ok;
}

bool
db_publish_node(struct db_pass *pass, const char *id)
{
    struct ovsdb_idl_index *index = pass->db->pub.node_index;
    const struct topo_node *node = topo_find_node(pass->topo, id);
    struct spanrec_node *key = spanrec_node_index_init_row(index);
    const struct spanrec_node *row, *kept = NULL, **extra = NULL;
    size_t n = 0, allocated = 0;
    bool ok = true;

    spanrec_node_index_set_id(key, id);
    SPANREC_NODE_FOR_EACH_EQUAL (row, key, index) {
        if (strcmp(row->host, pass->db->host)) {
            continue;
        } else if (node && !kept) {
            kept = row;
        } else {
            if (n >= allocated) {
                extra = x2nrealloc(extra, &allocated, sizeof *extra);
            }
            extra[n++] = row;
        }
    }
    spanrec_node_index_destroy_row(key);
    for (size_t i = 0; i < n && (ok = take(pass)); i++) {
        spanrec_node_delete(extra[i]);
        pass->db->ops.rows_removed++;
    }
    free(extra);
    return ok && (!node || write_node(pass, kept, node));
}

/* The rows of the edges from one node to another. */
struct edge_rows {
    const struct spanrec_edge **rows;   /* NULL: it has found its edge. */
    size_t n, allocated;
};

static void
find_edge_rows(struct db_pass *pass, const char *parent, const char *child,
               struct edge_rows *found)
{
    struct ovsdb_idl_index *index = pass->db->pub.edge_index;
    struct spanrec_edge *key = spanrec_edge_index_init_row(index);
    const struct spanrec_edge *row;

    spanrec_edge_index_set_parent(key, parent);
    spanrec_edge_index_set_child(key, child);
    SPANREC_EDGE_FOR_EACH_EQUAL (row, key, index) {
        if (!strcmp(row->host, pass->db->host)) {
            if (found->n >= found->allocated) {
                found->rows = x2nrealloc(found->rows, &found->allocated,
                                         sizeof *found->rows);
            }
            found->rows[found->n++] = row;
        }
    }
    spanrec_edge_index_destroy_row(key);
}

/* Whether one of 'rows' is just so; it is nobody else's then. */
static bool
match_row(struct edge_rows *rows, const char *relation, const char *meta)
{
    for (size_t i = 0; i < rows->n; i++) {
        const struct spanrec_edge *row = rows->rows[i];

        if (row && !strcmp(row->relation, relation)
            && !strcmp(row->metadata, meta)) {
            rows->rows[i] = NULL;
            return true;
        }
    }
    return false;
}

static void
insert_edge(struct db_pass *pass, const struct topo_edge *edge,
            const char *meta)
{
    const struct spanrec_edge *row = spanrec_edge_insert(pass->txn);

    spanrec_edge_set_host(row, pass->db->host);
    spanrec_edge_set_parent(row, edge->parent->id);
    spanrec_edge_set_child(row, edge->child->id);
    spanrec_edge_set_relation(row, edge->relation);
    spanrec_edge_set_metadata(row, meta);
    pass->db->ops.rows_added++;
}

/* Two nodes may have several edges of one relation: a row is known by all that
 * it says, and one that says something else is replaced. */
bool
db_publish_edges(struct db_pass *pass, const char *parent, const char *child)
{
    const struct topo_node *node = topo_find_node(pass->topo, child);
    struct edge_rows rows = { NULL, 0, 0 };
    const struct topo_edge *edge;
    bool ok = true;

    find_edge_rows(pass, parent, child, &rows);
    if (node) {
        LIST_FOR_EACH (edge, in_node, &node->in) {
            if (ok && !strcmp(edge->parent->id, parent)) {
                char *meta = meta_to_text(&edge->meta);

                if (!match_row(&rows, edge->relation, meta)
                    && (ok = take(pass))) {
                    insert_edge(pass, edge, meta);
                }
                free(meta);
            }
        }
    }
    for (size_t i = 0; i < rows.n && ok; i++) {
        if (rows.rows[i] && (ok = take(pass))) {
            spanrec_edge_delete(rows.rows[i]);
            pass->db->ops.rows_removed++;
        }
    }
    free(rows.rows);
    return ok;
}
