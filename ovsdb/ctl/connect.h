/* connect.h -- the connection to the OVSpan database, and what ends a run.
 *
 * Internal to this room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_CONNECT_H
#define OVSPAN_OVSDB_CTL_CONNECT_H 1

#include "compiler.h"
#include "ovsdb/ctl/context.h"
#include "ovsdb/ovs-idl.h"

/* Begins to connect to the database of the command line, once or, with
 * 'retry', again and again.  The caller destroys it. */
struct ovsdb_idl *ctl_connect(const struct db_ctl_conf *, bool retry);

/* Says, once, that the database makes us wait, for which it wakes
 * poll_block() up. */
struct voice;
void ctl_say_silent(const struct db_ctl_conf *, struct voice *);

/* Ends the program: the server refused 'txn'. */
OVS_NO_RETURN void ctl_fail_refused(const struct ovsdb_idl_txn *);

/* Ends the program: there is no connection to the database, or none any
 * more. */
OVS_NO_RETURN void ctl_fail_to_connect(const struct db_ctl_conf *,
                                       const struct ovsdb_idl *);

#endif /* ovsdb/ctl/connect.h */
