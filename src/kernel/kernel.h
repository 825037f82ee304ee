/* kernel.h -- the kernel's half of the topology, live.
 *
 * Finds the network namespaces (the host's own, those with a name in
 * /var/run/netns, those of running processes), keeps an rtnetlink socket in
 * each, and puts namespaces, links, addresses and veth peers into a topology
 * as they come and go.  The only room of netlink and of setns(2): a namespace
 * is entered by a short-lived thread, never by the caller's.
 *
 * Runs in the control thread's poll_block() loop; never blocks on the network.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_KERNEL_KERNEL_H
#define OVSPAN_KERNEL_KERNEL_H 1

#include <netinet/in.h>
#include <sys/types.h>
#include "topo/topo.h"

struct kern;

struct kern *kern_create(struct topo *);
void kern_destroy(struct kern *);
/* Puts what changed into the topology.  Work is in proportion to it. */
void kern_run(struct kern *);
void kern_wait(struct kern *);
/* True once every namespace known at the start was read in full. */
bool kern_is_synced(const struct kern *);
/* Reads everything again, as after an overrun. */
void kern_resync(struct kern *);

/* The process whose namespace is that of the switch (ovs-vswitchd); 0 for
 * none, then the host's own. */
void kern_set_switch_pid(struct kern *, pid_t);

/* The size of each socket's buffer, for a test of what happens when it is too
 * small. */
void kern_set_rcvbuf(struct kern *, int bytes);

/* Takes 'n' bytes of netlink messages as if they came from the own namespace,
 * for a test of kinds of links that a machine's kernel lacks. */
void kern_feed(struct kern *, const void *messages, size_t n);

/* Runs 'cb(aux)' in the namespace at 'netns_path' (NULL: the caller's own),
 * in a thread that ends with it.  Checks that the namespace there is still
 * 'cookie' (0: any).  Returns what 'cb' returns, or a positive errno of
 * getting there (ESTALE: another namespace is there now). */
int kern_call_in_netns(const char *netns_path, topo_cookie cookie,
                       int (*cb)(void *aux), void *aux);

/* What an interface has counted since it exists. */
struct kern_counters {
    unsigned short int type;    /* ARPHRD_*. */
    unsigned int flags;         /* IFF_*. */
    bool oper_up;
    uint64_t speed;             /* Bits a second; 0: unknown. */
    bool full_duplex, half_duplex;      /* Neither: unknown. */
    uint64_t in_octets, in_packets, in_multicast, in_discards, in_errors,
             in_unknown;
    uint64_t out_octets, out_packets, out_discards, out_errors;
};
/* Of 'ifindex' in the caller's namespace: within kern_call_in_netns().  0 or a
 * positive errno. */
int kern_counters_read(int ifindex, struct kern_counters *);

/* Looks, where the topology has interfaces that lack a device, which devices
 * the switch holds in other namespaces: at once when their number is another
 * one, else each 2 s.  Returns true if it told the topology. */
bool kern_find_held(struct kern *);

/* The internal ports of the kernel's datapath that are in other namespaces, in
 * a datagram of answers to OVS_VPORT_CMD_GET; 'nsid' is the number that the
 * asker's namespace has for theirs.  False after the last one. */
typedef void kern_vport_cb(int ifindex, int nsid, void *aux);
bool kern_vport_parse(const void *messages, int n, kern_vport_cb *, void *aux);

/* Sets a link up as one that never speaks: no ARP, no IPv6 address made by the
 * kernel.  0 or a positive errno. */
int kern_quiet_up(const char *netns_path, topo_cookie, int ifindex);

/* The source address, outgoing interface and path MTU that the host's routes
 * give for 'dst' (IPv4 as v4-mapped); 0 or a positive errno. */
struct kern_route {
    struct in6_addr src;        /* Zeros: the route does not say. */
    int ifindex;                /* In the host's namespace. */
    uint32_t mtu;               /* Of the path as it is known; 0: unknown. */
    struct in6_addr hop;        /* The gateway, or 'dst'. */
    bool plain;                 /* To one other host, as it is: no local
                                 * delivery, no encapsulation. */
};
int kern_route_lookup(const struct in6_addr *dst, struct kern_route *);

/* ## Paths: the way out, down to the neighbour's MAC. ##
 *
 * For who gives frames to an interface himself, past the kernel's IP.  Belongs
 * to the host's namespace and to one thread; never blocks. */

enum kern_path_type {
    KERN_PATH_OTHER,            /* Only the kernel can do it: no Ethernet, no
                                 * neighbour yet, IPsec, a tunnel, ... */
    KERN_PATH_ETHERNET,
    KERN_PATH_DOWN,             /* The interface has no carrier: what is sent
                                 * there vanishes. */
};
struct kern_path {
    enum kern_path_type type;
    int ifindex;                /* The rest is of KERN_PATH_ETHERNET, or 0. */
    uint32_t mtu;               /* IP MTU of the path. */
    uint8_t src_mac[6], dst_mac[6];
};

struct kern_paths;

/* NULL if there is no netlink. */
struct kern_paths *kern_paths_create(void);
void kern_paths_destroy(struct kern_paths *);
void kern_paths_run(struct kern_paths *);
void kern_paths_wait(struct kern_paths *);
/* Increases when any answer may be another one than before: links, addresses,
 * routes, rules, neighbours or IPsec changed. */
uint64_t kern_paths_seqno(const struct kern_paths *);
/* The way of what is sent from 'src' to 'dst' with 'tos' by a socket that is
 * bound to the interface or VRF 'ifindex' (0: it is not). */
void kern_path_find(struct kern_paths *, const struct in6_addr *src,
                    const struct in6_addr *dst, uint8_t tos, int ifindex,
                    struct kern_path *);

#endif /* kernel/kernel.h */
