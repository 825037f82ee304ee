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

static uint32_t
mark_of(const uint8_t *data, size_t length)
{
    uint64_t mark = length;

    for (size_t i = 0; i < length; i += 8) {
        uint64_t word = 0;

        memcpy(&word, data + i, MIN(length - i, 8));
        mark = mix(mark ^ mark >> 32, word);
    }
    return mark >> 32 | 1;
}

/* As mark_of() of 8 octets. */
static inline uint32_t
mark_of_8(const uint8_t *data)
{
    uint64_t word;

    memcpy(&word, data, 8);
    return mix(8, word) >> 32 | 1;
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

void
crecent_add(struct crecent *r, const struct iovec *iov, size_t n_iov,
            uint32_t now_ms)
{
    uint32_t i = r->n++ % CRECENT_N;

    if (r->n_octets == 8 && iov->iov_len >= 8) {
        r->ring[i].mark = mark_of_8(iov->iov_base);
    } else {
        uint8_t start[CRECENT_MAX];
        size_t length = gather(iov, n_iov, r->n_octets, start);

        r->ring[i].mark = mark_of(start, length);
    }
    r->ring[i].ms = now_ms;
}

bool
crecent_has(const struct crecent *r, const void *quote, size_t length,
            uint32_t now_ms)
{
    uint32_t mark = mark_of(quote, MIN(length, r->n_octets));

    for (size_t i = 0; length && i < CRECENT_N; i++) {
        if (r->ring[i].mark == mark
            && now_ms - r->ring[i].ms < CRECENT_MS) {
            return true;
        }
    }
    return false;
}
