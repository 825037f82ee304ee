/* test-ovsdb.c -- drives ovsdb/db/db.h by commands on a control socket.
 *
 * usage: test-ovsdb SOCKET SPAN-REMOTE OVS-REMOTE [HOST]
 *
 * Runs the daemon's loop without deciding anything; the commands, listed in
 * the table at the end, wait for what the databases should say or publish
 * something, and answer with text in a stable order, without UUIDs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(test_ovsdb);

/* A bound for a broken test, not a time that anything relies on. */
#define TIMEOUT_MS 30000

static struct db *db;
static struct topo *topo;       /* NULL until the host has a name. */
static struct ds out = DS_EMPTY_INITIALIZER;    /* The answer. */
static bool timed_out;          /* The answer is an error. */

static const char *
verdict_to_string(enum db_verdict verdict)
{
    switch (verdict) {
    case DB_IDLE: return "idle";
    case DB_BUSY: return "busy";
    case DB_DONE: return "done";
    case DB_TRY_AGAIN: return "try-again";
    case DB_FAILED: return "failed";
    }
    OVS_NOT_REACHED();
}

static void
run(void)
{
    db_run(db);
    if (!topo && db_host(db)) {
        topo = topo_create(db_host(db));
    }
    if (topo) {
        db_update_topo(db, topo);
        topo_run(topo);
    }
}

static void
wait_once(void)
{
    db_wait(db);
    poll_block();
}

/* Runs the loop until 'done' says so. */
static void
run_until(bool (*done)(void), const char *what)
{
    long long int deadline = time_msec() + TIMEOUT_MS;

    for (;;) {
        run();
        if (done()) {
            return;
        }
        if (time_msec() >= deadline) {
            ds_put_format(&out, "timeout: %s\n", what);
            timed_out = true;
            return;
        }
        poll_timer_wait_until(deadline);
        wait_once();
    }
}

static bool
is_ready(void)
{
    return db_span_is_synced(db) && db_ovs_is_synced(db) && db_has_lock(db);
}

static bool
can_publish(void)
{
    return db_can_publish(db);
}

/* ## Commands. ## */

static void
do_ready(const char *arg OVS_UNUSED)
{
    run_until(is_ready, "ready");
    ds_put_format(&out, "host %s\n", db_host(db));
}

static bool
ovs_is_down(void)
{
    return !db_ovs_is_connected(db);
}

static bool
span_is_down(void)
{
    return !db_span_is_synced(db);
}

static bool
is_contended(void)
{
    return db_is_lock_contended(db);
}

static void
do_wait(const char *arg)
{
    if (!strcmp(arg, "contended")) {
        run_until(is_contended, arg);
    } else if (!strcmp(arg, "ovs-down")) {
        run_until(ovs_is_down, arg);
    } else if (!strcmp(arg, "span-down")) {
        run_until(span_is_down, arg);
    } else {
        VLOG_FATAL("wait for what? \"%s\"", arg);
    }
    ds_put_format(&out, "%s\n", arg);
}

static const char *node_name;
static const char *capture_name;

/* 'name' is NAME or TYPE:NAME. */
static bool
is_named(const struct topo_node *node, const char *name)
{
    const char *colon = strchr(name, ':');

    return (!strcmp(node->name, name)
            || (colon && !strcmp(node->name, colon + 1)
                && strlen(node->type) == colon - name
                && !strncmp(node->type, name, colon - name)));
}

static const struct topo_node *
find_node(const char *name)
{
    const struct topo_node **nodes, *node = NULL;
    size_t n;

    nodes = topo_nodes(topo, &n);
    for (size_t i = 0; i < n && !node; i++) {
        node = is_named(nodes[i], name) ? nodes[i] : NULL;
    }
    free(nodes);
    return node;
}

static bool
node_is_there(void)
{
    return topo && find_node(node_name);
}

static bool
node_is_gone(void)
{
    return topo && !find_node(node_name);
}

/* "node NAME": waits for it; "no-node NAME": waits until it is gone. */
static void
do_node(const char *arg)
{
    node_name = arg;
    run_until(node_is_there, arg);
}

static void
do_no_node(const char *arg)
{
    node_name = arg;
    run_until(node_is_gone, arg);
}

/* "meta NODE PATH=JSON": waits until the node's value prints so. */
static char *meta_node, *meta_path, *meta_value;

static bool
meta_is(void)
{
    const struct topo_node *node = topo ? find_node(meta_node) : NULL;
    const struct topo_value *value
        = node ? topo_map_find(&node->meta, meta_path) : NULL;
    struct jsn *json = value ? topo_value_to_json(value) : NULL;
    char *text = json ? jsn_to_text(json, false) : xstrdup("none");
    bool equal = !strcmp(text, meta_value);

    jsn_destroy(json);
    free(text);
    return equal;
}

static void
do_meta(const char *arg)
{
    char *copy = xstrdup(arg);
    char *save = NULL;

    meta_node = strtok_r(copy, " ", &save);
    meta_path = strtok_r(NULL, "=", &save);
    meta_value = strtok_r(NULL, "", &save);
    run_until(meta_is, arg);
    ds_put_format(&out, "%s\n", arg);
    free(copy);
}

/* The graph: "type name" and "parent -relation-> child", sorted. */
static void
do_topo(const char *arg OVS_UNUSED)
{
    const struct topo_node **nodes;
    const struct topo_edge **edges;
    struct svec lines = SVEC_EMPTY_INITIALIZER;
    size_t n;

    run();
    nodes = topo_nodes(topo, &n);
    for (size_t i = 0; i < n; i++) {
        svec_add_nocopy(&lines, xasprintf("%s %s", nodes[i]->type,
                                          nodes[i]->name));
    }
    edges = topo_edges(topo, &n);
    for (size_t i = 0; i < n; i++) {
        const struct topo_edge *e = edges[i];
        const char *type = topo_map_find_string(&e->meta, "Type");

        svec_add_nocopy(&lines, xasprintf(
            "%s %s -%s%s%s-> %s %s", e->parent->type, e->parent->name,
            e->relation, type ? ":" : "", type ? type : "",
            e->child->type, e->child->name));
    }
    svec_sort(&lines);
    for (size_t i = 0; i < lines.n; i++) {
        ds_put_format(&out, "%s\n", lines.names[i]);
    }
    svec_destroy(&lines);
    free(nodes);
    free(edges);
}

static bool
capture_is_there(void)
{
    struct want want;
    bool found = false;

    want_init(&want);
    if (db_span_is_synced(db)) {
        db_read_want(db, &want);
    }
    for (size_t i = 0; i < want.n; i++) {
        found |= !strcmp(want.captures[i].name, capture_name);
    }
    want_uninit(&want);
    return found;
}

/* "capture NAME": waits for it. */
static void
do_capture(const char *arg)
{
    capture_name = arg;
    run_until(capture_is_there, arg);
}

static void
print_capture(const struct want_capture *c)
{
    ds_put_format(&out, "%s: selector=%s filter=%s snaplen=%u direction=%d "
                  "backend=%d sampling=%u enabled=%d expires=%lld\n",
                  c->name, c->selector, c->filter ? c->filter : "-",
                  (unsigned int) c->snaplen, c->direction, c->backend,
                  (unsigned int) c->sampling, c->enabled, c->expires);
    if (c->selector_error) {
        ds_put_cstr(&out, "  selector error\n");
    }
    if (c->options_error) {
        ds_put_cstr(&out, "  options error\n");
    }
    for (size_t i = 0; i < c->n_targets; i++) {
        ds_put_format(&out, "  %s%s\n", c->targets[i].text,
                      c->targets[i].error ? " (error)" : "");
    }
}

static void
do_want(const char *arg OVS_UNUSED)
{
    struct want want;

    run();
    want_init(&want);
    db_read_want(db, &want);
    for (size_t i = 0; i < want.n; i++) {
        print_capture(&want.captures[i]);
    }
    want_uninit(&want);
    ds_put_format(&out, "next_cfg %lld, stats-interval %d\n",
                  (long long int) db_next_cfg(db),
                  db_option_int(db, "stats-interval", 5));
}

static int64_t wanted_cfg;

static bool
next_cfg_is(void)
{
    return db_span_is_synced(db) && db_next_cfg(db) == wanted_cfg;
}

static void
do_next_cfg(const char *arg)
{
    wanted_cfg = atoi(arg);
    run_until(next_cfg_is, "next_cfg");
}

/* Publishes with 'fill' and commits, again and again until nothing is left;
 * prints the verdicts but "busy". */
static void
publish(void (*fill)(const char *arg), const char *arg)
{
    enum db_verdict verdict;

    do {
        run_until(can_publish, "publish");
        fill(arg);
        while ((verdict = db_commit(db)) == DB_BUSY) {
            wait_once();
            run();
        }
        ds_put_format(&out, "%s\n", verdict_to_string(verdict));
    } while (!timed_out
             && (verdict == DB_DONE || verdict == DB_TRY_AGAIN));
}

/* "CAPTURE NODE STATE": a tap of every target of every capture named so. */
static void
fill_taps(const char *arg)
{
    char *copy = xstrdup(arg);
    char *save = NULL;
    const char *capture = strtok_r(copy, " ", &save);
    const char *node = strtok_r(NULL, " ", &save);
    const char *state = strtok_r(NULL, " ", &save);
    const char *packets = strtok_r(NULL, " ", &save);
    struct plan_tap plan[16];
    struct db_tap taps[16];
    struct want want;
    size_t n = 0;

    want_init(&want);
    db_read_want(db, &want);
    memset(plan, 0, sizeof plan);
    memset(taps, 0, sizeof taps);
    for (size_t i = 0; i < want.n && capture; i++) {
        const struct want_capture *c = &want.captures[i];

        for (size_t j = 0; j < c->n_targets && n < ARRAY_SIZE(taps); j++) {
            if (strcmp(c->name, capture)) {
                continue;
            }
            plan[n].capture = c->uuid;
            plan[n].target = c->targets[j].uuid;
            plan[n].capture_name = c->name;
            plan[n].node_id = CONST_CAST(char *, node);
            plan[n].node_name = CONST_CAST(char *, node);
            plan[n].backend = PLAN_PCAP;
            plan[n].run = true;
            taps[n].tap = &plan[n];
            taps[n].state = !strcmp(state, "failed") ? TAP_FAILED
                            : TAP_ACTIVE;
            taps[n].reason = (taps[n].state == TAP_FAILED ? TAP_R_NODE_DOWN
                              : TAP_R_OK);
            taps[n].detail = "";
            taps[n].counted = packets ? TAP_COUNTED_ALL : TAP_COUNTED_NONE;
            taps[n].stats.packets = packets ? atoi(packets) : 0;
            n++;
        }
    }
    db_publish_taps(db, taps, n);
    want_uninit(&want);
    free(copy);
}

static void
do_taps(const char *arg)
{
    publish(fill_taps, arg);
}

static void
fill_topo(const char *arg OVS_UNUSED)
{
    db_publish_topo(db, topo);
}

static void
do_publish(const char *arg)
{
    publish(fill_topo, arg);
}

static void
fill_host(const char *arg)
{
    struct smap status = SMAP_INITIALIZER(&status);
    struct db_host host = {
        .version = "1.2.3",
        .cur_cfg = atoi(arg),
        .last_seen = 1000000,
        .status = &status,
    };

    smap_add(&status, "ovs", "connected");
    db_publish_host(db, &host);
    smap_destroy(&status);
}

static void
do_host(const char *arg)
{
    publish(fill_host, arg);
}

static void
fill_retract(const char *arg)
{
    db_retract(db, !strcmp(arg, "all"));
}

static void
do_retract(const char *arg)
{
    publish(fill_retract, arg);
}

/* Puts N namespaces into the topology, for many rows. */
static void
do_many(const char *arg)
{
    int n = atoi(arg);

    run();
    for (int i = 0; i < n; i++) {
        struct topo_map meta = TOPO_MAP_INITIALIZER;
        char *name = xasprintf("many%d", i);

        topo_put_netns(topo, 1000 + i, name, "/x", &meta);
        free(name);
    }
    topo_run(topo);
}

static void
do_cfg(const char *arg OVS_UNUSED)
{
    run();
    ds_put_format(&out, "ovs next_cfg %lld cur_cfg %lld\n",
                  (long long int) db_ovs_next_cfg(db),
                  (long long int) db_ovs_cur_cfg(db));
}

static long long int
cpu_msec(void)
{
    struct rusage ru;

    getrusage(RUSAGE_SELF, &ru);
    return (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000LL
           + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1000;
}

/* "rest MS": runs the loop that long; fails if it does not rest. */
static void
do_rest(const char *arg)
{
    long long int cpu = cpu_msec();
    long long int end = time_msec() + atoi(arg);
    unsigned int n = 0;

    while (time_msec() < end) {
        run();
        if (db_can_publish(db)) {
            db_publish_topo(db, topo);
        }
        db_commit(db);
        n++;
        poll_timer_wait_until(end);
        wait_once();
    }
    ds_put_format(&out, "%s\n", (n < 100 && cpu_msec() - cpu < 500
                                 ? "rested" : "busy"));
}

/* "lacks [TABLE.COLUMN...]": waits until that is what the server lacks. */
static const char *lacking;

static bool
is_lacking(void)
{
    struct have have;

    have_init(&have);
    db_read_have(db, &have);

    struct svec columns = SVEC_EMPTY_INITIALIZER;
    const char *column;

    SSET_FOR_EACH (column, &have.no_columns) {
        svec_add(&columns, column);
    }
    svec_sort(&columns);

    char *text = svec_join(&columns, " ", "");
    bool equal = have.known && !strcmp(text, lacking);

    free(text);
    svec_destroy(&columns);
    have_uninit(&have);
    return equal;
}

static void
do_lacks(const char *arg)
{
    lacking = arg;
    run_until(is_lacking, "lacks");
}

static const struct command {
    const char *name;
    void (*run)(const char *arg);
} commands[] = {
    { "ready", do_ready },      /* Waits until all is there. */
    { "wait", do_wait },        /* contended, ovs-down, span-down */
    { "node", do_node },        /* NAME: waits for it. */
    { "no-node", do_no_node },  /* NAME: waits until it is gone. */
    { "meta", do_meta },        /* NODE PATH=JSON: waits for that. */
    { "topo", do_topo },
    { "capture", do_capture },  /* NAME: waits for it. */
    { "want", do_want },
    { "next-cfg", do_next_cfg },        /* N: waits for it. */
    { "taps", do_taps },        /* [CAPTURE NODE STATE [PACKETS]] */
    { "publish", do_publish },  /* The topology. */
    { "host", do_host },        /* CUR-CFG */
    { "retract", do_retract },  /* taps or all */
    { "many", do_many },        /* N more namespaces. */
    { "cfg", do_cfg },
    { "lacks", do_lacks },      /* [TABLE.COLUMN...]: waits for that. */
    { "rest", do_rest },        /* MS: whether the loop rests. */
};

static void
answer(struct unixctl_conn *conn, int argc, const char *argv[], void *command_)
{
    const struct command *command = command_;

    ds_clear(&out);
    timed_out = false;
    command->run(argc > 1 ? argv[1] : "");
    if (timed_out) {
        unixctl_command_reply_error(conn, ds_cstr(&out));
    } else {
        unixctl_command_reply(conn, ds_cstr(&out));
    }
}

static void
stop(struct unixctl_conn *conn, int argc OVS_UNUSED,
     const char *argv[] OVS_UNUSED, void *stopping_)
{
    bool *stopping = stopping_;

    *stopping = true;
    unixctl_command_reply(conn, NULL);
}

int
main(int argc, char *argv[])
{
    struct unixctl_server *server;
    bool stopping = false;

    set_program_name(argv[0]);
    vlog_set_levels(NULL, VLF_CONSOLE, VLL_INFO);
    if (argc < 4) {
        VLOG_FATAL("usage: test-ovsdb SOCKET SPAN-REMOTE OVS-REMOTE [HOST]");
    }
    struct db_conf conf = {
        .span_remote = argv[2],
        .ovs_remote = argv[3],
        .host = argv[4],
    };

    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        unixctl_command_register(commands[i].name, "[ARG]", 0, 1, answer,
                                 CONST_CAST(struct command *, &commands[i]));
    }
    unixctl_command_register("exit", "", 0, 0, stop, &stopping);
    db = db_create(&conf);
    if (unixctl_server_create(argv[1], &server)) {
        exit(EXIT_FAILURE);
    }
    while (!stopping) {
        run();
        unixctl_server_run(server);
        unixctl_server_wait(server);
        if (stopping) {
            poll_immediate_wake();
        }
        wait_once();
    }
    unixctl_server_destroy(server);
    db_destroy(db);
    topo_destroy(topo);
    ds_destroy(&out);
    return 0;
}
