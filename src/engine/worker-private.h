/* worker-private.h -- what the files of a worker share.
 *
 * The floors of a worker, each of which calls those below it only:
 *
 *   worker.c           the thread
 *   worker-tap.c       puts taps in place
 *   worker-source.c    reads a capture
 *   worker-view.c      feeds meters with it
 *   worker-stream.c    runs exporters and their collectors
 *   worker-command.c   what the thread is told
 *   worker-watch.c     what wakes it
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_WORKER_PRIVATE_H
#define OVSPAN_ENGINE_WORKER_PRIVATE_H 1

#include "base/ovs.h"
#include "engine/worker.h"
#include "meter/meter.h"
#include "packet/packet.h"

enum {
    WORKER_FLOOR_US = 100 * 1000,       /* Timers are not run more often. */
    WORKER_STATS_US = 500 * 1000,       /* The kernel's drops are read. */
};

/* What an epoll event is of. */
enum wevent_type { WEVENT_COMMANDS, WEVENT_SOURCE, WEVENT_STREAM };
struct wevent {
    enum wevent_type type;
};

struct worker {
    struct seq *reports;        /* Wakes the control thread. */
    struct task_pool *tasks;    /* For what takes long. */
    pthread_t thread;
    int epoll_fd;
    int event_fd;               /* Commands are waiting. */
    struct wevent event;        /* Of 'event_fd'. */

    /* The control thread's. */
    struct ovs_list prepared;   /* Commands that wait for worker_commit(). */
    uint64_t last_ticket;

    struct ovs_mutex mutex;     /* Protects the next. */
    struct ovs_list commands OVS_GUARDED;
    ATOMIC(uint64_t) done;      /* Last ticket carried out. */

    /* The rest belongs to the thread. */
    bool stopping;
    uint64_t now_us;            /* Of this round. */
    uint64_t next_timer_us;     /* When timers are run next. */
    size_t n_frames;            /* Read since the last rest, */
    bool more;                  /* and more may be there. */
    struct ovs_list sources;    /* struct wsource. */
    struct ovs_list streams;    /* struct wstream. */

    struct collector_flow *own; /* Never captured. */
    size_t n_own;
    bool own_dst[256];          /* Whether one goes to an address with
                                 * this last byte: spares the search. */

    /* The burst in work. */
    struct pkt_frame frames[CAPTURE_BURST];
    struct pkt pkts[CAPTURE_BURST];
    const struct capture_frame *captured[CAPTURE_BURST];        /* Of these. */
    struct capture_frame unwrapped[CAPTURE_BURST];      /* What some became. */
    struct pkt_frame view_frames[CAPTURE_BURST];
    struct pkt view_pkts[CAPTURE_BURST];        /* What one view wants. */
};

struct wstream {
    struct wevent event;        /* Of the collector's socket. */
    struct ovs_list node;       /* In worker's 'streams'. */
    struct mstream up;          /* The exporter, and the taps. */
    struct collector *collector;
    bool draining;              /* Removed; its queue empties. */
    uint64_t drain_deadline_us; /* And then is given up. */
    uint64_t unreachable_seen;  /* Of the collector's counter. */
    enum collector_presence presence_seen;      /* Reported. */
    uint64_t greet_us;          /* Time of a greeting. */
    uint64_t emsgsize_seen;     /* Likewise. */
};

struct wsource {
    struct wevent event;        /* Of the capture's socket. */
    struct ovs_list node;       /* In worker's 'sources'. */
    struct worker *worker;      /* NULL until it is added. */
    struct capture *capture;
    enum pkt_link link;
    struct ovs_list views;      /* struct wview. */
    bool judges;                /* A frame may be one that a view does not
                                 * want; */
    uint64_t judges_before_us;  /* so may one that is older. */
    bool had_views;             /* Frames may have come in. */
    enum capture_direction direction;   /* Of frames that do not say. */
    struct wrap wrap;           /* Is taken off of frames that have it. */
    struct pkt_mss mss;         /* Of the connections seen. */
    uint64_t next_stats_us;     /* When to read the kernel's drops. */
    uint64_t dropped_kernel;    /* As read last. */

    ATOMIC(int) error;          /* enum capture_error; set once, at the end. */
    char *detail;               /* Of 'error', set before it. */
};

/* What one filter and direction lets through of a source: taps of all captures
 * that have these. */
struct wview {
    struct ovs_list node;       /* In its source's 'views'. */
    struct wsource *source;
    struct capture_view *wants;
    struct meter meter;
    struct ovs_list taps;       /* Their 'view_node'. */
    struct ovs_list limits;     /* struct wlimit. */
};

/* What one capture may send, with all its taps. */
struct wlimit {
    struct ovs_list node;       /* In its view's 'limits'. */
    struct uuid capture;
    size_t n_taps;
    struct mlimit limit;
};

struct wtap {
    struct ovs_refcount refs;   /* The worker and the control thread. */
    struct ovs_list view_node;  /* In its view's 'taps'. */
    struct wview *view;
    struct wlimit *limit;       /* NULL: none. */
    uint64_t max_pps, max_bps;  /* To make it of. */
    struct uuid capture;        /* Likewise. */
    struct wstream *stream;
    struct mtap up;
    char *label;                /* Of its point. */
    uint64_t dropped_base;      /* The source's drops when it joined. */
};

/* worker-source.c */
void wsource_start(struct worker *, struct wsource *);
void wsource_run(struct worker *, struct wsource *);
/* How long it may be left alone, in us. */
uint64_t wsource_patience_us(const struct wsource *);
void wsource_read_drops(struct worker *, struct wsource *);
void wsource_destroy(struct worker *, struct wsource *);

/* worker-view.c */
void wview_start(struct worker *, struct wview *, bool judges);
void wview_destroy(struct worker *, struct wview *, bool judges);
void wview_burst(struct worker *, struct wview *, size_t n);

/* worker-tap.c */
void wtap_start(struct worker *, struct wtap *);
void wtap_destroy(struct worker *, struct wtap *);

/* worker-stream.c */
void wstream_start(struct worker *, struct wstream *);
void wstream_run(struct worker *, struct wstream *);    /* What is due. */
void wstream_flush(struct worker *, struct wstream *);
void wstream_set_hop(struct wstream *, const struct collector_hop *);
void wstream_move(struct worker *, struct wstream *, struct collector *there);
void wstream_give_counters(struct worker *, struct wstream *,
                           const struct exporter_counters *);
void wstream_read_errors(struct worker *, struct wstream *);
/* Closes the exporter; true if the stream is gone, false if it drains. */
bool wstream_finish(struct worker *, struct wstream *);
void wstream_destroy(struct worker *, struct wstream *);

/* worker-watch.c */
/* epoll_ctl() that cannot fail. */
void worker_watch(struct worker *, int fd, uint32_t events, struct wevent *);
void worker_unwatch(struct worker *, int fd);
/* Sees to it that timers run at 'when_us'. */
void worker_wake_at(struct worker *, uint64_t when_us);
/* 'when_us', but not so soon that timers would be run all the time. */
uint64_t worker_floor(const struct worker *, uint64_t when_us);

#endif /* engine/worker-private.h */
