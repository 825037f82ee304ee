/* publish.c -- this host's Node and Edge rows.
 *
 * Called by the daemon in every pass.  Keeps a list of what has to be looked
 * at: the nodes and edges that changed in the graph, the rows that somebody
 * changed; everything at the start and after a reconnect.  What is looked at
 * is compared with its rows, and what differs is written, so many rows a
 * transaction that what others wait for is not late: fewer when it takes long.
 *
 * The invariant: what is not in the list agrees.  It leaves the list when it
 * was found equal, or when the transaction that makes it so was committed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/db/private.h"
#include "base/ovs.h"
#include "openvswitch/poll-loop.h"

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

/* Rows changed, maybe by our own hand: they are looked at once more. */
void
db_publish_run(struct db *db)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;

    db->pub.again = false;
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

/* Looks at what is in 'list', as far as rows may be written. */
static void
publish_list(struct db_pass *pass, struct ovs_list *list)
{
    struct db_pub *pub = &pass->db->pub;
    struct pub_item *item;

    LIST_FOR_EACH_SAFE (item, list_node, list) {
        unsigned int left = pass->left;
        bool ok = (item->child ? db_publish_edges(pass, item->id,
                                                  item->child)
                   : db_publish_node(pass, item->id));

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
    if (!db->txn.txn && db_can_publish(db) && is_behind(pub)) {
        struct db_pass pass = {
            .db = db, .txn = db_txn(db), .topo = topo, .left = pub->batch,
        };

        publish_list(&pass, &pub->nodes);
        if (pass.left) {
            publish_list(&pass, &pub->edges);
        }
        pub->sent_at = time_msec();
    }
    pub->again = is_behind(pub);
}

void
db_publish_wait(const struct db *db)
{
    if (db->pub.again && db_can_publish(db)) {
        poll_immediate_wake();
    }
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
