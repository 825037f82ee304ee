/* capture-burst.h -- the frames that a capture has gathered and not given yet.
 *
 * Below all kinds of captures: each adds frames here, and gives them to the
 * caller's callback when there is no more room, or before their bytes go.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_BURST_H
#define OVSPAN_CAPTURE_CAPTURE_BURST_H 1

#include "capture/capture.h"

enum {
    CAPTURE_SNAPLEN = 262144,   /* Whole frames: libpcap's own bound. */
    CAPTURE_ARENA = 2 * CAPTURE_SNAPLEN,
};

struct capture_burst {
    struct capture_frame frames[CAPTURE_BURST];
    size_t n;
    size_t size;                /* Bytes of them, of a file. */
    size_t n_given;             /* Frames, in this capture_run(). */
    capture_burst_cb *cb;
    void *aux;
};

/* Gives the frames gathered to the callback. */
void capture_burst_flush(struct capture_burst *);

/* Gives the burst if it is full or has no memory for a frame of 'caplen' more.
 * So where bursts of a file end depends on the frames alone and not on how
 * they are read: timers are run between them. */
static inline void
capture_burst_make_room(struct capture_burst *b, uint32_t caplen)
{
    if (b->n == CAPTURE_BURST || CAPTURE_ARENA - b->size < caplen) {
        capture_burst_flush(b);
    }
}

/* Adds a frame of a file, for which there is room, to the burst.  Returns it;
 * what is not given here is zero (of no direction). */
static inline struct capture_frame *
capture_burst_add(struct capture_burst *b, const uint8_t *data,
                  uint32_t caplen, uint32_t len, uint64_t time_us)
{
    struct capture_frame *f = &b->frames[b->n++];

    b->size += caplen;
    *f = (struct capture_frame) {
        .data = data,
        .caplen = caplen,
        .len = len > caplen ? len : caplen,
        .time_us = time_us,
    };
    return f;
}

/* Takes away the last 'n' octets that a frame has on the wire. */
static inline void
capture_frame_trim(struct capture_frame *f, uint32_t n)
{
    f->len -= f->len < n ? f->len : n;
    f->caplen = f->caplen < f->len ? f->caplen : f->len;
}

#endif /* capture/capture-burst.h */
