/* memory.c -- memory for tables, in huge pages where there is much of it.
 *
 * Called by index.c and pool.c.  A packet touches a slot and an entry anywhere
 * in the table: with a million flows in pages of 4 kB each costs a walk of the
 * page tables beside the cache line itself, and growing costs a fault a page.
 * Small tables stay in small pages: 64 idle taps are to cost nothing.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "flow/memory.h"

#include <sys/mman.h>
#include "base/ovs.h"

void *
ftab_alloc(size_t size)
{
    if (size < FTAB_HUGE_PAGE) {
        return xmalloc_cacheline(size);
    }
    void *p = xmalloc_size_align(size, FTAB_HUGE_PAGE);

    /* A wish: where it is not heard, nothing but time is lost. */
    madvise(p, size, MADV_HUGEPAGE);
    return p;
}

void
ftab_free(void *p, size_t size)
{
    if (size < FTAB_HUGE_PAGE) {
        free_cacheline(p);
    } else {
        free_size_align(p);
    }
}
