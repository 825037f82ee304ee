/* queue.h -- datagrams that wait, in a ring of bytes.
 *
 * Private to the room: a collector copies datagrams into it whose sender
 * reuses its buffer.  Each is stored in one piece, so that the kernel reads it
 * where it lies.  Of bounded size; memory is taken with the first datagram and
 * used from the start again whenever the queue is empty.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_QUEUE_H
#define OVSPAN_EXPORT_QUEUE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct cqueue {
    uint8_t *buf;               /* NULL until the first push. */
    size_t size;                /* Bytes at 'buf'. */
    size_t head;                /* Where the oldest datagram starts. */
    size_t tail;                /* Where the next one goes. */
    size_t end;                 /* If wrapped, where the upper part ends. */
    size_t n;                   /* Datagrams. */
};

void cqueue_init(struct cqueue *, size_t size);
void cqueue_uninit(struct cqueue *);

/* Copies the bytes of 'iov' as one datagram; false if there is no room. */
bool cqueue_push(struct cqueue *, const struct iovec *iov, size_t n_iov);

/* Points 'out' at the oldest datagrams, at most 'max'; returns how many. */
size_t cqueue_peek(const struct cqueue *, struct iovec *out, size_t max);

/* Forgets the oldest 'n'. */
void cqueue_pop(struct cqueue *, size_t n);

#endif /* export/queue.h */
