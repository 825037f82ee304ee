/* wake.h -- when the engine's control side has something to do.
 *
 * For three causes: a thread reported something, something was changed by a
 * call, or a time has come.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_WAKE_H
#define OVSPAN_ENGINE_WAKE_H 1

#include <stdbool.h>
#include <stdint.h>

struct seq;

struct wake {
    struct seq *reports;        /* Changed by workers and tasks. */
    uint64_t seen;              /* Of 'reports'. */
    bool at_once;               /* Something is to be looked at. */
    long long int next;         /* time_msec(); LLONG_MAX: none. */
};
void wake_init(struct wake *);
void wake_uninit(struct wake *);

void wake_at_once(struct wake *);
void wake_at(struct wake *, long long int when);

/* True if there is something to do, which is the caller's to do now. */
bool wake_take(struct wake *, long long int now);
/* Makes poll_block() return when there is. */
void wake_wait(const struct wake *);

#endif /* engine/wake.h */
