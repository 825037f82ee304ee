/* limit.c -- what a capture may send: packets and bits a second.
 *
 * Called for each packet of packet taps whose capture has a limit.  See
 * limit.h.  Invariant: a packet takes of both buckets or of none.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/limit.h"
#include "base/ovs.h"

enum {
    MILLION = 1000 * 1000,
    DEPTH_US = 100 * 1000,      /* What a bucket holds, in time. */
};

/* Rates above are no bound for any link there is, and would overflow. */
#define MAX_RATE (INT64_MAX / MILLION / 4)

static void
bucket_init(struct mlimit_bucket *b, uint64_t rate)
{
    b->rate = MIN(rate, MAX_RATE);
    b->full = MAX(b->rate * DEPTH_US, MILLION);
    b->tokens = 0;
}

static void
bucket_fill(struct mlimit_bucket *b, uint64_t us)
{
    uint64_t more = MIN(us, MILLION) * b->rate;

    b->tokens = MIN(b->full, b->tokens + (int64_t) more);
    if (us > MILLION) {
        /* A debt may take longer to pay. */
        more = MIN((us - MILLION) / MILLION, INT32_MAX);
        for (; more && b->tokens < b->full; more--) {
            b->tokens = MIN(b->full,
                            b->tokens + (int64_t) b->rate * MILLION);
        }
    }
}

/* Whole packets, but bits on credit: a frame may be more than the bucket ever
 * holds, and the rate is to be reached. */
static bool
may_pass(const struct mlimit *limit)
{
    return ((!limit->packets.rate || limit->packets.tokens >= MILLION)
            && (!limit->bits.rate || limit->bits.tokens > 0));
}

static void
bucket_take(struct mlimit_bucket *b, uint64_t n)
{
    b->tokens -= n * MILLION;
}

void
mlimit_init(struct mlimit *limit, uint64_t max_pps, uint64_t max_bps)
{
    bucket_init(&limit->packets, max_pps);
    bucket_init(&limit->bits, max_bps);
    limit->filled_us = 0;
}

/* The first packet ever passes: it starts the time. */
static void
fill(struct mlimit *limit, uint64_t time_us)
{
    if (!limit->filled_us) {
        limit->packets.tokens = MILLION;
        limit->bits.tokens = limit->bits.full;
    } else if (time_us > limit->filled_us) {
        bucket_fill(&limit->packets, time_us - limit->filled_us);
        bucket_fill(&limit->bits, time_us - limit->filled_us);
    } else if (limit->filled_us - time_us < MILLION) {
        return;                 /* Out of order: nothing to fill. */
    }
    limit->filled_us = MAX(time_us, 1);
}

bool
mlimit_take(struct mlimit *limit, uint64_t bytes, uint64_t time_us)
{
    fill(limit, time_us);
    if (!may_pass(limit)) {
        return false;
    }
    bucket_take(&limit->packets, 1);
    bucket_take(&limit->bits, bytes * 8);
    return true;
}
