/* native.h -- what Open vSwitch does for us: a mirror with its port, or the
 * sFlow, IPFIX or NetFlow row of a bridge.
 *
 * One structure says both what should be in OVS (want) and what of ours is
 * there (have), so that the difference of the two is plain data.  A mirror
 * always has a port of ours, which lives and dies with it: its output, or,
 * where the output is somebody else's port or a VLAN, a scratch port, whose
 * coming and going makes the switch look at established flows again.
 *
 * Pure.  Ownership: a native owns everything in it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_NATIVE_H
#define OVSPAN_PLAN_NATIVE_H 1

#include <stdbool.h>
#include "base/ovs.h"

/* The stamp of our rows, in external_ids. */
#define NATIVE_OWNER "ovspan-owner"     /* Name of the host. */
#define NATIVE_MACHINE "ovspan-machine" /* machine_stamp() of it. */
#define NATIVE_TAPS "ovspan-taps"       /* What it is for, for a person. */

enum native_kind {
    NATIVE_MIRROR,
    NATIVE_SFLOW,
    NATIVE_IPFIX,
    NATIVE_NETFLOW,
};
#define N_NATIVE_KINDS (NATIVE_NETFLOW + 1)
const char *native_table(enum native_kind);     /* "Mirror", "sFlow", ... */

struct native_port {
    struct uuid uuid;           /* Of a row of Port. */
    char *name;
};

struct native_ports {
    struct native_port *ports;  /* Sorted by UUID, each once. */
    size_t n;
};

struct native {
    enum native_kind kind;
    struct uuid bridge;         /* Its row. */
    char *bridge_name;
    char *name;                 /* Of the mirror; "" for a bridge's row. */
    struct svec taps;           /* Sorted: "CAPTURE TARGET". */

    /* A mirror. */
    bool select_all;
    struct native_ports src;    /* Packets that enter the bridge there. */
    struct native_ports dst;    /* Packets that leave it there. */
    struct simap vlans;         /* select_vlan, as keys; empty: any. */
    unsigned int snaplen;       /* 0: whole frames. */
    unsigned int output_vlan;   /* 0: to a port. */
    struct native_port output;  /* Somebody else's port; NULL name: ours. */
    char *port_name;            /* Of the port of ours. */
    char *port_type;            /* "erspan", "internal", ... */
    struct smap options;        /* Of its interface. */

    /* A bridge's row. */
    struct svec targets;        /* "10.9.0.2:6343", sorted. */
    struct simap numbers;       /* "sampling", ...: columns that are set. */
    char *agent;                /* Of sFlow; NULL: none is set. */
};

void native_init(struct native *, enum native_kind);
void native_uninit(struct native *);
void native_clone(struct native *, const struct native *);

/* Adds a port, unless it is there. */
void native_ports_add(struct native_ports *, const struct uuid *,
                      const char *name);

/* True if the port of ours is where the copies go. */
bool native_has_own_output(const struct native *);
/* What 'ovspan-taps' says; the caller frees it. */
char *native_taps_text(const struct native *);

/* By kind, bridge and name: what is the same thing in want and have. */
int native_compare(const struct native *, const struct native *);
/* True if the rows would be the same. */
bool native_equal(const struct native *, const struct native *);
/* True if two rows of a bridge differ in nothing but who they are for, that
 * is, in targets and taps: then they can be one. */
bool native_same_settings(const struct native *, const struct native *);

/* Whose rows they are; lent. */
struct native_stamp {
    const char *owner;
    const char *machine;
};
/* The commands that an operator would type for it. */
char *native_to_vsctl(const struct native *, const struct native_stamp *);

#endif /* plan/native.h */
