/* why-name.c -- why a short name is nobody's, and who has one like it.
 *
 * Called by why.c for a short name that yields nothing.  Looks at the nodes
 * once for each question; that is only done for a person who waits.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"

enum { MAX_NAMES = 8 };         /* So many are read, not looked through. */

/* What is asked about. */
struct asked {
    const char *name;           /* As typed. */
    char *netns;                /* Before its '/', or NULL. */
    const char *link;           /* Behind it, or all. */
    const struct topo_node **nodes; /* All there are. */
    size_t n;
    struct ds *out;
};

/* Puts "a, b, c" of 'names', each once and sorted, behind 'prefix'. */
static void
put_list(struct ds *out, struct svec *names, const char *prefix,
         const char *last)
{
    size_t n;

    svec_sort_unique(names);
    n = MIN(names->n, MAX_NAMES);
    for (size_t i = 0; i < n; i++) {
        ds_put_format(out, "%s%s%s",
                      !i ? "" : i + 1 < names->n ? ", " : last, prefix,
                      names->names[i]);
    }
    if (n < names->n) {
        ds_put_format(out, " and %"PRIuSIZE" more", names->n - n);
    }
}

static const char *
link_name(const struct topo_node *node)
{
    return node->link ? node->link->name : node->name;
}

/* Adds the names of the nodes of 'type' to 'names'. */
static void
add_of_type(const struct asked *asked, const char *type, struct svec *names)
{
    for (size_t i = 0; i < asked->n; i++) {
        if (!strcmp(asked->nodes[i]->type, type)) {
            svec_add(names, asked->nodes[i]->name);
        }
    }
}

/* Adds the names of the links in 'netns', "" for the host's. */
static void
add_links(const struct asked *asked, const char *netns, struct svec *names)
{
    for (size_t i = 0; i < asked->n; i++) {
        const char *own = query_link_netns(asked->nodes[i]);

        if (own && !strcmp(own, netns)) {
            svec_add(names, link_name(asked->nodes[i]));
        }
    }
}

static bool
has_node(const struct asked *asked, const char *type, const char *name)
{
    for (size_t i = 0; i < asked->n; i++) {
        if (!strcmp(asked->nodes[i]->type, type)
            && !strcmp(asked->nodes[i]->name, name)) {
            return true;
        }
    }
    return false;
}

/* The nearest of 'names', lent from it, or NULL. */
static const char *
find_nearest(const char *typed, const struct svec *names)
{
    struct nearest nearest;

    nearest_init(&nearest, typed);
    for (size_t i = 0; i < names->n; i++) {
        nearest_offer(&nearest, names->names[i]);
    }
    return nearest.best;
}

/* ## NETNS/NAME ## */

/* Of 'names', those of namespaces that somebody has named; all if nobody has
 * named any. */
static void
keep_named(struct svec *names)
{
    struct svec named = SVEC_EMPTY_INITIALIZER;

    for (size_t i = 0; i < names->n; i++) {
        if (strncmp(names->names[i], "pid-", 4)) {
            svec_add(&named, names->names[i]);
        }
    }
    if (named.n) {
        svec_swap(&named, names);
    }
    svec_destroy(&named);
}

static void
why_no_netns(const struct asked *asked)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    const char *near;

    if (has_node(asked, "ovsbridge", asked->netns)) {
        ds_put_format(asked->out, "\"%s\" is a bridge, not a namespace: its "
                      "ports are written by their names alone, as in %s",
                      asked->netns, asked->link);
        return;
    }
    add_of_type(asked, "netns", &names);
    keep_named(&names);
    ds_put_format(asked->out, "no namespace \"%s\"; there %s ", asked->netns,
                  names.n == 1 ? "is" : "are");
    if (names.n) {
        put_list(asked->out, &names, "", ", ");
    } else {
        ds_put_cstr(asked->out, "none");
    }
    add_of_type(asked, "netns", &names);
    near = find_nearest(asked->netns, &names);
    if (near) {
        ds_put_format(asked->out, ": is it %s/%s?", near, asked->link);
    }
    svec_destroy(&names);
}

static void
why_no_link(const struct asked *asked)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    const char *near;

    add_links(asked, asked->netns, &names);
    ds_put_format(asked->out, "%s has no \"%s\"", asked->netns, asked->link);
    if (names.n) {
        ds_put_cstr(asked->out, "; it has ");
        put_list(asked->out, &names, "", ", ");
    } else {
        ds_put_cstr(asked->out, ", nor any other interface");
    }
    near = find_nearest(asked->link, &names);
    if (near) {
        ds_put_format(asked->out, ": is it %s/%s?", asked->netns, near);
    }
    svec_destroy(&names);
}

/* ## NAME ## */

static void
name_is_netns(const struct asked *asked)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    char *prefix = xasprintf("%s/", asked->name);

    add_links(asked, asked->name, &names);
    ds_put_format(asked->out, "\"%s\" is a namespace: its interface%s ",
                  asked->name, names.n == 1 ? " is" : "s are");
    if (names.n) {
        put_list(asked->out, &names, prefix, ", ");
    } else {
        ds_put_cstr(asked->out, "none");
    }
    free(prefix);
    svec_destroy(&names);
}

/* Says in which namespaces there are links of that name.  Returns false if in
 * none. */
static bool
name_is_elsewhere(const struct asked *asked)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    bool found;

    for (size_t i = 0; i < asked->n; i++) {
        const char *netns = query_link_netns(asked->nodes[i]);

        if (netns && netns[0]
            && !strcmp(link_name(asked->nodes[i]), asked->name)) {
            svec_add_nocopy(&names, xasprintf("%s/%s", netns, asked->name));
        }
    }
    found = names.n > 0;
    if (found) {
        ds_put_format(asked->out, "\"%s\" is not an interface of the host; it "
                      "is in %s: write ", asked->name,
                      names.n == 1 ? "a namespace" : "namespaces");
        put_list(asked->out, &names, "", " or ");
    }
    svec_destroy(&names);
    return found;
}

/* Says what of another type has that name.  Returns false if nothing has. */
static bool
name_is_of_type(const struct asked *asked)
{
    for (size_t i = 0; i < asked->n; i++) {
        const struct topo_node *node = asked->nodes[i];

        if (!strcmp(node->name, asked->name)) {
            ds_put_format(asked->out, "\"%s\" is the %s G.V('%s'), which has "
                          "no short name", asked->name, node->type, node->id);
            return true;
        }
    }
    return false;
}

/* ## lport:ID ## */

static const char *
iface_id(const struct topo_node *node)
{
    return topo_map_find_string(&node->meta, "ExtID.iface-id");
}

static void
why_no_lport(const struct asked *asked, const char *id)
{
    struct svec ids = SVEC_EMPTY_INITIALIZER;
    const char *near;

    for (size_t i = 0; i < asked->n; i++) {
        if (iface_id(asked->nodes[i])) {
            svec_add(&ids, iface_id(asked->nodes[i]));
        }
    }
    near = find_nearest(id, &ids);
    ds_put_format(asked->out, "no OVS interface has external_ids:iface-id "
                  "\"%s\"%s", id, ids.n ? "" : ", nor any other");
    if (near) {
        ds_put_format(asked->out, ": is it "QUERY_LPORT"%s?", near);
    } else if (ids.n) {
        ds_put_cstr(asked->out, "; there are ");
        put_list(asked->out, &ids, "", ", ");
    }
    svec_destroy(&ids);
}

/* Returns false if no interface has that as its iface-id. */
static bool
name_is_lport(const struct asked *asked)
{
    for (size_t i = 0; i < asked->n; i++) {
        const char *id = iface_id(asked->nodes[i]);

        if (id && !strcmp(id, asked->name)) {
            ds_put_format(asked->out, "\"%s\" is the external_ids:iface-id "
                          "of %s: write "QUERY_LPORT"%s", id,
                          asked->nodes[i]->name, id);
            return true;
        }
    }
    return false;
}

static void
name_is_unknown(const struct asked *asked)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    const char *near;

    add_of_type(asked, "ovsbridge", &names);
    add_of_type(asked, "ovsport", &names);
    add_links(asked, "", &names);
    add_of_type(asked, "netns", &names);
    near = find_nearest(asked->name, &names);
    ds_put_format(asked->out, "nothing is called \"%s\"", asked->name);
    if (near) {
        ds_put_format(asked->out, ": is it %s?", near);
    } else {
        ds_put_cstr(asked->out, "; 'ovspan list-points' shows what there is");
    }
    svec_destroy(&names);
}

/* What never is in a name says what was meant.  Returns false if nothing of
 * that is there. */
static bool
name_has_wrong_letters(const struct asked *asked)
{
    const char *colon = strchr(asked->name, ':');
    char *netns = colon ? xmemdup0(asked->name, colon - asked->name) : NULL;
    bool wrong = true;

    if (asked->name[strcspn(asked->name, "*?[")]) {
        ds_put_format(asked->out, "a name is taken as it stands, without "
                      "patterns, and nothing is called \"%s\": patterns go "
                      "into G.V().Has('Name',Regex('...'))", asked->name);
    } else if (colon && has_node(asked, "netns", netns)) {
        ds_put_format(asked->out, "\"%s\": a namespace and its interface are "
                      "joined by \"/\": is it %s/%s?", asked->name, netns,
                      colon + 1);
    } else {
        wrong = false;
    }
    free(netns);
    return wrong;
}

void
query_why_no_name(const char *name, const struct topo *topo, struct ds *out)
{
    const char *slash = strchr(name, '/');
    struct asked asked = {
        .name = name,
        .netns = slash ? xmemdup0(name, slash - name) : NULL,
        .link = slash ? slash + 1 : name,
        .out = out,
    };

    asked.nodes = topo_nodes(topo, &asked.n);
    if (!strncmp(name, QUERY_LPORT, strlen(QUERY_LPORT))) {
        why_no_lport(&asked, name + strlen(QUERY_LPORT));
    } else if (name_has_wrong_letters(&asked)) {
        /* That is all to be said. */
    } else if (asked.netns && !has_node(&asked, "netns", asked.netns)) {
        why_no_netns(&asked);
    } else if (asked.netns) {
        why_no_link(&asked);
    } else if (has_node(&asked, "netns", name)) {
        name_is_netns(&asked);
    } else if (!name_is_elsewhere(&asked) && !name_is_of_type(&asked)
               && !name_is_lport(&asked)) {
        name_is_unknown(&asked);
    }
    free(asked.nodes);
    free(asked.netns);
}
