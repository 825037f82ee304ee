/* engine-view.c -- what is wanted of an open capture.
 *
 * A view is a filter, a direction and a length; taps that agree in them share
 * it.  When views come and go, the kernel's filter is changed in one step, so
 * that those that stay lose nothing, and the worker is told whether frames may
 * be in the ring that a view does not want.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-source.h"
#include <stdlib.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(engine_view);

/* Lets in what the source's views want.  '*judges' is set where that is more
 * than one of them wants. */
static enum capture_error
set_views(const struct engine_source *source, bool *judges, char **detail)
{
    size_t n = ovs_list_size(&source->views), i = 0;
    struct capture_view **wants = xcalloc(MAX(n, 1), sizeof *wants);
    enum capture_error error;
    struct engine_view *view;
    bool is_exact;

    LIST_FOR_EACH (view, node, &source->views) {
        wants[i++] = view->wants;
    }
    error = capture_set_views(source->opened.capture, wants, n, &is_exact,
                              detail);
    *judges = n > 1 || !is_exact;
    free(wants);
    return error;
}

static struct engine_view *
eview_find(const struct engine_source *source, const char *key)
{
    struct engine_view *view;

    LIST_FOR_EACH (view, node, &source->views) {
        if (!strcmp(view->key, key)) {
            return view;
        }
    }
    return NULL;
}

/* Makes what the kernel and the worker need of 'view', and lets it in: the
 * first one, mostly, was when the source was opened. */
static enum capture_error
let_in(struct engine_source *source, struct engine_view *view, bool *judges,
       char **detail)
{
    struct opened *opened = &source->opened;
    bool is_first = ovs_list_is_empty(&source->views);

    ovs_list_push_back(&source->views, &view->node);
    if (view->wants == opened->view) {
        opened->view = NULL;
        if (is_first) {
            *judges = !opened->is_exact;
            return CAPTURE_OK;
        }
    }
    return set_views(source, judges, detail);
}

/* True once it is known what a tap wants, in '*wants', which is the caller's
 * unless it is what the source was opened with; or NULL, and why not. */
static bool
find_wants(struct task_pool *pool, struct engine_source *source,
           const struct plan_tap *tap, const char *key,
           struct capture_view **wants, struct trouble *why)
{
    const struct opened *opened = &source->opened;

    if (opened->view && !strcmp(opened->key, key)) {
        *wants = opened->view;
        return true;
    }
    return compiling_finish(pool, source, tap, key, wants, why);
}

/* Takes 'key' and 'wants'. */
static struct engine_view *
eview_create(struct engine_source *source, char *key,
             struct capture_view *wants, struct trouble *why)
{
    struct engine_view *view = xzalloc(sizeof *view);
    enum capture_error error;
    char *detail = NULL;
    bool judges = false;

    view->key = key;
    view->wants = wants;
    error = let_in(source, view, &judges, &detail);
    if (error) {
        trouble_set(why, trouble_of_capture(error), detail);
        ovs_list_remove(&view->node);
        capture_view_destroy(view->wants);
        free(view->key);
        free(view);
        return NULL;
    }
    view->wview = wview_create(source->wsource, view->wants);
    worker_add_view(source->worker, view->wview, judges);
    return view;
}

struct engine_view *
eview_ref(struct task_pool *pool, struct engine_source *source,
          const struct plan_tap *tap, struct trouble *why)
{
    char *key = eview_key(tap);
    struct engine_view *view = eview_find(source, key);
    struct capture_view *wants = NULL;

    if (!view && find_wants(pool, source, tap, key, &wants, why) && wants) {
        view = eview_create(source, key, wants, why);
    } else {
        free(key);
    }
    if (view) {
        view->n_taps++;
    }
    return view;
}

static void
eview_forget(struct engine_view *view)
{
    ovs_list_remove(&view->node);
    free(view->key);
    free(view);
}

void
eview_unref(struct engine_source *source, struct engine_view *view)
{
    struct wview *wview = view->wview;
    bool judges = true;

    if (--view->n_taps) {
        return;
    }
    eview_forget(view);
    /* The last one's filter stays until another view comes: nobody looks. */
    if (!ovs_list_is_empty(&source->views)) {
        char *detail = NULL;

        if (set_views(source, &judges, &detail)) {
            VLOG_WARN("%s; more than is wanted is looked at", detail);
            judges = true;
        }
        free(detail);
    }
    worker_remove_view(source->worker, wview, judges);
}

void
eview_forget_all(struct engine_source *source)
{
    struct engine_view *view;

    LIST_FOR_EACH_SAFE (view, node, &source->views) {
        eview_forget(view);
    }
}
