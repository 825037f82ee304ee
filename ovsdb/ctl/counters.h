/* counters.h -- what a tap has counted.
 *
 * Internal to this room.  None is not zero: a host tells what it counts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_COUNTERS_H
#define OVSPAN_OVSDB_CTL_COUNTERS_H 1

#include "ovsdb/ctl/rows.h"

/* False for what the host has not counted: it does not tell that then. */
bool ctl_has_counter(const struct spanrec_tap *, const char *name,
                     int64_t *value);
/* Likewise, or 0. */
int64_t ctl_get_counter(const struct spanrec_tap *, const char *name);

/* By the form of the name, so that a loss that a newer host counts is one,
 * too. */
bool ctl_is_loss(const char *name);
/* The sum of all losses. */
int64_t ctl_get_lost(const struct spanrec_tap *);

#endif /* ovsdb/ctl/counters.h */
