/* collector.h -- sockets towards collectors.
 *
 * The only room of collector sockets.  A collector is an exporter's output: it
 * gathers datagrams and sends what is there in one system call, counts every
 * loss by its cause, and listens for what comes back (ICMP unreachable).
 *
 * It is opened in the control thread, then belongs to one worker; the counters
 * are atomic and may be read by anyone at any time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_COLLECTOR_H
#define OVSPAN_EXPORT_COLLECTOR_H 1

#include <net/if.h>
#include "base/addr.h"
#include "base/ovs.h"
#include "export/exporter.h"

enum collector_proto {
    COLLECTOR_UDP,
    COLLECTOR_GRE,              /* IP protocol 47; datagrams start with the
                                 * GRE header. */
    COLLECTOR_TCP,              /* Datagrams are pieces of one stream.  It is
                                 * connected to, again and again, by
                                 * collector_take_turn() and _flush(). */
    COLLECTOR_LOCAL,            /* A socket of this host, connected. */
};

struct collector_conf {
    enum collector_proto proto;
    struct in6_addr dst;        /* IPv4 as v4-mapped. */
    uint16_t dst_port;          /* UDP, TCP; host byte order. */
    struct in6_addr src;        /* Zeros: as routed. */
    char device[IF_NAMESIZE];   /* Interface or VRF to send by; "": as
                                 * routed. */
    char zone[IF_NAMESIZE];     /* Interface of a link-local 'dst', or "". */
    int ttl;                    /* 0: the system's default. */
    int dscp;
    uint32_t rate;              /* Of datagrams that are copied: a second at
                                 * most; 0: no bound. */
    bool may_fragment;          /* Larger than the path's MTU: DF clear. */
    bool raw;                   /* GRE: never past the kernel's IP. */
    bool back_off;              /* UDP: collector_take_turn() is called. */
    int fd;                     /* Local: the socket, lent.  The rest but
                                 * 'rate' is of the others. */
};

struct collector;

/* Opens a socket.  0, or a positive errno (ENETUNREACH, EACCES, ...); ENODEV
 * if there is no such 'device' or 'zone', ENOTUNIQ if 'dst' is the broadcast
 * address of a network. */
int collector_open(const struct collector_conf *, struct collector **);

/* The bound of all capture files of a host: whoever counts them says when it
 * is reached, and nothing is written before it is not any more.  Besides, one
 * part of COLLECTOR_FREE_PART of their file system stays free. */
struct collector_quota {
    atomic_bool full;
};
enum { COLLECTOR_FREE_PART = 10 };

/* A capture file of this host in place of a socket.  It takes what exporters
 * send, a record a datagram, and has neither an address, nor a path, nor
 * errors that come back: what cannot be written, as there is no space, is
 * counted as dropped_send.  It has its head from the start, and does not stay
 * without a record (unless 'replace'). */
struct collector_file_conf {
    const char *dir;            /* The directory. */
    bool make_dir;              /* If it is not there; it is no link. */
    const char *name;           /* Of the file, without a slash. */
    const char *suffix;         /* Of it, which a number goes before. */
    bool replace;               /* One that is there; else it is numbered. */
    uint64_t max_bytes;         /* Then the next file is begun. */
    uint64_t max_files;         /* That are kept, at least 1. */
    const struct collector_quota *quota;        /* Lent; NULL: it may fill the
                                                 * file system. */
};
int collector_open_file(const struct collector_file_conf *,
                        struct collector **);

/* Drains (below), then closes. */
void collector_close(struct collector *);

/* From now on what goes through the first leaves by the socket of 'there',
 * which was opened for another address of the same family, and is closed.
 * Its hop is unknown. */
void collector_adopt(struct collector *, struct collector *there);

/* The output that exporters send through; its flush() is collector_flush().
 *
 * Lent datagrams are gathered and leave with the next flush.  Others are
 * copied into a queue of bounded size that leaves paced, at the rate that was
 * asked for, so that a burst of flows does not overrun the collector: what
 * does not go with one flush goes with the next ones.  Order is kept. */
struct exporter_output *collector_output(struct collector *);
/* Sends what was gathered and what is due of the queue; called at the end of
 * each burst and run, and again after collector_step_us() while
 * collector_has_backlog(). */
void collector_flush(struct collector *);
bool collector_has_backlog(const struct collector *);
uint64_t collector_step_us(const struct collector *);

/* Sends all that waits, paced.  When nothing leaves for a second, or, unless
 * a full queue makes the sender wait (below), when a second is over, what is
 * left is counted as dropped_queue. */
void collector_drain(struct collector *);
/* Counts what waits as dropped_queue. */
void collector_give_up(struct collector *);

/* With 'wait', a full queue makes the sender wait (paced) instead of dropping:
 * for `replay`, and before flows in memory are exported at an exit.  It ends
 * by itself when nothing leaves for a second. */
void collector_set_wait(struct collector *, bool wait);

/* A collector that answers by ICMP that nobody receives is away: what is sent
 * is lost and counted, as 'refused', but for one datagram now and then that
 * asks, 1 s after the first answer, at last each 8 s.  What comes after the
 * question waits until it is known whether it was answered. */
enum collector_presence {
    COLLECTOR_HERE,             /* As far as is known. */
    COLLECTOR_AWAY,
    COLLECTOR_ASKED,            /* TCP: is being connected to again. */
    COLLECTOR_CONNECTING,       /* TCP, for the first time. */
};
enum collector_turn {
    COLLECTOR_GO_ON,
    COLLECTOR_ASK,              /* The next datagram will be the question: let
                                 * there be one, if there is a harmless one. */
    COLLECTOR_WELCOME,          /* It was away and is back. */
};
/* To be called from time to time, and again in '*left_us' at the latest unless
 * that is 0. */
enum collector_turn collector_take_turn(struct collector *,
                                        uint64_t *left_us);
enum collector_presence collector_get_presence(const struct collector *);

/* There is no time to wait for an answer: what waits for it is sent. */
void collector_end_waiting(struct collector *);

/* Calls 'put'; what it sends goes before all that waits. */
void collector_put_first(struct collector *, void (*put)(void *aux),
                         void *aux);

/* Of collector_fd(), for epoll; with any of them, or EPOLLERR: see run. */
uint32_t collector_events(const struct collector *);
int collector_fd(const struct collector *);
/* Reads what came back. */
void collector_run(struct collector *, uint64_t now_us);

/* Where GRE leaves the host, so that it need not be asked for each datagram.
 * Whoever knows the routes and the neighbours sets it, again with each change
 * and from the thread that the collector belongs to.  At first it is unknown:
 * then everything goes through the kernel's IP. */
enum collector_hop_type {
    COLLECTOR_HOP_UNKNOWN,      /* Or not one that frames can be given to. */
    COLLECTOR_HOP_ETHERNET,
    COLLECTOR_HOP_DOWN,         /* The interface would swallow every frame:
                                 * they are counted as lost. */
};
struct collector_hop {
    enum collector_hop_type type;
    int ifindex;                /* The rest is of COLLECTOR_HOP_ETHERNET. */
    uint32_t mtu;               /* IP MTU of the path. */
    uint8_t src_mac[6], dst_mac[6];
};
void collector_set_hop(struct collector *, const struct collector_hop *);

/* The address and port that the socket sends from, and the path's MTU. */
void collector_get_local(const struct collector *, struct in6_addr *src,
                         uint16_t *src_port);
uint32_t collector_get_mtu(struct collector *);
/* False if 'addr', which a socket that was opened by '*conf' in the caller's
 * namespace sends from, is no address of that namespace any more. */
bool collector_has_address(const struct collector_conf *,
                           const struct in6_addr *addr);
/* The interface or VRF that it sends by, 0 for none; another one when one of
 * that name was made again.  Whoever wants may ask. */
int collector_get_device(const struct collector *);

/* Who says that a collector is unreachable. */
enum collector_teller {
    COLLECTOR_TOLD_HERE,        /* The kernel of this host: no route, nobody
                                 * on the link has the address. */
    COLLECTOR_TOLD_ITSELF,      /* The collector's host, by ICMP. */
    COLLECTOR_TOLD_ROUTER,      /* Another, by ICMP. */
};

struct collector_stats {
    uint64_t sent_datagrams;
    uint64_t sent_bytes;        /* Payload of UDP; GRE header included. */
    uint64_t dropped_queue;     /* No room left in the queue. */
    uint64_t dropped_send;      /* The five below. */
    uint64_t emsgsize, enobufs, eagain, other;  /* By cause. */
    uint64_t refused;           /* Nobody receives: not even tried. */
    uint64_t unreachable;       /* Errors that mean "failed": ICMP that quotes
                                 * what was sent lately, or the kernel's. */
    uint64_t last_unreachable_us;       /* When; 0: never. */
    int last_unreachable_errno; /* ECONNREFUSED, EHOSTUNREACH, ... */
    enum collector_teller told_by;      /* Who said so. */
    struct in6_addr teller;     /* His address, unless told here. */
    uint64_t proto_unreachable; /* GRE protocol unreachable: only a note. */
    enum collector_presence presence;
    int file_error;             /* Why a file cannot be written now: ENOSPC,
                                 * EDQUOT (the bound), ...; 0: it can. */
};
void collector_get_stats(const struct collector *, struct collector_stats *);

/* ## Our own export is never captured. ## */

/* The identity of one stream of ours on the wire. */
struct collector_flow {
    enum collector_proto proto;
    struct in6_addr src, dst;
    uint16_t src_port, dst_port;        /* UDP; TCP, where what comes back
                                         * is of it too. */
    uint16_t session;           /* GRE with ERSPAN: session id. */
    bool any_session;           /* GRE without ERSPAN: all. */
};

/* True if the packet is of one of 'flows' (fragments of GRE other than the
 * first: by addresses alone). */
bool collector_is_own(const struct collector_flow *flows, size_t n,
                      const struct pkt *);

#endif /* export/collector.h */
