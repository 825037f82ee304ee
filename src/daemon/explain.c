/* explain.c -- what would be done for a capture, and why.  See explain.h.
 *
 * A request waits for a task that compiles its filter, then it is planned on
 * what there is by then.  The compiler remembers, so that the plan, which asks
 * for the filter again, has it at once.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/explain.h"
#include <stdlib.h>
#include "base/json.h"
#include "base/machine.h"
#include "base/nearest.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/task.h"
#include "capture/capture.h"
#include "daemon/appctl.h"
#include "daemon/caps.h"
#include "daemon/reply.h"
#include "daemon/select.h"
#include "plan/plan.h"

/* A request that waits. */
struct explaining {
    struct task task;
    struct ovs_list node;       /* In 'waiting'. */
    const struct appctl_context *ctx;
    struct jsn *request;
    struct unixctl_conn *conn;
    char *filter;
};

enum { MAX_THREADS = 4 };       /* Compilers at a time. */

static struct ovs_list waiting = OVS_LIST_INITIALIZER(&waiting);
static struct task_pool *pool;
static struct seq *done;        /* Changes with each task that is. */
static uint64_t seen;           /* Of 'done'. */

static const struct want_capture *
find_capture(const struct want *want, const char *name)
{
    for (size_t i = 0; i < want->n; i++) {
        if (!strcmp(want->captures[i].name, name)) {
            return &want->captures[i];
        }
    }
    return NULL;
}

/* The capture that is explained, while it is planned. */
static const struct want_capture *explained;

/* Of other captures nobody asks, and their filters may not be compiled yet. */
static char *
check_filter(const char *filter)
{
    return (explained->filter && !strcmp(explained->filter, filter)
            ? capture_check_filter(filter) : NULL);
}

/* Plans 'want' on the topology as it is and replies with what is planned for
 * 'capture' of it. */
static void
explain_want(const struct appctl_context *ctx, struct unixctl_conn *conn,
             const struct want *want, const struct want_capture *capture)
{
    struct plan_caps caps = caps_of_explain;
    char *machine = machine_stamp();
    const struct native_stamp stamp = { ctx->host(ctx->aux), machine };
    struct plan plan;

    explained = capture;
    caps.check_filter = check_filter;
    plan_compute(want, *ctx->topo, ctx->have, &caps,
                 time_wall_msec(), &plan);
    reply_json(conn, plan_to_json(&plan, capture, &stamp));
    plan_uninit(&plan);
    free(machine);
}

/* Explains 'draft' as one more capture beside those that there are: they have
 * what it may want too. */
static void
explain_draft(const struct appctl_context *ctx, struct unixctl_conn *conn,
              const struct want_capture *draft)
{
    size_t n = ctx->want->n;
    struct want all = {
        .captures = xmalloc((n + 1) * sizeof *all.captures),
        .n = n + 1,
        .budget = ctx->want->budget,
    };

    /* Lent for the time of the plan. */
    if (n) {
        memcpy(all.captures, ctx->want->captures, n * sizeof *all.captures);
    }
    all.captures[n] = *draft;
    explain_want(ctx, conn, &all, draft);
    free(all.captures);
}

/* What to say of a capture that there is not. */
static char *
no_capture(const struct appctl_context *ctx, const char *name)
{
    struct ds error = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    ds_put_format(&error, "no capture named \"%s\"", name);
    if (select_any(*ctx->topo, name)) {
        ds_put_format(&error, ", but it is a point: which target? As in "
                      "'ovspan explain %s erspan2:HOST'", name);
        return ds_steal_cstr(&error);
    }
    nearest_init(&nearest, name);
    for (size_t i = 0; i < ctx->want->n; i++) {
        nearest_offer(&nearest, ctx->want->captures[i].name);
    }
    nearest_ask(&nearest, &error);
    return ds_steal_cstr(&error);
}

/* Answers a request; or returns an error text. */
static char *
explain_now(const struct appctl_context *ctx, const struct jsn *request,
            struct unixctl_conn *conn)
{
    const char *name = jsn_get_string(request, "capture", NULL);

    if (name) {
        const struct want_capture *c = find_capture(ctx->want, name);

        if (!c) {
            return no_capture(ctx, name);
        }
        explain_want(ctx, conn, ctx->want, c);
        return NULL;
    }

    struct want want;

    want_init(&want);
    char *error = want_from_json(&want, request);
    if (!error) {
        explain_draft(ctx, conn, &want.captures[0]);
    }
    want_uninit(&want);
    return error;
}

/* ## Waiting for the compiler. ## */

/* The filter that a request is about, NULL if none. */
static char *
filter_of(const struct appctl_context *ctx, const struct jsn *request)
{
    const char *name = jsn_get_string(request, "capture", NULL);
    const struct want_capture *c;
    struct want want;
    char *filter = NULL;

    if (name) {
        c = find_capture(ctx->want, name);
        return c ? nullable_xstrdup(c->filter) : NULL;
    }
    want_init(&want);
    char *error = want_from_json(&want, request);
    if (!error) {
        filter = nullable_xstrdup(want.captures[0].filter);
    }
    free(error);
    want_uninit(&want);
    return filter;
}

/* In a thread of the pool. */
static void
compile_filter(struct task *task)
{
    struct explaining *e = CONTAINER_OF(task, struct explaining, task);

    free(capture_check_filter(e->filter));
}

char *
explain_start(const struct appctl_context *ctx, const struct jsn *request,
              struct unixctl_conn *conn)
{
    char *filter = filter_of(ctx, request);
    struct explaining *e;

    if (!filter) {
        return explain_now(ctx, request, conn);
    } else if (!pool) {
        done = seq_create();
        pool = task_pool_create(done, MAX_THREADS);
    }
    e = xzalloc(sizeof *e);
    e->task.run = compile_filter;
    e->ctx = ctx;
    e->request = jsn_clone(request);
    e->conn = conn;
    e->filter = filter;
    ovs_list_push_back(&waiting, &e->node);
    task_start(pool, &e->task);
    return NULL;
}

void
explain_run(void)
{
    struct explaining *e;

    seen = pool ? seq_read(done) : 0;
    LIST_FOR_EACH_SAFE (e, node, &waiting) {
        if (task_is_done(pool, &e->task)) {
            char *error = explain_now(e->ctx, e->request, e->conn);

            if (error) {
                reply_error(e->conn, error);
            }
            ovs_list_remove(&e->node);
            jsn_destroy(e->request);
            free(e->filter);
            free(e);
        }
    }
}

void
explain_wait(void)
{
    if (pool) {
        seq_wait(done, seen);
    }
}
