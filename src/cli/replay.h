/* replay.h -- ovspan replay: a capture file through the packet half.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_REPLAY_H
#define OVSPAN_CLI_REPLAY_H 1

struct ctl_context;

void cli_replay(struct ctl_context *);

#endif /* cli/replay.h */
