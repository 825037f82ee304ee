/* ng-interface.h -- what a pcapng file says of an interface.
 *
 * Below capture-ng.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_NG_INTERFACE_H
#define OVSPAN_CAPTURE_NG_INTERFACE_H 1

#include "capture/ng-block.h"

struct ng_interface {
    int link;                   /* DLT_*. */
    bool known;                 /* One that is understood. */
    uint32_t way_ofs;           /* See capture_link_way_ofs(). */
    uint32_t snaplen;           /* Of simple packets; 0: whole ones. */
    uint8_t resolution;         /* As the option says. */
    bool has_ns;                /* It is finer than microseconds. */
    int64_t offset;             /* Seconds to be added to each time. */
    uint8_t fcs;                /* Octets at the end of each frame. */
};

/* Reads the body of an interface's block. */
enum ng_result ng_interface_read(struct ng_blocks *, struct ng_interface *);

/* What 'ticks' of a packet mean: microseconds since the epoch, and
 * nanoseconds beyond that in '*ns'. */
uint64_t ng_interface_time(const struct ng_interface *, uint64_t ticks,
                           uint16_t *ns);

#endif /* capture/ng-interface.h */
