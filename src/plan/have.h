/* have.h -- what there is in Open vSwitch that the planner has to know.
 *
 * The rows of ours, who fills the slots of each bridge, how many mirrors it
 * has, and what this switch can do.  The database room fills it from one
 * snapshot; a test from text.  Pure.
 *
 * Ownership: a have owns everything in it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_HAVE_H
#define OVSPAN_PLAN_HAVE_H 1

#include "plan/native.h"

enum { HAVE_MAX_MIRRORS = 32 };     /* That a bridge programs. */

enum have_slot {
    HAVE_FREE,
    HAVE_OURS,
    HAVE_THEIRS,
};

/* A port that is the output of a mirror, of whoever, and no port of ours. */
struct have_output {
    struct uuid port;
    char *mirror;               /* Its name... */
    bool ovn;                   /* ...and whether it is OVN's. */
    bool tunnel;                /* The port is a tunnel. */
};

struct have_bridge {
    struct uuid uuid;
    char *name;
    bool userspace;             /* Not the kernel's datapath. */
    size_t n_mirrors;           /* Of others. */
    struct have_output *outputs;
    size_t n_outputs;
    enum have_slot slots[N_NATIVE_KINDS];       /* Not of NATIVE_MIRROR. */
};

/* Something of ours that is there, perhaps only a part of it. */
struct have_native {
    struct native native;
    struct uuid row;            /* Of the mirror, or the bridge's row; zeros:
                                 * the mirror is missing. */
    struct uuid port;           /* Of a mirror's own port; zeros: missing. */
    bool whole;                 /* Has all that belongs to it. */
    int64_t ofport;             /* Of the own port; 0: not yet, -1: error. */
    char *error;                /* Interface.error, or NULL. */
    bool has_stats;             /* The mirror is programmed. */
    uint64_t tx_packets;
    uint64_t tx_bytes;
};

struct have_version {
    int major, minor, patch;    /* Zeros: not known. */
};
/* From text as "3.1.0"; zeros if it is none. */
struct have_version have_version_parse(const char *);

struct have {
    bool known;                 /* False: nothing was read (yet). */
    char *owner;                /* What our rows are stamped with. */
    bool settled;               /* The switch did all that it was asked to. */
    struct have_version version;
    bool has_types;             /* The server has the next column. */
    struct sset types;          /* iface_types. */
    bool tso;                   /* Open_vSwitch.other_config:
                                 * userspace-tso-enable. */
    struct sset no_columns;     /* That we would write and the server has
                                 * not: "Mirror.snaplen",
                                 * "IPFIX.template_interval", ... */
    struct smap capabilities;   /* "netdev.CAPABILITY", as probed. */
    struct have_bridge *bridges;        /* Sorted by UUID. */
    size_t n_bridges;
    struct have_native *natives;        /* Sorted by native_compare(). */
    size_t n_natives;
};

void have_init(struct have *);
void have_uninit(struct have *);
/* Appends; the caller fills what is returned, and calls have_sort() last. */
struct have_bridge *have_add_bridge(struct have *);
struct have_native *have_add_native(struct have *, enum native_kind);
void have_add_output(struct have_bridge *, const struct uuid *port,
                     const char *mirror, bool ovn, bool tunnel);
void have_sort(struct have *);

const struct have_bridge *have_find_bridge(const struct have *,
                                           const struct uuid *);
/* The first that native_compare() says is the same as 'want', or NULL. */
const struct have_native *have_find_native(const struct have *,
                                           const struct native *want);

#endif /* plan/have.h */
