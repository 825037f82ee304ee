/* recent.c -- the datagrams that were sent lately, as marks.  See recent.h.
 *
 * Called for each datagram that has left, and for each ICMP error.  Invariant:
 * a datagram has one mark, however it is cut into pieces.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/recent.h"

#include <string.h>
#include "base/ovs.h"

void
crecent_init(struct crecent *r, size_t n_octets)
{
    ovs_assert(n_octets >= 8 && n_octets <= CRECENT_MAX);
    memset(r, 0, sizeof *r);
    r->n_octets = n_octets;
}

/* The first bits of a product depend on all of its factors'. */
static inline uint64_t
mix(uint64_t mark, uint64_t word)
{
    return (mark ^ word) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t
mark_of(const uint8_t *data, size_t length)
{
    uint64_t mark = length;
    uint64_t word;

    if (length == 8) {
        memcpy(&word, data, 8);
        return word;
    }
    for (size_t i = 0; i < length; i += 8) {
        word = 0;
        memcpy(&word, data + i, MIN(length - i, 8));
        mark = mix(mark ^ mark >> 32, word);
    }
    return mark;
}

/* Copies how a datagram begins; returns the length of that. */
static size_t
gather(const struct iovec *iov, size_t n_iov, size_t max, uint8_t *out)
{
    size_t length = 0;

    for (size_t i = 0; i < n_iov && length < max; i++) {
        size_t n = MIN(iov[i].iov_len, max - length);

        if (n) {
            memcpy(out + length, iov[i].iov_base, n);
            length += n;
        }
    }
    return length;
}

uint64_t
crecent_mark(const struct crecent *r, const struct iovec *iov, size_t n_iov)
{
    uint8_t start[CRECENT_MAX];
    size_t length = gather(iov, n_iov, r->n_octets, start);

    return mark_of(start, length);
}

bool
crecent_has(const struct crecent *r, const void *quote, size_t length,
            uint32_t now_ms)
{
    uint64_t mark = mark_of(quote, MIN(length, r->n_octets));

    for (size_t i = 0; length && i < MIN(r->n, CRECENT_N); i++) {
        if (r->marks[i] == mark && now_ms - r->ms[i] < CRECENT_MS) {
            return true;
        }
    }
    return false;
}
