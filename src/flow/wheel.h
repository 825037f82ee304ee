/* wheel.h -- when to look at which flow.
 *
 * Used by table.c.  A wheel of lists, one for each tick of about a quarter of
 * a second.  A flow is put where it may be due and is not moved by packets:
 * when its tick comes, the table looks whether it really is due and puts it
 * back if it is not.  So a packet costs nothing here, and a flow is looked at
 * about once in an inactive timeout.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_WHEEL_H
#define OVSPAN_FLOW_WHEEL_H 1

#include "flow/entry.h"

enum {
    FTAB_TICK_BITS = 18,        /* A tick is 2**18 us: 262 ms. */
    FTAB_WHEEL = 1024,          /* Ticks: the wheel turns in 268 s; what is
                                 * due later is looked at once a turn. */
};

struct ftab_wheel {
    int64_t tick;               /* All up to this one were looked at. */
    bool started;               /* 'tick' means something. */
    uint32_t heads[FTAB_WHEEL]; /* By tick modulo; FTAB_NONE: empty. */
};

void ftab_wheel_init(struct ftab_wheel *);

/* Says what time it is; only the first call has an effect. */
void ftab_wheel_start(struct ftab_wheel *, uint64_t time_us);

/* Puts entry 'i', which is in no list, where it is looked at when 'due_us' is
 * past.  The wheel was started. */
void ftab_wheel_put(struct ftab_wheel *, const struct ftab_pool *,
                    uint32_t i, uint64_t due_us);
void ftab_wheel_remove(struct ftab_wheel *, const struct ftab_pool *,
                       uint32_t i);

/* Turns the wheel towards 'now_us'.  Returns an entry whose tick is past, or
 * FTAB_NONE when all were looked at; the caller removes it or puts it
 * elsewhere before the next call. */
uint32_t ftab_wheel_next(struct ftab_wheel *, uint64_t now_us);

/* When the next tick will be past. */
uint64_t ftab_wheel_next_us(const struct ftab_wheel *);

#endif /* flow/wheel.h */
