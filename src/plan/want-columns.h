/* want-columns.h -- the columns of a capture that are words or numbers; for
 * src/plan/ alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_WANT_COLUMNS_H
#define OVSPAN_PLAN_WANT_COLUMNS_H 1

#include "plan/want.h"

/* Why a column of 'c' is wrong, whoever filled it: a text that the caller
 * frees, or NULL. */
char *want_check_columns(const struct want_capture *) OVS_WARN_UNUSED_RESULT;

#endif /* plan/want-columns.h */
