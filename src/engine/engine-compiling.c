/* engine-compiling.c -- makes views beside the control thread.
 *
 * To compile a filter takes libpcap up to two seconds, and a child (see
 * capture-compile.c).  Views of one source that are wanted by several taps are
 * made once.  The capture is kept for as long as a task needs it, whatever
 * its worker does meanwhile.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-source.h"
#include <stdlib.h>
#include "base/task.h"

struct compiling {
    struct task task;
    struct ovs_list node;       /* In its source's 'compiling'. */
    char *key;                  /* Of the view. */
    struct capture *capture;
    char *filter;
    struct capture_view_conf wants;

    /* What came of it. */
    struct capture_view *view;
    struct trouble trouble;     /* Why not. */
};

/* In a thread of the pool. */
static void
compiling_run(struct task *task)
{
    struct compiling *c = CONTAINER_OF(task, struct compiling, task);
    char *detail = NULL;
    enum capture_error error = capture_view_create(c->capture, &c->wants,
                                                   &c->view, &detail);

    trouble_set(&c->trouble, trouble_of_capture(error), detail);
}

static void
compiling_free(struct compiling *c)
{
    capture_view_destroy(c->view);
    capture_close(c->capture);
    trouble_clear(&c->trouble);
    free(c->filter);
    free(c->key);
    free(c);
}

static void
compiling_discard(struct task *task)
{
    compiling_free(CONTAINER_OF(task, struct compiling, task));
}

static void
compiling_start(struct task_pool *pool, struct engine_source *source,
                const struct plan_tap *tap, const char *key)
{
    struct compiling *c = xzalloc(sizeof *c);

    c->task.run = compiling_run;
    c->task.discard = compiling_discard;
    c->key = xstrdup(key);
    c->capture = capture_ref(source->opened.capture);
    c->filter = nullable_xstrdup(tap->source.filter);
    c->wants = eview_conf(&tap->source);
    c->wants.filter = c->filter;
    ovs_list_push_back(&source->compiling, &c->node);
    task_start(pool, &c->task);
}

static struct compiling *
compiling_find(const struct engine_source *source, const char *key)
{
    struct compiling *c;

    LIST_FOR_EACH (c, node, &source->compiling) {
        if (!strcmp(c->key, key)) {
            return c;
        }
    }
    return NULL;
}

bool
compiling_finish(struct task_pool *pool, struct engine_source *source,
                 const struct plan_tap *tap, const char *key,
                 struct capture_view **view, struct trouble *why)
{
    struct compiling *c = compiling_find(source, key);

    if (!c) {
        compiling_start(pool, source, tap, key);
        return false;
    } else if (!task_is_done(pool, &c->task)) {
        return false;
    }
    ovs_list_remove(&c->node);
    *view = c->view;
    *why = c->trouble;
    c->view = NULL;
    memset(&c->trouble, 0, sizeof c->trouble);
    /* To close the capture, if its worker let go of it, takes long. */
    task_abandon(pool, &c->task);
    return true;
}

void
compiling_abandon_all(struct task_pool *pool, struct engine_source *source)
{
    struct compiling *c;

    LIST_FOR_EACH_SAFE (c, node, &source->compiling) {
        ovs_list_remove(&c->node);
        task_abandon(pool, &c->task);
    }
}
