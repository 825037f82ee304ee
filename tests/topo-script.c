/* topo-script.c -- a topology from lines of text, for tests.  See
 * topo-script.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/topo-script.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

enum { MAX_WORDS = 16 };

struct words {
    char *copy;                 /* The line, cut. */
    char *word[MAX_WORDS];      /* "" after the last. */
    size_t n;
};

static void
split(const char *line, struct words *w)
{
    char *save = NULL;

    w->copy = xstrdup(line);
    w->n = 0;
    for (char *s = strtok_r(w->copy, " \n", &save); s && w->n < MAX_WORDS;
         s = strtok_r(NULL, " \n", &save)) {
        w->word[w->n++] = s;
    }
    for (size_t i = w->n; i < MAX_WORDS; i++) {
        w->word[i] = "";
    }
}

/* The value of the word "NAME=VALUE", or 'def'. */
static const char *
option(const struct words *w, const char *name, const char *def)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < w->n; i++) {
        if (!strncmp(w->word[i], name, length) && w->word[i][length] == '=') {
            return w->word[i] + length + 1;
        }
    }
    return def;
}

/* Puts each word "PREFIX.KEY=VALUE" into the map 'name'. */
static void
put_options(const struct words *w, const char *prefix, struct topo_map *map,
            const char *name)
{
    size_t length = strlen(prefix);

    for (size_t i = 0; i < w->n; i++) {
        const char *word = w->word[i];
        const char *equals = strchr(word, '=');

        if (equals && !strncmp(word, prefix, length) && word[length] == '.') {
            char *key = xmemdup0(word + length + 1,
                                 equals - word - length - 1);

            topo_map_put_string(topo_map_get_map(map, name), key, equals + 1);
            free(key);
        }
    }
}

/* The numbers of "1,2,3" as a list, if there are any. */
static void
put_list(struct topo_map *map, const char *key, const char *text)
{
    size_t n = 0;

    for (const char *p = text; *p; p++) {
        n += p == text || p[-1] == ',';
    }

    if (!n) {
        return;
    }
    struct topo_value list = topo_value_list(n);
    for (size_t i = 0; i < n; i++) {
        list.list->values[i] = (struct topo_value) {
            .type = TOPO_INTEGER, .integer = atoi(text),
        };
        text += strcspn(text, ",") + 1;
    }
    topo_map_put(map, key, list);
}

static topo_cookie
cookie(const char *s)
{
    return strtoull(s, NULL, 10);
}

static int
ifindex(const char *s)
{
    const char *colon = strchr(s, ':');

    return colon ? atoi(colon + 1) : 0;
}

static struct uuid
row(const char *s)
{
    return (struct uuid) { .parts = { 0, 0, 0, atoi(s) } };
}

static void
do_netns(struct topo *topo, const struct words *w)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    char *path = xasprintf("/var/run/netns/%s", w->word[2]);

    topo_map_put_string(&meta, "Path", path);
    topo_put_netns(topo, cookie(w->word[1]), w->word[2], path, &meta);
    free(path);
}

static void
do_link(struct topo *topo, const struct words *w)
{
    const char *peer = option(w, "peer", "0:0");
    const char *parent = option(w, "parent", "0:0");
    const char *mac = option(w, "mac", NULL);
    bool down = !strcmp(w->word[4], "down");
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_link_in in = {
        .netns = cookie(w->word[1]),
        .ifindex = ifindex(w->word[1]),
        .name = w->word[2],
        .kind = w->word[3],
        .up = !down,
        .lacks_ethernet = atoi(option(w, "bare", "0")),
        .mtu = atoi(option(w, "mtu", "1500")),
        .master = atoi(option(w, "master", "0")),
        .peer_netns = cookie(ifindex(peer) ? peer : parent),
        .peer = ifindex(peer),
        .parent = ifindex(parent),
    };

    topo_map_put_string(&meta, "State", down ? "DOWN" : "UP");
    topo_map_put_integer(&meta, "IfIndex", in.ifindex);
    if (mac) {
        topo_map_put_string(&meta, "MAC", mac);
    }
    topo_put_link(topo, &in, &meta);
}

static void
do_bridge(struct topo *topo, const struct words *w)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_bridge_in in = { row(w->word[1]), w->word[2] };
    const char *controller = option(w, "controller", NULL);

    if (option(w, "managed", NULL)) {
        topo_map_put_string(&meta, "Managed", option(w, "managed", ""));
    }
    if (controller) {
        topo_map_add_string(topo_map_get_map(&meta, "Ovs"), "Controllers",
                            controller);
    }
    put_options(w, "ext", &meta, "ExtID");
    topo_put_bridge(topo, &in, &meta);
}

static void
do_port(struct topo *topo, const struct words *w)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_port_in in = { row(w->word[1]), row(w->word[2]),
                               w->word[3] };
    const char *mode = option(w, "bond", NULL);

    if (mode) {
        topo_map_put_string(topo_map_get_map(&meta, "Ovs"), "BondMode", mode);
    }
    put_list(topo_map_get_map(&meta, "Ovs"), "Tag", option(w, "tag", ""));
    put_list(topo_map_get_map(&meta, "Ovs"), "Trunks",
             option(w, "trunks", ""));
    put_options(w, "ext", &meta, "ExtID");
    topo_put_port(topo, &in, &meta);
}

static void
do_intf(struct topo *topo, const struct words *w)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_intf_in in = {
        .uuid = row(w->word[1]),
        .port = row(w->word[2]),
        .name = w->word[3],
        .type = w->word[4],
        .ifindex = atoi(option(w, "ifindex", "0")),
        .patch_peer = option(w, "peer", NULL),
    };
    const char *mac = option(w, "mac", NULL);
    const char *attached = option(w, "attached", NULL);

    topo_map_put_integer(&meta, "OfPort", atoi(w->word[1]));
    if (mac) {
        topo_map_put_string(&meta, "MAC", mac);
    }
    if (attached) {
        topo_map_put_string(topo_map_get_map(&meta, "ExtID"), "attached-mac",
                            attached);
    }
    put_options(w, "ext", &meta, "ExtID");
    put_options(w, "opt", topo_map_get_map(&meta, "Ovs"), "Options");
    topo_put_intf(topo, &in, &meta);
}

static void
do_mirror(struct topo *topo, const struct words *w)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct uuid uuid = row(w->word[1]);
    struct uuid output = row(w->word[2]);
    struct uuid selected[MAX_WORDS];
    size_t n = 0;

    for (size_t i = 3; i < w->n; i++) {
        selected[n++] = row(w->word[i]);
    }
    topo_put_mirror(topo, &uuid, selected, n, &output, &meta);
}

static void
do_host_netns(struct topo *topo, const struct words *w)
{
    topo_set_host_netns(topo, cookie(w->word[1]));
}

static void
do_switch_netns(struct topo *topo, const struct words *w)
{
    topo_set_switch_netns(topo, cookie(w->word[1]));
}

static void
do_move(struct topo *topo, const struct words *w)
{
    topo_move_link(topo, cookie(w->word[1]), ifindex(w->word[1]),
                   cookie(w->word[2]), ifindex(w->word[2]));
}

/* All that are held, each as COOKIE:IFINDEX. */
static void
do_held(struct topo *topo, const struct words *w)
{
    struct topo_device devices[MAX_WORDS];
    size_t n = 0;

    for (size_t i = 1; i < w->n; i++) {
        devices[n++] = (struct topo_device) { cookie(w->word[i]),
                                              ifindex(w->word[i]) };
    }
    topo_set_held(topo, devices, n);
}

static void
do_del(struct topo *topo, const struct words *w)
{
    struct uuid uuid = row(w->word[1]);

    topo_del_ovs(topo, &uuid);
}

static void
do_del_link(struct topo *topo, const struct words *w)
{
    topo_del_link(topo, cookie(w->word[1]), ifindex(w->word[1]));
}

static void
do_del_netns(struct topo *topo, const struct words *w)
{
    topo_del_netns(topo, cookie(w->word[1]));
}

static void
do_begin_netns(struct topo *topo, const struct words *w)
{
    topo_begin_netns(topo, cookie(w->word[1]));
}

static void
do_end_netns(struct topo *topo, const struct words *w)
{
    topo_end_netns(topo, cookie(w->word[1]));
}

static void
do_begin_ovs(struct topo *topo, const struct words *w OVS_UNUSED)
{
    topo_begin_ovs(topo);
}

static void
do_end_ovs(struct topo *topo, const struct words *w OVS_UNUSED)
{
    topo_end_ovs(topo);
}

static const struct {
    const char *name;
    size_t n_words;             /* At least, its name included. */
    void (*run)(struct topo *, const struct words *);
} inputs[] = {
    { "host-netns", 2, do_host_netns },
    { "switch-netns", 2, do_switch_netns },
    { "netns", 3, do_netns },
    { "del-netns", 2, do_del_netns },
    { "link", 4, do_link },
    { "del-link", 2, do_del_link },
    { "move", 3, do_move },
    { "held", 1, do_held },
    { "bridge", 3, do_bridge },
    { "port", 4, do_port },
    { "intf", 5, do_intf },
    { "mirror", 3, do_mirror },
    { "del", 2, do_del },
    { "begin-netns", 2, do_begin_netns },
    { "end-netns", 2, do_end_netns },
    { "begin-ovs", 1, do_begin_ovs },
    { "end-ovs", 1, do_end_ovs },
};

void
topo_script_line(struct topo *topo, const char *line)
{
    struct words w;

    split(line, &w);
    for (size_t i = 0; i < ARRAY_SIZE(inputs); i++) {
        if (w.n >= inputs[i].n_words && !strcmp(w.word[0], inputs[i].name)) {
            inputs[i].run(topo, &w);
            free(w.copy);
            return;
        }
    }
    ovs_fatal(0, "topo-script: what is \"%s\"?", line);
}

static void
print_node(const struct topo_node *node, struct ds *ds)
{
    const char *join = topo_map_find_string(&node->meta, "Ovs.Join");
    const struct topo_value *of_port = topo_map_find(&node->meta, "OfPort");

    ds_put_format(ds, "%s %s", node->type, node->name);
    if (node->link) {
        ds_put_format(ds, " link=%"PRIu64":%d/%s", node->link->netns,
                      node->link->ifindex, node->link->kind);
        if (node->link->netns_path) {
            ds_put_format(ds, " at=%s", node->link->netns_path);
        }
        if (!node->link->up) {
            ds_put_cstr(ds, " down");
        }
    }
    if (node->bridge) {
        ds_put_format(ds, " bridge=%s", node->bridge);
    }
    if (of_port) {
        ds_put_format(ds, " ofport=%"PRId64, of_port->integer);
    }
    if (join) {
        ds_put_format(ds, " join=%s", join);
    }
    ds_put_char(ds, '\n');
}

void
topo_script_print(const struct topo *topo, struct ds *ds)
{
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);

    for (size_t i = 0; i < n; i++) {
        print_node(nodes[i], ds);
    }
    free(nodes);

    const struct topo_edge **edges = topo_edges(topo, &n);

    for (size_t i = 0; i < n; i++) {
        const char *type = topo_map_find_string(&edges[i]->meta, "Type");

        ds_put_format(ds, "%s %s -> %s %s: %s%s%s\n",
                      edges[i]->parent->type, edges[i]->parent->name,
                      edges[i]->child->type, edges[i]->child->name,
                      edges[i]->relation, type ? "/" : "", type ? type : "");
    }
    free(edges);
}
