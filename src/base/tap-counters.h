/* tap-counters.h -- the counters of a tap, by the names that users see.
 *
 * The packet half counts them, the control half publishes them as keys of
 * Tap.statistics, `ovspan replay` prints them.  Nothing else is here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_TAP_COUNTERS_H
#define OVSPAN_BASE_TAP_COUNTERS_H 1

#include <stdint.h>

#define TAP_COUNTERS                                                        \
    TAP_COUNTER(packets)        /* Seen at the point, after the filter. */  \
    TAP_COUNTER(bytes)          /* Of those, as long as on the wire. */     \
    TAP_COUNTER(sent_datagrams) /* Taken by the kernel. */                  \
    TAP_COUNTER(sent_bytes)     /* Of those, UDP or GRE payload. */         \
    TAP_COUNTER(flows)          /* Flow records exported. */                \
    TAP_COUNTER(evicted)        /* Of those, early, for lack of memory. */  \
    TAP_COUNTER(dropped_kernel) /* The ring was full. */                    \
    TAP_COUNTER(dropped_queue)  /* A queue of ours was full. */             \
    TAP_COUNTER(dropped_send)   /* The kernel refused a datagram. */        \
    TAP_COUNTER(dropped_limit)  /* Cut by max-pps or max-bps. */            \
    TAP_COUNTER(truncated)      /* Sent shorter than they were. */          \
    TAP_COUNTER(malformed)      /* Headers that lie. */                     \
    TAP_COUNTER(skipped)        /* What the protocol cannot carry. */

struct tap_stats {
#define TAP_COUNTER(NAME) uint64_t NAME;
    TAP_COUNTERS
#undef TAP_COUNTER
};

#endif /* base/tap-counters.h */
