/* pace.c -- how many datagrams may leave now.  See pace.h.
 *
 * Called by collector-send.c.  Invariant: in any time t no more leave than a
 * burst and what the rate gives in t.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/pace.h"

#include "base/ovs.h"

enum {
    SECOND_US = 1000 * 1000,    /* And what a datagram costs. */
    FULL = CPACE_BURST * SECOND_US,
    STEP_US = 1000,
    MIN_STEP_US = 100,          /* Shorter waits cost more than they give. */
    MAX_STEP_US = SECOND_US / 10,
};

void
cpace_init(struct cpace *p, uint32_t rate)
{
    *p = (struct cpace) { .rate = rate, .credit = FULL };
}

uint64_t
cpace_step_us(const struct cpace *p)
{
    uint64_t rate = p->rate;

    if (!rate) {
        return STEP_US;
    }
    return (rate < SECOND_US / STEP_US ? MIN(SECOND_US / rate, MAX_STEP_US)
            : MAX(MIN(FULL / rate, STEP_US), MIN_STEP_US));
}

size_t
cpace_allow(struct cpace *p, uint64_t now_us)
{
    if (!p->rate) {
        return CPACE_BURST;
    }
    /* Whatever the rate, FULL fills it. */
    uint64_t most_us = p->dry ? cpace_step_us(p) : FULL;
    uint64_t passed_us = MIN(now_us - p->at_us, most_us);

    p->credit = MIN(p->credit + passed_us * p->rate, FULL);
    p->at_us = now_us;
    return p->credit / SECOND_US;
}

void
cpace_take(struct cpace *p, size_t n)
{
    p->credit -= MIN(p->credit, (uint64_t) n * SECOND_US);
    p->dry = p->credit < SECOND_US;
}
