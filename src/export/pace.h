/* pace.h -- how many datagrams may leave now.
 *
 * Private to the room.  A bucket that fills at a rate and holds one burst, so
 * that in no time more leaves than a collector's socket has room for while its
 * process does not run.  Who empties it and comes back late for more gets no
 * more than in time: on a host that is busy the collector's process may be
 * late too.  Pure: the time is an argument.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_PACE_H
#define OVSPAN_EXPORT_PACE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Collectors commonly run with the system's default receive buffer, which
 * holds some 90 datagrams of 1500 bytes: twice a burst, and a rest. */
enum { CPACE_BURST = 32 };

struct cpace {
    uint32_t rate;              /* Datagrams a second; 0: no bound. */
    uint64_t at_us;             /* When 'credit' was counted. */
    uint64_t credit;            /* In datagrams / 1000000. */
    bool dry;                   /* It was emptied. */
};

/* The bucket is full at first. */
void cpace_init(struct cpace *, uint32_t rate);

/* How many may leave at 'now_us', CPACE_BURST at most. */
size_t cpace_allow(struct cpace *, uint64_t now_us);
void cpace_take(struct cpace *, size_t n);      /* They have left. */

/* How long to wait before asking again, in us, at most 0.1 s. */
uint64_t cpace_step_us(const struct cpace *);

#endif /* export/pace.h */
