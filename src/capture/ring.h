/* ring.h -- a ring of frames that the kernel shares with us, TPACKET_V3.
 *
 * A packet socket and its memory, in blocks.  The kernel fills a block with
 * frames and gives it to us when it is full or a while has passed; we walk its
 * frames and give it back.  In front of each frame is what the kernel knows of
 * it, and, directly before its first byte, a virtio_net_hdr: with it the
 * kernel says which frames are super-frames, and where they will be cut.
 *
 * Used by capture-ring.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_RING_H
#define OVSPAN_CAPTURE_RING_H 1

#include <linux/if_packet.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    int fd;                     /* The socket; -1: not open. */
    uint8_t *map;               /* Its blocks. */
    size_t size;                /* Bytes of them. */
    uint32_t block;             /* The one that is read, or comes next. */
    uint32_t n_left;            /* Frames of it that were not read. */
    uint8_t *next;              /* The first of these. */
};

/* Opens a socket that no frames come to yet, with a ring of about 'size'
 * bytes.  0, or an errno and in '*what' what was refused. */
int ring_open(struct ring *, size_t size, const char **what);
/* Of one that is not open, too. */
void ring_close(struct ring *);

/* Makes 'next' and 'n_left' those of a block with frames if there is one to be
 * read, the one that was begun or the one that comes next; else false. */
bool ring_has_frames(struct ring *);

/* Passes over the frame at 'next'. */
static inline void
ring_advance(struct ring *ring)
{
    ring->next += ((struct tpacket3_hdr *) ring->next)->tp_next_offset;
    ring->n_left--;
}

/* Gives the block back, whose frames are all read. */
void ring_give_back(struct ring *);
/* True if the kernel has frames in the block that comes next, which it will
 * give to us without anybody's doing. */
bool ring_is_filling(const struct ring *);

/* What the kernel says of the frame at 'h'. */
static inline const struct sockaddr_ll *
ring_address(const struct tpacket3_hdr *h)
{
    return (const struct sockaddr_ll *) ((const uint8_t *) h
                                         + TPACKET_ALIGN(sizeof *h));
}

#endif /* capture/ring.h */
