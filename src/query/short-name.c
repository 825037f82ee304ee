/* short-name.c -- from "br0" or "vm1/eth0" to a node.
 *
 * A name without '/' is a bridge, else an OVS port, else a link in the host's
 * own namespace; NETNS/NAME is a link in that namespace; last, lport:ID is the
 * OVS port whose interface has the external id iface-id ID.  On each host the
 * first of these kinds that has the name counts.  Where it has it twice the
 * user has to say which.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* The node that owns 'node', or NULL. */
static const struct topo_node *
find_owner(const struct topo_node *node)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, in_node, &node->in) {
        if (!strcmp(edge->relation, "ownership")) {
            return edge->parent;
        }
    }
    return NULL;
}

static bool
has_type(const struct topo_node *node, const char *type)
{
    return !strcmp(node->type, type);
}

/* A node that was loaded has no 'link', so its owner has to tell. */
const char *
query_link_netns(const struct topo_node *node)
{
    if (has_type(node, "host") || has_type(node, "netns")
        || has_type(node, "ovsbridge") || has_type(node, "ovsport")) {
        return NULL;
    }
    if (node->link) {
        return node->link->netns_name ? node->link->netns_name : "";
    }

    const struct topo_node *owner = find_owner(node);
    return (!owner ? NULL
            : has_type(owner, "host") ? ""
            : has_type(owner, "netns") ? owner->name
            : NULL);
}

static bool
is_link(const struct topo_node *node, const char *name, const char *netns)
{
    const char *own = query_link_netns(node);

    return (own && !strcmp(own, netns)
            && !strcmp(node->link ? node->link->name : node->name, name));
}

/* How well 'node' fits: 1 is best, 0 is not at all. */
static int
rank(const struct topo_node *node, const char *name, const char *netns)
{
    if (netns) {
        return is_link(node, name, netns);
    } else if (has_type(node, "ovsbridge")) {
        return !strcmp(node->name, name) ? 1 : 0;
    } else if (has_type(node, "ovsport")) {
        return !strcmp(node->name, name) ? 2 : 0;
    }
    return is_link(node, name, "") ? 3 : 0;
}

/* What is best so far on one host. */
struct best {
    int rank;                   /* Of 'nodes'. */
    struct query_list nodes;    /* All of that rank. */
};

static void
offer(struct shash *hosts, const struct topo_node *node, int node_rank)
{
    struct best *best = shash_find_data(hosts, node->host);

    if (!best) {
        best = xmalloc(sizeof *best);
        best->rank = node_rank;
        query_list_init(&best->nodes);
        shash_add(hosts, node->host, best);
    }
    if (node_rank < best->rank) {
        best->rank = node_rank;
        query_list_clear(&best->nodes);
    }
    if (node_rank == best->rank) {
        query_list_append(&best->nodes, node);
    }
}

static char *
ambiguous(const char *name, const struct query_list *nodes)
{
    struct ds error = DS_EMPTY_INITIALIZER;

    ds_put_format(&error, "'%s' is ambiguous: it is", name);
    for (size_t i = 0; i < nodes->n; i++) {
        const struct topo_node *node = nodes->items[i];

        ds_put_format(&error, "%s the %s G.V('%s')",
                      !i ? "" : i == nodes->n - 1 ? " and" : ",",
                      node->type, node->id);
    }
    ds_put_cstr(&error, "; select one of these");
    return ds_steal_cstr(&error);
}

/* Takes the best of each host over into 'state', in the order of hosts. */
static char *
take_best(const char *name, struct query_state *state, struct shash *hosts)
{
    const struct shash_node **sorted = shash_sort(hosts);
    size_t n = shash_count(hosts);
    char *error = NULL;

    for (size_t i = 0; i < n; i++) {
        struct best *best = sorted[i]->data;

        if (best->nodes.n > 1 && !error) {
            error = ambiguous(name, &best->nodes);
        }
        query_list_append(&state->list, best->nodes.items[0]);
        query_list_uninit(&best->nodes);
    }
    free(sorted);
    shash_destroy_free_data(hosts);
    return error;
}

enum { RANK_LPORT = 4 };

/* Offers the ports whose interfaces have that iface-id. */
static void
offer_lports(struct shash *hosts, const char *id, const struct topo *topo)
{
    const struct topo_node **nodes;
    size_t n = topo_lookup(topo, "ExtID.iface-id", id, &nodes);

    topo_nodes_sort(nodes, n);
    for (size_t i = 0; i < n; i++) {
        const struct topo_edge *edge;

        LIST_FOR_EACH (edge, in_node, &nodes[i]->in) {
            if (!strcmp(edge->relation, "layer2")
                && has_type(edge->parent, "ovsport")) {
                offer(hosts, edge->parent, RANK_LPORT);
            }
        }
    }
    free(nodes);
}

char *
query_run_short_name(const char *name, struct query_state *state)
{
    const char *slash = strchr(name, '/');
    char *netns = slash ? xmemdup0(name, slash - name) : NULL;
    struct shash hosts = SHASH_INITIALIZER(&hosts);
    const struct topo_node **nodes;
    size_t n = topo_lookup(state->topo, "Name", slash ? slash + 1 : name,
                           &nodes);

    topo_nodes_sort(nodes, n);
    for (size_t i = 0; i < n; i++) {
        int node_rank = rank(nodes[i], slash ? slash + 1 : name, netns);

        if (node_rank) {
            offer(&hosts, nodes[i], node_rank);
        }
    }
    free(nodes);
    free(netns);
    if (!strncmp(name, QUERY_LPORT, strlen(QUERY_LPORT))) {
        offer_lports(&hosts, name + strlen(QUERY_LPORT), state->topo);
    }
    query_state_empty(state, HAND_NODES);
    return take_best(name, state, &hosts);
}

/* Whether 'name' yields 'node', and no other of its host. */
static bool
is_name_of(const char *name, const struct topo_node *node,
           const struct topo *topo)
{
    struct query_state state;
    bool found = false;
    char *error;

    query_state_init(&state, topo);
    error = query_run_short_name(name, &state);
    for (size_t i = 0; i < state.list.n && !error; i++) {
        found |= state.list.items[i] == node;
    }
    free(error);
    query_state_uninit(&state);
    return found;
}

char *
query_short_name_of(const struct topo_node *node, int *own_rank)
{
    const char *netns = query_link_netns(node);
    const char *name = node->link ? node->link->name : node->name;
    bool inside = netns && netns[0];

    /* What a parser takes for Gremlin, or for nothing, is no name. */
    *own_rank = (!name[0] || !strncmp(name, "G.", 2) ? 0
                 : rank(node, name, inside ? netns : NULL));
    return (!*own_rank ? NULL : inside ? xasprintf("%s/%s", netns, name)
            : xstrdup(name));
}

char *
query_name_of(const struct topo_node *node, const struct topo *topo)
{
    int own_rank;
    char *name = query_short_name_of(node, &own_rank);

    if (!name || !is_name_of(name, node, topo)) {
        free(name);
        name = xasprintf("G.V('%s')", node->id);
    }
    return name;
}
