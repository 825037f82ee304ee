/* draft-check.h -- what is typed of a capture, checked before it is written.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_DRAFT_CHECK_H
#define OVSPAN_CLI_DRAFT_CHECK_H 1

#include "compiler.h"

struct ctl_draft;

/* NULL, or an error text that the caller frees: what ctl_draft_parse() leaves
 * to whoever has libpcap. */
char *cli_draft_check(const struct ctl_draft *) OVS_WARN_UNUSED_RESULT;

#endif /* cli/draft-check.h */
