/* publish.c -- this host's Node and Edge rows.
 *
 * Called by the daemon in every pass.  Keeps a list of what has to be looked
 * at: the nodes and edges that changed in the graph, the rows that somebody
 * changed; everything at the start and after a reconnect.  What is looked at
 * is compared with its rows, and what differs is written, so many rows a
 * transaction that what others wait for is not late: fewer when it takes long.
 * Rows that nobody owns, or that are there twice, are cleaned up.
 *
 * The invariant: what is not in the list agrees.  It leaves the list when it
 * was found equal, or when the transaction that makes it so was committed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/json.h"
#include "base/ovs.h"

/* The rows of a node, or of all edges between two nodes. */
struct pub_item {
    struct hmap_node hmap_node; /* In the 'items'. */
    struct ovs_list list_node;  /* In 'nodes', 'edges' or 'sent'. */
    bool sent;                  /* In 'sent'. */
    char *id;                   /* Of the node, or of the edges' parent. */
    char *child;                /* Of the edges; NULL: a node. */
};

/* Rows of a transaction, and how long one may take: others wait as long. */
enum { BATCH_START = 200, BATCH_MIN = 50, SLOW_MS = 40 };

/* One call of db_publish_topo(). */
struct pass {
    struct db *db;
    const struct topo *topo;
    unsigned int left;          /* Rows that may still be written. */
};

/* ## The list. ## */

void
db_publish_init(struct db *db)
{
    struct db_pub *pub = &db->pub;

    hmap_init(&pub->items);
    ovs_list_init(&pub->nodes);
    ovs_list_init(&pub->edges);
    ovs_list_init(&pub->sent);
    pub->batch = BATCH_START;
    pub->node_index = ovsdb_idl_index_create1(db->span.idl,
                                              &spanrec_node_col_id);
    pub->edge_index = ovsdb_idl_index_create2(db->span.idl,
                                              &spanrec_edge_col_parent,
                                              &spanrec_edge_col_child);
}

static void
drop_item(struct db_pub *pub, struct pub_item *item)
{
    hmap_remove(&pub->items, &item->hmap_node);
    ovs_list_remove(&item->list_node);
    free(item->id);
    free(item->child);
    free(item);
}

static void
drop_all(struct db_pub *pub)
{
    struct pub_item *item;

    HMAP_FOR_EACH_SAFE (item, hmap_node, &pub->items) {
        drop_item(pub, item);
    }
}

void
db_publish_uninit(struct db *db)
{
    drop_all(&db->pub);
    hmap_destroy(&db->pub.items);
}

static void
enqueue(struct db_pub *pub, struct pub_item *item)
{
    item->sent = false;
    ovs_list_push_back(item->child ? &pub->edges : &pub->nodes,
                       &item->list_node);
}

/* Notes that the node 'id', or the edges from it to 'child', must be looked
 * at (again). */
static void
note(struct db_pub *pub, const char *id, const char *child)
{
    uint32_t hash = hash_string(id, child ? hash_string(child, 1) : 0);
    struct pub_item *item;

    HMAP_FOR_EACH_WITH_HASH (item, hmap_node, hash, &pub->items) {
        if (!strcmp(item->id, id) && !item->child == !child
            && (!child || !strcmp(item->child, child))) {
            if (item->sent) {
                ovs_list_remove(&item->list_node);
                enqueue(pub, item);
            }
            return;
        }
    }
    item = xzalloc(sizeof *item);
    item->id = xstrdup(id);
    item->child = nullable_xstrdup(child);
    hmap_insert(&pub->items, &item->hmap_node, hash);
    enqueue(pub, item);
}

static void
note_gone(const struct topo_gone *gone, void *pub)
{
    note(pub, gone->name ? gone->id : gone->parent, gone->child);
}

static void
note_node(const struct topo_node *node, void *pub)
{
    note(pub, node->id, NULL);
}

static void
note_edge(const struct topo_edge *edge, void *pub)
{
    note(pub, edge->parent->id, edge->child->id);
}

/* Notes what changed of the graph since the last call. */
static void
note_changes(struct db_pub *pub, const struct topo *topo)
{
    const struct topo_visitor visitor = { note_gone, note_node, note_edge };

    if (pub->seen != topo_seqno(topo)
        && !topo_visit_changes(topo, pub->seen, &visitor, pub)) {
        pub->topo = NULL;
    }
    pub->seen = topo_seqno(topo);
}

/* Notes everything that there is, in the graph and in the rows. */
static void
note_all(struct db *db, const struct topo *topo)
{
    const struct topo_visitor visitor = { NULL, note_node, note_edge };
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;

    drop_all(&db->pub);
    topo_visit_all(topo, &visitor, &db->pub);
    SPANREC_NODE_FOR_EACH (node, db->span.idl) {
        note(&db->pub, node->id, NULL);
    }
    SPANREC_EDGE_FOR_EACH (edge, db->span.idl) {
        note(&db->pub, edge->parent, edge->child);
    }
    db->pub.topo = topo;
    db->pub.seen = topo_seqno(topo);
    db->pub.generation = db->span.generation;
}

/* Rows changed, maybe by our own hand: they are looked at once more.  To be
 * called each time the IDL has run. */
void
db_publish_note_rows(struct db *db)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;

    if (!db->pub.topo) {
        return;
    }
    SPANREC_NODE_FOR_EACH_TRACKED (node, db->span.idl) {
        note(&db->pub, node->id, NULL);
    }
    SPANREC_EDGE_FOR_EACH_TRACKED (edge, db->span.idl) {
        note(&db->pub, edge->parent, edge->child);
    }
}

/* Writes more or fewer rows at a time, as the last transaction took long. */
static void
adapt_batch(struct db_pub *pub)
{
    long long int took = time_msec() - pub->sent_at;

    if (took > SLOW_MS) {
        pub->batch = MAX(pub->batch / 2, BATCH_MIN);
    } else if (took < SLOW_MS / 2) {
        pub->batch = MIN(pub->batch * 2, DB_BATCH);
    }
}

void
db_publish_concluded(struct db *db, bool committed)
{
    struct db_pub *pub = &db->pub;
    struct pub_item *item;

    if (committed && !ovs_list_is_empty(&pub->sent)) {
        adapt_batch(pub);
    }
    LIST_FOR_EACH_SAFE (item, list_node, &pub->sent) {
        if (committed) {
            drop_item(pub, item);
        } else {
            ovs_list_remove(&item->list_node);
            enqueue(pub, item);
        }
    }
}

static bool
is_behind(const struct db_pub *pub)
{
    return (!ovs_list_is_empty(&pub->nodes)
            || !ovs_list_is_empty(&pub->edges));
}

/* ## Nodes and edges. ## */

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
take(struct pass *pass)
{
    return pass->left && pass->left--;
}

/* Writes 'node' into 'row', or a new one; false if there is no room. */
static bool
write_node(struct pass *pass, const struct spanrec_node *row,
           const struct topo_node *node)
{
    char *meta = meta_to_text(&node->meta);
    bool same = (row && !strcmp(row->metadata, meta)
                 && !strcmp(row->type, node->type)
                 && !strcmp(row->name, node->name));
    bool ok = same || take(pass);

    if (ok && !same) {
        if (!row) {
            row = spanrec_node_insert(pass->db->open_txn);
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

static bool
publish_node(struct pass *pass, const char *id)
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
find_edge_rows(struct pass *pass, const struct pub_item *item,
               struct edge_rows *found)
{
    struct ovsdb_idl_index *index = pass->db->pub.edge_index;
    struct spanrec_edge *key = spanrec_edge_index_init_row(index);
    const struct spanrec_edge *row;

    spanrec_edge_index_set_parent(key, item->id);
    spanrec_edge_index_set_child(key, item->child);
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
insert_edge(struct pass *pass, const struct topo_edge *edge, const char *meta)
{
    const struct spanrec_edge *row = spanrec_edge_insert(pass->db->open_txn);

    spanrec_edge_set_host(row, pass->db->host);
    spanrec_edge_set_parent(row, edge->parent->id);
    spanrec_edge_set_child(row, edge->child->id);
    spanrec_edge_set_relation(row, edge->relation);
    spanrec_edge_set_metadata(row, meta);
    pass->db->ops.rows_added++;
}

/* Two nodes may have several edges of one relation: a row is known by all that
 * it says, and one that says something else is replaced. */
static bool
publish_edges(struct pass *pass, const struct pub_item *item)
{
    const struct topo_node *child = topo_find_node(pass->topo, item->child);
    struct edge_rows rows = { NULL, 0, 0 };
    const struct topo_edge *edge;
    bool ok = true;

    find_edge_rows(pass, item, &rows);
    if (child) {
        LIST_FOR_EACH (edge, in_node, &child->in) {
            if (ok && !strcmp(edge->parent->id, item->id)) {
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

/* Looks at what is in 'list', as far as rows may be written. */
static void
publish_list(struct pass *pass, struct ovs_list *list)
{
    struct db_pub *pub = &pass->db->pub;
    struct pub_item *item;

    LIST_FOR_EACH_SAFE (item, list_node, list) {
        unsigned int left = pass->left;
        bool ok = (item->child ? publish_edges(pass, item)
                   : publish_node(pass, item->id));

        if (!ok) {
            break;
        } else if (pass->left == left) {
            drop_item(pub, item);
        } else {
            ovs_list_remove(&item->list_node);
            ovs_list_push_back(&pub->sent, &item->list_node);
            item->sent = true;
        }
    }
}

/* ## The whole. ## */

/* OVSpan_Global.options:publish-topology.  The rows of many hosts are many:
 * a database that serves more than this one has them on demand only. */
static bool
is_wanted(const struct db *db)
{
    const struct spanrec_ovspan_global *global
        = spanrec_ovspan_global_first(db->span.idl);
    bool def = !db->is_shared;

    return global ? smap_get_bool(&global->options, "publish-topology", def)
                  : def;
}

void
db_publish_topo(struct db *db, const struct topo *topo)
{
    struct db_pub *pub = &db->pub;

    if (!db_span_is_synced(db)) {
        return;
    } else if (!is_wanted(db)) {
        db_retract_topo(db, pub->batch);
        return;
    }
    if (pub->topo == topo && pub->generation == db->span.generation) {
        note_changes(pub, topo);
    }
    if (pub->topo != topo || pub->generation != db->span.generation) {
        note_all(db, topo);
    }
    /* What users wait for, and is in this transaction already, goes first. */
    if (!db->open_txn && db_can_publish(db) && is_behind(pub)) {
        struct pass pass = { .db = db, .topo = topo, .left = pub->batch };

        db_txn(db);
        publish_list(&pass, &pub->nodes);
        if (pass.left) {
            publish_list(&pass, &pub->edges);
        }
        pub->sent_at = time_msec();
    }
    pub->again = is_behind(pub);
}

void
db_retract_topo(struct db *db, size_t most)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;
    size_t n = 0;

    drop_all(&db->pub);
    db->pub.topo = NULL;
    if (!db_can_publish(db)
        || (!spanrec_node_first(db->span.idl)
            && !spanrec_edge_first(db->span.idl))) {
        return;
    }
    db_txn(db);
    SPANREC_NODE_FOR_EACH_SAFE (node, db->span.idl) {
        if (n < most && !strcmp(node->host, db->host)) {
            spanrec_node_delete(node);
            n++;
        }
    }
    SPANREC_EDGE_FOR_EACH_SAFE (edge, db->span.idl) {
        if (n < most && !strcmp(edge->host, db->host)) {
            spanrec_edge_delete(edge);
            n++;
        }
    }
    db->ops.rows_removed += n;
}
