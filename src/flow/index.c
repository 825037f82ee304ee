/* index.c -- from a hash to the number of an entry: open addressing.
 *
 * Called by table.c when a flow begins or ends.  Invariant: between a slot's
 * home and the slot there is no empty one, and at most 'fill' of 16 slots are
 * used.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/index.h"

#include "base/ovs.h"
#include "flow/memory.h"

enum { MIN_BITS = 8 };

static void
allocate(struct ftab_index *index, uint32_t bits)
{
    index->mask = (UINT32_C(1) << bits) - 1;
    index->shift = 32 - bits;
    index->slots = ftab_alloc(ftab_index_memory(index));
    ftab_index_clear(index);
}

void
ftab_index_init(struct ftab_index *index, uint32_t fill)
{
    ovs_assert(fill < 16);
    index->fill = fill;
    allocate(index, MIN_BITS);
}

void
ftab_index_uninit(struct ftab_index *index)
{
    ftab_free(index->slots, ftab_index_memory(index));
}

void
ftab_index_clear(struct ftab_index *index)
{
    BUILD_ASSERT_DECL(FTAB_NONE == UINT32_MAX);
    memset(index->slots, 0xff, ftab_index_memory(index));
    index->n = 0;
}

size_t
ftab_index_memory(const struct ftab_index *index)
{
    return ((size_t) index->mask + 1) * sizeof *index->slots;
}

static void
insert__(struct ftab_index *index, struct ftab_slot slot)
{
    uint32_t i = ftab_index_home(index, slot.hash);

    while (index->slots[i].entry != FTAB_NONE) {
        i = ftab_index_next(index, i);
    }
    index->slots[i] = slot;
    index->n++;
}

static void
grow(struct ftab_index *index)
{
    struct ftab_index old = *index;

    allocate(index, 32 - old.shift + 1);
    for (size_t i = 0; i <= old.mask; i++) {
        if (old.slots[i].entry != FTAB_NONE) {
            insert__(index, old.slots[i]);
        }
    }
    ftab_index_uninit(&old);
}

void
ftab_index_insert(struct ftab_index *index, uint32_t hash, uint32_t entry)
{
    if (index->n >= (index->mask + UINT64_C(1)) / 16 * index->fill) {
        grow(index);
    }
    insert__(index, (struct ftab_slot) { hash, entry });
}

void
ftab_index_remove(struct ftab_index *index, uint32_t hash, uint32_t entry)
{
    struct ftab_slot *slots = index->slots;
    uint32_t hole = ftab_index_home(index, hash);

    while (slots[hole].entry != entry) {
        hole = ftab_index_next(index, hole);
    }

    /* A slot further on moves into the hole unless its home lies behind the
     * hole: it would be out of reach before it. */
    for (uint32_t i = ftab_index_next(index, hole);
         slots[i].entry != FTAB_NONE; i = ftab_index_next(index, i)) {
        uint32_t home = ftab_index_home(index, slots[i].hash);
        if (((i - home) & index->mask) >= ((i - hole) & index->mask)) {
            slots[hole] = slots[i];
            hole = i;
        }
    }
    slots[hole].entry = FTAB_NONE;
    index->n--;
}
