/* capture-row.h -- rows of Capture and Target, written and compared.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_CAPTURE_ROW_H
#define OVSPAN_OVSDB_CTL_CAPTURE_ROW_H 1

#include "ovsdb/ctl/draft.h"
#include "ovsdb/ctl/rows.h"

/* Adds the row of 'text', which is known to be a good target; else NULL, with
 * an error in 'ctx'. */
struct spanrec_target *ctl_target_insert(struct ctl_context *ctx,
                                         const char *text);

void ctl_capture_insert(struct ctl_context *, const struct ctl_draft *);

/* The name of the first column in which 'row' is not what was typed, or NULL.
 * An empty column equals its default; external ids that were not typed do not
 * count. */
const char *ctl_capture_difference(const struct spanrec_capture *row,
                                   const struct ctl_draft *);

/* Makes 'row' what 'draft' says, and writes only what differs: taps go on with
 * what stays.  'exact': external ids that 'draft' does not have go.  Returns
 * true if anything is written. */
bool ctl_capture_replace(struct ctl_context *,
                         const struct spanrec_capture *row,
                         const struct ctl_draft *, bool exact);

#endif /* ovsdb/ctl/capture-row.h */
