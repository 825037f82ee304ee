/* commands.h -- the commands that read and write rows.
 *
 * src/cli has the table that names them, and commands of its own that need
 * something of the database too.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_OVSDB_CTL_COMMANDS_H
#define OVSPAN_OVSDB_CTL_COMMANDS_H 1

#include <stddef.h>
#include "compiler.h"

struct ctl_context;
struct topo;
struct topo_overlay;

/* ## The commands: what to read before, and what to do. ## */

void db_ctl_pre_captures(struct ctl_context *);
/* What add-capture is asked to add: as ctl_draft_parse(). */
struct ctl_draft;
char *db_ctl_draft_add(const struct ctl_context *, struct ctl_draft *)
    OVS_WARN_UNUSED_RESULT;
void db_ctl_add_capture(struct ctl_context *);
/* Of what is in the document of the command line. */
void db_ctl_apply(struct ctl_context *);
void db_ctl_del_capture(struct ctl_context *);
void db_ctl_add_target(struct ctl_context *);
void db_ctl_del_target(struct ctl_context *);

void db_ctl_pre_list_captures(struct ctl_context *);
void db_ctl_list_captures(struct ctl_context *);
void db_ctl_pre_list_taps(struct ctl_context *);
void db_ctl_list_taps(struct ctl_context *);

void db_ctl_pre_show(struct ctl_context *);
void db_ctl_show(struct ctl_context *);

/* Prints what changes in taps and in the published topology, a line each,
 * until the program is interrupted.  For db_ctl_run_alone(): has a connection
 * of its own, and does not return. */
void db_ctl_watch(struct ctl_context *);

/* ## For the commands of src/cli. ## */

/* The published topology: Node and Edge rows of every host. */
void db_ctl_pre_topo(struct ctl_context *);
void db_ctl_load_topo(struct ctl_context *, struct topo *);

/* The taps, as what 'topology' draws at their nodes.  The caller frees the
 * array with db_ctl_free_overlays(); the texts in it are its own. */
void db_ctl_pre_overlays(struct ctl_context *);
struct topo_overlay *db_ctl_overlays(struct ctl_context *, size_t *n);
void db_ctl_free_overlays(struct topo_overlay *, size_t n);

#endif /* ovsdb/ctl/commands.h */
