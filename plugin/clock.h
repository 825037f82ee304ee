/* clock.h -- which times NetFlow 5 and 9 can say, relative to a boot.
 *
 * Their records have times in milliseconds since boot, in 32 bits (49.7 days)
 * that wrap.  A header says how long ago boot was at which instant, so a
 * collector knows boot of each datagram by itself.  A record that is from
 * before boot, as where captures were appended to one another, or from after
 * the wrap gets a datagram with another boot; and a header's instant is near
 * enough to all of its records.
 *
 * Pure.  For netflow5.c and templates.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_CLOCK_H
#define OVSPAN_PLUGIN_CLOCK_H 1

#include <stdbool.h>
#include "flow/record.h"

/* Of what 32 bits hold, less two seconds in which an instant may be rounded
 * up. */
#define PLUGIN_CLOCK_RANGE_US ((UINT64_C(1) << 32) * 1000 - 2 * 1000000)
/* Boot is so long before the first record, since others may be older. */
#define PLUGIN_CLOCK_BEFORE_US (3600 * UINT64_C(1000000))

/* A header's instant has 32 bits, of seconds: up to 2106. */
static inline bool
plugin_clock_can_say(const struct frec *r)
{
    return (r->last_us / 1000000 < UINT32_MAX
            && r->last_us - r->first_us < PLUGIN_CLOCK_RANGE_US);
}

/* The boot of a datagram that begins at 'first_us', at a whole millisecond. */
static inline uint64_t
plugin_clock_boot(uint64_t first_us)
{
    uint64_t boot_us = (first_us < PLUGIN_CLOCK_BEFORE_US ? 0
                        : first_us - PLUGIN_CLOCK_BEFORE_US);

    return boot_us - boot_us % 1000;
}

/* What a datagram's records have in common. */
struct plugin_clock_span {
    uint64_t first_us, last_us; /* Of all packets. */
};

static inline void
plugin_clock_add(struct plugin_clock_span *span, const struct frec *r,
                 bool is_first)
{
    if (is_first || r->first_us < span->first_us) {
        span->first_us = r->first_us;
    }
    if (is_first || r->last_us > span->last_us) {
        span->last_us = r->last_us;
    }
}

/* True if 'r' can join a datagram of this boot, whose records span '*span'
 * unless it is the first. */
static inline bool
plugin_clock_fits(uint64_t boot_us, const struct plugin_clock_span *span,
                  const struct frec *r, bool is_first)
{
    struct plugin_clock_span all = *span;

    plugin_clock_add(&all, r, is_first);
    return r->first_us >= boot_us
           && r->first_us - boot_us < PLUGIN_CLOCK_RANGE_US
           && all.last_us - all.first_us < PLUGIN_CLOCK_RANGE_US;
}

/* The instant of a header: 'latest_us', so that headers do not go back, unless
 * that is too long after the datagram's first packet; then that of its last
 * one. */
static inline uint64_t
plugin_clock_instant(const struct plugin_clock_span *span, uint64_t latest_us)
{
    return (latest_us - span->first_us < PLUGIN_CLOCK_RANGE_US ? latest_us
            : span->last_us);
}

#endif /* plugin/clock.h */
