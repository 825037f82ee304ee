/* private.h -- what the files of the room share.
 *
 * Included by ovsdb/db only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_DB_PRIVATE_H
#define OVSPAN_OVSDB_DB_PRIVATE_H 1

#include "ovsdb/ovs-idl.h"
#include "ovsdb/db/db.h"
#include "ovsdb/ovspan-idl.h"

/* One connection.  Synced is: connected, and everything of this connection
 * has been read.  (The IDL itself only tells that a socket is open; until the
 * first reply it still shows rows of the connection before.) */
struct db_conn {
    struct ovsdb_idl *idl;
    bool synced;
    unsigned int down_seqno;    /* The IDL's when last not connected. */
    uint64_t generation;        /* Increases each time it becomes synced. */
    unsigned int seen_seqno;    /* The IDL's that 'seqno' was last set for. */
    uint64_t seqno;             /* What db_..._seqno() returns. */
};

/* A transaction, and when another may be made. */
struct db_attempt {
    struct ovsdb_idl_txn *txn;  /* Being filled or on its way; NULL: none. */
    bool sent;                  /* On its way. */
    unsigned int seqno;         /* The IDL's when it was begun. */
    long long int skip_until;   /* For the IDL's to be another. */
};

/* What a transaction did, for its comment. */
struct db_ops {
    unsigned int taps_added;
    unsigned int taps_removed;
    unsigned int rows_added;    /* Node and Edge. */
    unsigned int rows_removed;
};

/* publish.c: what of the graph and its rows must be looked at. */
struct db_pub {
    const struct topo *topo;    /* The graph; NULL: look at everything. */
    uint64_t seen;              /* topo_seqno() that was looked at. */
    uint64_t generation;        /* span.generation of the rows. */
    struct hmap items;          /* 'struct pub_item's, all: */
    struct ovs_list nodes;      /* to be looked at, */
    struct ovs_list edges;      /* likewise, after those, */
    struct ovs_list sent;       /* written, but not committed yet. */
    struct ovsdb_idl_index *node_index; /* Rows by 'id'. */
    struct ovsdb_idl_index *edge_index; /* Rows by 'parent', 'child'. */
    bool again;                 /* In this pass not all could be written. */
    unsigned int batch;         /* Rows that are written at a time. */
    long long int sent_at;      /* When 'sent' went. */
};

/* columns.c: what only newer switches have. */
enum db_newer_column {
    DB_IPFIX_STATS_INTERVAL,    /* 3.2 */
    DB_IPFIX_TEMPLATE_INTERVAL, /* 3.2 */
    DB_N_NEWER_COLUMNS
};
struct db_columns {
    char *remote;               /* Of Open_vSwitch. */
    struct ovsdb_idl *probe;    /* Looks at the schema; NULL: has done so. */
    bool read[DB_N_NEWER_COLUMNS];
};

struct db {
    struct db_conn ovs;         /* Open_vSwitch, read. */
    struct db_columns columns;
    struct db_conn span;        /* OVSpan, read and written. */

    char *host;                 /* Name of this host; NULL: not known. */
    char *machine;              /* Stamp of this machine. */
    long long int host_by;      /* When OVS is no longer asked for it. */
    bool span_synced;           /* And only with rows of 'host'. */
    bool is_shared;             /* The database may serve many hosts. */

    /* topo.c. */
    struct hmap listed;         /* Contains 'struct listed'. */
    const struct topo *topo;    /* That was last filled. */
    uint64_t topo_generation;   /* ovs.generation that it was filled from. */

    /* have.c: ports that some ovspand made, maybe that of another host.
     * Of very many ports they are few. */
    struct sset made_ports;     /* Their UUIDs. */

    /* txn.c: what goes to OVSpan. */
    struct db_attempt txn;
    struct db_ops ops;          /* Of that one. */
    unsigned int n_errors;      /* In a row. */
    long long int backoff_until;    /* After an error. */
    bool wake;                  /* Committed: look again at once. */

    /* apply.c: what goes to Open_vSwitch. */
    struct {
        struct db_attempt attempt;
        int64_t cfg;            /* next_cfg that it made, and... */
        uint64_t generation;    /* ...of the connection that it was on. */
    } apply;

    /* report.c */
    long long int stats_next;   /* When statistics are due; past: now. */

    struct db_pub pub;
};

/* conn.c */
void db_conn_run(struct db_conn *);
/* Notes that something has changed as of the IDL's 'seqno'. */
void db_conn_update_seqno(struct db_conn *, unsigned int seqno);

/* columns.c */
void db_columns_init(struct db *, const char *remote);
void db_columns_uninit(struct db *);
/* Connects 'ovs' once it is known what to read. */
void db_columns_run(struct db *);
void db_columns_wait(const struct db *);
/* True if the server has it, and it is read. */
bool db_has_column(const struct db *, enum db_newer_column);

/* attempt.c */
void db_attempt_init(struct db_attempt *);
/* True if a transaction may be begun, or the one that was begun be filled. */
bool db_attempt_may_fill(const struct db_attempt *, const struct db_conn *);
void db_attempt_begin(struct db_attempt *, const struct db_conn *);
/* Sends it, or looks how it is doing.  To be ended unless DB_BUSY; DB_IDLE: it
 * changed nothing; DB_FAILED: db_attempt_error() says why. */
enum db_verdict db_attempt_commit(struct db_attempt *);
const char *db_attempt_error(const struct db_attempt *);
/* Drops what there is of it. */
void db_attempt_end(struct db_attempt *);
void db_attempt_wait(const struct db_attempt *, const struct db_conn *);

/* topo.c */
void db_topo_init(struct db *);
void db_topo_uninit(struct db *);

/* rows.c */
/* Whether 'uuid' is one of the 'n' that are in order, as those of a set in the
 * IDL are. */
bool db_has_uuid(const struct uuid uuids[], size_t n, const struct uuid *);

/* have.c */
struct vswrec_port;
void db_have_monitor(struct ovsdb_idl *);
/* To be called with each port that is new or was changed, with each that is
 * gone, and before all are read anew. */
void db_have_note_port(struct db *, const struct vswrec_port *);
void db_have_forget_port(struct db *, const struct uuid *);
void db_have_forget(struct db *);

/* step.c: into the transaction of apply.c. */
void db_write_step(struct db *, const struct plan_step *);

/* apply.c */
void db_apply_wait(const struct db *);

/* txn.c */
/* Drops what was not sent: the rows that it was made from are about to change.
 * Returns true if there was something. */
bool db_txn_run(struct db *);
void db_txn_wait(struct db *);
/* Sends what there is, once; see db_commit(). */
enum db_verdict db_txn_commit(struct db *);
/* The transaction to write into, or NULL: not now. */
struct ovsdb_idl_txn *db_txn(struct db *);

/* graph-rows.c */
/* One call of db_publish_topo(). */
struct db_pass {
    struct db *db;
    struct ovsdb_idl_txn *txn;
    const struct topo *topo;
    unsigned int left;          /* Rows that may still be written. */
};
/* Rows become what the graph has of the node 'id', of the edges from 'parent'
 * to 'child'; false if more would have to be written than may be. */
bool db_publish_node(struct db_pass *, const char *id);
bool db_publish_edges(struct db_pass *, const char *parent,
                      const char *child);

/* publish.c */
void db_publish_init(struct db *);
void db_publish_uninit(struct db *);
/* To be called each time the IDL has run. */
void db_publish_run(struct db *);
void db_publish_wait(const struct db *);
/* What was written is 'committed', or to be written again. */
void db_publish_concluded(struct db *, bool committed);
void db_retract_topo(struct db *, size_t most);     /* Rows. */

#endif /* ovsdb/db/private.h */
