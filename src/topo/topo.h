/* topo.h -- the topology of a host: what there is, and how it hangs together.
 *
 * Two sources write, each in its own words: the kernel room puts namespaces
 * and links, the database room puts bridges, ports and interfaces.  The
 * topology joins an OVS interface with its kernel link (one node then), keeps
 * the graph of nodes and edges that follows from both, and tells readers what
 * changed.  Selectors, the planner, the publisher and the printers read.
 *
 * Pure: no sockets, no clock.  All inputs are idempotent; putting the same
 * thing twice changes nothing and does not bump 'seqno'.  The order of the
 * inputs does not matter: the same set of inputs gives the same graph.
 *
 * Ownership: the topology owns nodes, edges and values; pointers to them stay
 * valid until the next topo_run() or topo_destroy().  Strings of nodes and
 * edges are texts (topo/text.h), which more than one of them may hold.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_TOPO_H
#define OVSPAN_TOPO_TOPO_H 1

#include <stdbool.h>
#include <stdint.h>
#include "base/ovs.h"
#include "topo/value.h"

struct jsn;

/* A network namespace is known by its SO_NETNS_COOKIE, which the kernel never
 * uses twice until it boots (inode numbers are reused). */
typedef uint64_t topo_cookie;

/* What the taps need to know of a node that has a kernel device. */
struct topo_link {
    topo_cookie netns;          /* Where it lives. */
    int ifindex;                /* In that namespace. */
    bool up;                    /* Administratively up (IFF_UP). */
    bool lacks_ethernet;        /* Its frames have no Ethernet headers. */
    uint32_t mtu;               /* IP MTU, in bytes. */
    char *name;                 /* In that namespace. */
    char *netns_name;           /* NULL in the host's own namespace. */
    char *netns_path;           /* For setns(2); NULL for the host's. */
    char *kind;                 /* "veth", "device", "openvswitch", ... */
};

struct topo_node {
    struct hmap_node id_node;   /* In 'topo''s nodes, by hash of 'id'. */
    char *id;                   /* UUID text, stable over restarts. */
    char *host;                 /* Name of the host. */
    char *type;                 /* "host", "netns", "ovsbridge", "veth"... */
    char *name;
    struct topo_map meta;       /* All metadata, Name and Type included. */
    struct topo_link *link;     /* NULL: no kernel device. */
    char *bridge;               /* The OVS bridge that it is, or that its port
                                 * is on: the name; NULL: none. */
    struct uuid ovs_uuid;       /* Row of Bridge, Port or Interface; zeros. */
    uint64_t changed;           /* 'seqno' when this node last changed. */
    struct ovs_list changed_node;   /* In 'topo''s nodes by 'changed'. */
    struct ovs_list out;        /* 'struct topo_edge's, this the parent. */
    struct ovs_list in;         /* 'struct topo_edge's, this the child. */
    struct topo_indexed *indexed;   /* What it is found by, see index.c. */
    uint32_t n_indexed;         /* So many. */
};

struct topo_edge {
    struct hmap_node node;      /* In 'topo''s edges. */
    struct ovs_list out_node;   /* In parent's 'out', in order of being put. */
    struct ovs_list in_node;    /* In child's 'in'. */
    char *id;                   /* See topo_edge_id(); NULL: not asked for. */
    struct topo_node *parent;   /* Of the same host as the edge. */
    struct topo_node *child;
    char *relation;             /* "ownership", "layer2", "mirroring". */
    struct topo_map meta;       /* RelationType and more. */
    uint64_t changed;
    struct ovs_list changed_node;   /* In 'topo''s edges by 'changed'. */
    unsigned int n_holds;       /* Inputs that it follows from. */
};

struct topo *topo_create(const char *host);
void topo_destroy(struct topo *);

/* Increases each time that topo_run() changed the graph. */
uint64_t topo_seqno(const struct topo *);

/* The identity of a thing of a host: UUID text made from the arguments. */
struct topo_id {
    char text[UUID_LEN + 1];
};
struct topo_id topo_make_id(const char *host, const char *kind,
                            const char *key);

/* ## The kernel's words. ## */

/* The namespace that the daemon itself runs in ("the host's"). */
void topo_set_host_netns(struct topo *, topo_cookie);

/* The namespace that ovs-vswitchd runs in; ifindexes that OVS tells are of
 * it.  Without a call, the host's. */
void topo_set_switch_netns(struct topo *, topo_cookie);
/* True if that is the host's. */
bool topo_is_switch_here(const struct topo *);

/* Adds or replaces a namespace.  'name' and 'path' as in struct topo_link;
 * takes 'meta' (Path, Inode, Device...). */
void topo_put_netns(struct topo *, topo_cookie, const char *name,
                    const char *path, struct topo_map *meta);
/* Removes a namespace and every link in it. */
void topo_del_netns(struct topo *, topo_cookie);

/* One link as the kernel tells it.  References to other links are 0 when there
 * are none; they may be dangling for a while. */
struct topo_link_in {
    topo_cookie netns;
    int ifindex;
    const char *name;
    const char *kind;           /* "veth", "device", "bridge", "vlan", ... */
    bool up;
    bool lacks_ethernet;        /* As in struct topo_link. */
    uint32_t mtu;
    int master;                 /* ifindex in the same namespace. */
    topo_cookie peer_netns;     /* Of the veth's peer, else of 'parent'; 0:
                                 * not known (yet), no edge then. */
    int peer;                   /* veth: the peer's ifindex. */
    int parent;                 /* vlan, macvlan...: ifindex below, in
                                 * 'peer_netns'. */
};
/* Adds or replaces a link; takes 'meta' (MAC, MTU, State, IPV4, ...). */
void topo_put_link(struct topo *, const struct topo_link_in *,
                   struct topo_map *meta);
void topo_del_link(struct topo *, topo_cookie netns, int ifindex);

/* The kernel said that a link moved to another namespace: the OVS interface
 * that was joined with the old one stays joined with the new one. */
void topo_move_link(struct topo *, topo_cookie old_netns, int old_ifindex,
                    topo_cookie new_netns, int new_ifindex);

/* The devices in other namespaces than the switch's of which it is proved that
 * the switch holds them.  An internal interface of which neither an ifindex
 * nor a move is known is one of these or none. */
struct topo_device {
    topo_cookie netns;
    int ifindex;
};
void topo_set_held(struct topo *, const struct topo_device *, size_t n);
/* How many such interfaces have no device. */
size_t topo_n_lacking(const struct topo *);

/* ## OVS's words. ## */

struct topo_bridge_in {
    struct uuid uuid;
    const char *name;
};
struct topo_port_in {
    struct uuid uuid;
    struct uuid bridge;
    const char *name;
};
struct topo_intf_in {
    struct uuid uuid;
    struct uuid port;
    const char *name;
    const char *type;           /* "" or "system", "internal", "vxlan"... */
    int64_t ifindex;            /* 0: OVS does not say. */
    const char *patch_peer;     /* options:peer of a patch port, or NULL. */
};
/* What OVS says of the host itself; takes 'meta'. */
void topo_put_host(struct topo *, struct topo_map *meta);
/* Each adds or replaces, and takes 'meta' (UUID, ExtID, Ovs, OfPort, ...).  An
 * interface's MAC and ExtID.attached-mac help to find its link. */
void topo_put_bridge(struct topo *, const struct topo_bridge_in *,
                     struct topo_map *meta);
void topo_put_port(struct topo *, const struct topo_port_in *,
                   struct topo_map *meta);
void topo_put_intf(struct topo *, const struct topo_intf_in *,
                   struct topo_map *meta);
/* A mirror: an edge from each selected port to 'output', a port or a
 * bridge. */
void topo_put_mirror(struct topo *, const struct uuid *mirror,
                     const struct uuid *selected_ports, size_t n_selected,
                     const struct uuid *output, struct topo_map *meta);
/* Removes the bridge, port, interface or mirror of that row, if known. */
void topo_del_ovs(struct topo *, const struct uuid *);
/* The bridge that the port of that row was put on, or the port that the
 * interface was; NULL: none was put, or it was removed.  Lent until the next
 * topo_put_...(), topo_del_...() or topo_run(). */
const struct uuid *topo_owner_of(const struct topo *, const struct uuid *);

/* A full resync of one source: between begin and end the source puts all that
 * there is; what it did not put is removed at the end.  The kernel's resync
 * is of one namespace. */
void topo_begin_netns(struct topo *, topo_cookie);
void topo_end_netns(struct topo *, topo_cookie);
void topo_begin_ovs(struct topo *);
void topo_end_ovs(struct topo *);

/* ## Reading. ## */

/* Brings the graph up to date with the inputs.  Returns true if it changed. */
bool topo_run(struct topo *);

struct topo_node *topo_find_node(const struct topo *, const char *id);
/* The node of a link of the host's own namespace, or NULL. */
struct topo_node *topo_find_host_link(const struct topo *, int ifindex);

/* Whether topo_lookup() may be asked for 'key': Name, Type, UUID, MAC and
 * ExtID.(something). */
bool topo_is_indexed(const char *key);
/* Stores in '*nodes', which the caller frees, all nodes that have the string
 * 'value' at 'key', perhaps with some that have not, in no order, and returns
 * their number.  With a NULL 'nodes' returns the number alone.  Does not look
 * at what it does not return. */
size_t topo_lookup(const struct topo *, const char *key, const char *value,
                   const struct topo_node ***nodes);

/* How many there are. */
size_t topo_n_nodes(const struct topo *);
size_t topo_n_edges(const struct topo *);

/* All nodes or edges in a stable order: by type rank, name, id.  The caller
 * frees the array. */
const struct topo_node **topo_nodes(const struct topo *, size_t *n);
const struct topo_edge **topo_edges(const struct topo *, size_t *n);
/* That order: negative, 0 or positive. */
int topo_node_compare(const struct topo_node *, const struct topo_node *);
void topo_nodes_sort(const struct topo_node **, size_t n);

/* UUID text made from the edge's ends, relation, type and mirror, when it is
 * first asked for: most edges are never asked. */
const char *topo_edge_id(const struct topo_edge *);
/* The order of the edges of two nodes. */
int topo_edge_compare(const struct topo_edge *, const struct topo_edge *);

/* ## What changed. ## */

/* A node or an edge that is no more, as it was last. */
struct topo_gone {
    struct ovs_list list_node;  /* In 'topo''s 'gone'. */
    uint64_t changed;           /* 'seqno' when it went. */
    char *id;
    const char *type;           /* Of an edge: its relation. */
    char *name;                 /* NULL: an edge. */
    char *netns;                /* Where it was; NULL: the host's, or none. */
    char *parent, *child;       /* Of an edge: the nodes' ids. */
};

/* Any may be NULL.  What went and came back is told of twice. */
struct topo_visitor {
    void (*gone)(const struct topo_gone *, void *aux);
    void (*node)(const struct topo_node *, void *aux);
    void (*edge)(const struct topo_edge *, void *aux);
};
/* Tells 'visitor' what changed after topo_seqno() was 'since', in no order but
 * that what is gone comes first, with work in proportion to it.  Returns false
 * if so much went since that it is not remembered: then look at everything. */
bool topo_visit_changes(const struct topo *, uint64_t since,
                        const struct topo_visitor *, void *aux);
/* Tells of everything that there is, in no order. */
void topo_visit_all(const struct topo *, const struct topo_visitor *,
                    void *aux);

/* ## A graph from rows or from JSON, for readers without the sources. ## */

/* Adds a node or an edge as it was published.  Takes 'meta'.  An edge whose
 * ends are not (yet) known is dropped; its 'id' may be NULL.  Do not mix with
 * the sources' words: after one of these topo_run() looks at no input any
 * more. */
void topo_load_node(struct topo *, const char *host, const char *id,
                    const char *type, const char *name, struct topo_map *meta);
void topo_load_edge(struct topo *, const char *id, const char *parent_id,
                    const char *child_id, const char *relation,
                    struct topo_map *meta);

#endif /* topo/topo.h */
