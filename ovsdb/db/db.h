/* db.h -- the two databases, as the daemon's control half sees them.
 *
 * Rows go in and out as plain structures: no row pointer leaves this room.
 * Two connections:
 *
 *   - "ovs", the Open_vSwitch database, read for the topology;
 *   - "span", the OVSpan database, read for captures, written with the rows of
 *     this host (Host, Tap, Node, Edge).
 *
 * Each pass of the daemon's loop: db_run(), then reading and publishing, then
 * db_commit(), then db_wait().  Nothing blocks.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_DB_DB_H
#define OVSPAN_OVSDB_DB_DB_H 1

#include "plan/have.h"
#include "plan/plan.h"
#include "plan/want.h"
#include "topo/topo.h"

struct db;

struct db_conf {
    const char *span_remote;    /* "unix:/var/run/ovspan/db.sock" */
    const char *ovs_remote;     /* "unix:/var/run/openvswitch/db.sock" */
    const char *host;           /* --host-name; NULL: the system-id. */
};

struct db *db_create(const struct db_conf *);
void db_destroy(struct db *);

void db_run(struct db *);
void db_wait(struct db *);

/* ## What is known. ## */

/* Name of this host: as configured, else OVS's external_ids:system-id, else
 * the hostname (once OVS did not answer for 2 s).  NULL while not known. */
const char *db_host(const struct db *);

bool db_span_is_synced(const struct db *);      /* Connected and read. */
bool db_ovs_is_synced(const struct db *);
bool db_ovs_is_connected(const struct db *);
/* The OVSDB lock of this host on the OVSpan database ("ovspan_HOST", as an
 * <id>): ours, or another daemon's. */
bool db_has_lock(const struct db *);
bool db_is_lock_contended(const struct db *);

uint64_t db_span_seqno(const struct db *);      /* Captures changed. */
uint64_t db_ovs_seqno(const struct db *);       /* Bridges... changed. */
/* Open_vSwitch.next_cfg and cur_cfg: what the switch is asked to do and what
 * it has done.  0 while OVS is not known. */
int64_t db_ovs_next_cfg(const struct db *);
int64_t db_ovs_cur_cfg(const struct db *);

/* Puts what changed of bridges, ports, interfaces and mirrors into 'topo';
 * everything, through the same code, after a reconnect. */
void db_update_topo(struct db *, struct topo *);

/* Reads the captures.  '*want' must be initialized and empty. */
void db_read_want(struct db *, struct want *);
/* OVSpan_Global.next_cfg as of the same snapshot. */
int64_t db_next_cfg(const struct db *);
/* OVSpan_Global.options, or 'def'. */
const char *db_option(const struct db *, const char *key);  /* NULL: none. */
int db_option_int(const struct db *, const char *key, int def);

/* What is in Open_vSwitch of a host name: of this host's, or of one that this
 * machine stamped. */
struct db_owner {
    char *name;
    unsigned int n[N_NATIVE_KINDS];     /* Rows of each kind. */
    unsigned int n_ports;               /* Of ours. */
};
/* The caller frees the array with db_owners_free(). */
struct db_owner *db_owners(const struct db *, size_t *n);
void db_owners_free(struct db_owner *, size_t n);

/* True if the row of this host in the OVSpan database tells the system-id of
 * the switch that we are connected to: it was served here. */
bool db_is_host_of_switch(const struct db *);

/* ## Open_vSwitch, changed. ## */

/* Reads what there is of ours, and what the switch can do; leaves '*have'
 * unknown where that cannot be told.  It must be initialized and empty. */
void db_read_have(const struct db *, struct have *);
/* True if what is read now has all that we wrote in it. */
bool db_ovs_is_current(const struct db *);
/* True if db_apply() may be called now. */
bool db_can_apply(const struct db *);
/* Begins one transaction with 'steps', which were computed from what was read
 * in this pass of the loop. */
void db_apply(struct db *, const struct plan_step *steps, size_t n);
/* Likewise one that changes nothing but next_cfg: a switch that lives answers
 * by cur_cfg. */
void db_ask_switch(struct db *);

/* Begins one transaction that asks the switch to look at everything again:
 * the one write to a row that is not ours.  'why' is for the log. */
void db_nudge(struct db *, const char *why);

/* ## What is published; each writes only what differs. ## */

struct db_tap {
    const struct plan_tap *tap;
    enum tap_state state;
    enum tap_reason reason;
    const char *detail;
    struct tap_stats stats;
    enum tap_counted counted;   /* Which of 'stats' there are. */
};
/* The rows of Tap of this host become 'taps'.  Statistics are written at most
 * each OVSpan_Global.options:stats-interval. */
void db_publish_taps(struct db *, const struct db_tap *taps, size_t n);
/* The next call writes them, unless the interval is 0. */
void db_want_stats(struct db *);
/* Seconds between two writes of them; 0: never. */
int db_stats_interval(const struct db *);

/* The rows of Node and Edge of this host become the topology: always the same
 * 'topo' for the life of a db.  At most DB_BATCH rows a transaction, and none
 * in one that has something else; the rest follows in later passes, for which
 * db_wait() wakes up. */
#define DB_BATCH 1000
void db_publish_topo(struct db *, const struct topo *);

struct db_host {
    const char *version;        /* Of ovspand. */
    int64_t cur_cfg;            /* -1: leave it. */
    long long int last_seen;    /* ms since the epoch: now. */
    const struct smap *status;
};
/* Creates this host's row when it is missing.  'last_seen' is not written more
 * often than it has to be. */
void db_publish_host(struct db *, const struct db_host *);

/* Removes this host's Tap rows and, with 'all', Node, Edge and Host too, if
 * db_can_publish(); gone once db_commit() says so. */
void db_retract(struct db *, bool all);

enum db_verdict {
    DB_IDLE,                    /* Nothing to commit, nothing on its way. */
    DB_BUSY,                    /* On its way; nothing can be published. */
    DB_DONE,                    /* Committed since the last call. */
    DB_TRY_AGAIN,               /* Recompute from fresh rows. */
    DB_FAILED,                  /* Logged; backs off. */
};
/* Sends what was published in one transaction. */
enum db_verdict db_commit(struct db *);
/* Likewise of what db_apply() began: DB_DONE, DB_TRY_AGAIN, or DB_FAILED with
 * the database's words in '*error', which the caller frees. */
enum db_verdict db_apply_run(struct db *, char **error);
/* True when db_publish_...() may be called now. */
bool db_can_publish(const struct db *);

#endif /* ovsdb/db/db.h */
