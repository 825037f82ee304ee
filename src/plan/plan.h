/* plan.h -- from what is wanted and what there is to what must run.
 *
 * plan_compute() resolves every capture of a want on a topology and gives one
 * planned tap for each (capture, node, target): the backend that carries it
 * and why the others do not, or the reason why none can.  Whoever carries taps
 * out joins that by 'key' with what runs: plan_tap_equal() says what may stay.
 *
 * What Open vSwitch has to do for them are the plan's natives; plan_diff()
 * lists the steps from what there is to those.
 *
 * Pure: no IDL, no clock (time is an argument), no log.  Laws, tested: empty
 * when equal, independent of the order of inputs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_PLAN_H
#define OVSPAN_PLAN_PLAN_H 1

#include "base/wrap.h"
#include "plan/have.h"
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

/* Where and how our own capture opens; equal specs need no restart.  Of
 * PLAN_MIRROR_PCAP it is the mirror's port, and all zeros until that has a
 * device. */
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
    uint32_t max_flows;         /* In memory; 0: the default. */
    uint32_t decap;             /* Tunnels that flows are looked for in. */
    struct wrap wrap;           /* To be taken off of frames that have it. */
    uint64_t max_pps;           /* 0: no bound. */
    uint64_t max_bps;
    topo_cookie to_netns;       /* To send from, if the target says; 0: the
                                 * host's own. */
    char *to_netns_path;        /* Likewise; NULL. */
};

struct plan_tap {
    char *key;                  /* Capture, node and target; unique. */
    struct uuid capture;        /* Rows; zeros: no database has it. */
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
    struct plan_source source;  /* PLAN_PCAP and PLAN_MIRROR_PCAP. */
    const struct plan_native *native;   /* Of the plan; NULL: none. */
    char *down;                 /* What OVS does for it is of no use: an
                                 * interface on the way is down.  A sentence;
                                 * NULL: none is. */
    bool wrapped;               /* Copies may have a tunnel's headers on. */
    char *busy;                 /* Why a row of the bridge could not be used,
                                 * although it was preferred; or NULL. */
    struct svec differs;        /* From what was asked for; each a sentence. */
    struct svec costs;          /* For the switch. */
    struct svec interferes;     /* With what is there already. */
    const struct target *spec;  /* Of the want; NULL for a bad target. */
};

/* Whether it is of a capture that is in no database, so that no row can tell
 * of it. */
static inline bool
plan_tap_is_transient(const struct plan_tap *tap)
{
    return uuid_is_zero(&tap->capture);
}

/* What OVS is to do. */
struct plan_native {
    struct native native;
    bool run;                   /* False: a capture that does not run. */
    /* The device of a port of ours that has to be up, and say nothing: */
    int ifindex;                /* 0: none, or none yet. */
    topo_cookie netns;
    char *netns_path;           /* NULL: the host's own. */
    bool up;                    /* It is. */
};

struct plan {
    struct plan_tap *taps;      /* Sorted by capture name, node, target. */
    size_t n;
    struct plan_native **natives;       /* Sorted by native_compare(). */
    size_t n_natives;
    /* Ports of others, as "ovn-m5 (OVN's mirror m5)", that OVS does not make
     * as long as there is a tunnel of ours to the same address. */
    struct svec blocked;
    long long int next_expiry;  /* ms since the epoch; LLONG_MAX: none. */
};

struct plan_route {
    int ifindex;                /* In the host's namespace. */
    uint32_t mtu;               /* Of the path; 0: not known. */
};

/* What this program can carry out, and what it knows of its host. */
struct plan_caps {
    bool (*has_exporter)(const char *target_class);     /* Of our own. */
    /* An error that the caller frees, or NULL.  May itself be NULL: then a
     * wrong filter is noticed when the capture is opened. */
    char *(*check_filter)(const char *filter);
    /* Where the host's routes send what is for 'dst': 0, or a positive errno.
     * May itself be NULL: then nothing is known of routes. */
    int (*route)(const struct in6_addr *dst, struct plan_route *);
    bool explain;               /* Say of every other backend why not. */
};

/* 'now' in ms since the epoch; 'have' may be NULL, if nothing is known.  The
 * plan borrows from 'want' ('spec'). */
void plan_compute(const struct want *, const struct topo *,
                  const struct have *, const struct plan_caps *,
                  long long int now, struct plan *);
/* Leaves an empty plan. */
void plan_uninit(struct plan *);

/* Frees what a tap owns; 'spec' is its holder's. */
void plan_tap_uninit(struct plan_tap *);

/* True if 'a' can go on running as it is where 'b' is planned. */
bool plan_tap_equal(const struct plan_tap *a, const struct plan_tap *b);

/* ## From what there is to what should be. ## */

enum plan_op {
    PLAN_DELETE,                /* 'have' goes. */
    PLAN_CREATE,                /* 'want' comes. */
    PLAN_UPDATE,                /* The row 'have' becomes 'want'. */
};

struct plan_step {
    enum plan_op op;
    const struct native *want;          /* Of the plan, or NULL. */
    const struct have_native *have;     /* Of the have, or NULL. */
};

struct plan_steps {
    struct plan_step *steps;
    size_t n;
    bool more;                  /* There is more to do once the switch has
                                 * done these. */
};

/* The steps to be taken now, in one transaction; deletes come first, and
 * nothing is made before the switch has done what it was asked to. */
void plan_diff(const struct plan *, const struct have *, struct plan_steps *);
void plan_steps_uninit(struct plan_steps *);

/* How far OVS is with 'want'. */
struct plan_proof {
    enum tap_state state;
    enum tap_reason reason;
    char *detail;               /* NULL: nothing to say.  The caller frees. */
    uint64_t packets, bytes;    /* Of a mirror. */
    bool has_stats;
    bool is_made;               /* Of a mirror: the switch says that it has
                                 * acted, and its port is there. */
};
/* 'waited' is since when the rows are as they should be, in ms; 0 if they are
 * not.  What was 'proved' since then stays so while others change the
 * switch. */
void plan_prove(const struct native *want, const struct have *,
                long long int waited, bool proved, struct plan_proof *);
enum { PLAN_PROOF_MS = 6000 };  /* So long a mirror may be pending. */

/* What 'explain' answers of a capture: `show`'s JSON with "why", "rejected"
 * and "rows" in each tap. */
struct jsn *plan_to_json(const struct plan *, const struct want_capture *,
                         const struct native_stamp *);

#endif /* plan/plan.h */
