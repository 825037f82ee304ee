/* pool.c -- memory for flows, in chunks.
 *
 * Called by table.c.  A chunk stays allocated until the table goes: what a
 * burst of flows needed once, the next one needs again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/entry.h"

#include "base/ovs.h"
#include "flow/memory.h"

#define CHUNK_SIZE (FTAB_CHUNK * sizeof(struct ftab_entry))
BUILD_ASSERT_DECL(FTAB_SLAB * CHUNK_SIZE == FTAB_HUGE_PAGE);

static size_t
n_chunks(const struct ftab_pool *pool)
{
    return DIV_ROUND_UP((size_t) pool->max, FTAB_CHUNK);
}

void
ftab_pool_init(struct ftab_pool *pool, uint32_t max, bool macs, bool extra,
               bool biflow)
{
    *pool = (struct ftab_pool) { .max = max, .free = FTAB_NONE };
    pool->chunks = xcalloc(n_chunks(pool), sizeof *pool->chunks);
    pool->addrs = xcalloc(n_chunks(pool), sizeof *pool->addrs);
    pool->memory = n_chunks(pool) * (sizeof *pool->chunks
                                     + sizeof *pool->addrs);
    if (macs) {
        pool->macs = xcalloc(n_chunks(pool), sizeof *pool->macs);
        pool->memory += n_chunks(pool) * sizeof *pool->macs;
    }
    if (extra) {
        pool->extra = xcalloc(n_chunks(pool), sizeof *pool->extra);
        pool->memory += n_chunks(pool) * sizeof *pool->extra;
    }
    if (biflow) {
        pool->biflows = xcalloc(n_chunks(pool), sizeof *pool->biflows);
        pool->memory += n_chunks(pool) * sizeof *pool->biflows;
    }
}

/* True if chunk 'c' lies in a slab; each starts at a multiple of FTAB_SLAB. */
static bool
is_in_slab(const struct ftab_pool *pool, size_t c)
{
    return c >= FTAB_SLAB && (c | (FTAB_SLAB - 1)) < n_chunks(pool);
}

static void
allocate_chunks(struct ftab_pool *pool, size_t c)
{
    size_t n = is_in_slab(pool, c) ? FTAB_SLAB : 1;
    struct ftab_entry *entries = ftab_alloc(n * CHUNK_SIZE);

    for (size_t i = 0; i < n; i++) {
        pool->chunks[c + i] = entries + i * FTAB_CHUNK;
    }
    pool->memory += n * CHUNK_SIZE;
}

static void
free_chunks(struct ftab_pool *pool, size_t c)
{
    if (!is_in_slab(pool, c)) {
        ftab_free(pool->chunks[c], CHUNK_SIZE);
    } else if (c % FTAB_SLAB == 0) {
        ftab_free(pool->chunks[c], FTAB_SLAB * CHUNK_SIZE);
    }
}

void
ftab_pool_uninit(struct ftab_pool *pool)
{
    for (size_t i = 0; i < n_chunks(pool); i++) {
        free_chunks(pool, i);
        free(pool->addrs[i]);
        if (pool->macs) {
            free(pool->macs[i]);
        }
        if (pool->extra) {
            free(pool->extra[i]);
        }
        if (pool->biflows) {
            free(pool->biflows[i]);
        }
    }
    free(pool->chunks);
    free(pool->addrs);
    free(pool->macs);
    free(pool->extra);
    free(pool->biflows);
}

void
ftab_pool_clear(struct ftab_pool *pool)
{
    pool->high = 0;
    pool->free = FTAB_NONE;
    pool->n = 0;
}

void
ftab_pool_need_addrs(struct ftab_pool *pool, uint32_t i)
{
    struct ftab_addrs **addrs = &pool->addrs[i >> FTAB_CHUNK_BITS];

    if (!*addrs) {
        *addrs = xmalloc(FTAB_CHUNK * sizeof **addrs);
        pool->memory += FTAB_CHUNK * sizeof **addrs;
    }
}

/* The next entry that was never used. */
static uint32_t
get_fresh(struct ftab_pool *pool)
{
    uint32_t c = pool->high >> FTAB_CHUNK_BITS;

    if (!pool->chunks[c]) {
        allocate_chunks(pool, c);
    }
    if (pool->macs && !pool->macs[c]) {
        pool->macs[c] = xmalloc(FTAB_CHUNK * sizeof *pool->macs[c]);
        pool->memory += FTAB_CHUNK * sizeof *pool->macs[c];
    }
    if (pool->extra && !pool->extra[c]) {
        pool->extra[c] = xmalloc(FTAB_CHUNK * sizeof *pool->extra[c]);
        pool->memory += FTAB_CHUNK * sizeof *pool->extra[c];
    }
    if (pool->biflows && !pool->biflows[c]) {
        pool->biflows[c] = xmalloc(FTAB_CHUNK * sizeof *pool->biflows[c]);
        pool->memory += FTAB_CHUNK * sizeof *pool->biflows[c];
    }
    return pool->high++;
}

uint32_t
ftab_pool_get(struct ftab_pool *pool, bool ipv6)
{
    uint32_t i = pool->free;

    if (i != FTAB_NONE) {
        pool->free = ftab_pool_entry(pool, i)->next;
        if (pool->free != FTAB_NONE) {
            OVS_PREFETCH_WRITE(ftab_pool_entry(pool, pool->free));
        }
    } else if (pool->high < pool->max) {
        i = get_fresh(pool);
    } else {
        return FTAB_NONE;
    }
    pool->n++;
    if (ipv6) {
        ftab_pool_need_addrs(pool, i);
    }
    return i;
}

void
ftab_pool_put(struct ftab_pool *pool, uint32_t i)
{
    struct ftab_entry *e = ftab_pool_entry(pool, i);

    e->packets = 0;
    e->next = pool->free;
    pool->free = i;
    pool->n--;
}
