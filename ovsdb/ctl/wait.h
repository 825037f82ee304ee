/* wait.h -- waiting for the hosts after a commit.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_WAIT_H
#define OVSPAN_OVSDB_CTL_WAIT_H 1

#include "base/ovs.h"
#include "ovsdb/ctl/context.h"

struct ctl_fate;

struct ctl_wait {
    int64_t next_cfg;           /* What every live host must reach. */
    struct sset captures;       /* Names of those that were written. */
};

void ctl_wait_init(struct ctl_wait *);
void ctl_wait_uninit(struct ctl_wait *);

/* Adds the columns that waiting needs. */
void ctl_wait_pre(struct ovsdb_idl *);

/* Before the commit: increments next_cfg in 'txn' if that changes anything
 * else, and notes which captures it writes.  Returns false if there is no row
 * to increment, since 'txn' deletes it. */
bool ctl_wait_prepare(struct ctl_wait *, struct ovsdb_idl *,
                      struct ovsdb_idl_txn *) OVS_WARN_UNUSED_RESULT;
/* Whether there is a row of OVSpan_Global. */
bool ctl_wait_has_global(struct ovsdb_idl *);
/* Adds it, in a transaction of its own: no other may be open. */
void ctl_wait_make_global(struct ovsdb_idl *);
/* After a commit that changed something, before 'txn' is destroyed. */
void ctl_wait_committed(struct ctl_wait *, struct ovsdb_idl_txn *);

/* Blocks until every live host has done what was committed, and says on
 * stderr what failed and what has no effect, and, if it takes long, which host
 * it waits for. */
enum db_ctl_status ctl_wait_run(const struct ctl_wait *,
                                const struct db_ctl_conf *,
                                struct ovsdb_idl *, struct ctl_fate *);

#endif /* ovsdb/ctl/wait.h */
