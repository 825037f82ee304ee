/* queue.c -- datagrams that wait, in a ring of bytes.  See queue.h.
 *
 * An entry is its length in 32 bits, then its bytes.  One that does not fit
 * above 'tail' goes to the start of the ring and 'end' remembers where the
 * upper part stops.
 *
 * Invariant: the ring is wrapped exactly when it is not empty and 'tail' is
 * not above 'head'.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/queue.h"

#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

enum { PREFIX_LEN = sizeof(uint32_t) };

void
cqueue_init(struct cqueue *q, size_t size)
{
    memset(q, 0, sizeof *q);
    q->size = size;
}

void
cqueue_uninit(struct cqueue *q)
{
    free(q->buf);
    cqueue_init(q, q->size);
}

static bool
is_wrapped(const struct cqueue *q)
{
    return q->n && q->tail <= q->head;
}

/* Makes 'tail' a place where 'need' bytes fit, or returns false. */
static bool
make_room(struct cqueue *q, size_t need)
{
    if (!q->n) {
        q->head = q->tail = 0;
    }
    if (is_wrapped(q)) {
        return q->head - q->tail >= need;
    }
    if (q->size - q->tail >= need) {
        return true;
    }
    if (q->n && q->head >= need) {
        q->end = q->tail;
        q->tail = 0;
        return true;
    }
    return false;
}

bool
cqueue_push(struct cqueue *q, const struct iovec *iov, size_t n_iov)
{
    uint32_t length = 0;

    for (size_t i = 0; i < n_iov; i++) {
        length += iov[i].iov_len;
    }
    if (!make_room(q, PREFIX_LEN + length)) {
        return false;
    }
    if (!q->buf) {
        q->buf = xmalloc(q->size);
    }

    uint8_t *p = q->buf + q->tail;
    memcpy(p, &length, PREFIX_LEN);
    p += PREFIX_LEN;
    for (size_t i = 0; i < n_iov; i++) {
        if (iov[i].iov_len) {
            memcpy(p, iov[i].iov_base, iov[i].iov_len);
            p += iov[i].iov_len;
        }
    }
    q->tail = p - q->buf;
    q->n++;
    return true;
}

static uint32_t
length_at(const struct cqueue *q, size_t ofs)
{
    uint32_t length;

    memcpy(&length, q->buf + ofs, PREFIX_LEN);
    return length;
}

size_t
cqueue_peek(const struct cqueue *q, struct iovec *out, size_t max)
{
    size_t n = MIN(max, q->n);
    size_t ofs = q->head;
    bool wrapped = is_wrapped(q);

    for (size_t i = 0; i < n; i++) {
        if (wrapped && ofs == q->end) {
            ofs = 0;
            wrapped = false;
        }
        out[i].iov_len = length_at(q, ofs);
        out[i].iov_base = q->buf + ofs + PREFIX_LEN;
        ofs += PREFIX_LEN + out[i].iov_len;
    }
    return n;
}

void
cqueue_pop(struct cqueue *q, size_t n)
{
    ovs_assert(n <= q->n);
    while (n--) {
        bool wrapped = is_wrapped(q);

        q->head += PREFIX_LEN + length_at(q, q->head);
        q->n--;
        if (wrapped && q->head == q->end) {
            q->head = 0;
        }
    }
}
