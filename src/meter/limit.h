/* limit.h -- what a capture may send: packets and bits a second.
 *
 * Shared by the packet taps of one capture at one point.  A token bucket each,
 * filled by the time of the packets, so that what passes does not depend on
 * when they are looked at.  From the start, and over any time T after it, no
 * more passes than rate * T and the little that a bucket holds, a tenth of a
 * second's worth, and, of bits, one frame, which is taken on credit.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_METER_LIMIT_H
#define OVSPAN_METER_LIMIT_H 1

#include <stdbool.h>
#include <stdint.h>

struct mlimit_bucket {
    uint64_t rate;              /* A second; 0: no bound. */
    int64_t full;               /* Tokens that it holds, in millionths. */
    int64_t tokens;             /* Those that are there; negative: a debt. */
};

struct mlimit {
    struct mlimit_bucket packets, bits;
    uint64_t filled_us;         /* When it was filled last; 0: never. */
};

void mlimit_init(struct mlimit *, uint64_t max_pps, uint64_t max_bps);

static inline bool
mlimit_is_set(const struct mlimit *limit)
{
    return limit->packets.rate || limit->bits.rate;
}

/* True if a packet of 'bytes' may pass at 'time_us'. */
bool mlimit_take(struct mlimit *, uint64_t bytes, uint64_t time_us);

#endif /* meter/limit.h */
