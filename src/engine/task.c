/* task.c -- threads for what has to wait for the kernel.  See task.h.
 *
 * A thread is made for each task that is started while there are not too many,
 * and ends when the queue is empty.  Where no thread can be made, the caller
 * does the work.
 *
 * Invariant: while the queue is not empty there is a thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/task.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    MANY_THREADS = 16,          /* They wait, but to clear a ring is work. */
    NICE = 10,                  /* Behind the switch, the workers and us. */
};

struct task_pool {
    struct seq *reports;
    struct ovs_mutex mutex;     /* Protects the rest. */
    struct ovs_list queue OVS_GUARDED;  /* 'struct task's. */
    unsigned int n_threads OVS_GUARDED;
    pthread_cond_t gone;        /* One thread less. */
};

struct task_pool *
task_pool_create(struct seq *reports)
{
    struct task_pool *pool = xzalloc(sizeof *pool);

    pool->reports = reports;
    ovs_mutex_init(&pool->mutex);
    xpthread_cond_init(&pool->gone, NULL);
    ovs_list_init(&pool->queue);
    return pool;
}

void
task_pool_destroy(struct task_pool *pool)
{
    if (!pool) {
        return;
    }
    ovs_mutex_lock(&pool->mutex);
    while (pool->n_threads) {
        ovs_mutex_cond_wait(&pool->gone, &pool->mutex);
    }
    ovs_mutex_unlock(&pool->mutex);
    xpthread_cond_destroy(&pool->gone);
    ovs_mutex_destroy(&pool->mutex);
    free(pool);
}

bool
task_pool_is_idle(struct task_pool *pool)
{
    bool idle;

    ovs_mutex_lock(&pool->mutex);
    idle = !pool->n_threads;
    ovs_mutex_unlock(&pool->mutex);
    return idle;
}

/* Runs one task of the queue, if there is any, without the lock. */
static bool
run_one(struct task_pool *pool)
    OVS_REQUIRES(pool->mutex)
{
    struct task *task;
    bool abandoned;

    if (ovs_list_is_empty(&pool->queue)) {
        return false;
    }
    task = CONTAINER_OF(ovs_list_pop_front(&pool->queue), struct task, node);
    task->state = TASK_RUNNING;
    ovs_mutex_unlock(&pool->mutex);
    if (task->run) {
        task->run(task);
    }
    ovs_mutex_lock(&pool->mutex);
    task->state = TASK_DONE;
    abandoned = task->abandoned;
    seq_change(pool->reports);
    if (abandoned) {
        /* Which may take as long. */
        ovs_mutex_unlock(&pool->mutex);
        task->discard(task);
        ovs_mutex_lock(&pool->mutex);
    }
    return true;
}

static void *
task_main(void *pool_)
{
    struct task_pool *pool = pool_;

    setpriority(PRIO_PROCESS, syscall(SYS_gettid), NICE);
    ovs_mutex_lock(&pool->mutex);
    while (run_one(pool)) {
        continue;
    }
    pool->n_threads--;
    /* "Idle" is news, too. */
    seq_change(pool->reports);
    xpthread_cond_signal(&pool->gone);
    ovs_mutex_unlock(&pool->mutex);
    return NULL;
}

/* Signals are for the program's main loop. */
static bool
create_thread(struct task_pool *pool)
{
    sigset_t all, old;
    pthread_t thread;
    int error;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    error = pthread_create(&thread, NULL, task_main, pool);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (!error) {
        pthread_detach(thread);
    }
    return !error;
}

static void
start__(struct task_pool *pool, struct task *task, bool abandoned)
    OVS_REQUIRES(pool->mutex)
{
    task->state = TASK_QUEUED;
    task->abandoned = abandoned;
    ovs_list_push_back(&pool->queue, &task->node);
    if (pool->n_threads < MANY_THREADS) {
        pool->n_threads++;
        if (!create_thread(pool)) {
            while (pool->n_threads == 1 && run_one(pool)) {
                continue;
            }
            pool->n_threads--;
        }
    }
}

static void
start(struct task_pool *pool, struct task *task, bool abandoned)
{
    ovs_mutex_lock(&pool->mutex);
    start__(pool, task, abandoned);
    ovs_mutex_unlock(&pool->mutex);
}

void
task_start(struct task_pool *pool, struct task *task)
{
    start(pool, task, false);
}

void
task_start_abandoned(struct task_pool *pool, struct task *task)
{
    start(pool, task, true);
}

bool
task_is_done(struct task_pool *pool, const struct task *task)
{
    bool done;

    ovs_mutex_lock(&pool->mutex);
    done = task->state == TASK_DONE;
    ovs_mutex_unlock(&pool->mutex);
    return done;
}

void
task_abandon(struct task_pool *pool, struct task *task)
{
    ovs_mutex_lock(&pool->mutex);
    task->abandoned = true;
    if (task->state != TASK_RUNNING) {
        task->run = NULL;
    }
    if (task->state == TASK_DONE) {
        start__(pool, task, true);
    }
    ovs_mutex_unlock(&pool->mutex);
}
