/* watch.c -- 'watch': what changes in the database, as it happens.
 *
 * Called by src/cli; runs until the program is interrupted or nobody reads any
 * more.  It has a connection of its own, with change tracking, and remembers
 * what it has said of each row, so that only what differs is said: after a
 * connection was lost, what has changed meanwhile.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/commands.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/json.h"
#include "base/voice.h"
#include "openvswitch/poll-loop.h"
#include "ovsdb/ctl/connect.h"
#include "ovsdb/ctl/output.h"
#include "ovsdb/ctl/rows.h"

enum kind { TAP, NODE, EDGE };
static const char *const kind_names[] = { "tap", "node", "edge" };

enum change { ADD, CHANGE, REMOVE };
static const char *const change_names[] = { "add", "change", "remove" };

/* A row that was said. */
struct seen {
    struct hmap_node node;      /* In 'rows', by UUID. */
    struct hmap_node id_node;   /* In 'ids', by Node.id; nodes only. */
    struct uuid uuid;
    char *id;                   /* Node.id; NULL: none. */
    char *label;                /* "veth vm1/eth0", "c1 vm1/eth0 to ...". */
    char *netns;                /* Of a node that is owned by one. */
    struct jsn *facts;          /* What may change: an object. */
};

struct watch {
    const struct db_ctl_conf *conf;
    struct ovsdb_idl *idl;
    struct hmap rows;
    struct hmap ids;
    bool started;               /* What was there at first has been read. */
};

/* ## What is said. ## */

static void
put_time(struct ds *ds, bool json)
{
    long long int now = time_wall_msec();

    if (json) {
        ds_put_strftime_msec(ds, "%Y-%m-%dT%H:%M:%S.###Z", now, true);
    } else {
        ds_put_strftime_msec(ds, "%H:%M:%S.###", now, false);
    }
}

/* "UP", 1500, ["10.1.0.1/24"] as people read it. */
static void
put_fact(struct ds *ds, const struct jsn *value)
{
    char *text = jsn_to_text(value, false);

    ds_put_cstr(ds, !value ? "-" : jsn_to_c_string(value)
                ? jsn_to_c_string(value) : text);
    free(text);
}

/* The names of members that differ, of either object or NULL. */
static void
find_differences(const struct jsn *old, const struct jsn *new,
                 struct svec *names)
{
    const struct jsn *objects[] = { old, new };

    for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
        const char **members = jsn_names(objects[i]);

        for (size_t j = 0; members && j < jsn_size(objects[i]); j++) {
            const struct jsn *a = jsn_get(old, members[j]);
            const struct jsn *b = jsn_get(new, members[j]);
            char *a_text = jsn_to_text(a, false);
            char *b_text = jsn_to_text(b, false);

            if (!a != !b || strcmp(a_text, b_text)) {
                svec_add(names, members[j]);
            }
            free(a_text);
            free(b_text);
        }
        free(members);
    }
    svec_sort_unique(names);
}

static void
print_line(struct ds *line)
{
    db_ctl_escape_controls(line);
    puts(ds_cstr(line));
    ds_destroy(line);
    if (fflush(stdout)) {
        exit(EXIT_SUCCESS);     /* Nobody reads any more. */
    }
}

static void
say_json(enum kind kind, enum change change, const struct seen *s,
         const struct jsn *old, const struct svec *names)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    struct ds when = DS_EMPTY_INITIALIZER;
    struct jsn *object = jsn_object();
    struct jsn *facts = jsn_object();

    put_time(&when, true);
    jsn_put_string(object, "time", ds_cstr(&when));
    jsn_put_string(object, "kind", kind_names[kind]);
    jsn_put_string(object, "change", change_names[change]);
    jsn_put_string(object, "label", s->label);
    if (s->id) {
        jsn_put_string(object, "id", s->id);
    }
    for (size_t i = 0; i < names->n; i++) {
        const char *name = names->names[i];
        struct jsn *pair = jsn_object();
        const struct jsn *values[] = { jsn_get(old, name),
                                       jsn_get(s->facts, name) };

        for (size_t j = 0; j < ARRAY_SIZE(values); j++) {
            if (values[j]) {
                jsn_put(pair, j ? "new" : "old", jsn_clone(values[j]));
            }
        }
        jsn_put(facts, name, pair);
    }
    jsn_put(object, "facts", facts);

    char *text = jsn_to_text(object, false);
    ds_put_cstr(&line, text);
    free(text);
    jsn_destroy(object);
    ds_destroy(&when);
    print_line(&line);
}

static void
say_text(enum kind kind, enum change change, const struct seen *s,
         const struct jsn *old, const struct svec *names)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    /* Of a node or an edge that comes, the name says enough. */
    size_t n_names = change == ADD && kind != TAP ? 0 : names->n;

    put_time(&line, false);
    ds_put_format(&line, " %c %s %s", "+~-"[change], kind_names[kind],
                  s->label);
    for (size_t i = 0; i < n_names; i++) {
        const char *name = names->names[i];

        ds_put_format(&line, "%s %s ", i ? "," : ":", name);
        if (change == CHANGE) {
            put_fact(&line, jsn_get(old, name));
            ds_put_cstr(&line, " -> ");
        }
        put_fact(&line, jsn_get(s->facts, name));
    }
    print_line(&line);
}

/* What is in 'names' was as in 'old', and is as in the facts of 's'. */
static void
say(const struct watch *w, enum kind kind, enum change change,
    const struct seen *s, const struct jsn *old, const struct svec *names)
{
    bool json = (w->conf->format_given
                 && w->conf->style.format == TF_JSON);

    if (w->started) {
        (json ? say_json : say_text)(kind, change, s, old, names);
    }
}

/* ## What was said. ## */

static struct seen *
find_seen(const struct watch *w, const struct uuid *uuid)
{
    struct seen *s;

    HMAP_FOR_EACH_WITH_HASH (s, node, uuid_hash(uuid), &w->rows) {
        if (uuid_equals(&s->uuid, uuid)) {
            return s;
        }
    }
    return NULL;
}

static struct seen *
find_node(const struct watch *w, const char *id)
{
    struct seen *s;

    HMAP_FOR_EACH_WITH_HASH (s, id_node, hash_string(id, 0), &w->ids) {
        if (!strcmp(s->id, id)) {
            return s;
        }
    }
    return NULL;
}

/* The label of the node 'id'. */
static const char *
node_label(const struct watch *w, const char *id)
{
    const struct seen *s = find_node(w, id);

    return s ? s->label : id;
}

static struct seen *
remember(struct watch *w, const struct uuid *uuid, const char *id)
{
    struct seen *s = xzalloc(sizeof *s);

    s->uuid = *uuid;
    hmap_insert(&w->rows, &s->node, uuid_hash(uuid));
    if (id) {
        s->id = xstrdup(id);
        hmap_insert(&w->ids, &s->id_node, hash_string(id, 0));
    }
    return s;
}

static void
forget(struct watch *w, struct seen *s)
{
    hmap_remove(&w->rows, &s->node);
    if (s->id) {
        hmap_remove(&w->ids, &s->id_node);
    }
    free(s->id);
    free(s->netns);
    free(s->label);
    jsn_destroy(s->facts);
    free(s);
}

/* The row 'uuid' is as 'id', 'label' and 'facts' say; takes the last two. */
static void
learn(struct watch *w, enum kind kind, const struct uuid *uuid,
      const char *id, char *label, struct jsn *facts)
{
    struct svec names = SVEC_EMPTY_INITIALIZER;
    struct seen *s = find_seen(w, uuid);
    enum change change = s ? CHANGE : ADD;

    s = s ? s : remember(w, uuid, id);

    struct jsn *old = s->facts;

    free(s->label);
    s->label = label;
    s->facts = facts;
    find_differences(old, facts, &names);
    if (change == ADD || names.n) {
        say(w, kind, change, s, old, &names);
    }
    svec_destroy(&names);
    jsn_destroy(old);
}

static void
lose(struct watch *w, enum kind kind, const struct uuid *uuid)
{
    struct seen *s = find_seen(w, uuid);

    if (s) {
        static const struct svec no_names = SVEC_EMPTY_INITIALIZER;

        say(w, kind, REMOVE, s, NULL, &no_names);
        forget(w, s);
    }
}

/* ## Rows. ## */

/* 'netns' is the namespace that owns 'node', or NULL. */
static char *
label_of(const struct spanrec_node *node, const char *netns)
{
    return xasprintf("%s %s%s%s", node->type, netns ? netns : "",
                     netns ? "/" : "", node->name);
}

static void
learn_node(struct watch *w, const struct spanrec_node *node)
{
    const struct seen *s = find_node(w, node->id);
    struct jsn *facts = NULL;
    char *error = jsn_parse(node->metadata, &facts);

    /* Any client may have written it. */
    free(error);
    if (jsn_type(facts) != JSN_OBJECT) {
        jsn_destroy(facts);
        facts = jsn_object();
    }
    learn(w, NODE, &node->header_.uuid, node->id,
          label_of(node, s ? s->netns : NULL), facts);
}

/* Once it is known which namespace owns a node, it is called by that too. */
static void
learn_owner(struct watch *w, const struct spanrec_edge *edge)
{
    static const char netns[] = "netns ";
    struct seen *child = find_node(w, edge->child);
    const char *owner = node_label(w, edge->parent);

    if (child && !child->netns && !strcmp(edge->relation, "ownership")
        && !strncmp(owner, netns, strlen(netns))) {
        const struct spanrec_node *node
            = spanrec_node_get_for_uuid(w->idl, &child->uuid);

        child->netns = xstrdup(owner + strlen(netns));
        if (node) {
            free(child->label);
            child->label = label_of(node, child->netns);
        }
    }
}

static void
learn_edge(struct watch *w, const struct spanrec_edge *edge)
{
    const char *what = (!strcmp(edge->relation, "ownership") ? "owns"
                        : !strcmp(edge->relation, "mirroring") ? "mirrors to"
                        : "--");

    learn(w, EDGE, &edge->header_.uuid, NULL,
          xasprintf("%s %s %s", node_label(w, edge->parent), what,
                    node_label(w, edge->child)), jsn_object());
    learn_owner(w, edge);
}

static void
put_known(struct jsn *facts, const char *name, const char *value)
{
    if (value[0]) {
        jsn_put_string(facts, name, value);
    }
}

static void
learn_tap(struct watch *w, const struct spanrec_tap *tap)
{
    const struct seen *s = find_seen(w, &tap->header_.uuid);
    char *point = ctl_tap_point(tap);
    char *target = ctl_target_text(tap->target);
    struct jsn *facts = jsn_object();
    /* A target goes before its taps do: they are called as they were. */
    char *label = (s && !tap->target ? xstrdup(s->label)
                   : xasprintf("%s %s to %s", tap->capture_name, point,
                               target));

    put_known(facts, "state", tap->state);
    put_known(facts, "backend", tap->backend);
    put_known(facts, "reason", tap->reason);
    put_known(facts, "detail", tap->detail);
    learn(w, TAP, &tap->header_.uuid, NULL, label, facts);
    free(point);
    free(target);
}

/* A row that was deleted and read again at a reconnect is tracked twice. */
static void
lose_what_went(struct watch *w)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;
    const struct spanrec_tap *tap;

    SPANREC_TAP_FOR_EACH_TRACKED (tap, w->idl) {
        if (!spanrec_tap_get_for_uuid(w->idl, &tap->header_.uuid)) {
            lose(w, TAP, &tap->header_.uuid);
        }
    }
    SPANREC_EDGE_FOR_EACH_TRACKED (edge, w->idl) {
        if (!spanrec_edge_get_for_uuid(w->idl, &edge->header_.uuid)) {
            lose(w, EDGE, &edge->header_.uuid);
        }
    }
    SPANREC_NODE_FOR_EACH_TRACKED (node, w->idl) {
        if (!spanrec_node_get_for_uuid(w->idl, &node->header_.uuid)) {
            lose(w, NODE, &node->header_.uuid);
        }
    }
}

/* What went first: what is another now may have the same name.  Nodes come
 * before the edges that name them, and go after. */
static void
follow(struct watch *w)
{
    const struct spanrec_node *node;
    const struct spanrec_edge *edge;
    const struct spanrec_tap *tap;

    lose_what_went(w);
    SPANREC_NODE_FOR_EACH_TRACKED (node, w->idl) {
        if (!spanrec_node_is_deleted(node)) {
            learn_node(w, node);
        }
    }
    SPANREC_EDGE_FOR_EACH_TRACKED (edge, w->idl) {
        if (!spanrec_edge_is_deleted(edge)) {
            learn_edge(w, edge);
        }
    }
    SPANREC_TAP_FOR_EACH_TRACKED (tap, w->idl) {
        if (!spanrec_tap_is_deleted(tap)) {
            learn_tap(w, tap);
        }
    }
    ovsdb_idl_track_clear(w->idl);
}

/* ## The loop. ## */

static void
add_columns(struct ovsdb_idl *idl)
{
    static const struct ovsdb_idl_column *const tracked[] = {
        &spanrec_node_col_id, &spanrec_node_col_type, &spanrec_node_col_name,
        &spanrec_node_col_metadata,
        &spanrec_edge_col_parent, &spanrec_edge_col_child,
        &spanrec_edge_col_relation,
        &spanrec_tap_col_capture_name, &spanrec_tap_col_node,
        &spanrec_tap_col_node_name, &spanrec_tap_col_netns,
        &spanrec_tap_col_target,
        &spanrec_tap_col_backend, &spanrec_tap_col_state,
        &spanrec_tap_col_reason, &spanrec_tap_col_detail,
    };

    ctl_add_capture_columns(idl);
    for (size_t i = 0; i < ARRAY_SIZE(tracked); i++) {
        ovsdb_idl_track_add_column(idl, tracked[i]);
    }
}

static void
say_started(struct watch *w)
{
    w->started = true;
    fprintf(stderr, "%s; interrupt to end\n",
            (hmap_is_empty(&w->ids)
             ? "watching taps (no topology is published: "
               "options:publish-topology)"
             : "watching taps and topology"));
}

/* A connection that is lost comes back, but one that never was, or to a server
 * without our database, is an error: which only an IDL that does not try again
 * tells. */
static void
check_connection(const struct db_ctl_conf *conf)
{
    struct ovsdb_idl *idl = ctl_connect(conf, false);
    struct voice voice;

    voice_init(&voice);
    for (;;) {
        ovsdb_idl_run(idl);
        if (ovsdb_idl_has_ever_connected(idl)) {
            break;
        } else if (!ovsdb_idl_is_alive(idl)) {
            ctl_fail_to_connect(conf, idl);
        }
        ctl_say_silent(conf, &voice);
        ovsdb_idl_wait(idl);
        poll_block();
    }
    ovsdb_idl_destroy(idl);
}

/* Whoever reads may go while nothing happens. */
static void
check_reader(void)
{
    struct pollfd pfd = { .fd = STDOUT_FILENO };

    if (poll(&pfd, 1, 0) > 0) {
        exit(EXIT_SUCCESS);
    }
    poll_fd_wait(STDOUT_FILENO, POLLERR | POLLHUP);
}

void
db_ctl_watch(struct ctl_context *ctx)
{
    struct watch w = { .conf = db_ctl_conf(ctx) };
    unsigned int seqno;

    hmap_init(&w.rows);
    hmap_init(&w.ids);
    check_connection(w.conf);
    w.idl = ctl_connect(w.conf, true);
    add_columns(w.idl);
    seqno = ovsdb_idl_get_seqno(w.idl);
    for (;;) {
        ovsdb_idl_run(w.idl);
        if (seqno != ovsdb_idl_get_seqno(w.idl)) {
            seqno = ovsdb_idl_get_seqno(w.idl);
            follow(&w);
            if (!w.started) {
                say_started(&w);
            }
        }
        check_reader();
        ovsdb_idl_wait(w.idl);
        poll_block();
    }
}
