/* absent.h -- hosts that nobody serves now, and what can be said of their
 * taps.
 *
 * Internal to this room.  A row says what its host wrote last; that a daemon
 * is dead, no row can say.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_ABSENT_H
#define OVSPAN_OVSDB_CTL_ABSENT_H 1

#include "ovsdb/ctl/rows.h"

/* A reader calls a host offline when it was not seen for so long. */
#define CTL_HOST_OFFLINE_MS (90 * 1000)

/* Why nobody serves 'host': it was not seen for long, or it is this machine,
 * and its ovspand is dead.  "offline, last seen 95 s ago", which the caller
 * frees; NULL: it is served, as far as is known. */
char *ctl_host_absence(const struct spanrec_host *host);
/* True if it is, or was last, on this machine. */
bool ctl_host_is_here(const struct spanrec_host *);
bool ctl_host_is_offline(const struct spanrec_host *);
bool ctl_any_host_is_live(struct ovsdb_idl *);

/* The absent hosts by name, with why. */
void ctl_absent_init(struct smap *, struct ovsdb_idl *);

/* What can be said of a tap: what its host wrote, if that is there. */
struct ctl_tap_view {
    const char *state;          /* Or "unknown". */
    const char *reason;         /* Or "host-offline". */
    const char *detail;
};
/* Lent by the two. */
struct ctl_tap_view ctl_view_tap(const struct spanrec_tap *,
                                 const struct smap *absent);

#endif /* ovsdb/ctl/absent.h */
