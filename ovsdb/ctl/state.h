/* state.h -- all that states a capture, as JSON.
 *
 * Internal to this room.  What 'show' prints and 'apply' reads.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_STATE_H
#define OVSPAN_OVSDB_CTL_STATE_H 1

#include "ovsdb/ctl/draft.h"
#include "ovsdb/ctl/rows.h"

struct jsn;

/* {"name","selector","targets":[...],"options":{},"external_ids":{}} and, of
 * "filter", "direction", "sampling", "snaplen", "backend", "enabled" and
 * "expires", those that are set. */
struct jsn *ctl_state_to_json(const struct spanrec_capture *);

/* True if 'json', whose member "taps" does not count, states 'row' as it
 * is. */
bool ctl_state_is_of(const struct jsn *json, const struct spanrec_capture *);

/* The draft of what 'json' states.  Returns NULL and fills '*draft', which the
 * caller uninits, or an error text that the caller frees. */
char *ctl_state_to_draft(const struct jsn *json, struct ctl_draft *draft)
    OVS_WARN_UNUSED_RESULT;

#endif /* ovsdb/ctl/state.h */
