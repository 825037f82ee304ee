/* choose.h -- why one backend and not another; for src/plan/ alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_CHOOSE_H
#define OVSPAN_PLAN_CHOOSE_H 1

#include "plan/plan.h"
#include "plan/points.h"

/* Gives 'tap', which our own capture carries, its 'backend', 'why' and
 * 'rejected'. */
void plan_choose(struct plan_tap *, const struct want_capture *,
                 const struct plan_point *);

#endif /* plan/choose.h */
