/* eval.h -- the functions behind the table of steps.
 *
 * Each takes what 'state' has in its hands, which is what the step's class
 * says that it needs, and leaves what it yields.  Returns NULL, or an error
 * text that the caller frees; the state is good for uninit only then.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_EVAL_H
#define OVSPAN_QUERY_EVAL_H 1

#include "query/ast.h"
#include "query/state.h"

typedef char *query_run_func(const struct query_step *, struct query_state *);

/* eval-filter.c: what tests elements. */
query_run_func query_run_has;
query_run_func query_run_has_key;
query_run_func query_run_has_not;
query_run_func query_run_has_either;

/* eval.c: where a selector begins, and what names elements. */
query_run_func query_run_v;
query_run_func query_run_e;
query_run_func query_run_g;
query_run_func query_run_or;
query_run_func query_run_as;
query_run_func query_run_select;

/* eval-walk.c: from nodes to edges and back. */
query_run_func query_run_out;
query_run_func query_run_in;
query_run_func query_run_both;
query_run_func query_run_out_e;
query_run_func query_run_in_e;
query_run_func query_run_both_e;
query_run_func query_run_out_v;
query_run_func query_run_in_v;
query_run_func query_run_both_v;
query_run_func query_run_descendants;
query_run_func query_run_ascendants;
query_run_func query_run_neighbors;
query_run_func query_run_sub_graph;

/* eval-path.c. */
query_run_func query_run_shortest_path_to;

/* eval-list.c: which elements, and in which order. */
query_run_func query_run_dedup;
query_run_func query_run_limit;
query_run_func query_run_range;
query_run_func query_run_sort;

/* eval-value.c: from elements to values. */
query_run_func query_run_count;
query_run_func query_run_values;
query_run_func query_run_value_map;
query_run_func query_run_keys;
query_run_func query_run_sum;

/* Runs every step of 'chain'. */
char *query_run_chain(const struct query_chain *, struct query_state *)
    OVS_WARN_UNUSED_RESULT;

/* Stores in '*edges', which the caller frees, the edges at 'node' on which it
 * is the parent ('out') or the child ('in'), only those of the sub graph, in
 * an order that does not depend on how the topology came to be; and in
 * '*n_edges' their number. */
char *query_edges_at(struct query_state *, const struct topo_node *node,
                     bool out, bool in, const struct topo_edge ***edges,
                     size_t *n_edges) OVS_WARN_UNUSED_RESULT;
/* The end of 'edge' that is not 'node'. */
const struct topo_node *query_other_end(const struct topo_edge *edge,
                                        const struct topo_node *node);

/* narrow.c: instead of all nodes, puts those into the state that may fit
 * 'filter', or that the Has() at the start of 'steps' may keep.  False if that
 * needs a look at all. */
bool query_narrow_filter(const struct query_filter *, struct query_state *);
bool query_narrow_steps(const struct query_step *, size_t n,
                        struct query_state *);

/* short-name.c: puts the nodes that 'name' means into the state. */
char *query_run_short_name(const char *name, struct query_state *)
    OVS_WARN_UNUSED_RESULT;

/* The name of the namespace of the link 'node', "" for the host's own; NULL if
 * it is no link.  Lent by the topology. */
const char *query_link_netns(const struct topo_node *node);

/* The short name that 'node' could have, which the caller frees, and its rank
 * among others of that name (1 is best); NULL if it is no point. */
char *query_short_name_of(const struct topo_node *node, int *rank);

/* why-name.c: puts why no node of 'topo' is called 'name', and what is. */
void query_why_no_name(const char *name, const struct topo *topo, struct ds *);

/* format.c: as they are written. */
void query_format_step(const struct query_step *, struct ds *);
void query_format_literal(const struct topo_value *, struct ds *);

#endif /* query/eval.h */
