/* worker-private.h -- what the files of a worker share.
 *
 * worker.c is the thread and its commands, worker-source.c reads a capture and
 * feeds taps, worker-tap.c samples, meters and counts, worker-stream.c runs
 * the exporter and credits what was sent to taps.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_WORKER_PRIVATE_H
#define OVSPAN_DAEMON_WORKER_PRIVATE_H 1

#include "base/ovs.h"
#include "daemon/worker.h"
#include "flow/table.h"
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
    pthread_t thread;
    int epoll_fd;
    int event_fd;               /* Commands are waiting. */
    struct wevent event;        /* Of 'event_fd'. */

    struct ovs_mutex mutex;     /* Protects the next two. */
    struct ovs_list commands OVS_GUARDED;
    uint64_t last_ticket OVS_GUARDED;
    ATOMIC(uint64_t) done;      /* Last ticket carried out. */

    /* The rest belongs to the thread. */
    bool stopping;
    uint64_t now_us;            /* Of this round. */
    uint64_t next_timer_us;     /* When timers are run next. */
    struct ovs_list sources;    /* struct wsource. */
    struct ovs_list streams;    /* struct wstream. */

    struct collector_flow *own; /* Never captured. */
    size_t n_own;
    bool own_dst[256];          /* Whether a flow goes to an address with
                                 * this last byte: spares the search. */

    /* The burst in work. */
    struct pkt_frame frames[CAPTURE_BURST];
    struct pkt pkts[CAPTURE_BURST];
    struct pkt chosen[CAPTURE_BURST];   /* After sampling or a limit. */
    struct ftab_weight weights[CAPTURE_BURST];
};

struct wstream {
    struct wevent event;        /* Of the collector's socket. */
    struct ovs_list node;       /* In worker's 'streams'. */
    const struct exporter_class *class;
    struct exporter *exporter;
    struct collector *collector;
    struct ovs_list taps;       /* Their 'stream_node'. */
    uint64_t next_run_us;       /* When the exporter wants to be run. */
    bool draining;              /* Removed; its queue empties. */
    uint64_t drain_deadline_us; /* And then is given up. */
    uint64_t unreachable_seen;  /* Of the collector's counter. */

    /* What was sent since is credited to 'last_tap': the one whose records or
     * packets went in last. */
    struct wtap *last_tap;      /* NULL: the first there is. */
    struct exporter_stats exporter_credited;
    struct collector_stats credited;
};

/* A token bucket: 'tokens' fill at 'rate' a second up to a second's worth. */
struct wbucket {
    uint64_t rate;              /* 0: no bound. */
    uint64_t tokens;            /* Times a million. */
    uint64_t filled_us;         /* Last time. */
};

struct wsource {
    struct wevent event;        /* Of the capture's socket. */
    struct ovs_list node;       /* In worker's 'sources'. */
    struct worker *worker;      /* NULL until it is added. */
    struct capture *capture;
    enum pkt_link link;
    struct ovs_list taps;       /* Their 'source_node'. */
    struct wbucket pps, bps;
    uint32_t snaplen;           /* Bytes of a frame for its taps; more may be
                                 * captured, to tell whose it is. */
    uint64_t next_stats_us;     /* When to read the kernel's drops. */
    uint64_t dropped_kernel;    /* As read last. */

    ATOMIC(int) error;          /* enum capture_error; set once, at the end. */
    char *detail;               /* Of 'error', set before it. */
};

#define TAP_COUNTER(NAME) WTAP_##NAME,
enum wtap_counter { TAP_COUNTERS WTAP_N_COUNTERS };
#undef TAP_COUNTER

struct wtap {
    struct ovs_refcount refs;   /* The worker and the control thread. */
    struct ovs_list source_node;        /* In its source's 'taps'. */
    struct ovs_list stream_node;        /* In its stream's 'taps'. */
    struct wsource *source;
    struct wstream *stream;
    struct wtap_conf conf;
    struct ftab *ftab;          /* Flow targets, else NULL. */
    uint64_t next_expire_us;    /* When the table wants to be looked at. */
    uint32_t sample;            /* Packets since the last one chosen. */
    uint64_t dropped_base;      /* The source's drops when it joined. */
    struct tap_stats stats;     /* The thread's own. */
    ATOMIC(uint64_t) published[WTAP_N_COUNTERS];        /* For others. */
};

/* worker-source.c */
void wsource_start(struct worker *, struct wsource *);
void wsource_run(struct worker *, struct wsource *);
void wsource_read_drops(struct worker *, struct wsource *);
void wsource_destroy(struct worker *, struct wsource *);

/* worker-tap.c */
void wtap_start(struct wtap *);
void wtap_burst(struct worker *, struct wtap *, const struct pkt *, size_t n);
void wtap_expire(struct worker *, struct wtap *);
void wtap_publish(struct wtap *);
void wtap_destroy(struct worker *, struct wtap *);

bool wbucket_take(struct wbucket *, uint64_t n, uint64_t now_us);

/* worker-stream.c */
void wstream_start(struct worker *, struct wstream *);
void wstream_enter(struct wstream *, struct wtap *);    /* Before it feeds. */
void wstream_credit(struct wstream *);
void wstream_run(struct worker *, struct wstream *);    /* What is due. */
void wstream_flush(struct worker *, struct wstream *);
void wstream_set_hop(struct wstream *, const struct collector_hop *);
void wstream_read_errors(struct worker *, struct wstream *);
/* Closes the exporter; true if the stream is gone, false if it drains. */
bool wstream_finish(struct worker *, struct wstream *);
void wstream_destroy(struct worker *, struct wstream *);

/* epoll_ctl() that cannot fail. */
void worker_watch(struct worker *, int fd, uint32_t events, struct wevent *);
void worker_unwatch(struct worker *, int fd);
/* Sees to it that timers run at 'when_us'. */
void worker_wake_at(struct worker *, uint64_t when_us);

#endif /* daemon/worker-private.h */
