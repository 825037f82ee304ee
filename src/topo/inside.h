/* inside.h -- how a topology works inside; for src/topo/ alone.
 *
 * Inputs are entities: a namespace, a link, a row of OVS.  An entity that
 * changed is dirty; topo_run() renders each dirty one: gives it its node (or
 * none) and holds the edges that follow from it.  While it is rendered an
 * entity follows the topics that it looked at, whether or not something was
 * there; what changes says so on its topic, which makes its followers dirty.
 * So the graph depends on the inputs alone, not on their order, and work is in
 * proportion to the change.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_INSIDE_H
#define OVSPAN_TOPO_INSIDE_H 1

#include "topo/text.h"
#include "topo/topo.h"

enum topo_ent_kind {
    TOPO_ENT_HOST,
    TOPO_ENT_NETNS,
    TOPO_ENT_LINK,
    TOPO_ENT_BRIDGE,
    TOPO_ENT_PORT,
    TOPO_ENT_INTF,
    TOPO_ENT_MIRROR,
};

/* What an entity is found by.  Rows of OVS share one space of keys. */
enum topo_key_space { TOPO_KEY_HOST, TOPO_KEY_NETNS, TOPO_KEY_LINK,
                      TOPO_KEY_ROW };
struct topo_key {
    enum topo_key_space space;
    uint64_t a, b;              /* Cookie and ifindex, or a UUID. */
};

/* How sure it is that an OVS interface is a link; more is surer. */
enum topo_join_how {
    TOPO_JOIN_NONE,
    TOPO_JOIN_HELD,
    TOPO_JOIN_MOVE,
    TOPO_JOIN_IFINDEX,
};

struct topo_ent_netns {
    char *path;                 /* For setns(2), or NULL; a text. */
    struct ovs_list links;      /* 'struct topo_ent's. */
};

struct topo_ent_link {
    struct ovs_list netns_node; /* In its namespace's 'links'. */
    struct hmap_node name_node; /* In 'topo''s 'links_by_name'. */
    struct topo_ent *netns;     /* May not be present. */
    struct topo_ent *intf;      /* The OVS interface that it is, or NULL. */
    struct topo_link_in in;     /* The name is the entity's. */
};

struct topo_ent_port {
    struct uuid bridge;
};

struct topo_ent_intf {
    struct uuid port;
    struct hmap_node name_node; /* In 'topo''s 'intfs_by_name'. */
    char *type;                 /* "system", "internal", ...; a text. */
    int64_t ifindex;            /* As OVS says; 0: it does not. */
    int64_t last_ifindex;       /* The last that was not 0. */
    char *patch_peer;           /* Or NULL; a text. */
    struct topo_ent *link;      /* The link that it is, or NULL. */
    enum topo_join_how how;     /* Why that link. */
    bool ambiguous;             /* It might be one of several. */
    bool unproved;              /* There is one of its name that might be. */
    bool lacking;               /* Counted in 'topo''s 'n_lacking'. */
};

struct topo_ent_mirror {
    struct uuid *selected;      /* Ports, sorted. */
    size_t n_selected;
    struct uuid output;         /* Port or bridge, or zeros. */
};

/* What an entity wants: arrays, for there are tens of thousands. */
struct topo_wants {
    struct topo_follow *follows;
    struct topo_edge **edges;   /* An edge is as long as it is held. */
    uint32_t n_follows;
    uint32_t n_edges;
};

struct topo_ent {
    struct hmap_node key_node;  /* In 'topo''s 'ents', by hash of 'key'. */
    struct topo_key key;
    enum topo_ent_kind kind;
    bool present;               /* Put, and not removed since. */
    bool stale;                 /* Not put again since the resync began. */
    bool dirty;                 /* Waits in 'topo''s 'dirty'. */
    bool batched;               /* Is in the batch that is rendered. */
    struct ovs_list dirty_node; /* In either of these, or empty. */
    struct topo_wants wants;
    struct topo_node *node;     /* Its own node; NULL: none (yet). */
    char *name;                 /* A text. */
    struct topo_map meta;       /* As put; a mirror's: of its edges. */
    union {
        struct topo_ent_netns netns;
        struct topo_ent_link link;
        struct topo_ent_port port;
        struct topo_ent_intf intf;
        struct topo_ent_mirror mirror;
    };
};

/* That an entity wants to know when something changes. */
struct topo_follow {
    struct ovs_list node;       /* In a topic's 'follows'. */
    struct topo_ent *ent;
};

/* Known by a hash alone: two that share one only wake more than needed. */
struct topo_topic {
    struct hmap_node node;      /* In 'topo''s 'topics'. */
    struct ovs_list follows;    /* 'struct topo_follow's; never empty. */
};

/* A link that moved, by where it was. */
struct topo_move {
    struct hmap_node node;      /* In 'topo''s 'moves', by hash of 'from'. */
    struct topo_key from;
    struct topo_key to;
};

/* A device that the switch holds. */
struct topo_held {
    struct hmap_node node;      /* In 'topo''s 'held', by hash of 'key'. */
    struct topo_key key;        /* The link. */
    struct topo_key intf;       /* If 'is_known': the interface that it is. */
    bool is_known;
    bool stale;                 /* Not told again. */
};

/* Nodes and edges in their order, once somebody asked for it.  Apart from
 * 'struct topo', for readers have that as const. */
struct topo_order {
    const struct topo_node **nodes; /* NULL: nobody asked yet. */
    size_t allocated;           /* Room in 'nodes'. */
    const struct topo_edge **edges; /* NULL: not asked since they changed. */
};

/* One key and value of a node.  Most values are of one node alone: the first
 * that has one is in 'topo''s 'index', and the others hang on it. */
struct topo_indexed {
    struct hmap_node node;      /* In 'index'; the hash is always right. */
    struct ovs_list same;       /* The ring of those that have it. */
    size_t n;                   /* Of the first: how many have it. */
    struct topo_node *owner;
};

struct topo {
    char *host;
    uint64_t seqno;
    bool changed;               /* Since 'seqno' was increased. */
    bool loaded;                /* Nodes come from topo_load_node(). */
    bool showing;               /* topo_render() gives nodes to a batch. */
    bool dying;                 /* Nobody asks what is gone. */
    topo_cookie host_netns;     /* 0: not known yet. */
    topo_cookie switch_netns;   /* 0: the host's. */
    struct hmap nodes;          /* 'struct topo_node's. */
    size_t n_named;             /* Nodes that are not just being made. */
    struct hmap edges;          /* 'struct topo_edge's. */
    struct topo_order *order;   /* Of both. */
    struct hmap index;          /* 'struct topo_indexed's. */
    struct ovs_list changed_nodes;  /* By 'changed', the latest last. */
    struct ovs_list changed_edges;  /* Likewise. */
    struct ovs_list gone;       /* 'struct topo_gone's, the latest last. */
    size_t n_gone;              /* So many. */
    uint64_t forgot;            /* 'changed' of the last that is forgotten. */
    struct hmap ents;
    struct hmap links_by_name;
    struct hmap intfs_by_name;
    struct hmap selections;     /* Of mirrors, see mirror.c. */
    struct hmap topics;
    struct hmap moves;
    struct hmap held;           /* 'struct topo_held's. */
    size_t n_lacking;           /* Internal interfaces without a device. */
    struct ovs_list dirty;      /* 'struct topo_ent's. */
    struct shash strings;       /* Texts, see topo_intern(). */
    struct hmap edge_kinds;     /* What edges have in common, see graph.c. */
};

/* ## key.c: what entities are found by. ## */

struct topo_key topo_key_netns(topo_cookie);
struct topo_key topo_key_link(topo_cookie, int ifindex);
struct topo_key topo_key_row(const struct uuid *);
struct uuid topo_key_uuid(const struct topo_key *);
bool topo_key_equal(const struct topo_key *, const struct topo_key *);
uint32_t topo_key_hash(const struct topo_key *);

/* ## follow.c: topics of keys and of names. ## */

void topo_ent_touch(struct topo *, struct topo_ent *);
uint32_t topo_topic_name(const char *name);
void topo_follow(struct topo *, struct topo_ent *, uint32_t topic);
void topo_follow_key(struct topo *, struct topo_ent *,
                     const struct topo_key *);
void topo_unfollow(struct topo *, struct topo_wants *);
void topo_announce(struct topo *, uint32_t topic);
void topo_announce_key(struct topo *, const struct topo_key *);

/* ## ent.c: entities, and what inputs have in common. ## */

/* Any entity of 'key', present or not; NULL: none. */
struct topo_ent *topo_ent_lookup(const struct topo *, const struct topo_key *);
/* A present one. */
struct topo_ent *topo_ent_find(const struct topo *, const struct topo_key *);
struct topo_ent *topo_ent_create(struct topo *, enum topo_ent_kind,
                                 const struct topo_key *);
/* The entity of that row, present or not; NULL: it is of another kind. */
struct topo_ent *topo_obtain_row(struct topo *, enum topo_ent_kind,
                                 const struct uuid *);
bool topo_ent_set_name(struct topo *, struct topo_ent *, const char *name);
bool topo_set_meta(struct topo_ent *, struct topo_map *meta, const char *type);
bool topo_set_present(struct topo_ent *);
void topo_set_absent(struct topo *, struct topo_ent *);
bool topo_is_known_netns(const struct topo *, const struct topo_ent *netns);

/* ## id.c: what nodes and edges are known by. ## */

char *topo_intern(struct topo *, const char *);
const char *topo_meta_text(const struct topo_map *, const char *key);

/* ## order.c, index.c, changes.c: what readers find things by. ## */

void topo_order_enter(struct topo *, const struct topo_node *);
void topo_order_leave(struct topo *, const struct topo_node *);
void topo_order_edges_changed(struct topo *);
void topo_order_destroy(struct topo_order *);

/* To be called when the metadata of a node is another. */
void topo_index_update(struct topo *, struct topo_node *);
void topo_index_remove(struct topo *, struct topo_node *);

void topo_changes_init(struct topo *);
void topo_changes_uninit(struct topo *);
void topo_node_changed(struct topo *, struct topo_node *);
void topo_edge_changed(struct topo *, struct topo_edge *);
void topo_node_gone(struct topo *, struct topo_node *);
void topo_edge_gone(struct topo *, struct topo_edge *);

/* ## graph.c: nodes and edges. ## */

/* What a node has to be; borrowed, held where it differs. */
struct topo_face {
    const char *kind;           /* For the identity: "netns", "link"... */
    const char *key;            /* Likewise. */
    const char *type;
    char *name;                 /* A text. */
    const struct topo_map *meta;
    const struct topo_link *link;
    char *bridge;               /* A text. */
    struct uuid uuid;
};
void topo_node_show(struct topo *, struct topo_ent *,
                    const struct topo_face *);
void topo_node_hide(struct topo *, struct topo_ent *);
struct topo_node *topo_node_add(struct topo *, const char *host,
                                const char *id);
void topo_node_remove(struct topo *, struct topo_node *);

/* 'type' may be NULL.  'meta' has all of the edge's metadata; NULL: it is the
 * relation and the type alone. */
void topo_edge_hold(struct topo *, struct topo_ent *, struct topo_node *parent,
                    struct topo_node *child, const char *relation,
                    const char *type, const struct topo_map *meta);
void topo_edge_release(struct topo *, struct topo_wants *);
void topo_edge_kinds_destroy(struct topo *);

/* ## look.c: what renderers have in common. ## */

/* What is looked at is followed. */
struct topo_node *topo_node_of(struct topo *, struct topo_ent *,
                               const struct topo_key *);
struct topo_ent *topo_row_of(struct topo *, struct topo_ent *,
                             const struct uuid *);
struct topo_node *topo_host_node(const struct topo *);
void topo_hold(struct topo *, struct topo_ent *, struct topo_node *parent,
               struct topo_node *child, const char *relation,
               const char *type);
struct topo_map topo_complete_meta(const struct topo_ent *, const char *name,
                                   const char *type);

/* ## join.c ## */

/* Joins an interface with its link, or parts them. */
void topo_join(struct topo *, struct topo_ent *intf);
void topo_part(struct topo *, struct topo_ent *intf);
topo_cookie topo_switch_netns(const struct topo *);

/* ## held.c ## */

/* Which those are; also followed as this name, which no link has. */
#define TOPO_NAME_HELD ""
bool topo_is_held(const struct topo *, const struct topo_ent *link);
/* The link that by leaving over is 'intf', or NULL. */
struct topo_ent *topo_find_left_over(const struct topo *,
                                     const struct topo_ent *intf);
void topo_note_lacking(struct topo *, struct topo_ent *intf, bool lacking);
/* The link of that key is no more: the next one of its number is another. */
void topo_let_go(struct topo *, const struct topo_key *);
void topo_held_uninit(struct topo *);

/* ## mirror.c ## */

void topo_mirror_uninit(struct topo *, struct topo_ent *mirror);
/* Makes 'port' hold the edges of the mirrors that select it. */
void topo_hold_mirrors_of(struct topo *, struct topo_ent *port);

/* ## bury.c ## */

/* Frees an entity whose input was removed.  A namespace stays, unseen, while
 * links in it are known. */
void topo_bury(struct topo *, struct topo_ent *);
/* Frees all entities of a topology that has no nodes any more. */
void topo_bury_all(struct topo *);

/* ## render-row.c, render.c ## */

/* The bridge that the interface 'intf' is on, or NULL.  Whoever asks is
 * rendered whenever 'intf' is, which follows it. */
struct topo_ent *topo_bridge_of(const struct topo *,
                                const struct topo_ent *intf);
void topo_show_bridge(struct topo *, struct topo_ent *);
void topo_show_port(struct topo *, struct topo_ent *);
void topo_show_intf(struct topo *, struct topo_ent *);
void topo_hold_bridge_edges(struct topo *, struct topo_ent *);
void topo_hold_port_edges(struct topo *, struct topo_ent *);
void topo_hold_intf_edges(struct topo *, struct topo_ent *);

/* Makes the graph follow from the inputs again. */
void topo_render(struct topo *);

#endif /* topo/inside.h */
