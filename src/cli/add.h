/* add.h -- add-capture, with what the database's half cannot know.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_ADD_H
#define OVSPAN_CLI_ADD_H 1

struct ctl_context;

void cli_pre_add_capture(struct ctl_context *);
void cli_add_capture(struct ctl_context *);

#endif /* cli/add.h */
