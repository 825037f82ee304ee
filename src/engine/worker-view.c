/* worker-view.c -- what one filter and direction lets through of a source.
 *
 * Runs in the worker's thread.  Where a source has one view, the kernel lets
 * in what that wants and nothing is looked at again; where it has several, or
 * had others when a frame was let in, each judges each frame.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-private.h"

/* How much older than a change a frame may be dated that was let in after it:
 * the clock is adjusted now and then. */
enum { CLOCK_SLACK_US = 1000 * 1000 };

struct wview *
wview_create(struct wsource *source, struct capture_view *wants)
{
    struct wview *view = xzalloc(sizeof *view);

    view->source = source;
    view->wants = wants;
    meter_init(&view->meter);
    ovs_list_init(&view->taps);
    ovs_list_init(&view->limits);
    return view;
}

/* What lies in the ring was let in for other views. */
static void
set_judges(struct worker *w, struct wsource *source, bool judges)
{
    source->judges = judges;
    source->direction = CAPTURE_BOTH;
    if (source->had_views) {
        source->judges_before_us = w->now_us + CLOCK_SLACK_US;
    } else if (!judges) {
        const struct wview *only = CONTAINER_OF(
            ovs_list_front(&source->views), struct wview, node);

        source->direction = capture_view_direction(only->wants);
    }
    source->had_views = true;
}

void
wview_start(struct worker *w, struct wview *view, bool judges)
{
    ovs_list_push_back(&view->source->views, &view->node);
    set_judges(w, view->source, judges);
}

void
wview_destroy(struct worker *w, struct wview *view, bool judges)
{
    ovs_list_remove(&view->node);
    set_judges(w, view->source, judges);
    capture_view_destroy(view->wants);
    free(view);
}

/* ## Packets. ## */

/* Puts the packets that the view wants into the worker's 'view_pkts'. */
static size_t
choose(struct worker *w, const struct wview *view, size_t n)
{
    enum capture_direction wanted = capture_view_direction(view->wants);
    size_t n_chosen = 0;

    for (size_t i = 0; i < n; i++) {
        struct pkt *pkt = &w->view_pkts[n_chosen];

        if (!capture_view_match(view->wants, w->captured[i])) {
            continue;
        }
        *pkt = w->pkts[i];
        /* Of the loopback device, where each frame goes both ways. */
        if (wanted != CAPTURE_BOTH && w->captured[i]->direction != wanted) {
            w->view_frames[n_chosen] = *pkt->frame;
            w->view_frames[n_chosen].direction
                = wanted == CAPTURE_IN ? PKT_INGRESS : PKT_EGRESS;
            pkt->frame = &w->view_frames[n_chosen];
        }
        n_chosen++;
    }
    return n_chosen;
}

void
wview_burst(struct worker *w, struct wview *view, size_t n)
{
    const struct wsource *source = view->source;
    const struct pkt *pkts = w->pkts;

    if ((source->judges || w->pkts[0].frame->time_us
                           < source->judges_before_us)
        && !capture_view_takes_all(view->wants)) {
        n = choose(w, view, n);
        pkts = w->view_pkts;
    }
    if (n) {
        meter_burst(&view->meter, pkts, n, w->now_us);
    }
}
