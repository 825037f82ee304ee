/* caps.h -- what this program can carry out, for the planner.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_CAPS_H
#define OVSPAN_DAEMON_CAPS_H 1

#include "plan/plan.h"

extern const struct plan_caps caps_of_daemon;
extern const struct plan_caps caps_of_explain;

/* Where the host's routes send what is for 'dst', as plan_caps' 'route', and
 * the same until caps_forget_routes().  Of the control thread. */
int caps_route(const struct in6_addr *dst, struct plan_route *);
void caps_forget_routes(void);
/* True if anything was asked since, and if any answer is another by now. */
bool caps_have_routes(void);
bool caps_routes_changed(void);

#endif /* daemon/caps.h */
