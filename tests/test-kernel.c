/* test-kernel.c -- the kernel room by hand.
 *
 * Reads commands from stdin, a line each, and keeps the topology live while
 * it waits for the next one.  Each answer ends with a line "."; a condition
 * that does not come true in time ends the program.
 *
 * A node is written as NAME or NETNS/NAME, a namespace as @NAME, the host as
 * its own name ("here").
 *
 *     wait-node NODE [KEY VALUE]      until it is there (and KEY is VALUE)
 *     wait-no-node NODE [KEY VALUE]
 *     wait-edge NODE NODE             wait-no-edge NODE NODE
 *     wait-synced                     until all was read
 *     show KEY...                     every node with these keys
 *     edges                           every edge; which end of a veth comes
 *                                     first says nothing: by name
 *     hold                            stop to read until the next line
 *     rcvbuf BYTES                    the size of sockets' buffers
 *     resync                          read everything again
 *     seqno                           that of the topology
 *     fds                             how many files are open
 *     switch PID                      the process of the switch
 *     ovs NAME IFINDEX [TYPE]         the switch says so of an interface
 *     call NODE                       the links that a call at @NETNS sees
 *     stale NODE                      the same with a wrong cookie
 *     quiet NODE IFINDEX              sets a link there up that never speaks
 *     route ADDRESS                   the way there
 *     vports FILE                     ports in a datagram of the datapath's
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/ovs.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"

/* A bound for a broken test. */
#define TIMEOUT 30000

struct tester {
    struct topo *topo;          /* What is watched. */
    struct kern *kern;          /* What fills it. */
    struct ds input;            /* Of stdin, not worked on. */
    int in;                     /* stdin, by a number that is not 0: OVS's
                                 * poll loop does not take that. */
    bool eof;                   /* It is at its end. */
    char *argv[16];             /* The command. */
    int argc;                   /* Its words. */
};

/* ## Names of nodes. ## */

static char *
label(const struct topo_node *node)
{
    if (!strcmp(node->type, "netns")) {
        return xasprintf("@%s", node->name);
    }
    return node->link && node->link->netns_name
           ? xasprintf("%s/%s", node->link->netns_name, node->name)
           : xstrdup(node->name);
}

static const struct topo_node *
find_node(const struct topo *topo, const char *name)
{
    const struct topo_node *found = NULL;
    size_t n;
    const struct topo_node **nodes = topo_nodes(topo, &n);
    for (size_t i = 0; i < n && !found; i++) {
        char *s = label(nodes[i]);
        if (!strcmp(s, name)) {
            found = nodes[i];
        }
        free(s);
    }
    free(nodes);
    return found;
}

static void
format_value(const struct topo_value *value, struct ds *s)
{
    switch (value->type) {
    case TOPO_STRING:
        ds_put_cstr(s, value->string);
        break;
    case TOPO_INTEGER:
        ds_put_format(s, "%"PRId64, value->integer);
        break;
    case TOPO_BOOL:
        ds_put_cstr(s, value->boolean ? "true" : "false");
        break;
    case TOPO_LIST:
        for (size_t i = 0; i < topo_list_n(value); i++) {
            ds_put_cstr(s, i ? "," : "");
            format_value(topo_list_at(value, i), s);
        }
        break;
    case TOPO_MAP:
        ds_put_cstr(s, "{...}");
        break;
    }
}

static char *
value_text(const struct topo_node *node, const char *key)
{
    if (!strcmp(key, "frames")) {
        return xstrdup(!node->link ? "-"
                       : node->link->lacks_ethernet ? "bare" : "ethernet");
    }

    const struct topo_value *value = topo_map_find(&node->meta, key);
    struct ds s = DS_EMPTY_INITIALIZER;

    if (value) {
        format_value(value, &s);
    } else {
        ds_put_char(&s, '-');
    }
    return ds_steal_cstr(&s);
}

/* ## Conditions. ## */

static bool
has_node(struct tester *t)
{
    const struct topo_node *node = find_node(t->topo, t->argv[1]);
    if (!node || t->argc < 4) {
        return node != NULL;
    }
    char *text = value_text(node, t->argv[2]);
    bool equal = !strcmp(text, t->argv[3]);
    free(text);
    return equal;
}

static bool
has_no_node(struct tester *t)
{
    return !has_node(t);
}

static bool
leads_to(const struct topo_node *parent, const struct topo_node *child)
{
    const struct topo_edge *edge;

    LIST_FOR_EACH (edge, out_node, &parent->out) {
        if (edge->child == child) {
            return true;
        }
    }
    return false;
}

static bool
has_edge(struct tester *t)
{
    const struct topo_node *a = find_node(t->topo, t->argv[1]);
    const struct topo_node *b = find_node(t->topo, t->argv[2]);

    return a && b && (leads_to(a, b) || leads_to(b, a));
}

static bool
has_no_edge(struct tester *t)
{
    return !has_edge(t);
}

static bool
has_input(struct tester *t)
{
    return t->eof || strchr(ds_cstr(&t->input), '\n');
}

static bool
is_synced(struct tester *t)
{
    return kern_is_synced(t->kern);
}

/* ## The loop. ## */

static void
read_input(struct tester *t)
{
    char buf[512];

    ssize_t n = read(t->in, buf, sizeof buf);
    if (n > 0) {
        ds_put_buffer(&t->input, buf, n);
    } else if (!n) {
        t->eof = true;
    }
}

/* Runs until 'cond' is true; false if that takes too long. */
static bool
run_until(struct tester *t, bool (*cond)(struct tester *), bool input)
{
    long long int deadline = time_msec() + TIMEOUT;

    for (;;) {
        kern_run(t->kern);
        topo_run(t->topo);
        if (kern_find_held(t->kern)) {
            topo_run(t->topo);
        }
        if (cond(t)) {
            return true;
        }
        if (!input && time_msec() >= deadline) {
            return false;
        }
        kern_wait(t->kern);
        if (input) {
            poll_fd_wait(t->in, POLLIN);
        } else {
            poll_timer_wait_until(deadline);
        }
        poll_block();
        if (input) {
            struct pollfd pfd = { .fd = t->in, .events = POLLIN };
            if (poll(&pfd, 1, 0) > 0) {
                read_input(t);
            }
        }
    }
}

/* ## Commands. ## */

static int
compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

static void
print_sorted(struct svec *lines)
{
    const char *line;
    size_t i;

    qsort(lines->names, lines->n, sizeof *lines->names, compare_lines);
    SVEC_FOR_EACH (i, line, lines) {
        puts(line);
    }
    svec_destroy(lines);
}

static void
cmd_show(struct tester *t)
{
    struct svec lines = SVEC_EMPTY_INITIALIZER;
    size_t n;
    const struct topo_node **nodes = topo_nodes(t->topo, &n);
    for (size_t i = 0; i < n; i++) {
        struct ds s = DS_EMPTY_INITIALIZER;
        char *name = label(nodes[i]);
        ds_put_format(&s, "%s %s", name, nodes[i]->type);
        free(name);
        for (int j = 1; j < t->argc; j++) {
            char *text = value_text(nodes[i], t->argv[j]);
            ds_put_format(&s, " %s", text);
            free(text);
        }
        svec_add_nocopy(&lines, ds_steal_cstr(&s));
    }
    free(nodes);
    print_sorted(&lines);
}

static void
cmd_edges(struct tester *t)
{
    struct svec lines = SVEC_EMPTY_INITIALIZER;
    size_t n;
    const struct topo_edge **edges = topo_edges(t->topo, &n);
    for (size_t i = 0; i < n; i++) {
        char *parent = label(edges[i]->parent);
        char *child = label(edges[i]->child);
        const char *type = topo_map_find_string(&edges[i]->meta, "Type");
        if (type && !strcmp(type, "veth") && strcmp(parent, child) > 0) {
            char *tmp = parent;
            parent = child;
            child = tmp;
        }
        svec_add_nocopy(&lines, xasprintf("%s %s %s%s%s", parent, child,
                                          edges[i]->relation, type ? " " : "",
                                          type ? type : ""));
        free(parent);
        free(child);
    }
    free(edges);
    print_sorted(&lines);
}

static void
cmd_hold(struct tester *t)
{
    puts(".");
    fflush(stdout);
    while (!has_input(t)) {
        read_input(t);
    }
}

static void
cmd_rcvbuf(struct tester *t)
{
    kern_set_rcvbuf(t->kern, atoi(t->argv[1]));
}

static void
cmd_resync(struct tester *t)
{
    kern_resync(t->kern);
}

static void
cmd_seqno(struct tester *t)
{
    printf("%"PRIu64"\n", topo_seqno(t->topo));
}

static void
cmd_fds(struct tester *t OVS_UNUSED)
{
    int n = -3;                 /* ".", "..", and the directory itself. */
    DIR *dir = opendir("/proc/self/fd");

    while (dir && readdir(dir)) {
        n++;
    }
    closedir(dir);
    printf("%d\n", n);
}

static void
cmd_switch(struct tester *t)
{
    kern_set_switch_pid(t->kern, atoi(t->argv[1]));
}

static struct uuid
make_uuid(const char *kind, const char *name)
{
    struct topo_id id = topo_make_id("here", kind, name);
    struct uuid uuid;

    ovs_assert(uuid_from_string(&uuid, id.text));
    return uuid;
}

static void
cmd_ovs(struct tester *t)
{
    const char *name = t->argv[1];
    struct topo_bridge_in bridge = {
        .uuid = make_uuid("bridge", "br"), .name = "br",
    };
    struct topo_port_in port = {
        .uuid = make_uuid("port", name), .bridge = bridge.uuid, .name = name,
    };
    struct topo_intf_in intf = {
        .uuid = make_uuid("interface", name), .port = port.uuid,
        .name = name, .type = t->argc > 3 ? t->argv[3] : "",
        .ifindex = atoi(t->argv[2]),
    };
    struct topo_map meta = TOPO_MAP_INITIALIZER;

    topo_put_bridge(t->topo, &bridge, &meta);
    topo_map_init(&meta);
    topo_put_port(t->topo, &port, &meta);
    topo_map_init(&meta);
    topo_map_put_string(&meta, "UUID", name);
    topo_put_intf(t->topo, &intf, &meta);
}

static int
print_links(void *aux OVS_UNUSED)
{
    struct if_nameindex *links = if_nameindex();

    for (size_t i = 0; links && links[i].if_index; i++) {
        puts(links[i].if_name);
    }
    if_freenameindex(links);
    return 0;
}

/* The cookie of a namespace, by a link of it. */
static topo_cookie
netns_cookie(const struct tester *t, const char *path)
{
    topo_cookie cookie = 0;
    size_t n;
    const struct topo_node **nodes = topo_nodes(t->topo, &n);
    for (size_t i = 0; i < n; i++) {
        const struct topo_link *link = nodes[i]->link;
        if (link && link->netns_path && !strcmp(link->netns_path, path)) {
            cookie = link->netns;
        }
    }
    free(nodes);
    return cookie;
}

static void
call_at(struct tester *t, int offset)
{
    const struct topo_node *node = find_node(t->topo, t->argv[1]);
    const char *path = node ? topo_map_find_string(&node->meta, "Path") : "";
    int error = kern_call_in_netns(path, netns_cookie(t, path) + offset,
                                   print_links, NULL);
    if (error) {
        puts(ovs_strerror(error));
    }
}

static void
cmd_call(struct tester *t)
{
    call_at(t, 0);
}

static void
cmd_stale(struct tester *t)
{
    call_at(t, 1);
}

static void
cmd_quiet(struct tester *t)
{
    const struct topo_node *node = find_node(t->topo, t->argv[1]);
    const char *path = node ? topo_map_find_string(&node->meta, "Path") : "";
    int error = kern_quiet_up(path, netns_cookie(t, path), atoi(t->argv[2]));

    puts(error ? ovs_strerror(error) : "up");
}

static void
cmd_route(struct tester *t)
{
    struct kern_route route;
    struct in6_addr dst;
    char src[INET6_ADDRSTRLEN], name[IF_NAMESIZE] = "?";
    ovs_be32 ip;

    if (inet_pton(AF_INET, t->argv[1], &ip)) {
        in6_addr_set_mapped_ipv4(&dst, ip);
    } else if (!inet_pton(AF_INET6, t->argv[1], &dst)) {
        ovs_fatal(0, "%s: no address", t->argv[1]);
    }
    int error = kern_route_lookup(&dst, &route);
    if (error) {
        puts(ovs_strerror(error));
        return;
    }
    ignore(if_indextoname(route.ifindex, name));
    ipv6_string_mapped(src, &route.src);
    printf("src %s dev %s mtu %"PRIu32"\n", src, name, route.mtu);
}

/* "feed FILE": netlink messages, a line of hexadecimal digits each; lines that
 * begin with "#" are comments. */
static void
cmd_feed(struct tester *t)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    FILE *file = fopen(t->argv[1], "r");

    if (!file) {
        ovs_fatal(errno, "%s", t->argv[1]);
    }
    while (!ds_get_line(&line, file)) {
        uint32_t message[1024];
        size_t n = line.length / 2;

        if (ds_cstr(&line)[0] == '#') {
            continue;
        }
        ovs_assert(n <= sizeof message);
        for (size_t i = 0; i < n; i++) {
            bool ok;

            ((uint8_t *) message)[i] = hexits_value(ds_cstr(&line) + 2 * i, 2,
                                                    &ok);
            ovs_assert(ok);
        }
        kern_feed(t->kern, message, n);
    }
    ds_destroy(&line);
    fclose(file);
}

static void
print_vport(int ifindex, int nsid, void *aux OVS_UNUSED)
{
    printf("ifindex %d of namespace %d\n", ifindex, nsid);
}

static void
cmd_vports(struct tester *t)
{
    FILE *file = fopen(t->argv[1], "r");
    uint32_t messages[1024];

    if (!file) {
        ovs_fatal(errno, "%s", t->argv[1]);
    }
    size_t n = fread(messages, 1, sizeof messages, file);
    puts(kern_vport_parse(messages, n, print_vport, NULL) ? "more" : "done");
    fclose(file);
}

static const struct command {
    const char *name;           /* First word. */
    int min_args;               /* Words after it, at least. */
    bool (*cond)(struct tester *);  /* To wait for, or NULL. */
    void (*run)(struct tester *);   /* To do, or NULL. */
} commands[] = {
    { "wait-node", 1, has_node, NULL },
    { "wait-no-node", 1, has_no_node, NULL },
    { "wait-edge", 2, has_edge, NULL },
    { "wait-no-edge", 2, has_no_edge, NULL },
    { "wait-synced", 0, is_synced, NULL },
    { "show", 0, NULL, cmd_show },
    { "edges", 0, NULL, cmd_edges },
    { "hold", 0, NULL, cmd_hold },
    { "rcvbuf", 1, NULL, cmd_rcvbuf },
    { "resync", 0, NULL, cmd_resync },
    { "seqno", 0, NULL, cmd_seqno },
    { "fds", 0, NULL, cmd_fds },
    { "switch", 1, NULL, cmd_switch },
    { "ovs", 2, NULL, cmd_ovs },
    { "call", 1, NULL, cmd_call },
    { "stale", 1, NULL, cmd_stale },
    { "quiet", 2, NULL, cmd_quiet },
    { "route", 1, NULL, cmd_route },
    { "vports", 1, NULL, cmd_vports },
    { "feed", 1, NULL, cmd_feed },
};

static void
run_command(struct tester *t, const char *line)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        const struct command *c = &commands[i];
        if (strcmp(t->argv[0], c->name)) {
            continue;
        }
        if (t->argc <= c->min_args) {
            ovs_fatal(0, "%s: too few words", line);
        }
        if (c->cond && !run_until(t, c->cond, false)) {
            cmd_show(t);
            cmd_edges(t);
            ovs_fatal(0, "%s: waited in vain", line);
        }
        if (c->run) {
            c->run(t);
        }
        if (c->run != cmd_hold) {
            puts(".");
            fflush(stdout);
        }
        return;
    }
    ovs_fatal(0, "%s: no such command", line);
}

/* Takes a line from the input and does what it says. */
static void
handle_line(struct tester *t)
{
    size_t len = strcspn(ds_cstr(&t->input), "\n");
    char *line = xmemdup0(ds_cstr(&t->input), len);
    char *words = xstrdup(line);
    char *save = NULL;

    size_t used = MIN(len + 1, t->input.length);
    char *rest = xstrdup(ds_cstr(&t->input) + used);
    ds_clear(&t->input);
    ds_put_cstr(&t->input, rest);
    free(rest);
    t->argc = 0;
    for (char *word = strtok_r(words, " ", &save);
         word && t->argc < ARRAY_SIZE(t->argv);
         word = strtok_r(NULL, " ", &save)) {
        t->argv[t->argc++] = word;
    }
    if (t->argc) {
        run_command(t, line);
    }
    free(words);
    free(line);
}

int
main(int argc OVS_UNUSED, char *argv[])
{
    struct tester t = { .input = DS_EMPTY_INITIALIZER };

    set_program_name(argv[0]);
    vlog_set_levels(NULL, VLF_SYSLOG, VLL_OFF);
    /* "hold" takes its time. */
    vlog_set_levels(vlog_module_from_name("timeval"), VLF_CONSOLE, VLL_ERR);
    t.in = dup(STDIN_FILENO);
    t.topo = topo_create("here");
    t.kern = kern_create(t.topo);
    for (;;) {
        run_until(&t, has_input, true);
        if (t.eof && !t.input.length) {
            break;
        }
        handle_line(&t);
    }
    kern_destroy(t.kern);
    topo_destroy(t.topo);
    ds_destroy(&t.input);
    return 0;
}
