/* hint.h -- what is to be done about an error of the generic commands.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_HINT_H
#define OVSPAN_OVSDB_CTL_HINT_H 1

struct ctl_context;

/* What to add to the error of 'ctx', "" if nothing; the caller frees it. */
char *ctl_hint(const struct ctl_context *);

#endif /* ovsdb/ctl/hint.h */
