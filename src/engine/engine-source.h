/* engine-source.h -- the control side of an open capture, and of what is
 * wanted of it.
 *
 * See engine-source.c and engine-view.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_SOURCE_H
#define OVSPAN_ENGINE_ENGINE_SOURCE_H 1

#include "base/ovs.h"
#include "capture/capture.h"
#include "engine/backoff.h"
#include "engine/trouble.h"
#include "engine/worker.h"
#include "plan/plan.h"

struct engine;
struct opening;
struct task_pool;

/* What opening a source made. */
struct opened {
    struct capture *capture;    /* NULL: nothing. */
    char *key;                  /* Of the view that its tap wants... */
    struct capture_view *view;  /* ...which is let in; NULL: it is not. */
    bool is_exact;              /* See capture_set_views(). */
};

struct engine_source {
    struct hmap_node node;      /* In engine's 'sources', by 'place'. */
    char *place;                /* Worker, namespace, interface, wrap. */
    struct wrap wrap;           /* Is taken off of frames that have it. */
    size_t ring;                /* Bytes; 0: the default. */
    char *only;                 /* The one view that it can have, as its
                                 * frames cannot be judged; NULL: any. */
    struct worker *worker;
    size_t n_taps;
    struct opening *opening;    /* On its way; NULL: it is not. */
    struct wsource *wsource;    /* NULL: not open. */
    struct opened opened;       /* Likewise; the capture is the worker's, for
                                 * views only, and so is the view, once it is
                                 * taken. */
    struct ovs_list views;      /* struct engine_view. */
    struct ovs_list compiling;  /* struct compiling: views on their way. */
    struct trouble trouble;     /* Why not. */
    struct backoff backoff;
};

/* What one filter and direction lets through of a source. */
struct engine_view {
    struct ovs_list node;       /* In its source's 'views'. */
    char *key;
    size_t n_taps;
    struct capture_view *wants; /* The worker's: for the kernel's filter. */
    struct wview *wview;
};

/* engine-source.c */
struct engine_source *esource_find(struct engine *, const struct plan_tap *,
                                   const struct worker *);
struct engine_source *esource_ref(struct engine *, const struct plan_tap *,
                                  struct worker *);
void esource_unref(struct engine *, struct engine_source *);
/* Goes on with opening it, if it is not and may be, for a tap. */
void esource_open(struct engine *, struct engine_source *,
                  const struct plan_tap *, long long int now);
/* It turned out that it does not work: takes '*why'. */
void esource_fail(struct engine *, struct engine_source *, struct trouble *why,
                  long long int now);
/* Moves a tap to a source that can have its view. */
struct engine_source *esource_move(struct engine *, struct engine_source *,
                                   const struct plan_tap *);
bool esource_has_failed(struct engine_source *, enum tap_reason *,
                        const char **detail);
void esource_close(struct engine *, struct engine_source *);

/* engine-opening.c */
struct opening *opening_start(struct task_pool *, const struct plan_tap *);
/* False while it is on its way; else ends it, and stores what was opened,
 * which the caller owns then, or why nothing was. */
bool opening_finish(struct task_pool *, struct opening *, struct opened *,
                    struct trouble *why);
void opening_abandon(struct task_pool *, struct opening *);

/* engine-wants.c */
struct capture_view_conf eview_conf(const struct plan_source *);
char *eview_key(const struct plan_tap *);

/* engine-compiling.c: views of a source that is open, on their way. */
/* Starts to make the view of text 'key' that a tap wants, if nobody did.
 * False while it is on its way; else ends that, and stores the view, which the
 * caller owns then, or NULL and why there is none. */
bool compiling_finish(struct task_pool *, struct engine_source *,
                      const struct plan_tap *, const char *key,
                      struct capture_view **, struct trouble *why);
void compiling_abandon_all(struct task_pool *, struct engine_source *);

/* engine-view.c: views of a source that is open. */
/* Finds or makes a view.  NULL if it is still on its way, with 'why' left
 * alone, and on failure, with the reason stored in '*why'. */
struct engine_view *eview_ref(struct task_pool *, struct engine_source *,
                              const struct plan_tap *, struct trouble *why);
void eview_unref(struct engine_source *, struct engine_view *);
/* Of a source whose worker takes them away. */
void eview_forget_all(struct engine_source *);

#endif /* engine/engine-source.h */
