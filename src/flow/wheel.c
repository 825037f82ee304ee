/* wheel.c -- when to look at which flow.
 *
 * Called by table.c.  Lists are doubly linked by the numbers of entries; the
 * 'prev' of a list's first entry is HEAD plus the number of the list, so that
 * an entry can be taken out without a search.
 *
 * Invariant: the entries of the wheel lie in ticks tick + 1 to
 * tick + FTAB_WHEEL - 1; a list never holds two turns.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/wheel.h"

#include "base/ovs.h"

#define HEAD UINT32_C(0x80000000)

/* How far a clock may be set back before the wheel follows it. */
enum { BACK_TICKS = 4 };

static int64_t
tick_of(uint64_t time_us)
{
    return time_us >> FTAB_TICK_BITS;
}

static uint32_t *
head_of(struct ftab_wheel *wheel, int64_t tick)
{
    return &wheel->heads[tick & (FTAB_WHEEL - 1)];
}

void
ftab_wheel_init(struct ftab_wheel *wheel)
{
    wheel->started = false;
    wheel->tick = 0;
    memset(wheel->heads, 0xff, sizeof wheel->heads);
}

void
ftab_wheel_start(struct ftab_wheel *wheel, uint64_t time_us)
{
    if (!wheel->started) {
        wheel->started = true;
        wheel->tick = tick_of(time_us) - 1;
    }
}

void
ftab_wheel_put(struct ftab_wheel *wheel, const struct ftab_pool *pool,
               uint32_t i, uint64_t due_us)
{
    int64_t tick = tick_of(due_us);
    tick = MAX(tick, wheel->tick + 1);
    tick = MIN(tick, wheel->tick + FTAB_WHEEL - 1);

    uint32_t *head = head_of(wheel, tick);
    struct ftab_entry *e = ftab_pool_entry(pool, i);
    e->prev = HEAD + (head - wheel->heads);
    e->next = *head;
    if (*head != FTAB_NONE) {
        ftab_pool_entry(pool, *head)->prev = i;
    }
    *head = i;
}

void
ftab_wheel_remove(struct ftab_wheel *wheel, const struct ftab_pool *pool,
                  uint32_t i)
{
    struct ftab_entry *e = ftab_pool_entry(pool, i);

    if (e->prev & HEAD) {
        wheel->heads[e->prev - HEAD] = e->next;
    } else {
        ftab_pool_entry(pool, e->prev)->next = e->next;
    }
    if (e->next != FTAB_NONE) {
        ftab_pool_entry(pool, e->next)->prev = e->prev;
    }
}

uint32_t
ftab_wheel_next(struct ftab_wheel *wheel, uint64_t now_us)
{
    int64_t now = tick_of(now_us);
    ftab_wheel_start(wheel, now_us);

    /* After a leap of the clock, forth or back, look at everything once. */
    if (now > wheel->tick + FTAB_WHEEL || now + BACK_TICKS < wheel->tick) {
        wheel->tick = now - FTAB_WHEEL;
    }
    while (wheel->tick + 1 < now) {
        uint32_t i = *head_of(wheel, wheel->tick + 1);
        if (i != FTAB_NONE) {
            return i;
        }
        wheel->tick++;
    }
    return FTAB_NONE;
}

uint64_t
ftab_wheel_next_us(const struct ftab_wheel *wheel)
{
    return (uint64_t) (wheel->tick + 2) << FTAB_TICK_BITS;
}
