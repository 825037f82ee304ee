/* points.c -- every point of a topology, by the name that one types.
 *
 * Called for list-points and for completion.  What each short name yields is
 * found for all of them at once, in time that grows with their number, by the
 * same ranks as short-name.c has.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "query/eval.h"

/* Whom a short name of a host means. */
struct meaning {
    int rank;                   /* The best so far. */
    size_t n;                   /* So many have it. */
};

struct point {
    const struct topo_node *node;
    char *name;                 /* As it would be typed; NULL: no point. */
    struct meaning *meaning;
    int rank;
};

static void
find_meaning(struct point *point, const struct topo_node *node,
             struct shash *meanings)
{
    struct meaning *meaning;
    char *key;

    point->node = node;
    point->name = query_short_name_of(node, &point->rank);
    point->meaning = NULL;
    if (!point->name) {
        return;
    }
    key = xasprintf("%s %s", node->host, point->name);
    meaning = shash_find_data(meanings, key);
    if (!meaning) {
        meaning = xmalloc(sizeof *meaning);
        *meaning = (struct meaning) { point->rank, 0 };
        shash_add(meanings, key, meaning);
    }
    if (point->rank < meaning->rank) {
        *meaning = (struct meaning) { point->rank, 0 };
    }
    meaning->n += point->rank == meaning->rank;
    point->meaning = meaning;
    free(key);
}

/* The node that knows the addresses of 'node': itself, or the device of its
 * name behind a port or a bridge. */
static const struct topo_node *
find_device(const struct topo_node *node)
{
    const struct topo_node *device = NULL;
    const struct topo_edge *edge;

    if (topo_map_find(&node->meta, "MAC") && strcmp(node->type, "ovsport")) {
        return node;
    }
    LIST_FOR_EACH (edge, out_node, &node->out) {
        if (!device && !strcmp(edge->relation, "layer2")
            && !strcmp(edge->child->name, node->name)) {
            device = find_device(edge->child);
        }
    }
    return device ? device : node;
}

/* The first text of the list 'key', or NULL. */
static const char *
first_of(const struct topo_node *node, const char *key)
{
    const struct topo_value *list = topo_map_find(&node->meta, key);

    return (list && list->type == TOPO_LIST && topo_list_n(list)
            && topo_list_at(list, 0)->type == TOPO_STRING
            ? topo_list_at(list, 0)->string : NULL);
}

/* What tells a device from others best. */
static const char *
address_of(const struct topo_node *device)
{
    const char *ipv4 = first_of(device, "IPV4");
    const char *ipv6 = first_of(device, "IPV6");
    const char *mac = topo_map_find_string(&device->meta, "MAC");

    return (ipv4 ? ipv4 : ipv6 && strncmp(ipv6, "fe80", 4) ? ipv6
            : mac ? mac : "");
}

static bool
fits(const char *pattern, const char *name, const char *address)
{
    return (!pattern ? true
            : pattern[strcspn(pattern, "*?[")] ? !fnmatch(pattern, name, 0)
            : strstr(name, pattern) || strstr(address, pattern));
}

static void
add_object(struct jsn *array, const struct topo_node *node, const char *name,
           const char *pattern)
{
    const struct topo_node *device = find_device(node);
    const char *state = topo_map_find_string(&device->meta, "State");
    const char *address = address_of(device);

    if (fits(pattern, name, address)) {
        struct jsn *object = jsn_object();

        jsn_put_string(object, "point", name);
        jsn_put_string(object, "host", node->host);
        jsn_put_string(object, "type", node->type);
        jsn_put_string(object, "address", address);
        jsn_put_string(object, "state", state ? state : "");
        jsn_put_string(object, "id", node->id);
        jsn_put_string(object, "device", device->id);
        jsn_add(array, object);
    }
}

static void
add_name(struct jsn *array, const struct topo_node *node OVS_UNUSED,
         const char *name, const char *prefix)
{
    if (!strncmp(name, prefix, strlen(prefix))) {
        jsn_add(array, jsn_string(name));
    }
}

typedef void add_func(struct jsn *array, const struct topo_node *node,
                      const char *name, const char *asked);

static void
add_point(struct jsn *array, const struct point *point, add_func *add,
          const char *asked)
{
    if (point->name && point->rank == point->meaning->rank) {
        char *name = (point->meaning->n == 1 ? xstrdup(point->name)
                      : xasprintf("G.V('%s')", point->node->id));

        add(array, point->node, name, asked);
        free(name);
    }
}

static int
compare_points(const void *a_, const void *b_)
{
    const struct point *a = a_;
    const struct point *b = b_;
    int cmp = strcmp(a->node->host, b->node->host);

    cmp = cmp ? cmp : strcmp(a->name ? a->name : "", b->name ? b->name : "");
    return cmp ? cmp : strcmp(a->node->id, b->node->id);
}

/* Adds each point by 'add', which is told what was 'asked'. */
static struct jsn *
collect(const struct topo *topo, add_func *add, const char *asked)
{
    struct shash meanings = SHASH_INITIALIZER(&meanings);
    struct jsn *array = jsn_array();
    const struct topo_node **nodes;
    struct point *points;
    size_t n;

    nodes = topo_nodes(topo, &n);
    points = xmalloc(MAX(n, 1) * sizeof *points);
    for (size_t i = 0; i < n; i++) {
        find_meaning(&points[i], nodes[i], &meanings);
    }
    qsort(points, n, sizeof *points, compare_points);
    for (size_t i = 0; i < n; i++) {
        add_point(array, &points[i], add, asked);
        free(points[i].name);
    }
    free(points);
    free(nodes);
    shash_destroy_free_data(&meanings);
    return array;
}

struct jsn *
query_points_to_json(const struct topo *topo, const char *pattern)
{
    return collect(topo, add_object, pattern);
}

struct jsn *
query_point_names_to_json(const struct topo *topo, const char *prefix)
{
    return collect(topo, add_name, prefix);
}
