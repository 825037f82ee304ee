/* backoff.h -- when to try again what failed: 1, 2, 4, ... 30 s after each
 * failure.
 *
 * Pure: times are time_msec() as the caller has it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_BACKOFF_H
#define OVSPAN_ENGINE_BACKOFF_H 1

#include <stdbool.h>

struct backoff {
    long long int delay;        /* ms; 0: has not failed. */
    long long int last;         /* Time of the last attempt. */
    long long int next;         /* Of the next one; LLONG_MAX: none. */
};
void backoff_init(struct backoff *);
void backoff_failed(struct backoff *, long long int now, bool may_retry);
/* A changed plan is a reason to try at once, but not for each of a storm. */
void backoff_hurry(struct backoff *, long long int now);

#endif /* engine/backoff.h */
