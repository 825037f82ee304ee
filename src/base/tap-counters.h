/* tap-counters.h -- the counters of a tap, by the names that users see.
 *
 * The packet half counts them, the control half publishes them as keys of
 * Tap.statistics, `ovspan replay` prints them.  Nothing else is here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_TAP_COUNTERS_H
#define OVSPAN_BASE_TAP_COUNTERS_H 1

#include <stdint.h>

/* What a frame is that no flow was made of, and what is said of it.  A name is
 * that of what could be told last: of the encapsulation that cannot be looked
 * into, or of what an encapsulation carries instead of IP.  packet/unread.c
 * tells which. */
#define SKIP_CAUSES(CAUSE)                                                  \
    CAUSE(ipv6, "IPv6, which the protocol does not know")                   \
    CAUSE(arp, "ARP or RARP")                                               \
    CAUSE(llc, "802.3 with LLC: spanning tree, IS-IS, CDP")                 \
    CAUSE(lldp, "LLDP")                                                     \
    CAUSE(slow, "LACP and other slow protocols")                            \
    CAUSE(eapol, "EAPOL")                                                   \
    CAUSE(cfm, "CFM")                                                       \
    CAUSE(ptp, "PTP")                                                       \
    CAUSE(fcoe, "FCoE")                                                     \
    CAUSE(roce, "RoCE, version 1")                                          \
    CAUSE(mpls, "MPLS with no IP inside")                                   \
    CAUSE(pppoe, "PPPoE with no IP inside, or its discovery")               \
    CAUSE(macsec, "MACsec, encrypted")                                      \
    CAUSE(fabricpath, "FabricPath with what is not known inside")           \
    CAUSE(cmd, "Cisco metadata of an unknown kind")                         \
    CAUSE(vntag, "VN-Tag with what is not known inside")                    \
    CAUSE(etag, "E-Tag with what is not known inside")                      \
    CAUSE(pbb, "PBB with what is not known inside")                         \
    CAUSE(trill, "TRILL of an unknown version, or its IS-IS")               \
    CAUSE(hsr, "HSR with what is not known inside, or its supervision")     \
    CAUSE(nsh, "NSH of an unknown kind")                                    \
    CAUSE(ppp, "PPP with no IP inside")                                     \
    CAUSE(wlan, "802.11: no data, encrypted, or aggregated")                \
    CAUSE(other, "of a type that has no name here")
#define SKIP_COUNTER(NAME, WHAT) TAP_COUNTER(skipped_##NAME)

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
    TAP_COUNTER(skipped)        /* What the protocol cannot carry. */       \
    SKIP_CAUSES(SKIP_COUNTER)   /* Of those, packets, by what they are. */

struct tap_stats {
#define TAP_COUNTER(NAME) uint64_t NAME;
    TAP_COUNTERS
#undef TAP_COUNTER
};

/* Which of them are numbers: what nobody counts is not zero. */
enum tap_counted {
    TAP_COUNTED_NONE,
    TAP_COUNTED_SEEN,           /* 'packets' and 'bytes'. */
    TAP_COUNTED_ALL,
};

#endif /* base/tap-counters.h */
