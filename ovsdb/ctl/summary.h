/* summary.h -- very many taps on one screen.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_SUMMARY_H
#define OVSPAN_OVSDB_CTL_SUMMARY_H 1

#include "ovsdb/ctl/selection.h"

/* More taps than this are summed up. */
#define CTL_SUMMARY_TAPS 20

typedef void ctl_put_tap_func(struct ds *, const struct spanrec_tap *,
                              const struct smap *absent);

/* Puts a line for each capture, with how many of its taps are in which state
 * and what they count together, and in full, by 'put_tap', those that are not
 * well; of very many that fail alike, the first.  'why' says of those that are
 * well what there is to say, too. */
void ctl_put_summary(struct ds *, const struct ctl_selection *,
                     ctl_put_tap_func *put_tap, bool why);

/* Puts "180 active, 20 failed". */
void ctl_put_states(struct ds *, const struct spanrec_tap *const *, size_t n,
                    const struct smap *absent);

#endif /* ovsdb/ctl/summary.h */
