/* engine-opening.c -- opens the capture of a source beside the control thread.
 *
 * A task enters the point's namespace, opens, and lets in what the tap that
 * asked first wants, for each of these waits for the kernel (see task.h).  A
 * filter that is wrong is left to who asks for the view (engine-view.c): the
 * capture may serve others.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-source.h"
#include <errno.h>
#include <stdlib.h>
#include "base/limits.h"
#include "base/task.h"
#include "kernel/kernel.h"

struct opening {
    struct task task;
    char *netns_path;           /* As in struct plan_source, as is... */
    uint64_t netns;
    char *ifname;
    int ifindex;
    size_t ring;
    char *filter;               /* ...what is wanted. */
    struct capture_view_conf wants;

    /* What came of it. */
    struct opened opened;
    struct trouble trouble;     /* Why not. */
};

/* ## In a thread of the pool. ## */

/* Lets in what is wanted. */
static enum capture_error
open_view(struct opening *o, char **detail)
{
    struct opened *opened = &o->opened;
    enum capture_error error;

    error = capture_view_create(opened->capture, &o->wants, &opened->view,
                                detail);
    if (!error) {
        error = capture_set_views(opened->capture, &opened->view, 1,
                                  &opened->is_exact, detail);
    }
    if (error) {
        capture_view_destroy(opened->view);
        opened->view = NULL;
    }
    return error;
}

static int
open_cb(void *o_)
{
    struct opening *o = o_;
    const struct capture_conf conf = {
        .ifname = o->ifname,
        .ifindex = o->ifindex,
        .ring = o->ring,
    };
    char *detail = NULL;
    enum capture_error error = capture_open_live(&conf, &o->opened.capture,
                                                 &detail);

    if (!error) {
        error = open_view(o, &detail);
        if (error == CAPTURE_BAD_FILTER) {
            free(detail);
            detail = NULL;
            error = CAPTURE_OK;
        } else if (error) {
            capture_close(o->opened.capture);
            o->opened.capture = NULL;
        }
    }
    trouble_set(&o->trouble, trouble_of_capture(error), detail);
    return 0;
}

static void
opening_run(struct task *task)
{
    struct opening *o = CONTAINER_OF(task, struct opening, task);
    int error = kern_call_in_netns(o->netns_path, o->netns, open_cb, o);

    if (error) {
        char *why = (error == ESTALE ? xstrdup("another one is there now")
                     : limits_strerror(error));

        trouble_set(&o->trouble,
                    trouble_of_errno(error, TAP_R_NODE_DOWN),
                    xasprintf("cannot enter the network namespace %s: %s",
                              o->netns_path ? o->netns_path : "", why));
        free(why);
    }
}

/* ## In the control thread. ## */

static void
opening_free(struct opening *o)
{
    trouble_clear(&o->trouble);
    free(o->opened.key);
    free(o->netns_path);
    free(o->ifname);
    free(o->filter);
    free(o);
}

static void
opening_discard(struct task *task)
{
    struct opening *o = CONTAINER_OF(task, struct opening, task);

    capture_view_destroy(o->opened.view);
    capture_close(o->opened.capture);
    opening_free(o);
}

struct opening *
opening_start(struct task_pool *pool, const struct plan_tap *tap)
{
    const struct plan_source *spec = &tap->source;
    struct opening *o = xzalloc(sizeof *o);

    o->task.run = opening_run;
    o->task.discard = opening_discard;
    o->netns_path = nullable_xstrdup(spec->netns_path);
    o->netns = spec->netns;
    o->ifname = xstrdup(spec->ifname);
    o->ifindex = spec->ifindex;
    o->ring = spec->ring;
    o->filter = nullable_xstrdup(spec->filter);
    o->wants = eview_conf(spec);
    o->wants.filter = o->filter;
    o->opened.key = eview_key(tap);
    task_start(pool, &o->task);
    return o;
}

bool
opening_finish(struct task_pool *pool, struct opening *o,
               struct opened *opened, struct trouble *why)
{
    if (!task_is_done(pool, &o->task)) {
        return false;
    }
    *why = o->trouble;
    *opened = o->opened;
    memset(&o->trouble, 0, sizeof o->trouble);
    memset(&o->opened, 0, sizeof o->opened);
    opening_free(o);
    return true;
}

void
opening_abandon(struct task_pool *pool, struct opening *o)
{
    if (o) {
        task_abandon(pool, &o->task);
    }
}
