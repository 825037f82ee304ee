/* take-back.c -- what a daemon left behind, listed or taken back.
 *
 * Called by main() instead of the daemon's loop; see take-back.h.  To take
 * back is what a daemon of that name does that has nothing to do: with its
 * lock, which nobody has who is dead, an empty plan is carried out and its
 * rows are removed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/take-back.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/ovs.h"
#include "daemon/native.h"
#include "daemon/reconcile.h"
#include "ovsdb/db/db.h"

enum {
    READ_MS = 3000,             /* For a database to be read. */
    ASK_MS = 1000,              /* For a lock to be told of. */
    TAKE_MS = 10 * 1000,        /* For all to be gone. */
};

static struct db *
connect_to(const struct reconcile_conf *conf, const char *host)
{
    struct db_conf db_conf = {
        .span_remote = conf->span_remote,
        .ovs_remote = conf->ovs_remote,
        .host = host,
    };

    return db_create(&db_conf);
}

/* False: there is no socket that somebody might answer at. */
static bool
is_there(const char *remote)
{
    return (strncmp(remote, "unix:", 5) || strchr(remote, ',')
            || !access(remote + 5, F_OK));
}

/* Waits until Open vSwitch is read.  False: it does not answer. */
static bool
read_switch(struct db *db, const struct reconcile_conf *conf)
{
    long long int deadline = time_msec() + (is_there(conf->ovs_remote)
                                            ? READ_MS : 0);

    for (;;) {
        db_run(db);
        if (db_ovs_is_synced(db) && db_host(db)) {
            return true;
        } else if (time_msec() >= deadline) {
            ovs_error(0, "Open vSwitch's database at %s does not answer",
                      conf->ovs_remote);
            return false;
        }
        db_wait(db);
        poll_timer_wait_until(deadline);
        poll_block();
    }
}

/* ## Listing. ## */

static void
put_number(struct ds *ds, unsigned int n, const char *what)
{
    if (n) {
        ds_put_format(ds, "%s%u %s%s", ds->length ? ", " : "", n, what,
                      n > 1 ? "s" : "");
    }
}

/* Whether a daemon that runs has the lock of the host 'name', as far as can be
 * told. */
static bool
is_served(const struct reconcile_conf *conf, const char *name)
{
    long long int deadline = time_msec() + ASK_MS;
    struct db *db = connect_to(conf, name);
    bool served = false;

    while (time_msec() < deadline && !served) {
        db_run(db);
        served = db_is_lock_contended(db);
        if (db_span_is_synced(db) && db_has_lock(db)) {
            break;
        }
        db_wait(db);
        poll_timer_wait_until(deadline);
        poll_block();
    }
    db_destroy(db);
    return served;
}

static void
print_owner(const struct db_owner *owner, const char *own,
            const struct reconcile_conf *conf)
{
    struct ds what = DS_EMPTY_INITIALIZER;

    put_number(&what, owner->n[NATIVE_MIRROR], "mirror");
    put_number(&what, owner->n_ports, "port");
    put_number(&what, owner->n[NATIVE_SFLOW], "sFlow row");
    put_number(&what, owner->n[NATIVE_IPFIX], "IPFIX row");
    put_number(&what, owner->n[NATIVE_NETFLOW], "NetFlow row");
    printf("%s\t%s\t%s\n", (!strcmp(owner->name, own) ? "own"
                            : is_served(conf, owner->name) ? "served"
                            : "other"), ds_cstr(&what), owner->name);
    ds_destroy(&what);
}

int
take_back_list(const struct reconcile_conf *conf)
{
    struct db *db = connect_to(conf, conf->host);
    bool ok = read_switch(db, conf);

    if (ok) {
        size_t n;
        struct db_owner *owners = db_owners(db, &n);

        for (size_t i = 0; i < n; i++) {
            print_owner(&owners[i], db_host(db), conf);
        }
        db_owners_free(owners, n);
    }
    db_destroy(db);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ## Taking back. ## */

struct taking {
    struct db *db;
    struct native_hand *hand;
    struct topo *topo;          /* Which ports are ours is noted with it. */
    struct have have;
    uint64_t have_seqno;        /* db_ovs_seqno() of 'have'. */
    bool retracted;             /* Our own rows are in a transaction. */
    bool done;
};

/* One round of the loop, with the lock. */
static void
take(struct taking *t)
{
    static const struct plan nothing = { .next_expiry = LLONG_MAX };

    db_update_topo(t->db, t->topo);
    if (db_ovs_is_current(t->db)
        && (!t->have.known || t->have_seqno != db_ovs_seqno(t->db))) {
        have_uninit(&t->have);
        db_read_have(t->db, &t->have);
        t->have_seqno = db_ovs_seqno(t->db);
    }
    native_hand_run(t->hand, t->db, &nothing, &t->have);
    if (!t->retracted && db_can_publish(t->db)) {
        db_retract(t->db, true);
        t->retracted = true;
    }
    switch (db_commit(t->db)) {
    case DB_IDLE:
    case DB_DONE:
        t->done = (t->retracted && db_ovs_is_current(t->db) && t->have.known
                   && !t->have.n_natives);
        break;
    case DB_TRY_AGAIN:
    case DB_FAILED:
        t->retracted = false;
        break;
    case DB_BUSY:
        break;
    }
}

/* Returns NULL once all is gone, or why it is not. */
static char *
take_all(struct taking *t, const struct reconcile_conf *conf, bool former)
{
    long long int deadline = time_msec() + TAKE_MS;

    while (time_msec() < deadline) {
        db_run(t->db);
        if (db_is_lock_contended(t->db)) {
            return xasprintf("an ovspand that runs serves host \"%s\"",
                             db_host(t->db));
        } else if (db_span_is_synced(t->db) && db_has_lock(t->db)) {
            if (former && !db_is_host_of_switch(t->db)) {
                return xasprintf("host \"%s\" is not known to have been "
                                 "this one", db_host(t->db));
            }
            former = false;     /* Its row may be gone by the next round. */
            take(t);
        }
        if (t->done) {
            return NULL;
        }
        db_wait(t->db);
        native_hand_wait(t->hand);
        poll_timer_wait_until(deadline);
        poll_block();
    }
    return (db_has_lock(t->db)
            ? xasprintf("it took longer than %d s to take back what host "
                        "\"%s\" left", TAKE_MS / 1000, db_host(t->db))
            : xasprintf("the OVSpan database at %s does not answer",
                        conf->span_remote));
}

int
take_back(const struct reconcile_conf *conf, bool former)
{
    struct taking t = { .db = connect_to(conf, conf->host) };
    bool ok = read_switch(t.db, conf);

    if (ok) {
        char *error;

        t.hand = native_hand_create();
        t.topo = topo_create(db_host(t.db));
        have_init(&t.have);
        error = take_all(&t, conf, former);
        if (error) {
            ovs_error(0, "%s", error);
            ok = false;
        }
        free(error);
        have_uninit(&t.have);
        topo_destroy(t.topo);
        native_hand_destroy(t.hand);
    }
    db_destroy(t.db);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
