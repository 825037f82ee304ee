/* engine-tap.h -- the control side of one tap.
 *
 * See engine-tap.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_TAP_H
#define OVSPAN_ENGINE_ENGINE_TAP_H 1

#include "base/ovs.h"
#include "engine/engine.h"
#include "engine/trouble.h"
#include "plan/plan.h"

struct engine;
struct engine_source;
struct engine_stream;
struct engine_view;
struct wtap;

struct engine_tap {
    struct hmap_node node;      /* In engine's 'taps', by 'plan.key'. */
    struct plan_tap plan;       /* Ours; 'spec' too. */
    bool wanted;                /* By the plan at hand. */
    struct engine_stream *stream;
    struct engine_source *source;
    struct engine_view *view;   /* While it is started. */
    struct wtap *wtap;          /* NULL: not started. */
    struct wtap *last_wtap;     /* The one before, for its counters. */
    struct tap_stats base;      /* Of those before that one. */
    uint64_t ticket;            /* Of its start. */
    long long int next_poll;    /* When its interface's counters are due. */
    struct trouble trouble;     /* Of itself: no such exporter. */
    const char *note;           /* To say while it is active, or NULL. */

    enum tap_state state;       /* As reported last. */
    enum tap_reason reason;
    char *detail;               /* Never NULL. */
};

/* Makes a tap of the engine and what it needs of streams and sources. */
struct engine_tap *etap_create(struct engine *, const struct plan_tap *);
void etap_stop(struct engine_tap *);
/* Of a tap that is not in the engine's hmap any more. */
void etap_destroy(struct engine *, struct engine_tap *);
void etap_run(struct engine *, struct engine_tap *, long long int now);
void etap_update_state(struct engine *, struct engine_tap *);
void etap_get_status(const struct engine_tap *, struct engine_status *);

/* engine-poll.c */
void engine_poll_counters(struct engine *, long long int now);

#endif /* engine/engine-tap.h */
