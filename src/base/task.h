/* task.h -- what has to wait, in threads that may wait.
 *
 * To open or to close a packet socket takes the kernel tens of milliseconds,
 * in which it waits for all its processors to have passed a quiet moment (RCU)
 * and does nothing else; to look up a name, half a minute where no server
 * answers.  Neither the control thread nor a worker can spare that, and many
 * such waits at a time take no longer than one.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_TASK_H
#define OVSPAN_BASE_TASK_H 1

#include "base/ovs.h"

struct seq;
struct task_pool;

enum task_state { TASK_QUEUED, TASK_RUNNING, TASK_DONE };

/* To be embedded.  The first two are its owner's, the rest the pool's. */
struct task {
    void (*run)(struct task *);         /* In a thread of the pool. */
    void (*discard)(struct task *);     /* Frees it, likewise. */
    struct ovs_list node;       /* In the pool's queue. */
    enum task_state state;
    bool abandoned;             /* Discarded as soon as it has run. */
};

/* Changes 'reports' whenever a task is done.  A pool has 'max_threads' at
 * most, and without tasks none. */
struct task_pool *task_pool_create(struct seq *reports,
                                   unsigned int max_threads);
/* Runs what is left, and waits for it. */
void task_pool_destroy(struct task_pool *);
/* Likewise, but does not wait for what runs, nor touches 'reports' any more.
 * Every task has been abandoned. */
void task_pool_abandon(struct task_pool *);
bool task_pool_is_idle(struct task_pool *);

/* Any thread may call these. */

void task_start(struct task_pool *, struct task *);
/* As task_start(), but never runs it in the caller's thread: where no thread
 * can be had returns false, and the task is the caller's still. */
bool task_try_start(struct task_pool *, struct task *);
/* As task_start(), of a task that nobody waits for. */
void task_start_abandoned(struct task_pool *, struct task *);
/* True once it has run: then it is the caller's again. */
bool task_is_done(struct task_pool *, const struct task *);
/* Nobody waits for it any more: if it has not begun to run, it never will. */
void task_abandon(struct task_pool *, struct task *);

#endif /* base/task.h */
