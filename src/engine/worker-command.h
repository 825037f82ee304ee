/* worker-command.h -- what the control thread tells a worker to do.
 *
 * The functions of worker.h make commands, worker.c carries them out.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_WORKER_COMMAND_H
#define OVSPAN_ENGINE_WORKER_COMMAND_H 1

#include "base/ovs.h"
#include "export/collector.h"
#include "export/exporter.h"

struct worker;

enum wcommand_type {
    ADD_STREAM, ADD_SOURCE, ADD_VIEW, ADD_TAP,
    REMOVE_TAP, REMOVE_VIEW, REMOVE_SOURCE, REMOVE_STREAM,
    SET_HOP,
    MOVE_STREAM,
    GIVE_COUNTERS,
    SET_OWN,
    STOP,
};

struct wcommand {
    struct ovs_list node;       /* In worker's 'commands'. */
    enum wcommand_type type;
    uint64_t ticket;
    void *object;               /* What to add or to remove. */
    size_t n;                   /* SET_OWN: elements of 'object'; of views:
                                 * whether they judge from now on. */
    union {
        struct collector_hop hop;       /* SET_HOP: of the stream 'object'. */
        struct collector *there;        /* MOVE_STREAM: where to. */
        struct exporter_counters counters;      /* GIVE_COUNTERS: to it. */
    };
};

/* The control thread's last one. */
void worker_stop(struct worker *);

/* The worker's side: takes what was given, into '*commands'. */
void worker_take_commands(struct worker *, struct ovs_list *commands);
/* Says that it was carried out, and frees it. */
void worker_end_command(struct worker *, struct wcommand *);

#endif /* engine/worker-command.h */
