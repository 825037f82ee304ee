/* sum.h -- the Internet checksum (RFC 1071), in parts.
 *
 * Used by checksum.c and segmenter.c.  A sum is in the machine's byte order:
 * that of 16-bit words is the same in either, once folded and stored back.
 * Parts may be added in any order if each starts at an even offset of the
 * whole.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_SUM_H
#define OVSPAN_PACKET_SUM_H 1

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Adds 'n' bytes, to 2^32 of them. */
static inline uint64_t
pkt_sum(uint64_t sum, const uint8_t *p, size_t n)
{
    uint64_t other = 0;         /* Two chains of additions. */

    for (; n >= 16; p += 16, n -= 16) {
        uint32_t words[4];

        memcpy(words, p, sizeof words);
        sum += (uint64_t) words[0] + words[1];
        other += (uint64_t) words[2] + words[3];
    }
    sum += other;
    for (; n >= 2; p += 2, n -= 2) {
        uint16_t word;

        memcpy(&word, p, sizeof word);
        sum += word;
    }
    if (n) {
        uint16_t word = 0;

        memcpy(&word, p, 1);
        sum += word;
    }
    return sum;
}

static inline uint16_t
pkt_sum_fold(uint64_t sum)
{
    while (sum >> 16) {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    return sum;
}

/* Adds what is in a pseudo-header beside the addresses. */
static inline uint64_t
pkt_sum_pseudo(uint64_t sum, uint8_t protocol, uint32_t length)
{
    return sum + htonl(length) + htonl(protocol);
}

#endif /* packet/sum.h */
