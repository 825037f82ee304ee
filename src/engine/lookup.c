/* lookup.c -- the addresses of a name, without blocking.  See lookup.h.
 *
 * The resolver blocks for as long as a name server does not answer, so it is
 * asked by a task.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/lookup.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "base/task.h"

struct lookup {
    struct task task;
    char *name;
    struct resolved found;
};

/* ## In a thread of the pool. ## */

static void
lookup_run(struct task *task)
{
    struct lookup *lookup = CONTAINER_OF(task, struct lookup, task);

    resolve_name(lookup->name, &lookup->found);
}

static void
lookup_discard(struct task *task)
{
    struct lookup *lookup = CONTAINER_OF(task, struct lookup, task);

    free(lookup->found.error);
    free(lookup->name);
    free(lookup);
}

/* ## In the control thread. ## */

struct lookup *
lookup_start(struct task_pool *pool, const char *name)
{
    struct lookup *lookup = xzalloc(sizeof *lookup);

    lookup->task.run = lookup_run;
    lookup->task.discard = lookup_discard;
    lookup->name = xstrdup(name);
    if (!task_try_start(pool, &lookup->task)) {
        lookup_discard(&lookup->task);
        return NULL;
    }
    return lookup;
}

bool
lookup_finish(struct task_pool *pool, struct lookup *lookup,
              struct resolved *result)
{
    if (!task_is_done(pool, &lookup->task)) {
        return false;
    }
    *result = lookup->found;
    lookup->found.error = NULL;
    lookup_discard(&lookup->task);
    return true;
}

void
lookup_abandon(struct task_pool *pool, struct lookup *lookup)
{
    if (lookup) {
        task_abandon(pool, &lookup->task);
    }
}
