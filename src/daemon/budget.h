/* budget.h -- what captures may take of this host, by options and ceilings.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_BUDGET_H
#define OVSPAN_DAEMON_BUDGET_H 1

#include "plan/want.h"

struct db;

/* Options of OVSpan_Global, each at most what ovspand.conf, read at the first
 * call, has under the same name. */
void budget_read(const struct db *, struct want_budget *);

#endif /* daemon/budget.h */
