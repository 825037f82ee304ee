/* memory.h -- memory for tables, in huge pages where there is much of it.
 *
 * Used by this room only.  Never fails; what is got has the alignment of a
 * cache line at least.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_MEMORY_H
#define OVSPAN_FLOW_MEMORY_H 1

#include <stddef.h>

enum { FTAB_HUGE_PAGE = 2 * 1024 * 1024 };

void *ftab_alloc(size_t size);
/* 'size' as it was given to ftab_alloc().  'p' may be NULL. */
void ftab_free(void *p, size_t size);

#endif /* flow/memory.h */
