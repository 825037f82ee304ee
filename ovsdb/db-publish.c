/* db-publish.c -- this host's Node and Edge rows.
 *
 * Called by the daemon in every pass; returns at once when neither the graph
 * nor the rows changed since nothing was left to write.  Otherwise looks each
 * node and edge up among the rows and writes what differs, DB_BATCH rows a
 * transaction.  The text of metadata is only made for nodes and rows that are
 * newer than that; the next batch goes on where the last one was full.  Rows
 * with the same key are cleaned up.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db-private.h"
#include "base/json.h"
#include "base/ovs.h"

/* An existing row of either table, to be found by its key. */
struct pub_row {
    struct hmap_node node;      /* By hash of the key. */
    const struct ovsdb_idl_row *row;
};

/* One call of db_publish_topo(). */
struct pass {
    struct db *db;
    struct ovsdb_idl_txn *txn;
    const struct topo *topo;
    unsigned int left;          /* Rows that may still be written. */
    bool trust;                 /* What is not newer than 'pub_...' agrees. */
};

unsigned int
db_rows_seqno(const struct db *db)
{
    return MAX(ovsdb_idl_table_get_seqno(db->span.idl, &spanrec_table_node),
               ovsdb_idl_table_get_seqno(db->span.idl, &spanrec_table_edge));
}

/* Takes one of the rows that may be written; false if there is none left. */
static bool
take(struct pass *pass)
{
    if (!pass->left) {
        return false;
    }
    pass->left--;
    return true;
}

/* True if 'row' still has what a pass before this found in it, or wrote. */
static bool
is_old(const struct pass *pass, const struct ovsdb_idl_row *row,
       uint64_t changed)
{
    unsigned int seqno
        = MAX(ovsdb_idl_row_get_seqno(row, OVSDB_IDL_CHANGE_INSERT),
              ovsdb_idl_row_get_seqno(row, OVSDB_IDL_CHANGE_MODIFY));

    return (pass->trust
            && changed <= pass->db->pub_topo_seqno
            && seqno <= pass->db->pub_idl_seqno);
}

static char *
meta_to_text(const struct topo_map *meta)
{
    struct jsn *json = topo_map_to_json(meta);
    char *text = jsn_to_text(json, false);

    jsn_destroy(json);
    return text;
}

static void
insert_row(struct hmap *rows, const struct ovsdb_idl_row *row, uint32_t hash)
{
    struct pub_row *pr = xmalloc(sizeof *pr);

    pr->row = row;
    hmap_insert(rows, &pr->node, hash);
}

/* Deletes what is left of 'rows', as far as that may be, and frees all. */
static void
delete_rest(struct pass *pass, struct hmap *rows)
{
    struct pub_row *pr;

    HMAP_FOR_EACH_POP (pr, node, rows) {
        if (take(pass)) {
            ovsdb_idl_txn_delete(pr->row);
            pass->db->ops.rows_removed++;
        }
        free(pr);
    }
    hmap_destroy(rows);
}

/* ## Nodes. ## */

static const struct spanrec_node *
to_node(const struct pub_row *pr)
{
    return CONTAINER_OF(pr->row, struct spanrec_node, header_);
}

static struct pub_row *
find_node_row(const struct hmap *rows, const char *id)
{
    struct pub_row *pr;

    HMAP_FOR_EACH_WITH_HASH (pr, node, hash_string(id, 0), rows) {
        if (!strcmp(to_node(pr)->id, id)) {
            return pr;
        }
    }
    return NULL;
}

static void
index_nodes(struct pass *pass, struct hmap *rows)
{
    const struct spanrec_node *row;

    hmap_init(rows);
    SPANREC_NODE_FOR_EACH_SAFE (row, pass->db->span.idl) {
        if (strcmp(row->host, pass->db->host)) {
            continue;
        }
        if (!find_node_row(rows, row->id)) {
            insert_row(rows, &row->header_, hash_string(row->id, 0));
        } else if (take(pass)) {
            spanrec_node_delete(row);
        }
    }
}

static void
write_node(struct pass *pass, const struct spanrec_node *row,
           const struct topo_node *node)
{
    char *meta;

    if (row && is_old(pass, &row->header_, node->changed)) {
        return;
    }
    meta = meta_to_text(&node->meta);
    if (row && !strcmp(row->metadata, meta) && !strcmp(row->type, node->type)
        && !strcmp(row->name, node->name)) {
        free(meta);
        return;
    }
    if (take(pass)) {
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
}

/* Nodes before 'start' need no look if they have a row.  Returns where the
 * batch was full, or the number of nodes. */
static size_t
publish_nodes(struct pass *pass, size_t start)
{
    const struct topo_node **nodes;
    struct hmap rows;
    size_t n, i;

    index_nodes(pass, &rows);
    nodes = topo_nodes(pass->topo, &n);
    for (i = 0; i < n && pass->left; i++) {
        struct pub_row *pr = find_node_row(&rows, nodes[i]->id);

        if (i >= start || !pr) {
            write_node(pass, pr ? to_node(pr) : NULL, nodes[i]);
        }
        if (pr) {
            hmap_remove(&rows, &pr->node);
            free(pr);
        }
    }
    free(nodes);
    delete_rest(pass, &rows);
    return i;
}

/* ## Edges. ## */

static const struct spanrec_edge *
to_edge(const struct pub_row *pr)
{
    return CONTAINER_OF(pr->row, struct spanrec_edge, header_);
}

static uint32_t
hash_edge(const char *parent, const char *child, const char *relation)
{
    return hash_string(parent, hash_string(child, hash_string(relation, 0)));
}

static struct pub_row *
find_edge_row(const struct hmap *rows, const char *parent, const char *child,
              const char *relation)
{
    struct pub_row *pr;

    HMAP_FOR_EACH_WITH_HASH (pr, node, hash_edge(parent, child, relation),
                             rows) {
        const struct spanrec_edge *row = to_edge(pr);

        if (!strcmp(row->parent, parent) && !strcmp(row->child, child)
            && !strcmp(row->relation, relation)) {
            return pr;
        }
    }
    return NULL;
}

static void
index_edges(struct pass *pass, struct hmap *rows)
{
    const struct spanrec_edge *row;

    hmap_init(rows);
    SPANREC_EDGE_FOR_EACH_SAFE (row, pass->db->span.idl) {
        if (strcmp(row->host, pass->db->host)) {
            continue;
        }
        if (!find_edge_row(rows, row->parent, row->child, row->relation)) {
            insert_row(rows, &row->header_,
                       hash_edge(row->parent, row->child, row->relation));
        } else if (take(pass)) {
            spanrec_edge_delete(row);
        }
    }
}

static void
write_edge(struct pass *pass, const struct spanrec_edge *row,
           const struct topo_edge *edge)
{
    char *meta;

    if (row && is_old(pass, &row->header_, edge->changed)) {
        return;
    }
    meta = meta_to_text(&edge->meta);
    if ((!row || strcmp(row->metadata, meta)) && take(pass)) {
        if (!row) {
            row = spanrec_edge_insert(pass->txn);
            spanrec_edge_set_host(row, pass->db->host);
            spanrec_edge_set_parent(row, edge->parent->id);
            spanrec_edge_set_child(row, edge->child->id);
            spanrec_edge_set_relation(row, edge->relation);
            pass->db->ops.rows_added++;
        }
        spanrec_edge_set_metadata(row, meta);
    }
    free(meta);
}

/* As publish_nodes(). */
static size_t
publish_edges(struct pass *pass, size_t start)
{
    const struct topo_edge **edges;
    struct hmap rows;
    size_t n, i;

    index_edges(pass, &rows);
    edges = topo_edges(pass->topo, &n);
    for (i = 0; i < n && pass->left; i++) {
        const struct topo_edge *e = edges[i];
        struct pub_row *pr = find_edge_row(&rows, e->parent->id, e->child->id,
                                           e->relation);

        if (i >= start || !pr) {
            write_edge(pass, pr ? to_edge(pr) : NULL, e);
        }
        if (pr) {
            hmap_remove(&rows, &pr->node);
            free(pr);
        }
    }
    free(edges);
    delete_rest(pass, &rows);
    return i;
}

/* OVSpan_Global.options:publish-topology. */
static bool
is_wanted(const struct db *db)
{
    const struct spanrec_ovspan_global *global
        = spanrec_ovspan_global_first(db->span.idl);

    return !global || smap_get_bool(&global->options, "publish-topology",
                                    true);
}

void
db_publish_topo(struct db *db, const struct topo *topo)
{
    bool known = db->pub_topo == topo;
    bool trust = known && db->pub_valid;

    if (!is_wanted(db)) {
        db_retract_topo(db);
        return;
    }
    if (!db_can_publish(db)
        || (trust && db->pub_topo_seqno == topo_seqno(topo)
            && db->pub_table_seqno == db_rows_seqno(db))) {
        return;
    }

    struct pass pass = {
        .db = db,
        .txn = db_txn(db),
        .topo = topo,
        .left = DB_BATCH,
        .trust = trust,
    };
    if (!known || db->pub_part_seqno != topo_seqno(topo)) {
        db->pub_nodes = db->pub_edges = 0;
        db->pub_part_seqno = topo_seqno(topo);
    }
    db->pub_nodes = publish_nodes(&pass, db->pub_nodes);
    if (pass.left) {
        db->pub_edges = publish_edges(&pass, db->pub_edges);
    }
    if (pass.left) {
        /* All was looked at; what was written now is looked at again. */
        db->pub_nodes = db->pub_edges = 0;
    }
    db->pub_topo = topo;
    db->pub_valid = trust;
    if (pass.left == DB_BATCH) {
        db->pub_valid = true;
        db->pub_topo_seqno = topo_seqno(topo);
        db->pub_idl_seqno = ovsdb_idl_get_seqno(db->span.idl);
        db->pub_table_seqno = db_rows_seqno(db);
    }
}

void
db_retract_topo(struct db *db)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;

    if (!db_can_publish(db)
        || (!spanrec_node_first(db->span.idl)
            && !spanrec_edge_first(db->span.idl))) {
        return;
    }
    db_txn(db);
    SPANREC_NODE_FOR_EACH_SAFE (node, db->span.idl) {
        if (!strcmp(node->host, db->host)) {
            spanrec_node_delete(node);
            db->ops.rows_removed++;
        }
    }
    SPANREC_EDGE_FOR_EACH_SAFE (edge, db->span.idl) {
        if (!strcmp(edge->host, db->host)) {
            spanrec_edge_delete(edge);
            db->ops.rows_removed++;
        }
    }
    db->pub_topo = NULL;
}
