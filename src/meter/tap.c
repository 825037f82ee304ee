/* tap.c -- a tap's counters.  See tap.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "meter/tap.h"

void
mtap_init(struct mtap *tap, struct mstream *stream,
          const struct mtap_conf *conf)
{
    memset(tap, 0, sizeof *tap);
    tap->stream = stream;
    tap->conf = *conf;
    tap->conf.sampling = MAX(conf->sampling, 1);
    for (int i = 0; i < MTAP_N_COUNTERS; i++) {
        atomic_init(&tap->counters[i], 0);
    }
}

void
mtap_get_stats(const struct mtap *tap, struct tap_stats *stats)
{
#define TAP_COUNTER(NAME) stats->NAME = mtap_get(tap, MTAP_##NAME);
    TAP_COUNTERS
#undef TAP_COUNTER
}
