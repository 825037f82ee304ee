/* capture-burst.c -- give the frames that were gathered.
 *
 * Called by every kind of capture, and by capture.c for what is left.
 *
 * Invariant: when a frame is given, its bytes are still there.  The kinds see
 * to that, each in its way.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-burst.h"

void
capture_burst_flush(struct capture_burst *b)
{
    if (b->n) {
        b->cb(b->frames, b->n, b->aux);
        b->n_given += b->n;
        b->n = 0;
        b->size = 0;
    }
}
