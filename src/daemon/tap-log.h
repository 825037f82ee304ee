/* tap-log.h -- what becomes of taps, in the log.
 *
 * A failure is said once, as a warning, by the names that people know; that it
 * is over, once, too.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_TAP_LOG_H
#define OVSPAN_DAEMON_TAP_LOG_H 1

#include "plan/plan.h"

struct tap_log;

struct tap_log *tap_log_create(void);
void tap_log_destroy(struct tap_log *);

/* Begins a round, in which every tap that there is is told, and ends it. */
void tap_log_begin(struct tap_log *);
void tap_log_tell(struct tap_log *, const struct plan_tap *, enum tap_state,
                  enum tap_reason, const char *detail);
void tap_log_end(struct tap_log *);

#endif /* daemon/tap-log.h */
