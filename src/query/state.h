/* state.h -- what the evaluator has in its hands between two steps.
 *
 * Called by eval*.c, short-name.c and result.c.  Nodes and edges are lent by
 * the topology; lists, sets and values are the state's own.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_STATE_H
#define OVSPAN_QUERY_STATE_H 1

#include "base/ovs.h"
#include "query/ast.h"
#include "query/steps.h"

/* A list of nodes or of edges, or a set of them when 'index' is used. */
struct query_list {
    const void **items;         /* 'struct topo_node's or 'topo_edge's. */
    size_t n;                   /* Number of 'items'. */
    size_t allocated;           /* Room in 'items'. */
    struct hmap index;          /* Of 'struct query_place's, by item. */
};

/* Paths, one behind the other. */
struct query_paths {
    struct query_list nodes;    /* Of all of them. */
    size_t *lengths;            /* How many nodes each has. */
    size_t n;                   /* Number of 'lengths'. */
    size_t allocated;           /* Room in 'lengths'. */
};

struct query_state {
    const struct topo *topo;    /* The topology that is asked. */
    unsigned int hand;          /* One of HAND_*: which of these counts. */
    struct query_list list;     /* HAND_NODES, HAND_EDGES. */
    struct topo_value *values;  /* HAND_VALUES. */
    size_t n_values;            /* Number of 'values'. */
    size_t allocated_values;    /* Room in 'values'. */
    int64_t number;             /* HAND_NUMBER. */
    bool restricted;            /* SubGraph(): only what follows is there. */
    struct query_list nodes;    /* The nodes of the sub graph, a set. */
    struct query_list edges;    /* The edges of the sub graph, a set. */
    const struct query_step *path_step; /* Whose paths are wanted, or NULL. */
    struct query_paths paths;   /* The paths of that step. */
    struct shash names;         /* As(): 'struct query_list's by name. */
    const struct shash *lent_names; /* In Or(): the names given outside. */
    uint64_t *work;             /* Nodes and edges looked at, in all. */
    uint64_t own_work;          /* Where 'work' points, but in Or(). */
};

void query_list_init(struct query_list *);
void query_list_uninit(struct query_list *);
void query_list_clear(struct query_list *);
/* Appends 'item', whether it is there or not.  Do not mix with put(). */
void query_list_append(struct query_list *, const void *item);
/* Appends 'item' unless it is there.  Returns true if it was not. */
bool query_list_put(struct query_list *, const void *item);
/* Whether put() has put 'item'. */
bool query_list_contains(const struct query_list *, const void *item);
/* Makes 'dst' hold what 'src' held, and 'src' empty. */
void query_list_move(struct query_list *dst, struct query_list *src);

void query_state_init(struct query_state *, const struct topo *);
void query_state_uninit(struct query_state *);
/* Drops what is in the hands; they hold 'hand' then. */
void query_state_empty(struct query_state *, enum query_hand hand);
/* Takes 'value'. */
void query_state_add_value(struct query_state *, struct topo_value value);

/* Counts 'n' steps of work.  Returns an error text when it is too much. */
char *query_state_work(struct query_state *, size_t n)
    OVS_WARN_UNUSED_RESULT;

#endif /* query/state.h */
