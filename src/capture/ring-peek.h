/* ring-peek.h -- what the kernel says of a frame and libpcap does not pass on.
 *
 * Used by capture-live.c only.  See ring-peek.c for how and why it is safe.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_RING_PEEK_H
#define OVSPAN_CAPTURE_RING_PEEK_H 1

#include <stdbool.h>
#include <stdint.h>

/* Constants of one socket. */
struct ring_peek {
    uint32_t reserve;           /* PACKET_RESERVE. */
    uint32_t snaplen;           /* Where libpcap cuts. */
    int ifindex;
};

/* A frame as libpcap gave it. */
struct ring_frame {
    const uint8_t *data;
    uint32_t caplen;
    uint32_t len;
    uint32_t sec, nsec;
};

struct ring_info {
    bool outgoing;              /* Sent by the interface. */
    bool csum_partial;          /* Transport checksum not filled in yet. */
    bool last;                  /* Of its block: libpcap gives the block back
                                 * to the kernel once the callback returns. */
};

/* True if frames of the packet socket 'fd' lie in a ring of the version that
 * ring_peek_frame() knows.  Fills '*peek'. */
bool ring_peek_init(struct ring_peek *peek, int fd, int ifindex,
                    uint32_t snaplen);

/* False, and '*info' untouched, if the kernel's header is not found where it
 * must be or says anything else than libpcap does. */
bool ring_peek_frame(const struct ring_peek *, const struct ring_frame *,
                     struct ring_info *info);

#endif /* capture/ring-peek.h */
