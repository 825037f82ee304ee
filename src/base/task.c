/* task.c -- threads for what has to wait.  See task.h.
 *
 * A thread is made for each task that is started while there are not too many,
 * and ends when the queue is empty.  Where no thread can be made, the caller
 * does the work, unless it cannot wait.
 *
 * Invariant: while the queue is not empty there is a thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/task.h"
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICE = 10 };            /* Behind the switch, the workers and us. */

struct task_pool {
    unsigned int max_threads;
    struct ovs_mutex mutex;     /* Protects the rest. */
    struct seq *reports OVS_GUARDED;    /* NULL: nobody listens any more. */
    struct ovs_list queue OVS_GUARDED;  /* 'struct task's. */
    unsigned int n_threads OVS_GUARDED;
    pthread_cond_t gone;        /* One thread less. */
};

struct task_pool *
task_pool_create(struct seq *reports, unsigned int max_threads)
{
    struct task_pool *pool = xzalloc(sizeof *pool);

    pool->reports = reports;
    pool->max_threads = max_threads;
    ovs_mutex_init(&pool->mutex);
    xpthread_cond_init(&pool->gone, NULL);
    ovs_list_init(&pool->queue);
    return pool;
}

static void
free_pool(struct task_pool *pool)
{
    xpthread_cond_destroy(&pool->gone);
    ovs_mutex_destroy(&pool->mutex);
    free(pool);
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
    free_pool(pool);
}

void
task_pool_abandon(struct task_pool *pool)
{
    bool idle;

    ovs_mutex_lock(&pool->mutex);
    pool->reports = NULL;
    idle = !pool->n_threads;
    ovs_mutex_unlock(&pool->mutex);
    if (idle) {
        free_pool(pool);
    }
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

static void
report(struct task_pool *pool)
    OVS_REQUIRES(pool->mutex)
{
    if (pool->reports) {
        seq_change(pool->reports);
    }
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
    report(pool);
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
    bool is_mine;

    setpriority(PRIO_PROCESS, syscall(SYS_gettid), NICE);
    ovs_mutex_lock(&pool->mutex);
    while (run_one(pool)) {
        continue;
    }
    pool->n_threads--;
    /* "Idle" is news, too. */
    report(pool);
    xpthread_cond_signal(&pool->gone);
    is_mine = !pool->reports && !pool->n_threads;
    ovs_mutex_unlock(&pool->mutex);
    if (is_mine) {
        free_pool(pool);
    }
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

/* Sees to it that there is a thread, and that there is another one for what
 * will be put into the queue, if there may be.  False where there is none. */
static bool
add_thread(struct task_pool *pool)
    OVS_REQUIRES(pool->mutex)
{
    if (pool->n_threads < pool->max_threads) {
        pool->n_threads++;
        if (!create_thread(pool)) {
            pool->n_threads--;
        }
    }
    return pool->n_threads > 0;
}

static void
enqueue(struct task_pool *pool, struct task *task, bool abandoned)
    OVS_REQUIRES(pool->mutex)
{
    task->state = TASK_QUEUED;
    task->abandoned = abandoned;
    ovs_list_push_back(&pool->queue, &task->node);
}

static void
start__(struct task_pool *pool, struct task *task, bool abandoned)
    OVS_REQUIRES(pool->mutex)
{
    enqueue(pool, task, abandoned);
    if (!add_thread(pool)) {
        pool->n_threads++;
        while (pool->n_threads == 1 && run_one(pool)) {
            continue;
        }
        pool->n_threads--;
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

bool
task_try_start(struct task_pool *pool, struct task *task)
{
    bool started;

    ovs_mutex_lock(&pool->mutex);
    started = add_thread(pool);
    if (started) {
        enqueue(pool, task, false);
    }
    ovs_mutex_unlock(&pool->mutex);
    return started;
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
