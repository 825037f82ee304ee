/* session.c -- captures that live as long as a process.  See session.h.
 *
 * Called by appctl.c for a request and by reconcile.c once a round.
 * Invariant: a session has a process that lived when it was last looked at,
 * and 'conn' until it was answered.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/session.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "base/words.h"
#include "daemon/caps.h"
#include "daemon/native.h"
#include "daemon/reply.h"
#include "daemon/session-private.h"
#include "daemon/select.h"
#include "engine/engine.h"
#include "openvswitch/vlog.h"
#include "plan/plan.h"

VLOG_DEFINE_THIS_MODULE(session);

struct sessions *
sessions_create(void)
{
    struct sessions *ss = xzalloc(sizeof *ss);

    ovs_list_init(&ss->list);
    return ss;
}

void
session_end(struct sessions *ss, struct session *s)
{
    VLOG_INFO("%s: over", s->name);
    ovs_list_remove(&s->node);
    ss->seqno++;
    close(s->pidfd);
    if (s->fd >= 0) {
        close(s->fd);
    }
    target_destroy(s->target);
    jsn_destroy(s->draft);
    free(s->name);
    free(s);
}

void
sessions_destroy(struct sessions *ss)
{
    struct session *s;

    if (ss) {
        LIST_FOR_EACH_SAFE (s, node, &ss->list) {
            if (s->conn) {
                unixctl_command_reply_error(s->conn, "the daemon is ending");
            }
            session_end(ss, s);
        }
        free(ss);
    }
}

static const char wrapped_note[] =
    "what leaves by this tunnel port may be shown with the tunnel's headers, "
    "and expressions are about those then; a capture (ovspan add-capture) "
    "takes them off";

/* ## Requests. ## */

struct jsn *
session_draft(const char *name, const char *selector, const char *target)
{
    struct jsn *draft = jsn_object();
    struct jsn *targets = jsn_array();

    if (target) {
        jsn_add(targets, jsn_string(target));
    }
    jsn_put_bool(draft, "session", true);
    jsn_put_string(draft, "name", name);
    jsn_put_string(draft, "selector", selector);
    jsn_put(draft, "targets", targets);
    return draft;
}

static struct jsn *
make_mirror_draft(const char *selector, pid_t pid)
{
    char *name = xasprintf("tcpdump-%d", pid);
    char *target = xasprintf("span:ospt%d", pid);
    struct jsn *draft = session_draft(name, selector, target);

    jsn_put_bool(draft, "any_wrap", true);
    free(target);
    free(name);
    return draft;
}

char *
session_want(const struct jsn *draft, const struct target *target,
             struct want *want)
{
    char *error = want_from_json(want, draft);

    if (!error && target) {
        want_capture_give_target(&want->captures[want->n - 1],
                                 target_clone(target));
    }
    return error;
}

/* Plans the draft alone.  The want is the plan's, which borrows from it. */
static char *
plan_draft(const struct jsn *draft, const struct topo *topo,
           const struct have *have, struct want *want, struct plan *plan)
{
    want_init(want);

    char *error = want_from_json(want, draft);
    if (!error) {
        plan_compute(want, topo, have, &caps_of_daemon, time_wall_msec(),
                     plan);
    }
    return error;
}

/* 'netns_path' is NULL for our own namespace, which who asks may not be in.
 * Both names may be somebody else's by the time they are used: the numbers
 * tell that.  'note' is for who reads what is captured, or NULL. */
static void
reply_device(struct unixctl_conn *conn, const char *netns_path,
             topo_cookie netns, const char *device, int ifindex,
             const char *note)
{
    struct jsn *answer = jsn_object();
    char *own = xasprintf("/proc/%d/ns/net", getpid());

    jsn_put_string(answer, "netns", netns_path ? netns_path : own);
    jsn_put_integer(answer, "cookie", netns);
    jsn_put_integer(answer, "ifindex", ifindex);
    jsn_put_string(answer, "device", device);
    if (note) {
        jsn_put_string(answer, "note", note);
    }
    reply_json(conn, answer);
    free(own);
}

/* If the selector yields one point that has a kernel device, replies with it
 * and sets '*done'. */
static char *
try_device(const char *selector, const struct topo *topo,
           const struct have *have, struct unixctl_conn *conn, bool *done)
{
    struct jsn *draft = session_draft("tcpdump", selector, "pcap:tcpdump");
    struct plan plan = { .n = 0 };
    struct want want;
    char *error = plan_draft(draft, topo, have, &want, &plan);

    if (!error && !plan.n) {
        error = select_nothing(topo, selector);
    } else if (!error && plan.n == 1 && !plan.taps[0].run) {
        error = xstrdup(plan.taps[0].detail);
    } else if (!error && plan.n == 1 && plan.taps[0].backend == PLAN_PCAP) {
        const struct plan_source *source = &plan.taps[0].source;

        reply_device(conn, source->netns_path, source->netns, source->ifname,
                     source->ifindex, NULL);
        *done = true;
    }
    plan_uninit(&plan);
    want_uninit(&want);
    jsn_destroy(draft);
    return error;
}

static char *
too_many_points(const char *selector, const struct plan *plan)
{
    enum { MAX_NAMES = 8 };     /* So many are read, not looked through. */
    struct ds error = DS_EMPTY_INITIALIZER;

    ds_put_format(&error, "%s matches %"PRIuSIZE" points: tcpdump listens at "
                  "one", selector, plan->n);
    for (size_t i = 0; i < MIN(plan->n, MAX_NAMES); i++) {
        const struct plan_tap *tap = &plan->taps[i];

        ds_put_format(&error, "%s %s%s%s", i ? "," : " of", tap->netns,
                      tap->netns[0] ? "/" : "", tap->node_name);
    }
    ds_put_cstr(&error, plan->n > MAX_NAMES ? ", ..." : "");
    return ds_steal_cstr(&error);
}

/* Whether a mirror can be made for 'draft', as one.  '*whole' is set if it is
 * of a bridge as a whole. */
static char *
check_mirror(const struct jsn *draft, const char *selector,
             const struct topo *topo, const struct have *have, bool *whole)
{
    struct plan plan = { .n = 0 };
    struct want want;
    char *error = plan_draft(draft, topo, have, &want, &plan);

    if (!error && plan.n != 1) {
        error = too_many_points(selector, &plan);
    } else if (!error && !plan.taps[0].run) {
        error = xstrdup(plan.taps[0].detail);
    }
    *whole = (!error && plan.taps[0].native
              && plan.taps[0].native->native.select_all);
    plan_uninit(&plan);
    want_uninit(&want);
    return error;
}

/* Our process namespace, where alone a number means the process that we mean;
 * 0: it cannot be told. */
static int64_t
own_pidns(void)
{
    struct stat s;

    return stat("/proc/self/ns/pid", &s) ? 0 : s.st_ino;
}

/* Checks who asks. */
static char *
check_process(const struct jsn *request, pid_t *pid)
{
    int64_t number = jsn_get_integer(request, "pid", 0);

    *pid = number > 0 && number <= INT_MAX ? number : 0;
    if (!*pid) {
        return xstrdup("\"pid\" is missing");
    }
    if (!own_pidns() || jsn_get_integer(request, "pidns", 0) != own_pidns()) {
        return xstrdup("the command runs in another process namespace than "
                       "ovspand, which could not tell when it ends: run it "
                       "where ovspand runs");
    }
    return NULL;
}

char *
session_open_process(const struct jsn *request, pid_t *pid, int *pidfd)
{
    char *error = check_process(request, pid);

    *pidfd = -1;
    if (!error) {
        *pidfd = syscall(SYS_pidfd_open, *pid, 0);
        if (*pidfd < 0) {
            error = xasprintf("process %d cannot be watched (%s)", *pid,
                              ovs_strerror(errno));
        }
    }
    return error;
}

struct session *
session_add(struct sessions *ss, int pidfd, struct jsn *draft,
            struct unixctl_conn *conn)
{
    struct session *s = xmalloc(sizeof *s);

    *s = (struct session) {
        .pidfd = pidfd,
        .name = xstrdup(jsn_get_string(draft, "name", "")),
        .draft = draft,
        .conn = conn,
        .fd = -1,
    };
    ovs_list_push_back(&ss->list, &s->node);
    ss->seqno++;

    char *clean = words_cut(jsn_get_string(draft, "selector", ""), WORDS_CUT);
    VLOG_INFO("%s: at %s", s->name, clean);
    free(clean);
    return s;
}

char *
sessions_start(struct sessions *ss, const struct topo *topo,
               const struct have *have, const struct jsn *request,
               struct unixctl_conn *conn)
{
    const char *selector = jsn_get_string(request, "selector", "");
    bool done = false, whole;
    int pidfd;
    pid_t pid;

    char *error = session_open_process(request, &pid, &pidfd);
    if (error) {
        return error;
    }

    /* Of a bridge as a whole, ports may come that it does not have now. */
    struct jsn *draft = make_mirror_draft(selector, pid);
    char *no_mirror = check_mirror(draft, selector, topo, have, &whole);
    error = whole ? NULL : try_device(selector, topo, have, conn, &done);

    if (!error && !done && !no_mirror) {
        session_add(ss, pidfd, draft, conn);
        return NULL;
    }
    if (!error && !done) {
        error = no_mirror;
    } else {
        free(no_mirror);
    }
    close(pidfd);
    jsn_destroy(draft);
    return error;
}

/* ## Rounds. ## */

static bool
has_ended(const struct session *s)
{
    struct pollfd pfd = { .fd = s->pidfd, .events = POLLIN };

    return poll(&pfd, 1, 0) > 0;
}

void
sessions_run(struct sessions *ss)
{
    struct session *s;

    LIST_FOR_EACH_SAFE (s, node, &ss->list) {
        if (has_ended(s)) {
            if (s->conn) {
                unixctl_command_reply_error(s->conn, "the process has ended");
            }
            session_end(ss, s);
        }
    }
}

void
sessions_wait(const struct sessions *ss)
{
    const struct session *s;

    LIST_FOR_EACH (s, node, &ss->list) {
        poll_fd_wait(s->pidfd, POLLIN);
    }
}

uint64_t
sessions_seqno(const struct sessions *ss)
{
    return ss->seqno;
}

void
sessions_add_wants(const struct sessions *ss, struct want *want)
{
    const struct session *s;

    LIST_FOR_EACH (s, node, &ss->list) {
        char *error = session_want(s->draft, s->target, want);

        /* It was good when the session began. */
        ovs_assert(!error);
    }
    if (!ovs_list_is_empty(&ss->list)) {
        want_sort(want);
    }
}

/* Returns true if there is an answer for who waits: '*error' if it is one. */
static bool
judge(const struct plan_tap *tap, const struct native_hand *hand, char **error)
{
    struct engine_status status = { .state = TAP_PENDING };

    *error = NULL;
    if (!tap) {
        *error = xstrdup("what was selected is gone");
    } else if (!tap->run || !tap->native) {
        *error = xstrdup(tap->detail && tap->detail[0] ? tap->detail
                         : "it cannot be mirrored any more");
    } else {
        native_hand_get_status(hand, tap->native, &status);
        if (status.state == TAP_FAILED) {
            *error = xstrdup(status.detail ? status.detail : "OVS refused");
        }
    }
    return *error || (tap->native->up
                      && native_hand_is_made(hand, tap->native));
}

static const struct plan_tap *
find_tap(const struct plan *plan, const char *capture)
{
    for (size_t i = 0; i < plan->n; i++) {
        if (plan_tap_is_transient(&plan->taps[i])
            && !strcmp(plan->taps[i].capture_name, capture)) {
            return &plan->taps[i];
        }
    }
    return NULL;
}

void
sessions_answer(struct sessions *ss, const struct plan *plan,
                const struct native_hand *hand)
{
    struct session *s;

    LIST_FOR_EACH_SAFE (s, node, &ss->list) {
        const struct plan_tap *tap = find_tap(plan, s->name);
        char *error;

        if (!s->conn || s->target || !judge(tap, hand, &error)) {
            continue;
        }
        struct unixctl_conn *conn = s->conn;

        s->conn = NULL;
        if (error) {
            unixctl_command_reply_error(conn, error);
            session_end(ss, s);
        } else {
            reply_device(conn, tap->native->netns_path, tap->native->netns,
                         tap->native->native.port_name, tap->native->ifindex,
                         tap->wrapped ? wrapped_note : NULL);
        }
        free(error);
    }
}
