/* sampler.c -- which packets of many are the sample.
 *
 * Called for each burst, by taps of packets and by tables of flows alike.  No
 * allocation.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/private.h"
#include "base/xorshift.h"

/* Any number: what is asked for is that the same packets are chosen again. */
#define SAMPLER_SEED UINT64_C(0x9e3779b97f4a7c15)

size_t
msampler_choose(struct msampler *sampler, const struct pkt *pkts, size_t n,
                uint32_t sampling, struct pkt *chosen)
{
    size_t n_chosen = 0;

    if (!sampler->random) {
        sampler->random = SAMPLER_SEED;
        sampler->target = xorshift_below(&sampler->random, sampling);
    }
    for (size_t i = 0; i < n; i++) {
        if (sampler->position == sampler->target) {
            chosen[n_chosen++] = pkts[i];
        }
        if (++sampler->position == sampling) {
            sampler->position = 0;
            sampler->target = xorshift_below(&sampler->random, sampling);
        }
    }
    return n_chosen;
}
