/* select.h -- the points that a person asks the daemon about.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_SELECT_H
#define OVSPAN_DAEMON_SELECT_H 1

#include "compiler.h"

struct topo;
struct topo_node;

/* Stores in '*node' the one that 'selector' yields.  Otherwise returns an
 * error text that the caller frees, with why there is none, or which ones
 * there are; 'what' is what needs one, "inject sends from one". */
char *select_one(const struct topo *, const char *selector, const char *what,
                 const struct topo_node **node) OVS_WARN_UNUSED_RESULT;

/* "SELECTOR matches nothing: WHY"; the caller frees it. */
char *select_nothing(const struct topo *, const char *selector);

/* Why 'selector' yields nothing, or NULL; 'name' is the name of the capture
 * that it was typed for, NULL if of none.  The caller frees it. */
char *select_why_nothing(const struct topo *, const char *selector,
                         const char *name);

/* Whether 'selector' yields any node. */
bool select_any(const struct topo *, const char *selector);

#endif /* daemon/select.h */
