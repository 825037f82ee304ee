/* when.h -- times as people say them.
 *
 * Pure but for the time zone: what time it is, is an argument.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_WHEN_H
#define OVSPAN_BASE_WHEN_H 1

#include <stdint.h>
#include "compiler.h"

struct ds;

/* Stores in '*ms' how long "10m", "1h30m", "90s" or "2d" is; a number alone is
 * refused.  NULL, or an error text that the caller frees. */
char *when_parse_duration(const char *, int64_t *ms) OVS_WARN_UNUSED_RESULT;

/* Stores in '*ms' the time, in ms since the epoch, that is said by "+10m" from
 * 'now' on, by "2026-12-01T08:00" (RFC 3339; seconds and zone may be left
 * out, without zone it is local time) or by ms since the epoch.  "0" is 0.
 * Refuses what is not after 'now', and seconds since the epoch.  NULL, or an
 * error text that the caller frees. */
char *when_parse(const char *, int64_t now, int64_t *ms)
    OVS_WARN_UNUSED_RESULT;

/* Puts "9 min 30 s": the two greatest units of 'ms'. */
void when_put_duration(struct ds *, int64_t ms);
/* Puts "2026-12-01 08:00:00 UTC"; nothing if no calendar has it. */
void when_put_date(struct ds *, int64_t ms);

#endif /* base/when.h */
