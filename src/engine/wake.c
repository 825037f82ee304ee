/* wake.c -- when the engine's control side has something to do.  See wake.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/wake.h"
#include <limits.h>
#include "base/ovs.h"

void
wake_init(struct wake *wake)
{
    wake->reports = seq_create();
    wake->seen = seq_read(wake->reports);
    wake->at_once = false;
    wake->next = LLONG_MAX;
}

void
wake_uninit(struct wake *wake)
{
    seq_destroy(wake->reports);
}

void
wake_at_once(struct wake *wake)
{
    wake->at_once = true;
}

void
wake_at(struct wake *wake, long long int when)
{
    wake->next = MIN(wake->next, when);
}

bool
wake_take(struct wake *wake, long long int now)
{
    uint64_t seen = seq_read(wake->reports);

    if (seen == wake->seen && !wake->at_once && now < wake->next) {
        return false;
    }
    wake->seen = seen;
    wake->at_once = false;
    wake->next = LLONG_MAX;
    return true;
}

void
wake_wait(const struct wake *wake)
{
    seq_wait(wake->reports, wake->seen);
    if (wake->at_once) {
        poll_immediate_wake();
    } else if (wake->next != LLONG_MAX) {
        poll_timer_wait_until(wake->next);
    }
}
