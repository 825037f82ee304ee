/* switch.c -- whether Open vSwitch is there.  See switch.h.
 *
 * Three things have to be: a connection to its database, an ovsdb-server that
 * answers (a stopped one keeps its connections), an ovs-vswitchd that answers.
 * A restart takes a moment and is no trouble, so what is gone is waited for a
 * little.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/switch.h"
#include <stdlib.h>
#include <string.h>
#include "base/dirs.h"
#include "base/ovs.h"
#include "daemon/peer.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(switch_watch);

enum { GRACE_MS = 3000 };       /* A restart may take so long. */

struct switch_watch {
    char *dir;                  /* Of the pidfiles. */
    bool is_local;              /* They are of the switch of the database. */
    struct peer *vswitchd;
    struct peer *server;        /* ovsdb-server. */
    long long int db_away_since;        /* time_msec(); LLONG_MAX: synced. */
    long long int gone_since;   /* Likewise of ovs-vswitchd. */
    pid_t proved_by;            /* The last ovs-vswitchd that answered. */
    bool looked;                /* For ovs-vswitchd, since the start. */

    const char *db_state;       /* As in Host.status. */
    const char *vswitchd_state; /* Likewise. */
    const char *trouble;
    uint64_t seqno;
    uint64_t asks;
};

/* The directory of a socket at hand is where the daemons behind it are. */
static char *
find_dir(const char *remote, bool *is_local)
{
    const char *slash = strrchr(remote, '/');

    *is_local = (!strncmp(remote, "unix:", 5) && slash
                 && !strchr(remote, ','));
    return (*is_local ? xmemdup0(remote + 5, slash - remote - 5)
            : xstrdup(dirs_ovs_run()));
}

struct switch_watch *
switch_watch_create(const char *ovs_remote)
{
    struct switch_watch *sw = xzalloc(sizeof *sw);

    sw->dir = find_dir(ovs_remote, &sw->is_local);
    sw->vswitchd = peer_create(sw->dir, "ovs-vswitchd");
    sw->server = peer_create(sw->dir, "ovsdb-server");
    sw->db_away_since = time_msec();
    sw->gone_since = LLONG_MAX;
    sw->db_state = "connecting";
    sw->vswitchd_state = "not known";
    return sw;
}

void
switch_watch_destroy(struct switch_watch *sw)
{
    if (sw) {
        peer_destroy(sw->vswitchd);
        peer_destroy(sw->server);
        free(sw->dir);
        free(sw);
    }
}

/* Since when something is so, or LLONG_MAX. */
static void
update_since(long long int *since, bool is_so)
{
    *since = !is_so ? LLONG_MAX : MIN(*since, time_msec());
}

static bool
is_over(long long int since)
{
    return since != LLONG_MAX && time_msec() - since >= GRACE_MS;
}

static const char *
judge_db(const struct switch_watch *sw)
{
    bool silent = sw->is_local && peer_get_state(sw->server) == PEER_SILENT;

    return (silent || is_over(sw->db_away_since) ? "does not answer"
            : sw->db_away_since != LLONG_MAX ? sw->db_state
            : "connected");
}

static const char *
judge_vswitchd(const struct switch_watch *sw)
{
    switch (sw->is_local ? peer_get_state(sw->vswitchd) : PEER_UNKNOWN) {
    case PEER_UNKNOWN: return "not known";
    case PEER_ANSWERS: return "running";
    case PEER_SILENT: return "does not answer";
    case PEER_GONE: return (is_over(sw->gone_since) ? "not running"
                            : sw->vswitchd_state);
    }
    OVS_NOT_REACHED();
}

static const char *
find_trouble(const struct switch_watch *sw)
{
    return (!strcmp(sw->db_state, "does not answer")
            ? "Open vSwitch's database does not answer: is its ovsdb-server "
              "running?"
            : !strcmp(sw->vswitchd_state, "not running")
            ? "ovs-vswitchd is not running: it is waited for"
            : !strcmp(sw->vswitchd_state, "does not answer")
            ? "ovs-vswitchd does not answer: it hangs, or was stopped"
            : NULL);
}

static void
update(const char **state, const char *new, uint64_t *seqno)
{
    if (*state != new) {
        *state = new;
        ++*seqno;
    }
}

/* Who has to be asked whether it does what the one before it did. */
static void
update_asks(struct switch_watch *sw, bool was_troubled)
{
    enum peer_state state = peer_get_state(sw->vswitchd);
    pid_t pid = state == PEER_ANSWERS ? peer_pid(sw->vswitchd) : 0;

    if (pid && sw->proved_by && pid != sw->proved_by) {
        sw->asks++;
    } else if (was_troubled && !sw->trouble) {
        sw->asks++;
    } else if (!sw->looked && !peer_is_found(sw->vswitchd)) {
        sw->asks++;
    }
    sw->looked = true;
    sw->proved_by = pid ? pid : sw->proved_by;
}

void
switch_watch_run(struct switch_watch *sw, const struct db *db)
{
    const char *old = sw->trouble;

    peer_run(sw->vswitchd);
    peer_run(sw->server);
    update_since(&sw->db_away_since, !db_ovs_is_synced(db));
    update_since(&sw->gone_since,
                 peer_get_state(sw->vswitchd) == PEER_GONE);
    update(&sw->db_state, judge_db(sw), &sw->seqno);
    update(&sw->vswitchd_state, judge_vswitchd(sw), &sw->seqno);
    update(&sw->trouble, find_trouble(sw), &sw->seqno);
    if (old != sw->trouble) {
        VLOG_INFO("%s", sw->trouble ? sw->trouble : "Open vSwitch is back");
    }
    update_asks(sw, old != NULL);
}

static void
wait_since(long long int since)
{
    if (since != LLONG_MAX && !is_over(since)) {
        poll_timer_wait_until(since + GRACE_MS);
    }
}

void
switch_watch_wait(const struct switch_watch *sw)
{
    peer_wait(sw->vswitchd);
    peer_wait(sw->server);
    wait_since(sw->db_away_since);
    wait_since(sw->gone_since);
}

const char *
switch_watch_trouble(const struct switch_watch *sw)
{
    return sw->trouble;
}

uint64_t
switch_watch_seqno(const struct switch_watch *sw)
{
    return sw->seqno;
}

uint64_t
switch_watch_asks(const struct switch_watch *sw)
{
    return sw->asks;
}

void
switch_watch_put_status(const struct switch_watch *sw, struct smap *status)
{
    smap_add(status, "ovs", (sw->trouble ? sw->trouble
                             : !strcmp(sw->db_state, "connected")
                             ? "connected" : "connecting"));
    smap_add(status, "ovs-db", sw->db_state);
    smap_add(status, "ovs-vswitchd", sw->vswitchd_state);
}

pid_t
switch_watch_pid(const struct switch_watch *sw)
{
    return peer_pid(sw->vswitchd);
}
