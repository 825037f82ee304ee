/* plan.h -- from what is wanted and what there is to what must run.
 *
 * plan_compute() resolves every capture of a want on a topology and gives one
 * planned tap for each (capture, node, target): the backend that carries it
 * and why the others do not, or the reason why none can.  Whoever carries taps
 * out joins that by 'key' with what runs: plan_tap_equal() says what may stay.
 *
 * Pure: no IDL, no clock (time is an argument), no log.  Laws, tested: empty
 * when equal, independent of the order of inputs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_PLAN_H
#define OVSPAN_PLAN_PLAN_H 1

#include "plan/tap.h"
#include "plan/want.h"
#include "topo/topo.h"

enum plan_backend {
    PLAN_NONE,                  /* None can; see 'reason'. */
    PLAN_PCAP,
    PLAN_MIRROR,
    PLAN_SFLOW,
    PLAN_IPFIX,
    PLAN_NETFLOW,
    PLAN_MIRROR_PCAP,
};
const char *plan_backend_to_string(enum plan_backend);  /* "" for none. */

struct plan_rejected {
    enum plan_backend backend;
    char *why;                  /* One sentence. */
};

/* Where and how our own capture opens; equal specs need no restart. */
struct plan_source {
    topo_cookie netns;
    char *netns_path;           /* NULL: the host's own. */
    int ifindex;
    char *ifname;
    uint32_t mtu;
    enum want_direction direction;      /* As the device sees it: ingress is
                                         * what it receives. */
    char *filter;               /* NULL: none. */
    uint32_t snaplen;           /* 0: whole frames. */
    uint32_t sampling;          /* 1 in N, at least 1. */
    size_t ring;                /* Bytes; 0: the default. */
    uint64_t max_pps;           /* 0: no bound. */
    uint64_t max_bps;
};

struct plan_tap {
    char *key;                  /* Capture, node and target; unique. */
    struct uuid capture;        /* Rows; zeros in 'explain'. */
    struct uuid target;
    char *capture_name;
    char *target_text;
    char *node_id;              /* "" when the selector failed. */
    char *node_name;
    char *netns;                /* Name of its namespace, or "". */
    enum plan_backend backend;
    char *why;                  /* Why this backend: one sentence. */
    struct plan_rejected *rejected;
    size_t n_rejected;
    bool run;                   /* Should carry traffic now. */
    enum tap_state state;       /* When not 'run': TAP_PLANNED, TAP_FAILED. */
    enum tap_reason reason;     /* Likewise. */
    char *detail;               /* For a person; may be "". */
    struct plan_source source;  /* PLAN_PCAP. */
    const struct target *spec;  /* Of the want; NULL for a bad target. */
};

struct plan {
    struct plan_tap *taps;      /* Sorted by capture name, node, target. */
    size_t n;
    long long int next_expiry;  /* ms since the epoch; LLONG_MAX: none. */
};

/* What this program can carry out. */
struct plan_caps {
    bool (*has_exporter)(const char *target_class);     /* Of our own. */
    /* An error that the caller frees, or NULL.  May itself be NULL: then a
     * wrong filter is noticed when the capture is opened. */
    char *(*check_filter)(const char *filter);
};

/* 'now' in ms since the epoch.  The plan borrows from 'want' ('spec'). */
void plan_compute(const struct want *, const struct topo *,
                  const struct plan_caps *, long long int now, struct plan *);
/* Leaves an empty plan. */
void plan_uninit(struct plan *);

/* Frees what a tap owns; 'spec' is its holder's. */
void plan_tap_uninit(struct plan_tap *);

/* True if 'a' can go on running as it is where 'b' is planned. */
bool plan_tap_equal(const struct plan_tap *a, const struct plan_tap *b);

/* What 'explain' answers: `show`'s JSON with "why", "rejected" and "rows" in
 * each tap. */
struct jsn *plan_to_json(const struct plan *, const char *host);

#endif /* plan/plan.h */
