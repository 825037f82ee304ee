/* engine-private.h -- what the files of the engine's control side share.
 *
 * engine.c joins plans with what runs, engine-tap.c starts and judges taps,
 * engine-stream.c brings streams up with engine-open.c and engine-resolve.c
 * (which looks up names), engine-hop.c tells them the way out, engine-source.c
 * has captures, which engine-opening.c opens, engine-view.c says what is
 * wanted of them, engine-poll.c reads counters of interfaces.  All of it runs
 * in the control thread, but for look-ups and openings.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_PRIVATE_H
#define OVSPAN_ENGINE_ENGINE_PRIVATE_H 1

#include "base/ovs.h"
#include "capture/capture.h"
#include "engine/engine.h"
#include "engine/task.h"
#include "engine/worker.h"
#include "export/collector.h"
#include "plan/plan.h"
#include "target/target.h"

struct kern_paths;
struct resolve;

/* When to try again what failed: 1, 2, 4, ... 30 s after each failure. */
struct backoff {
    long long int delay;        /* ms; 0: has not failed. */
    long long int last;         /* time_msec() of the last attempt. */
    long long int next;         /* Of the next one; LLONG_MAX: none. */
};
void backoff_init(struct backoff *);
void backoff_failed(struct backoff *, long long int now, bool may_retry);
/* A changed plan is a reason to try at once, but not for each of a storm. */
void backoff_hurry(struct backoff *, long long int now);

/* A failure, or none. */
struct trouble {
    enum tap_reason reason;     /* TAP_R_OK: none. */
    char *detail;               /* A sentence, or NULL. */
};
/* Takes 'detail'. */
void trouble_set(struct trouble *, enum tap_reason, char *detail);
void trouble_clear(struct trouble *);

/* A stream on its way:
 *
 *   RESOLVE --> OPEN --> OWN --> READY
 *      |         |  (every worker knows its addresses)
 *      +-> FAILED <+  back to RESOLVE when it is time to try again
 */
enum stream_state {
    STREAM_RESOLVE,             /* The collector's name is looked up. */
    STREAM_OWN,                 /* Open; workers are told its addresses. */
    STREAM_READY,
    STREAM_FAILED,
};

struct engine_stream {
    struct hmap_node node;      /* In engine's 'streams', by 'key'. */
    char *key;
    char *place;                /* Those of one place need instances. */
    uint32_t instance;          /* Distinct among them. */
    char *file;                 /* Of a capture file's name: its tap; NULL. */
    struct target *target;
    uint32_t sampling;          /* Of its taps, if it is of flows. */
    struct worker *worker;
    size_t n_taps;
    size_t n_wanted;            /* Of those, of the plan at hand. */
    bool replaced;              /* By one of the same key: not in 'streams'. */
    enum stream_state state;
    struct trouble trouble;     /* Of STREAM_FAILED. */
    struct backoff backoff;
    struct resolve *resolve;    /* STREAM_RESOLVE of a name. */
    struct wstream *wstream;    /* From STREAM_OWN on. */
    struct collector *collector;        /* Likewise: its counters. */
    struct exporter *exporter;  /* STREAM_OWN: not handed over yet. */
    struct collector_flow flow; /* Likewise: what is not to be captured. */
    uint64_t own_version;       /* That all workers must know of. */
    uint8_t tos;                /* Of its outer header. */
    struct collector_hop hop;   /* STREAM_READY: as told to its worker. */
    struct trouble comment;     /* What came back: unreachable, a note. */
};

/* What opening a source made. */
struct opened {
    struct capture *capture;    /* NULL: nothing. */
    char *key;                  /* Of the view that its tap wants... */
    struct capture_view *view;  /* ...which is let in; NULL: it is not. */
    bool is_exact;              /* See capture_set_views(). */
};

struct engine_source {
    struct hmap_node node;      /* In engine's 'sources', by 'place'. */
    char *place;                /* Worker, namespace, interface. */
    size_t ring;                /* Bytes; 0: the default. */
    char *only;                 /* The one view that it can have, as its
                                 * frames cannot be judged; NULL: any. */
    struct worker *worker;
    size_t n_taps;
    struct opening *opening;    /* On its way; NULL: it is not. */
    struct wsource *wsource;    /* NULL: not open. */
    struct opened opened;       /* Likewise; the capture is the worker's, for
                                 * views only, and so is the view, once it is
                                 * taken. */
    struct ovs_list views;      /* struct engine_view. */
    struct trouble trouble;     /* Why not. */
    struct backoff backoff;
};

/* What one filter and direction lets through of a source. */
struct engine_view {
    struct ovs_list node;       /* In its source's 'views'. */
    char *key;
    size_t n_taps;
    struct capture_view *wants; /* The worker's: for the kernel's filter. */
    struct wview *wview;
};

struct engine_tap {
    struct hmap_node node;      /* In engine's 'taps', by 'plan.key'. */
    struct plan_tap plan;       /* Ours; 'spec' too. */
    bool wanted;                /* By the plan at hand. */
    struct engine_stream *stream;
    struct engine_source *source;
    struct engine_view *view;   /* While it is started. */
    struct wtap *wtap;          /* NULL: not started. */
    struct wtap *last_wtap;     /* The one before, for its counters. */
    struct tap_stats base;      /* Of those before that one. */
    uint64_t ticket;            /* Of its start. */
    long long int next_poll;    /* When its interface's counters are due. */
    struct trouble trouble;     /* Of itself: no such exporter. */
    const char *note;           /* To say while it is active, or NULL. */

    enum tap_state state;       /* As reported last. */
    enum tap_reason reason;
    char *detail;               /* Never NULL. */
};

/* Addresses that stay hidden for a while after their stream has gone: its last
 * datagrams may still lie in a ring. */
struct engine_linger {
    struct ovs_list node;       /* In engine's 'lingering'. */
    struct collector_flow flow;
    long long int until;        /* time_msec(). */
};

struct engine {
    struct worker **workers;
    size_t n_workers;
    size_t *load;               /* Taps on each. */
    struct seq *reports;        /* Changed by workers and look-ups. */
    uint64_t seen;              /* Of 'reports'. */
    struct task_pool *tasks;
    struct hmap taps, streams, sources;
    struct ovs_list lingering;
    bool own_changed;           /* Workers are to be told. */
    uint64_t own_version;       /* Increases with each telling. */
    uint64_t *own_tickets;      /* Of the last one, for each worker. */
    uint64_t boot_us;           /* Zero of every exporter's clock. */
    struct kern_paths *paths;   /* NULL: there is no netlink. */
    uint64_t paths_seen;        /* Its sequence number. */
    long long int next_look;    /* time_msec(): not to look before. */
    uint64_t seqno;
    bool dirty;                 /* Something is to be looked at. */
    long long int next_wake;    /* time_msec(); LLONG_MAX: none. */
};

void engine_wake_at(struct engine *, long long int when);

/* engine-tap.c */
/* Makes a tap of the engine and what it needs of streams and sources. */
struct engine_tap *etap_create(struct engine *, const struct plan_tap *);
void etap_stop(struct engine_tap *);
/* Of a tap that is not in the engine's hmap any more. */
void etap_destroy(struct engine *, struct engine_tap *);
void etap_run(struct engine *, struct engine_tap *, long long int now);
void etap_update_state(struct engine *, struct engine_tap *);
void etap_get_status(const struct engine_tap *, struct engine_status *);

/* engine-stream.c */
/* Finds or makes the stream of a tap, and says in '*note' what is worth
 * knowing of it, or NULL. */
struct engine_stream *estream_ref(struct engine *, const struct plan_tap *,
                                  struct worker *preferred,
                                  const char **note);
void estream_unref(struct engine *, struct engine_stream *);
void estream_run(struct engine *, struct engine_stream *, long long int now);
void estream_tell_own(struct engine *, long long int now);

/* Takes 'detail'. */
void estream_fail(struct engine *, struct engine_stream *, enum tap_reason,
                  char *detail, long long int now);

/* engine-open.c */
void estream_open(struct engine *, struct engine_stream *,
                  const struct in6_addr *dst, long long int now);
/* The value of an option, NULL where the target's type has none of the
 * name. */
const char *estream_option(const struct target *, const char *name);

/* engine-hop.c */
void engine_follow_hops(struct engine *, long long int now);
void engine_wait_hops(struct engine *);
/* Of a stream that has become ready. */
void estream_find_hop(struct engine *, struct engine_stream *);

/* engine-poll.c */
void engine_poll_counters(struct engine *, long long int now);

/* engine-source.c */
struct engine_source *esource_find(struct engine *, const struct plan_tap *,
                                   const struct worker *);
struct engine_source *esource_ref(struct engine *, const struct plan_tap *,
                                  struct worker *);
void esource_unref(struct engine *, struct engine_source *);
/* Goes on with opening it, if it is not and may be, for a tap. */
void esource_open(struct engine *, struct engine_source *,
                  const struct plan_tap *, long long int now);
/* It turned out that it does not work: takes '*why'. */
void esource_fail(struct engine *, struct engine_source *, struct trouble *why,
                  long long int now);
/* Moves a tap to a source that can have its view. */
struct engine_source *esource_move(struct engine *, struct engine_source *,
                                   const struct plan_tap *);
bool esource_has_failed(struct engine_source *, enum tap_reason *,
                        const char **detail);
void esource_close(struct engine *, struct engine_source *);

/* engine-opening.c */
struct opening *opening_start(struct task_pool *, const struct plan_tap *);
/* False while it is on its way; else ends it, and stores what was opened,
 * which the caller owns then, or why nothing was. */
bool opening_finish(struct task_pool *, struct opening *, struct opened *,
                    struct trouble *why);
void opening_abandon(struct task_pool *, struct opening *);

/* engine-view.c: views of a source that is open. */
/* What a tap wants of its point; its text. */
struct capture_view_conf eview_conf(const struct plan_source *);
char *eview_key(const struct plan_tap *);
/* Finds or makes a view.  On failure returns NULL and stores why. */
struct engine_view *eview_ref(struct engine_source *, const struct plan_tap *,
                              struct trouble *why);
void eview_unref(struct engine_source *, struct engine_view *);
/* Of a source whose worker takes them away. */
void eview_forget_all(struct engine_source *);

enum tap_reason reason_from_capture_error(enum capture_error);

/* engine-resolve.c: getaddrinfo(3) in a thread. */
struct resolve *resolve_start(const char *name, struct seq *reports);
/* False while it is on its way; else stores the address, or zeros and a
 * sentence in '*error', which the caller frees. */
bool resolve_is_done(struct resolve *, struct in6_addr *, char **error);
void resolve_destroy(struct resolve *); /* Does not wait for it. */

#endif /* engine/engine-private.h */
