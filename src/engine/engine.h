/* engine.h -- the packet half as the control half sees it.
 *
 * Workers, each a thread: capture -> packet -> flow -> export -> collector.
 * The control thread starts and stops taps and reads their counters; it shares
 * no lock with the packets' path.
 *
 * Placement: a stream is what shares one sequence, by (type, collector,
 * source, session or engine); it lives on one worker, and so does every tap
 * that feeds it.  A source is one open socket, by interface on a worker; taps
 * at one point on one worker share it, of whatever capture.  A view is what
 * one filter, direction and length lets through of it.
 *
 * Own traffic: every worker knows every stream's addresses before its first
 * datagram leaves, and drops such packets from what it captures.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_ENGINE_H
#define OVSPAN_ENGINE_ENGINE_H 1

#include "plan/plan.h"

struct engine;

struct engine *engine_create(unsigned int n_workers);
/* Stops every tap, exports what is in memory. */
void engine_destroy(struct engine *);

/* Makes the taps that run be those of 'plan' with 'run' set and a source to
 * capture at: stops what is not wanted or changed (its flows are exported),
 * then starts what is new.  Copies what it needs of the plan. */
void engine_set_plan(struct engine *, const struct plan *);

/* Takes the workers' reports; retries what failed and may work now (with a
 * back-off).  Called each time round the loop. */
void engine_run(struct engine *, long long int now);
void engine_wait(struct engine *);
/* Increases when the state of any tap changed. */
uint64_t engine_seqno(const struct engine *);

struct engine_status {
    enum tap_state state;       /* TAP_PENDING, TAP_ACTIVE, TAP_FAILED. */
    enum tap_reason reason;
    const char *detail;         /* Lent until the next engine_run(). */
    struct tap_stats stats;
    enum tap_counted counted;   /* NONE: it has never run. */
};
/* False if no tap of that key is known. */
bool engine_get_status(const struct engine *, const char *key,
                       struct engine_status *);

/* Whether all capture files together have reached their bound: then nothing is
 * written to any. */
void engine_set_files_full(struct engine *, bool full);

/* True when no tap is on its way: every one that is wanted is active or has
 * failed, every other has sent its last and closed its sockets. */
bool engine_is_settled(const struct engine *);

#endif /* engine/engine.h */
