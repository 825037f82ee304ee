/* lookup.h -- the addresses of a name, without blocking.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_LOOKUP_H
#define OVSPAN_ENGINE_LOOKUP_H 1

#include <stdbool.h>
#include "export/resolve.h"

struct lookup;
struct task_pool;

/* NULL where no thread can be had for it. */
struct lookup *lookup_start(struct task_pool *, const char *name);
/* False while it is on its way; else ends it, and stores what was found, whose
 * 'error' the caller frees. */
bool lookup_finish(struct task_pool *, struct lookup *,
                   struct resolved *);
/* Does not wait for it. */
void lookup_abandon(struct task_pool *, struct lookup *);

#endif /* engine/lookup.h */
