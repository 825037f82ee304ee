/* points.h -- list-points.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_POINTS_H
#define OVSPAN_CLI_POINTS_H 1

struct ctl_context;

void cli_list_points(struct ctl_context *);

#endif /* cli/points.h */
