/* worker.c -- the thread of a worker: its loop, its timers, and what it is
 * told to do.
 *
 * The control thread makes and ends it; everything else runs in the worker's
 * thread.  No lock is taken and nothing allocated for a packet.
 *
 * Invariant: an object is in the thread's lists exactly between its "add" and
 * its "remove"; a tap's source and stream outlive it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker.h"
#include "engine/worker-private.h"
#include "engine/worker-command.h"
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    N_EVENTS = 32,
    NICE = 5,                   /* Behind the switch, which runs at 0. */
    MAX_SLEEP_MS = 60 * 1000,
    MAX_REST_US = 10 * 1000,
    MORE_US = 1000,             /* Until a meter that has more goes on. */
};

/* ## Commands. ## */

static void
set_own(struct worker *w, struct collector_flow *flows, size_t n)
{
    free(w->own);
    w->own = flows;
    w->n_own = n;
    memset(w->own_dst, 0, sizeof w->own_dst);
    for (size_t i = 0; i < n; i++) {
        w->own_dst[flows[i].dst.s6_addr[15]] = true;
        if (flows[i].proto == COLLECTOR_TCP) {
            w->own_dst[flows[i].src.s6_addr[15]] = true;
        }
    }
}

static void
carry_out(struct worker *w, struct wcommand *cmd)
{
    switch (cmd->type) {
    case ADD_STREAM:
        wstream_start(w, cmd->object);
        break;
    case ADD_SOURCE:
        wsource_start(w, cmd->object);
        break;
    case ADD_TAP:
        wtap_start(w, cmd->object);
        break;
    case ADD_VIEW:
        wview_start(w, cmd->object, cmd->n);
        break;
    case REMOVE_VIEW:
        wview_destroy(w, cmd->object, cmd->n);
        break;
    case REMOVE_TAP:
        wtap_destroy(w, cmd->object);
        break;
    case REMOVE_SOURCE:
        wsource_destroy(w, cmd->object);
        break;
    case REMOVE_STREAM:
        wstream_finish(w, cmd->object);
        break;
    case SET_HOP:
        wstream_set_hop(cmd->object, &cmd->hop);
        break;
    case MOVE_STREAM:
        wstream_move(w, cmd->object, cmd->there);
        break;
    case GIVE_COUNTERS:
        wstream_give_counters(w, cmd->object, &cmd->counters);
        break;
    case SET_OWN:
        set_own(w, cmd->object, cmd->n);
        break;
    case STOP:
        w->stopping = true;
        break;
    }
}

static void
run_commands(struct worker *w)
{
    struct ovs_list commands;
    struct wcommand *cmd;

    worker_take_commands(w, &commands);
    LIST_FOR_EACH_POP (cmd, node, &commands) {
        carry_out(w, cmd);
        worker_end_command(w, cmd);
    }
    seq_change(w->reports);
}

/* ## Rounds. ## */

/* Exports flows that are due, a bounded number; not while those before still
 * wait to leave, so that no burst of flows that end is larger than a queue.
 * Returns true if there is more to do. */
static bool
run_meter(struct worker *w, struct wview *view)
{
    struct wtap *tap;

    if (view->meter.next_us > w->now_us) {
        return false;
    }
    LIST_FOR_EACH (tap, view_node, &view->taps) {
        if (tap->stream->up.class->flow
            && collector_has_backlog(tap->stream->collector)) {
            return true;
        }
    }
    meter_run(&view->meter, w->now_us);
    return view->meter.next_us <= w->now_us;
}

/* Runs what is due and finds out when the next is.  Going through all is
 * cheap against being run ten times a second at most, or while many flows
 * end. */
static void
run_timers(struct worker *w)
{
    struct wstream *stream;
    struct wsource *source;
    struct wview *view;
    bool more = false;

    w->next_timer_us = UINT64_MAX;
    LIST_FOR_EACH (source, node, &w->sources) {
        if (source->next_stats_us <= w->now_us) {
            source->next_stats_us = UINT64_MAX;
            wsource_read_drops(w, source);
        }
        worker_wake_at(w, source->next_stats_us);
        LIST_FOR_EACH (view, node, &source->views) {
            more |= run_meter(w, view);
            worker_wake_at(w, view->meter.next_us);
        }
    }
    /* Rather a little late than often. */
    w->next_timer_us = MAX(w->next_timer_us, w->now_us + WORKER_FLOOR_US);
    if (more) {
        worker_wake_at(w, w->now_us + MORE_US);
    }

    LIST_FOR_EACH_SAFE (stream, node, &w->streams) {
        wstream_run(w, stream);
    }
}

static void
handle_event(struct worker *w, struct wevent *event)
{
    switch (event->type) {
    case WEVENT_COMMANDS:
        /* By the loop, after all events: a command may free their objects. */
        break;
    case WEVENT_SOURCE:
        wsource_run(w, CONTAINER_OF(event, struct wsource, event));
        break;
    case WEVENT_STREAM:
        wstream_read_errors(w, CONTAINER_OF(event, struct wstream, event));
        break;
    }
}

static int
time_to_sleep(const struct worker *w)
{
    uint64_t now_us = worker_wall_us();

    if (w->next_timer_us <= now_us) {
        return 0;
    }
    return MIN(DIV_ROUND_UP(w->next_timer_us - now_us, 1000), MAX_SLEEP_MS);
}

/* Everything that is left, taps first. */
static void
destroy_objects(struct worker *w)
{
    struct wsource *source;
    struct wstream *stream;
    struct wview *view;
    struct wtap *tap;

    LIST_FOR_EACH_SAFE (source, node, &w->sources) {
        LIST_FOR_EACH (view, node, &source->views) {
            LIST_FOR_EACH_SAFE (tap, view_node, &view->taps) {
                wtap_destroy(w, tap);
            }
        }
        wsource_destroy(w, source);
    }
    LIST_FOR_EACH_SAFE (stream, node, &w->streams) {
        if (stream->draining || !wstream_finish(w, stream)) {
            wstream_destroy(w, stream);
        }
    }
}

/* To be woken for each block of a ring is much of what a busy capture of flows
 * costs.  When all was read and the rings are large, several blocks may fill
 * before the next look. */
static void
rest(struct worker *w)
{
    uint64_t us = w->next_timer_us > w->now_us
                  ? MIN(w->next_timer_us - w->now_us, MAX_REST_US) : 0;
    const struct wsource *source;

    if (w->n_frames < CAPTURE_BURST || w->more) {
        w->n_frames = w->more ? w->n_frames : 0;
        return;
    }
    w->n_frames = 0;
    LIST_FOR_EACH (source, node, &w->sources) {
        us = MIN(us, wsource_patience_us(source));
        if (!us) {
            return;
        }
    }
    struct timespec ts = { .tv_nsec = us * 1000 };
    nanosleep(&ts, NULL);
}

static void *
worker_main(void *w_)
{
    struct epoll_event events[N_EVENTS];
    struct worker *w = w_;

    /* No RCU-protected data is read here: never hold up those who free it. */
    ovsrcu_quiesce_start();
    setpriority(PRIO_PROCESS, syscall(SYS_gettid), NICE);
    while (!w->stopping) {
        int n = epoll_wait(w->epoll_fd, events, N_EVENTS, time_to_sleep(w));
        bool commands = false;

        w->now_us = worker_wall_us();
        w->more = false;
        for (int i = 0; i < n; i++) {
            struct wevent *event = events[i].data.ptr;

            commands |= event->type == WEVENT_COMMANDS;
            handle_event(w, event);
        }
        if (commands) {
            run_commands(w);
        }
        if (w->now_us >= w->next_timer_us) {
            run_timers(w);
        }
        rest(w);
    }
    destroy_objects(w);
    return NULL;
}

/* ## Start and end. ## */

struct worker *
worker_create(struct seq *reports, struct task_pool *tasks)
{
    struct worker *w = xzalloc(sizeof *w);
    sigset_t all, old;

    w->reports = reports;
    w->tasks = tasks;
    ovs_mutex_init(&w->mutex);
    ovs_list_init(&w->prepared);
    ovs_list_init(&w->commands);
    ovs_list_init(&w->sources);
    ovs_list_init(&w->streams);
    atomic_init(&w->done, 0);
    w->next_timer_us = UINT64_MAX;
    w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    w->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (w->epoll_fd < 0 || w->event_fd < 0) {
        ovs_fatal(errno, "cannot start a worker");
    }
    w->event.type = WEVENT_COMMANDS;
    worker_watch(w, w->event_fd, EPOLLIN, &w->event);

    /* Signals are the control thread's. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    w->thread = ovs_thread_create("worker", worker_main, w);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    return w;
}

void
worker_destroy(struct worker *w)
{
    if (!w) {
        return;
    }
    worker_stop(w);
    xpthread_join(w->thread, NULL);
    close(w->epoll_fd);
    close(w->event_fd);
    ovs_mutex_destroy(&w->mutex);
    free(w->own);
    free(w);
}
