/* worker-command.c -- a worker's queue of commands.
 *
 * Commands wait at the control thread until worker_commit() gives them all,
 * through a lock that no packet ever waits for.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-command.h"
#include <stdlib.h>
#include <unistd.h>
#include "engine/worker-private.h"

static uint64_t
submit_command(struct worker *w, const struct wcommand *command)
{
    struct wcommand *cmd = xmemdup(command, sizeof *command);

    cmd->ticket = ++w->last_ticket;
    ovs_list_push_back(&w->prepared, &cmd->node);
    return cmd->ticket;
}

void
worker_commit(struct worker *w)
{
    uint64_t one = 1;

    if (ovs_list_is_empty(&w->prepared)) {
        return;
    }
    ovs_mutex_lock(&w->mutex);
    ovs_list_push_back_all(&w->commands, &w->prepared);
    ovs_mutex_unlock(&w->mutex);
    ignore(write(w->event_fd, &one, sizeof one));
}

static uint64_t
submit(struct worker *w, enum wcommand_type type, void *object, size_t n)
{
    struct wcommand cmd = { .type = type, .object = object, .n = n };

    return submit_command(w, &cmd);
}

uint64_t
worker_add_stream(struct worker *w, struct wstream *stream)
{
    return submit(w, ADD_STREAM, stream, 0);
}

uint64_t
worker_add_source(struct worker *w, struct wsource *source)
{
    return submit(w, ADD_SOURCE, source, 0);
}

void
worker_add_view(struct worker *w, struct wview *view, bool judges)
{
    submit(w, ADD_VIEW, view, judges);
}

void
worker_remove_view(struct worker *w, struct wview *view, bool judges)
{
    submit(w, REMOVE_VIEW, view, judges);
}

uint64_t
worker_add_tap(struct worker *w, struct wtap *tap)
{
    return submit(w, ADD_TAP, tap, 0);
}

uint64_t
worker_remove_tap(struct worker *w, struct wtap *tap)
{
    return submit(w, REMOVE_TAP, tap, 0);
}

uint64_t
worker_remove_source(struct worker *w, struct wsource *source)
{
    return submit(w, REMOVE_SOURCE, source, 0);
}

uint64_t
worker_remove_stream(struct worker *w, struct wstream *stream)
{
    return submit(w, REMOVE_STREAM, stream, 0);
}

uint64_t
worker_set_hop(struct worker *w, struct wstream *stream,
               const struct collector_hop *hop)
{
    struct wcommand cmd = { .type = SET_HOP, .object = stream, .hop = *hop };

    return submit_command(w, &cmd);
}

uint64_t
worker_move_stream(struct worker *w, struct wstream *stream,
                   struct collector *there)
{
    struct wcommand cmd = { .type = MOVE_STREAM, .object = stream,
                            .there = there };

    return submit_command(w, &cmd);
}

uint64_t
worker_give_counters(struct worker *w, struct wstream *stream,
                     const struct exporter_counters *counters)
{
    struct wcommand cmd = { .type = GIVE_COUNTERS, .object = stream,
                           .counters = *counters };

    return submit_command(w, &cmd);
}

uint64_t
worker_set_own(struct worker *w, const struct collector_flow *flows, size_t n)
{
    return submit(w, SET_OWN, n ? xmemdup(flows, n * sizeof *flows) : NULL,
                  n);
}

bool
worker_is_done(const struct worker *w, uint64_t ticket)
{
    uint64_t done;

    atomic_read_explicit(&CONST_CAST(struct worker *, w)->done, &done,
                         memory_order_acquire);
    return done >= ticket;
}

bool
worker_is_idle(const struct worker *w)
{
    return worker_is_done(w, w->last_ticket);
}

void
worker_stop(struct worker *w)
{
    submit(w, STOP, NULL, 0);
    worker_commit(w);
}

/* ## The worker's side. ## */

void
worker_take_commands(struct worker *w, struct ovs_list *commands)
{
    uint64_t count;

    ignore(read(w->event_fd, &count, sizeof count));
    ovs_list_init(commands);
    ovs_mutex_lock(&w->mutex);
    if (!ovs_list_is_empty(&w->commands)) {
        ovs_list_move(commands, &w->commands);
        ovs_list_init(&w->commands);
    }
    ovs_mutex_unlock(&w->mutex);
}

void
worker_end_command(struct worker *w, struct wcommand *cmd)
{
    atomic_store_explicit(&w->done, cmd->ticket, memory_order_release);
    free(cmd);
}
