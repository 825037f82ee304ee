/* query.h -- selectors: from text to nodes of a topology.
 *
 * A selector that starts with "G." is Gremlin in Skydive's spelling; anything
 * else is a short name (a bridge, else an OVS port, else a link of the host;
 * NETNS/NAME a link in a namespace).  One parser and one evaluator serve
 * 'query', 'explain' and captures.
 *
 * Pure.  A query does not depend on a topology and may be run on many.
 *
 * What the language means, where Skydive's page leaves it open or is wrong:
 *
 * - A step yields every node or edge once, in the order in which they were
 *   first reached; V() and E() begin in the topology's order, and from one
 *   node the others are reached by type, name and id.
 * - Types are strict: the string '10' is not the number 10.  What is text in
 *   OVS's database (ExtID.*, Ovs.*) is a string.
 * - A list fits if any element does.  Ne(v): the key is there and no element
 *   is v; Nee(v), Without(v, ...): the same, or the key is missing.
 * - Inside(a, b) is a < x < b, Between(a, b) is a <= x < b, Outside(a, b) is
 *   x < a or x > b.
 * - Regex() takes POSIX extended expressions that match the whole text, with
 *   \d, (?:...), (?i), lazy repetitions and escapes in brackets as RE2 has
 *   them.
 * - 'ID', 'Host' and an edge's 'Parent' and 'Child' are keys as well, with or
 *   without Skydive's '@'; 'TID' is the ID.  'Metadata.' before a key is the
 *   same key.
 * - V(id) of a node that is not there yields nothing; it is no error.
 * - Descendants(), Ascendants() and Neighbors() yield their starts too, follow
 *   ownership (or edges that fit any of the pairs given) and go one edge far
 *   (or as far as the number says; 0: as far as it goes).
 * - ShortestPathTo() yields the nodes of the paths, each once; as the last
 *   step of what is asked, not captured, the paths.
 * - Or(steps, steps...) keeps what any of its chains of steps, begun at it
 *   alone, leads anywhere.
 * - The text, the number of steps and the work that they do are bounded.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_QUERY_QUERY_H
#define OVSPAN_QUERY_QUERY_H 1

#include <stdbool.h>
#include <stddef.h>
#include "compiler.h"
#include "topo/topo.h"

/* How a short name begins that is an OVS interface's external_ids:iface-id,
 * as OVN and neutron give them. */
#define QUERY_LPORT "lport:"

struct query;
struct jsn;

/* Parses 'text'.  Returns NULL and stores a query that the caller destroys in
 * '*query', or an error text that the caller frees ("column 12: expected a
 * string in quotes, not 'foo'"), and stores NULL. */
char *query_parse(const char *text, struct query **query)
    OVS_WARN_UNUSED_RESULT;
void query_destroy(struct query *);

/* The canonical text of 'query', which parses to an equal query.  The caller
 * frees it. */
char *query_format(const struct query *);

enum query_kind {
    QUERY_NODES,
    QUERY_EDGES,
    QUERY_VALUES,               /* Values(), Keys(), ValueMap(), ... */
    QUERY_COUNT,                /* A single number: Count(), Sum(). */
};

/* The kind that 'query' yields, whatever the topology. */
enum query_kind query_kind(const struct query *);

struct query_result {
    enum query_kind kind;
    const struct topo_node **nodes;     /* QUERY_NODES, in stable order. */
    const struct topo_edge **edges;     /* QUERY_EDGES. */
    struct topo_value *values;          /* QUERY_VALUES, own copies. */
    size_t n;                           /* Of the one that 'kind' says. */
    int64_t number;                     /* QUERY_COUNT. */
    /* Of QUERY_NODES that ShortestPathTo() has yielded as the last step: the
     * paths, one behind the other.  NULL: of another step. */
    const struct topo_node **path_nodes;
    size_t *path_lengths;               /* How many nodes each has. */
    size_t n_paths;                     /* Number of 'path_lengths'. */
};

/* Runs 'query' on 'topo'.  Returns NULL and fills '*result', which the caller
 * uninits, or an error text that the caller frees (a type that does not fit,
 * a short name that is ambiguous...). */
char *query_run(const struct query *, const struct topo *,
                struct query_result *) OVS_WARN_UNUSED_RESULT;
void query_result_uninit(struct query_result *);

/* As `ovspan query` prints: an array, or a number; of paths, an array of
 * arrays. */
struct jsn *query_result_to_json(const struct query_result *);

/* For a capture: runs 'query' and returns its nodes; values, edges and
 * numbers are refused with a text that says why. */
char *query_select(const struct query *, const struct topo *,
                   struct query_result *) OVS_WARN_UNUSED_RESULT;

/* How 'node' is typed: its short name if that yields it alone of its host,
 * else G.V('its id').  The caller frees it. */
char *query_name_of(const struct topo_node *, const struct topo *);

/* Every point of 'topo' whose name fits 'pattern' (with wildcards), or has it
 * in it, or in its address; all for NULL.  Objects with "point" (as it is
 * typed), "host", "type", "address" and "state" ("" if there is none), "id"
 * and "device", the node's and that of its kernel device; by host and name. */
struct jsn *query_points_to_json(const struct topo *, const char *pattern);

/* The "point"s of those that begin with 'prefix', an array of strings. */
struct jsn *query_point_names_to_json(const struct topo *, const char *prefix);

/* Why 'query' yields nothing of 'topo', and what would: a sentence that the
 * caller frees; NULL if it yields something, or nobody knows. */
char *query_why_nothing(const struct query *, const struct topo *);

#endif /* query/query.h */
