/* worker.h -- a thread of the packet half.
 *
 * Owns captures ("sources"), the taps that they feed, and the streams that
 * taps feed.  The control thread makes these objects, hands them over with a
 * command, and from then on may only read a tap's counters, a source's error
 * and a stream's collector_get_stats(), until it gives the command that takes
 * them away; the worker frees them.
 *
 *   capture -> struct wsource (parses once)
 *                -> struct wview (filter, direction; meter)
 *                     -> struct wtap -> struct wstream (exporter, collector)
 *
 * Commands are prepared, then given with worker_commit() through a queue with
 * a lock that no packet ever waits for.  They are carried out in order, those
 * of one commit without a packet between; each gets a ticket.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_WORKER_H
#define OVSPAN_ENGINE_WORKER_H 1

#include "base/ovs.h"
#include "base/wrap.h"
#include "capture/capture.h"
#include "export/collector.h"
#include "export/exporter.h"
#include "plan/tap.h"

struct seq;
struct task_pool;
struct worker;
struct wsource;
struct wview;
struct wstream;
struct wtap;

/* Starts a thread; it changes 'reports' whenever there is something new to
 * read: a command done, an error.  What takes long is done by 'tasks'. */
struct worker *worker_create(struct seq *reports, struct task_pool *tasks);
/* Exports all that is in memory, frees every object, ends the thread. */
void worker_destroy(struct worker *);

/* Gives all that was prepared. */
void worker_commit(struct worker *);
/* True once the command of 'ticket' was carried out. */
bool worker_is_done(const struct worker *, uint64_t ticket);
/* True once every command given so far was. */
bool worker_is_idle(const struct worker *);

/* A stream takes over the exporter and its collector. */
struct wstream *wstream_create(const struct exporter_class *,
                               struct exporter *, struct collector *);
/* A source takes over the capture, a view the capture's view.  Of frames that
 * have the wrap it is taken off. */
struct wsource *wsource_create(struct capture *, const struct wrap *);
struct wview *wview_create(struct wsource *, struct capture_view *);

struct wtap_conf {
    const char *ifname;         /* Of the point. */
    const char *netns, *node;   /* And of what people know it by: the
                                 * namespace or "", and the node. */
    uint32_t ifindex;
    uint32_t mtu;               /* Its IP MTU; 0: unknown. */
    struct uuid capture;        /* Whose taps share the bounds */
    uint64_t max_pps, max_bps;  /* of what packet targets are sent; 0: none. */
    uint32_t snaplen;           /* Bytes of a frame; 0: all. */
    uint32_t sampling;          /* 1 in N. */
    uint64_t active_us;         /* Timeouts of flow targets. */
    uint64_t inactive_us;
    size_t max_flows;
    unsigned int decap;         /* Tunnels that are looked into for flows. */
};
struct wtap *wtap_create(struct wview *, struct wstream *,
                         const struct wtap_conf *);

uint64_t worker_add_stream(struct worker *, struct wstream *);
uint64_t worker_add_source(struct worker *, struct wsource *);
/* With 'judges', a frame may from now on be one that a view does not want. */
void worker_add_view(struct worker *, struct wview *, bool judges);
void worker_remove_view(struct worker *, struct wview *, bool judges);
uint64_t worker_add_tap(struct worker *, struct wtap *);
/* Taps have two owners, the worker until it removed it and the control thread
 * until it calls this: counters of what a removal still sent can be read. */
void wtap_unref(struct wtap *);
/* The reverse; taps first.  A tap's flows are exported, then what its stream
 * still holds is sent. */
uint64_t worker_remove_tap(struct worker *, struct wtap *);
uint64_t worker_remove_source(struct worker *, struct wsource *);
uint64_t worker_remove_stream(struct worker *, struct wstream *);
/* The stream's collector is behind 'hop', which is copied, from now on. */
uint64_t worker_set_hop(struct worker *, struct wstream *,
                        const struct collector_hop *);
/* The stream's collector is by the socket of 'there' from now on, which it
 * takes over: see collector_adopt(). */
uint64_t worker_move_stream(struct worker *, struct wstream *,
                            struct collector *there);
/* What an interface that feeds the stream has counted, which is copied. */
uint64_t worker_give_counters(struct worker *, struct wstream *,
                              const struct exporter_counters *);
/* From now on packets of 'flows', which are copied, are dropped. */
uint64_t worker_set_own(struct worker *, const struct collector_flow *,
                        size_t n);

/* CAPTURE_OK, or why the source ended; '*detail' is lent. */
enum capture_error wsource_get_error(const struct wsource *,
                                     const char **detail);
void wtap_get_stats(const struct wtap *, struct tap_stats *);

/* The wall clock: what packets and exporters are timed by. */
uint64_t worker_wall_us(void);

#endif /* engine/worker.h */
