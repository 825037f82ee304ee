/* caps.h -- what this program can carry out, for the planner.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_CAPS_H
#define OVSPAN_DAEMON_CAPS_H 1

#include "plan/plan.h"

extern const struct plan_caps caps_of_daemon;
extern const struct plan_caps caps_of_explain;

#endif /* daemon/caps.h */
