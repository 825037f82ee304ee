/* appctl.h -- what the daemon answers on its control socket.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * RUNDIR/ovspand.PID.ctl, where PID is in RUNDIR/ovspand.pid.  These are the
 * questions that need the live host; all state is in the database.  Answers
 * are JSON, except where noted; errors are one sentence.
 *
 *   query EXPR       an array of nodes or edges, or a number, or an array of
 *                    values: query_result_to_json()
 *   topology         {"Nodes":[...],"Edges":[...]}: topo_to_json()
 *   explain REQUEST  REQUEST is {"capture":NAME}, for a capture of the
 *                    database, or {"selector":TEXT,"targets":[TEXT,...],
 *                    "columns":{COLUMN[:KEY]:VALUE,...}}; the answer is
 *                    plan_to_json()
 *   inject REQUEST   REQUEST is {"from":SELECTOR,"dst":IP,"type":"icmp",
 *                    "count":1,"interval":1000,"size":56,"sport":0,
 *                    "dport":0}, all but the first two optional; answers when
 *                    all were sent: {"from":NODE,"sent":N,"failed":N}, with
 *                    "no_arp":true if nobody answers ARP for "dst"
 *   tcpdump REQUEST  REQUEST is {"selector":TEXT,"pid":N,"pidns":I}; answers
 *                    with where process N, of the process namespace whose
 *                    inode is I, can listen to what is selected:
 *                    {"netns":PATH,"device":NAME,"note":TEXT}, the last only
 *                    if there is something to say of what is seen there.  If
 *                    a mirror had to be made for it, that ends with the
 *                    process
 *   points REQUEST   REQUEST is {"pattern":TEXT}, or {} for all; the answer is
 *                    query_points_to_json()
 *   flows REQUEST    REQUEST is {"selector":TEXT,"filter":TEXT,"active":S,
 *                    "inactive":S,"pid":N,"pidns":I,"fd":N}, all but the
 *                    first and the last three optional; "fd" is a number of
 *                    process N's, an end of a pair of local sockets of packets
 *                    to which records go, each a line of JSON, as long as
 *                    the process lives.  Answers when the points are active
 *                    or have failed: {"points":[{"point":NAME,"state":TEXT,
 *                    "reason":TEXT,"detail":TEXT},...]}
 *   names REQUEST    REQUEST is {"kind":"points","prefix":TEXT}, or
 *                    "captures"; answers with an array of those names
 *   why REQUEST      REQUEST is {"selector":TEXT,"name":NAME}, the name of the
 *                    capture that it was typed for, if any; or
 *                    {"capture":NAME}, of the database; answers with
 *                    why it yields nothing, {"why":SENTENCE}, "" if it does or
 *                    nobody knows
 *   status           {"host":NAME,"ready":BOOL,"published":BOOL,
 *                    "detail":TEXT}: 'ready' when the topology was read,
 *                    'published' when the database has this host with what it
 *                    does now, 'detail' why not; answered at any time
 *   exit [--restart] plain text; see ovspand(8) */

#ifndef OVSPAN_DAEMON_APPCTL_H
#define OVSPAN_DAEMON_APPCTL_H 1

#include <stdbool.h>

struct have;
struct jsn;
struct sessions;
struct topo;
struct unixctl_conn;
struct want;

/* What the answers are made from; lent for as long as the daemon runs. */
struct appctl_context {
    struct topo **topo;                 /* NULL until the host is known. */
    const struct want *want;
    const struct have *have;
    struct sessions *sessions;
    const char *(*host)(void *aux);     /* Name of this host, or NULL. */
    bool (*is_ready)(void *aux);        /* Topology read in full. */
    /* Why the database does not have this host yet, or NULL if it does. */
    const char *(*obstacle)(void *aux);
    void *aux;
};

void appctl_register(const struct appctl_context *);

#endif /* daemon/appctl.h */
