/* draft.h -- a capture as it is typed: SELECTOR TARGET... and settings.
 *
 * The arguments of add-capture and of explain.  An argument is split at its
 * first ':' or '='; if the word before that is a column of Capture, it is a
 * setting whose value is taken literally to its end, otherwise a target.
 * Everything is checked before anything is written.
 *
 * Pure: no rows.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_DRAFT_H
#define OVSPAN_OVSDB_CTL_DRAFT_H 1

#include "plan/want.h"

struct ctl_draft {
    struct want want;           /* Owns 'capture'. */
    struct want_capture *capture;   /* Parsed and checked. */
    bool for_file;              /* No points to select: a replay. */
    struct smap columns;        /* As typed: "filter", "options:KEY", ... */
    struct smap external_ids;   /* external_ids:KEY=VALUE */
    struct svec targets;        /* Canonical texts, sorted, each once. */
};

/* Parses and checks.  'selector' is NULL where there are no points to select,
 * as for a file.  Returns NULL and fills '*draft', which the caller
 * uninits, or an error text that the caller frees. */
char *ctl_draft_parse(struct ctl_draft *, const char *name,
                      const char *selector, char *const args[], size_t n)
    OVS_WARN_UNUSED_RESULT;
void ctl_draft_uninit(struct ctl_draft *);

#endif /* ovsdb/ctl/draft.h */
