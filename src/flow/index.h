/* index.h -- from a hash to the number of an entry: open addressing.
 *
 * Used by table.c.  Slots of 8 bytes, probed one after the other, so that a
 * look-up mostly touches one cache line; removal shifts back what follows, so
 * that there are no tombstones.  A slot's place is the upper bits of its hash:
 * doubling goes through memory in order.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_INDEX_H
#define OVSPAN_FLOW_INDEX_H 1

#include <stddef.h>
#include <stdint.h>
#include "flow/entry.h"

struct ftab_slot {
    uint32_t hash;              /* Of the key. */
    uint32_t entry;             /* FTAB_NONE: empty. */
};

struct ftab_index {
    struct ftab_slot *slots;    /* 'mask' + 1 of them. */
    uint32_t mask;              /* A power of two less 1. */
    uint32_t shift;             /* From a hash to its place. */
    uint32_t n;                 /* Slots in use. */
    uint32_t fill;              /* Of 16 slots, as many may be in use. */
};

void ftab_index_init(struct ftab_index *, uint32_t fill);
void ftab_index_uninit(struct ftab_index *);
void ftab_index_clear(struct ftab_index *);     /* Keeps the memory. */
void ftab_index_insert(struct ftab_index *, uint32_t hash, uint32_t entry);
void ftab_index_remove(struct ftab_index *, uint32_t hash, uint32_t entry);
size_t ftab_index_memory(const struct ftab_index *);

/* Where the probing for 'hash' starts; ftab_index_next() goes on.  Ends at an
 * empty slot: there always is one. */
static inline uint32_t
ftab_index_home(const struct ftab_index *index, uint32_t hash)
{
    return hash >> index->shift;
}

static inline uint32_t
ftab_index_next(const struct ftab_index *index, uint32_t i)
{
    return (i + 1) & index->mask;
}

#endif /* flow/index.h */
