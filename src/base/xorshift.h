/* xorshift.h -- random numbers for choosing packets.
 *
 * Made by xorshift64* (S. Vigna, "An experimental exploration of Marsaglia's
 * xorshift generators, scrambled").  The same start gives the same numbers.
 * Who knows some can tell the rest: for what must only be free of the patterns
 * of traffic.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_XORSHIFT_H
#define OVSPAN_BASE_XORSHIFT_H 1

#include <stdint.h>

/* A number from 0 to 'n' - 1, 'n' at most 2^32, each as likely to within
 * n / 2^32.  '*state', the generator, must not be 0. */
static inline uint64_t
xorshift_below(uint64_t *state, uint64_t n)
{
    uint64_t x = *state;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return ((x * UINT64_C(0x2545f4914f6cdd1d) >> 32) * n) >> 32;
}

#endif /* base/xorshift.h */
