/* cursor.h -- a place in a frame, and how far it may go.
 *
 * Used by the layers of pkt_parse() only.  Nothing else in this room does
 * pointer arithmetic: a layer asks for the bytes of its header, checks them
 * once, then moves on.  Invariant: ofs <= cap <= wire.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_CURSOR_H
#define OVSPAN_PACKET_CURSOR_H 1

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include "packet/packet.h"

/* For the function that has the cursor of a packet.  It is no buffer, nothing
 * is written through it, and a canary beside it would be 2 % of what a packet
 * costs. */
#ifdef __has_attribute
#if __has_attribute(no_stack_protector)
#define PKT_NO_CANARY __attribute__((no_stack_protector))
#endif
#endif
#ifndef PKT_NO_CANARY
#define PKT_NO_CANARY
#endif

struct pkt_cursor {
    const uint8_t *data;        /* The frame. */
    uint32_t ofs;               /* Of the next byte. */
    uint32_t cap;               /* End of what was captured. */
    uint32_t wire;              /* End of what was on the wire. */
    uint32_t n_encaps;          /* Encapsulations passed over. */
};

/* True if the next 'n' bytes were captured. */
static inline bool
pkt_cursor_has(const struct pkt_cursor *c, uint32_t n)
{
    return n <= c->cap - c->ofs;
}

/* Why the next 'n' bytes are not there: 'snapped' if the capture cut them off,
 * PKT_MALFORMED if they were not on the wire either. */
static inline enum pkt_verdict
pkt_cursor_lacks(const struct pkt_cursor *c, uint32_t n,
                 enum pkt_verdict snapped)
{
    return n <= c->wire - c->ofs ? snapped : PKT_MALFORMED;
}

static inline const uint8_t *
pkt_cursor_at(const struct pkt_cursor *c)
{
    return c->data + c->ofs;
}

/* Bytes from here to the end of the layer on the wire. */
static inline uint32_t
pkt_cursor_left(const struct pkt_cursor *c)
{
    return c->wire - c->ofs;
}

/* The layer that starts here has 'n' bytes, not more than there are on the
 * wire: what follows (padding) is none of its business. */
static inline void
pkt_cursor_bound(struct pkt_cursor *c, uint32_t n)
{
    c->wire = c->ofs + n;
    c->cap = c->cap < c->wire ? c->cap : c->wire;
}

static inline uint16_t
pkt_be16(const uint8_t *p)
{
    return p[0] << 8 | p[1];
}

static inline uint32_t
pkt_be32(const uint8_t *p)
{
    return (uint32_t) pkt_be16(p) << 16 | pkt_be16(p + 2);
}

#endif /* packet/cursor.h */
