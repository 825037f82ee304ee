/* rows.h -- what the commands share about rows.
 *
 * Internal to this room.  Rows are looked up by what
 * people type, come in a stable order, and are said in the words that people
 * type.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_ROWS_H
#define OVSPAN_OVSDB_CTL_ROWS_H 1

#include "base/ovs.h"
#include "ovsdb/ctl/context.h"
#include "ovsdb/ovs-idl.h"
#include "ovsdb/ovspan-idl.h"

/* Adds the columns of a capture and its targets, of a tap, of a host, that
 * the functions below and their callers read. */
void ctl_add_capture_columns(struct ovsdb_idl *);
void ctl_add_tap_columns(struct ovsdb_idl *);
void ctl_add_host_columns(struct ovsdb_idl *);

const struct spanrec_capture *ctl_find_capture(struct ovsdb_idl *,
                                               const char *name);
/* With an error in 'ctx' and NULL when there is none. */
const struct spanrec_capture *ctl_get_capture(struct ctl_context *,
                                              const char *name);

/* Puts which captures there are, after that there is none named 'name': the
 * one that may be meant, else some. */
void ctl_put_capture_names(struct ovsdb_idl *, const char *name, struct ds *);

/* "erspan2:10.9.0.2,session=7": canonical if the row is a good target, else as
 * the row has it; "" for NULL.  The caller frees it. */
char *ctl_target_text(const struct spanrec_target *);
/* The same, from what is typed. */
char *ctl_target_text_from_arg(const char *arg);

/* The texts of the targets of a capture, sorted, into an empty 'texts'. */
void ctl_capture_targets(const struct spanrec_capture *, struct svec *texts);

/* Where a tap is: "vm1/eth0", "br0", or "-" when the selector failed.  The
 * caller frees it. */
char *ctl_tap_point(const struct spanrec_tap *);

/* Rows in stable order: captures and hosts by name, taps by capture, host,
 * point, target.  The caller frees the array. */
const struct spanrec_capture **ctl_captures(struct ovsdb_idl *, size_t *n);
const struct spanrec_host **ctl_hosts(struct ovsdb_idl *, size_t *n);
/* Of that capture, or all for NULL. */
const struct spanrec_tap **ctl_taps(struct ovsdb_idl *,
                                    const char *capture_name, size_t *n);

#endif /* ovsdb/ctl/rows.h */
