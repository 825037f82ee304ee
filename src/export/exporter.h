/* exporter.h -- the contract of an exporter: records or packets in, bytes out.
 *
 * A class is one file in plugin/.  An exporter gets time as an argument, and
 * gives bytes through its output; it owns no socket, no timer, no thread, no
 * clock.  So a test feeds records and reads bytes, and `replay` is the same
 * code as the daemon.
 *
 * Calls: open, then flow() or packets() (as 'needs' says) and run() in any
 * order, then close(), all from one thread at a time.  Only open may fail.
 * run() sends what is due and returns when it wants to be called next.
 * close() sends the rest.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_EXPORTER_H
#define OVSPAN_EXPORT_EXPORTER_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>
#include "compiler.h"
#include "flow/record.h"
#include "packet/mss.h"
#include "packet/packet.h"

struct exporter_memory;
struct target;

/* Where an exporter's bytes go: a collector's socket, a file, a test.
 *
 * What 'iov' points to is copied by an output that keeps it after send(),
 * unless 'lent' is set: then the output may keep the pointers until flush(),
 * and the exporter must call flush() before it changes or gives back what they
 * point to, so before its packets() returns.  Exporters of flows reuse their
 * buffer and leave 'lent' false. */
enum { EXPORTER_MAX_IOV = 4 };

/* What became of the datagrams that an output was given. */
struct exporter_sent {
    uint64_t datagrams;         /* Taken by the kernel, or written. */
    uint64_t bytes;             /* Of these; payload of UDP, GRE header
                                 * included. */
    uint64_t dropped_queue;     /* No room left in a queue of ours. */
    uint64_t dropped_send;      /* Refused by the kernel. */
};

struct exporter_dgram {
    struct iovec iov[EXPORTER_MAX_IOV]; /* In order; unused ones: length 0. */
    bool lent;                  /* The bytes stay as they are until flush(). */
    bool head;                  /* No datagram: what every file of those that
                                 * the output writes is to start with. */
};
struct exporter_output {
    /* Sends 'n' datagrams: the payload of UDP or, for GRE, the GRE header and
     * what follows.  Never blocks; what cannot be sent is counted there. */
    void (*send)(struct exporter_output *, const struct exporter_dgram *,
                 size_t n);
    /* Lets go of what was lent.  NULL for an output that keeps nothing. */
    void (*flush)(struct exporter_output *);
    void (*get_sent)(const struct exporter_output *, struct exporter_sent *);
};

static inline void
exporter_output_flush(struct exporter_output *output)
{
    if (output->flush) {
        output->flush(output);
    }
}

/* What counts in an exporter; the rest of a tap's counters is counted by those
 * who feed and send. */
struct exporter_stats {
    uint64_t flows;             /* Records that went into datagrams. */
    uint64_t packets;           /* Packets that did. */
    uint64_t skipped;           /* What the protocol cannot carry: packets
                                 * (for flows, the packets of the record). */
    uint64_t truncated;         /* Packets sent shorter than they were. */
    uint64_t unsampled;         /* Packets that a class which samples itself
                                 * passed over. */
};

struct exporter_conf {
    const struct target *target;        /* Options: target_get_int()... */
    struct exporter_output *output;
    uint64_t boot_us;           /* Zero of sysUptime; us since the epoch. */
    uint32_t sampling;          /* 1 in N. */
    uint32_t path_mtu;          /* IP MTU towards the collector. */
    bool ipv6;                  /* The collector's address is IPv6. */
    struct in6_addr local;      /* Address that the output sends from; IPv4
                                 * as v4-mapped. */
    uint64_t seed;              /* Of what is chosen at random; constant where
                                 * runs must repeat. */
    struct exporter_memory *memory;     /* Lent; of all exporters of a
                                 * process: see plugin/memory.h. */
    uint32_t instance;          /* Small, distinct among exporters towards one
                                 * collector from one address. */
};

struct exporter {
    const struct exporter_class *class;
    bool extra;                 /* Reads what few ask for of records; set by
                                 * open(). */
    bool biflow;                /* Is to be given both ways of a connection as
                                 * one record; likewise. */
    struct exporter_stats stats;        /* Written by the class. */
};

/* Where packets were captured. */
struct exporter_point {
    uint32_t ifindex;           /* 0: unknown. */
    uint32_t mtu;               /* IP MTU of the interface, in bytes; 0: it has
                                 * none (a file), so every frame is one. */
    char name[16];              /* Of the interface, as the kernel calls it;
                                 * empty: unknown. */
    const char *label;          /* As people type it: "vm1/eth0"; lent. NULL:
                                 * unknown. */
    const struct pkt_mss *mss;  /* Of the connections seen there, or NULL. */
    uint64_t lost;              /* Frames so far that the capture lost between
                                 * this point and packets(); only grows. */
};

/* What an interface has counted since it exists, as its kernel says. */
struct exporter_counters {
    uint32_t ifindex;
    uint32_t type;              /* IANAifType: 6 is Ethernet. */
    uint64_t speed;             /* Bits a second; 0: unknown. */
    bool full_duplex, half_duplex;      /* Neither: unknown. */
    bool admin_up, oper_up;
    bool promiscuous;
    uint64_t in_octets, in_packets, in_multicast, in_discards, in_errors,
             in_unknown;        /* 'in_packets' are all of them. */
    uint64_t out_octets, out_packets, out_discards, out_errors;
};

struct exporter_class {
    const char *name;           /* As in the table of targets. */
    bool macs;                  /* Reads the MAC addresses of records. */
    bool ipv4_only;             /* It is given no flow of IPv6. */
    /* Returns NULL and stores an exporter, or an error text that the caller
     * frees. */
    char *(*open)(const struct exporter_conf *, struct exporter **)
        OVS_WARN_UNUSED_RESULT;
    void (*close)(struct exporter *, uint64_t now_us);
    /* For flow protocols, else NULL. */
    void (*flow)(struct exporter *, const struct frec *, uint64_t now_us);
    /* For packet protocols, else NULL.  The packets were captured at
     * '*point'.  The frames are the caller's again when it returns. */
    void (*packets)(struct exporter *, const struct pkt *, size_t n,
                    const struct exporter_point *, uint64_t now_us);
    /* Sends what is due; returns the time of the next call in us since the
     * epoch, UINT64_MAX for none. */
    uint64_t (*run)(struct exporter *, uint64_t now_us);
    /* The path's IP MTU may have changed; called between two of the above.
     * NULL for a class that does not care. */
    void (*set_path_mtu)(struct exporter *, uint32_t path_mtu);
    /* The collector answers again after a time in which it did not: sends what
     * it must know first, such as templates.  NULL where there is nothing. */
    void (*greet)(struct exporter *, uint64_t now_us);
    /* The exporter will be fed from '*point' too, or no longer; called once
     * for each tap, between two of the above.  Both NULL for a class that
     * tells its collector no names of interfaces. */
    void (*add_point)(struct exporter *, const struct exporter_point *);
    void (*remove_point)(struct exporter *, const struct exporter_point *);
    /* For classes that report them, else NULL; called each 'polling' seconds
     * (an option of the target; 0: never) for each point that feeds the
     * exporter. */
    void (*counters)(struct exporter *, const struct exporter_counters *,
                     uint64_t now_us);
    /* packets() gets all packets and chooses 1 in 'sampling' of them itself;
     * without, its caller does. */
    bool samples_itself;
    /* What packets() was given may wait for run(). */
    bool packets_wait;
};

#endif /* export/exporter.h */
