/* native.h -- the daemon's hand in Open vSwitch: carries out what a plan wants
 * of it, proves it, and tells how far it is.
 *
 * Remembers nothing that the databases could tell, but: since when a row is as
 * it should be, that somebody else took it away, and what the database
 * refused.  Forgetting that in a restart costs patience, not truth.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_NATIVE_H
#define OVSPAN_DAEMON_NATIVE_H 1

#include "engine/engine.h"
#include "plan/plan.h"

struct db;
struct native_hand;

struct native_hand *native_hand_create(void);
void native_hand_destroy(struct native_hand *);

/* Takes the steps that lead from 'have' to 'plan', unless one of before is
 * still on its way. */
void native_hand_run(struct native_hand *, struct db *, const struct plan *,
                     const struct have *);
void native_hand_wait(const struct native_hand *);

/* While the switch is not there, nothing is proved: every native has failed
 * for 'trouble', which is lent; NULL: it is there. */
void native_hand_set_trouble(struct native_hand *, const char *trouble);
/* What was proved has to be proved again. */
void native_hand_ask_again(struct native_hand *);

/* Increases when the state of any native changed. */
uint64_t native_hand_seqno(const struct native_hand *);
/* How far the native of a tap is. */
void native_hand_get_status(const struct native_hand *,
                            const struct plan_native *,
                            struct engine_status *);
/* Whether the mirror of a tap is made, which its statistics prove only later:
 * enough for who sees what comes. */
bool native_hand_is_made(const struct native_hand *,
                         const struct plan_native *);
/* True when nothing is on its way: every row is as it should be and the switch
 * has read it, or that has failed. */
bool native_hand_is_settled(const struct native_hand *);

#endif /* daemon/native.h */
