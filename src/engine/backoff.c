/* backoff.c -- when to try again what failed.  See backoff.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/backoff.h"
#include <limits.h>
#include "base/ovs.h"

enum {
    BACKOFF_MIN_MS = 1000,
    BACKOFF_MAX_MS = 30 * 1000,
    HURRY_MS = 250,             /* Least time between two attempts. */
};

void
backoff_init(struct backoff *b)
{
    b->delay = 0;
    b->last = LLONG_MIN / 2;
    b->next = LLONG_MIN;
}

void
backoff_failed(struct backoff *b, long long int now, bool may_retry)
{
    b->delay = (b->delay ? MIN(2 * b->delay, BACKOFF_MAX_MS)
                         : BACKOFF_MIN_MS);
    b->last = now;
    b->next = may_retry ? now + b->delay : LLONG_MAX;
}

void
backoff_hurry(struct backoff *b, long long int now)
{
    if (b->next != LLONG_MAX && b->delay) {
        b->next = MIN(b->next, MAX(now, b->last + HURRY_MS));
    }
}
