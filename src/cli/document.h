/* document.h -- the file that 'apply' is given.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_DOCUMENT_H
#define OVSPAN_CLI_DOCUMENT_H 1

#include <stddef.h>
#include "compiler.h"

struct ctl_command;
struct jsn;

/* Stores in '*document' what the file of the one 'apply' among 'commands' has,
 * NULL if there is none; the caller destroys it.  NULL, or an error text that
 * the caller frees. */
char *cli_document_read(const struct ctl_command *commands, size_t n,
                        struct jsn **document) OVS_WARN_UNUSED_RESULT;

#endif /* cli/document.h */
