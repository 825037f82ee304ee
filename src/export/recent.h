/* recent.h -- the datagrams that were sent lately, as marks.
 *
 * Private to the room.  Who answers to a datagram by ICMP quotes how it
 * begins, which nobody can who has not seen it: times and sequences are in
 * there.  So a quote of what is not remembered is no answer to us.  Pure: the
 * time is an argument.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_RECENT_H
#define OVSPAN_EXPORT_RECENT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

enum {
    CRECENT_N = 1024,           /* That are remembered. */
    CRECENT_MS = 10 * 1000,     /* And how long: more than it takes a router
                                 * to find out that nobody is there. */
    CRECENT_MAX = 40,           /* Most octets that are looked at. */
};

struct crecent {
    size_t n_octets;            /* From the start, or as many as there are. */
    uint32_t n;                 /* Datagrams so far. */
    uint64_t marks[CRECENT_N];  /* Of the last ones. */
    uint32_t ms[CRECENT_N];     /* When they were sent. */
};

/* 'n_octets' from 8 to CRECENT_MAX, in steps of 4. */
void crecent_init(struct crecent *, size_t n_octets);
uint64_t crecent_mark(const struct crecent *, const struct iovec *,
                      size_t n_iov);

/* Of 8 octets the mark is these, for those of whom there are many. */
static inline void
crecent_add(struct crecent *r, const struct iovec *iov, size_t n_iov,
            uint32_t now_ms)
{
    uint32_t i = r->n++ % CRECENT_N;

    if (r->n_octets == 8 && iov->iov_len >= 8) {
        memcpy(&r->marks[i], iov->iov_base, 8);
    } else {
        r->marks[i] = crecent_mark(r, iov, n_iov);
    }
    r->ms[i] = now_ms;
}

/* 'quote': how a datagram begins. */
bool crecent_has(const struct crecent *, const void *quote, size_t length,
                 uint32_t now_ms);

#endif /* export/recent.h */
