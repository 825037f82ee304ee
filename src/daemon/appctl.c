/* appctl.c -- what the daemon answers on its control socket.  See appctl.h.
 *
 * Answers from what the daemon knows, and writes no database; what lasts
 * longer than an answer (test packets, a mirror for tcpdump) is handed to who
 * keeps it.  Requests come from users' shells and are checked like any input.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/appctl.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/explain.h"
#include "daemon/inject.h"
#include "daemon/refresh.h"
#include "daemon/reply.h"
#include "daemon/select.h"
#include "daemon/session.h"
#include "plan/want.h"
#include "query/query.h"
#include "topo/format.h"

/* Answers for us while there is no topology to answer from. */
static bool
check_ready(const struct appctl_context *ctx, struct unixctl_conn *conn)
{
    if (*ctx->topo && ctx->is_ready(ctx->aux)) {
        return true;
    }
    unixctl_command_reply_error(conn, "the daemon is still reading the "
                                "topology of this host; try again");
    return false;
}

/* Answers at any time: that is what it is for. */
static void
status_cb(struct unixctl_conn *conn, int argc OVS_UNUSED,
          const char *argv[] OVS_UNUSED, void *ctx_)
{
    const struct appctl_context *ctx = ctx_;
    const char *host = ctx->host(ctx->aux);
    const char *obstacle = ctx->obstacle(ctx->aux);
    struct jsn *reply = jsn_object();

    jsn_put_string(reply, "host", host ? host : "");
    jsn_put_bool(reply, "ready", *ctx->topo && ctx->is_ready(ctx->aux));
    jsn_put_bool(reply, "published", !obstacle);
    jsn_put_string(reply, "detail", obstacle ? obstacle : "");
    reply_json(conn, reply);
}

static void
query_cb(struct unixctl_conn *conn, int argc OVS_UNUSED, const char *argv[],
         void *ctx_)
{
    const struct appctl_context *ctx = ctx_;
    struct query_result result;
    struct query *query;

    if (!check_ready(ctx, conn)) {
        return;
    }

    char *error = query_parse(argv[1], &query);
    if (!error) {
        error = query_run(query, *ctx->topo, &result);
        query_destroy(query);
    }
    if (error) {
        reply_error(conn, error);
        return;
    }
    reply_json(conn, query_result_to_json(&result));
    query_result_uninit(&result);
}

static void
topology_cb(struct unixctl_conn *conn, int argc OVS_UNUSED,
            const char *argv[] OVS_UNUSED, void *ctx_)
{
    const struct appctl_context *ctx = ctx_;

    if (check_ready(ctx, conn)) {
        reply_json(conn, topo_to_json(*ctx->topo, NULL, 0));
    }
}

static void
refresh_cb(struct unixctl_conn *conn, int argc OVS_UNUSED,
           const char *argv[] OVS_UNUSED, void *ctx OVS_UNUSED)
{
    refresh_start(conn);
}

/* ## Commands with a request. ## */

/* Answers 'conn', at once or later; or returns an error text. */
typedef char *request_handler(const struct appctl_context *,
                              const struct jsn *request,
                              struct unixctl_conn *);

static char *
inject(const struct appctl_context *ctx, const struct jsn *request,
       struct unixctl_conn *conn)
{
    return inject_start(*ctx->topo, request, conn);
}

static char *
tcpdump(const struct appctl_context *ctx, const struct jsn *request,
        struct unixctl_conn *conn)
{
    return sessions_start(ctx->sessions, *ctx->topo, ctx->have, request, conn);
}

static char *
flows(const struct appctl_context *ctx, const struct jsn *request,
      struct unixctl_conn *conn)
{
    return sessions_start_flows(ctx->sessions, *ctx->topo, ctx->have, request,
                                conn);
}

static char *
why(const struct appctl_context *ctx, const struct jsn *request,
    struct unixctl_conn *conn)
{
    const char *capture = jsn_get_string(request, "capture", NULL);
    const char *selector = jsn_get_string(request, "selector", "");
    const char *name = jsn_get_string(request, "name", NULL);

    for (size_t i = 0; i < ctx->want->n && capture; i++) {
        const struct want_capture *c = &ctx->want->captures[i];

        selector = !strcmp(c->name, capture) ? c->selector : selector;
    }

    char *text = select_why_nothing(*ctx->topo, selector, name);
    struct jsn *reply = jsn_object();

    jsn_put_string(reply, "why", text ? text : "");
    free(text);
    reply_json(conn, reply);
    return NULL;
}

static char *
points(const struct appctl_context *ctx, const struct jsn *request,
       struct unixctl_conn *conn)
{
    reply_json(conn, query_points_to_json(
                   *ctx->topo, jsn_get_string(request, "pattern", NULL)));
    return NULL;
}

static char *
names(const struct appctl_context *ctx, const struct jsn *request,
      struct unixctl_conn *conn)
{
    const char *prefix = jsn_get_string(request, "prefix", "");
    struct jsn *array;

    if (!strcmp(jsn_get_string(request, "kind", ""), "points")) {
        reply_json(conn, query_point_names_to_json(*ctx->topo, prefix));
        return NULL;
    }
    array = jsn_array();
    for (size_t i = 0; i < ctx->want->n; i++) {
        const char *name = ctx->want->captures[i].name;

        if (!strncmp(name, prefix, strlen(prefix))) {
            jsn_add(array, jsn_string(name));
        }
    }
    reply_json(conn, array);
    return NULL;
}

struct request_command {
    const char *name;
    const struct appctl_context *ctx;
    request_handler *handler;
};

static void
request_cb(struct unixctl_conn *conn, int argc OVS_UNUSED, const char *argv[],
           void *command_)
{
    const struct request_command *command = command_;
    struct jsn *request;

    if (!check_ready(command->ctx, conn)) {
        return;
    }

    char *error = jsn_parse(argv[1], &request);
    if (!error) {
        error = command->handler(command->ctx, request, conn);
        jsn_destroy(request);
    }
    if (error) {
        reply_error(conn, error);
    }
}

void
appctl_register(const struct appctl_context *ctx_)
{
    /* Live as long as the registered commands: the process. */
    static struct appctl_context ctx;
    static struct request_command commands[] = {
        { "explain", &ctx, explain_start },
        { "inject", &ctx, inject },
        { "names", &ctx, names },
        { "points", &ctx, points },
        { "tcpdump", &ctx, tcpdump },
        { "flows", &ctx, flows },
        { "why", &ctx, why },
    };

    ctx = *ctx_;
    unixctl_command_register("status", "", 0, 0, status_cb, &ctx);
    unixctl_command_register("query", "EXPR", 1, 1, query_cb, &ctx);
    unixctl_command_register("topology", "", 0, 0, topology_cb, &ctx);
    unixctl_command_register("refresh", "", 0, 0, refresh_cb, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        unixctl_command_register(commands[i].name, "REQUEST", 1, 1,
                                 request_cb, &commands[i]);
    }
}
