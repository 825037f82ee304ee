/* session-flows.c -- flows for as long as a process lives: 'ovspan flows'.
 *
 * Who asks has made a pair of sockets and says the number of one end, which is
 * taken from it by pidfd_getfd(2): so there is nothing in any file system or
 * network namespace that others could see, or that could stay behind.  The
 * records go there as to any other target, and when the process has ended the
 * session has, as those of tcpdump do.
 *
 * Called by appctl.c for a request and by reconcile.c once a round.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/session.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "daemon/caps.h"
#include "daemon/reply.h"
#include "daemon/report.h"
#include "daemon/select.h"
#include "daemon/session-private.h"
#include "ovsdb/db/db.h"
#include "plan/plan.h"

/* ## Requests. ## */

static bool
is_local_socket(int fd)
{
    int domain, type;
    socklen_t length = sizeof(int);

    return (!getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length)
            && !getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length)
            && domain == AF_UNIX && type == SOCK_SEQPACKET);
}

static char *
take_socket(int pidfd, const struct jsn *request, int *fd)
{
    int theirs = jsn_get_integer(request, "fd", -1);

    *fd = syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
    if (*fd < 0) {
        return xasprintf("the command's socket cannot be had (%s)",
                         ovs_strerror(errno));
    }
    if (!is_local_socket(*fd)) {
        close(*fd);
        *fd = -1;
        return xstrdup("\"fd\" is no local socket of packets");
    }
    return NULL;
}

static char *
make_target(struct sessions *ss, int fd, const struct jsn *request,
            struct target **target)
{
    static const char *const names[] = { "active", "inactive" };
    struct smap options = SMAP_INITIALIZER(&options);
    /* A number is used again, while what was sent there may still be on its
     * way. */
    char *address = xasprintf("%d.%"PRIu64, fd, ss->n_targets++);

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        int64_t value = jsn_get_integer(request, names[i], 0);

        if (value) {
            smap_add_format(&options, names[i], "%"PRId64, value);
        }
    }

    char *error = target_create_terminal(address, &options, target);
    free(address);
    smap_destroy(&options);
    return error;
}

static struct jsn *
make_draft(const struct jsn *request, pid_t pid)
{
    char *name = xasprintf("flows-%d", pid);
    struct jsn *draft
        = session_draft(name, jsn_get_string(request, "selector", ""), NULL);
    const char *filter = jsn_get_string(request, "filter", NULL);
    struct jsn *columns = jsn_object();

    if (filter) {
        jsn_put_string(columns, "filter", filter);
    }
    jsn_put(draft, "columns", columns);
    free(name);
    return draft;
}

/* What is wrong with all points, if there is none that could run. */
static char *
check_plan(const struct jsn *draft, const struct target *target,
           const struct topo *topo, const struct have *have)
{
    struct plan plan = { .n = 0 };
    struct want want;
    size_t n_run = 0;

    want_init(&want);
    char *error = session_want(draft, target, &want);
    if (!error) {
        plan_compute(&want, topo, have, &caps_of_daemon, time_wall_msec(),
                     &plan);
        for (size_t i = 0; i < plan.n; i++) {
            n_run += plan.taps[i].run;
        }
        error = (n_run ? NULL
                 : plan.n ? xstrdup(plan.taps[0].detail)
                 : select_nothing(topo, jsn_get_string(draft, "selector",
                                                       "")));
    }
    plan_uninit(&plan);
    want_uninit(&want);
    return error;
}

char *
sessions_start_flows(struct sessions *ss, const struct topo *topo,
                     const struct have *have, const struct jsn *request,
                     struct unixctl_conn *conn)
{
    struct target *target = NULL;
    struct jsn *draft = NULL;
    int pidfd, fd = -1;
    pid_t pid;

    char *error = session_open_process(request, &pid, &pidfd);
    error = error ? error : take_socket(pidfd, request, &fd);
    error = error ? error : make_target(ss, fd, request, &target);
    if (!error) {
        draft = make_draft(request, pid);
        error = check_plan(draft, target, topo, have);
    }
    if (error) {
        jsn_destroy(draft);
        target_destroy(target);
        if (fd >= 0) {
            close(fd);
        }
        if (pidfd >= 0) {
            close(pidfd);
        }
        return error;
    }

    struct session *s = session_add(ss, pidfd, draft, conn);
    s->target = target;
    s->fd = fd;
    return NULL;
}

/* ## Rounds. ## */

static struct jsn *
point_to_json(const struct db_tap *t)
{
    struct jsn *point = jsn_object();
    char *name = xasprintf("%s%s%s", t->tap->netns,
                           t->tap->netns[0] ? "/" : "", t->tap->node_name);

    jsn_put_string(point, "point", name);
    jsn_put_string(point, "state", tap_state_to_string(t->state));
    jsn_put_string(point, "reason", tap_reason_to_string(t->reason));
    jsn_put_string(point, "detail", t->detail ? t->detail : "");
    free(name);
    return point;
}

/* The points of a session, or NULL while some one is on its way; counts those
 * that are active. */
static struct jsn *
find_points(const struct session *s, const struct report_input *in,
            size_t *n_active)
{
    struct jsn *points = jsn_array();

    *n_active = 0;
    for (size_t i = 0; i < in->plan->n; i++) {
        const struct plan_tap *tap = &in->plan->taps[i];

        if (plan_tap_is_transient(tap)
            && !strcmp(tap->capture_name, s->name)) {
            struct db_tap t = report_describe(tap, in);

            if (t.state == TAP_PENDING) {
                jsn_destroy(points);
                return NULL;
            }
            *n_active += t.state == TAP_ACTIVE;
            jsn_add(points, point_to_json(&t));
        }
    }
    return points;
}

static void
answer(struct sessions *ss, struct session *s, const struct report_input *in)
{
    size_t n_active;
    struct jsn *points = find_points(s, in, &n_active);

    if (!points) {
        return;
    }

    struct unixctl_conn *conn = s->conn;
    s->conn = NULL;
    if (n_active) {
        struct jsn *reply = jsn_object();

        jsn_put(reply, "points", points);
        reply_json(conn, reply);
        return;
    }
    unixctl_command_reply_error(
        conn, jsn_get_string(jsn_at(points, 0), "detail",
                             "what was selected is gone"));
    jsn_destroy(points);
    session_end(ss, s);
}

void
sessions_answer_flows(struct sessions *ss, const struct report_input *in)
{
    struct session *s;

    LIST_FOR_EACH_SAFE (s, node, &ss->list) {
        if (s->conn && s->target) {
            answer(ss, s, in);
        }
    }
}
