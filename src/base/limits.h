/* limits.h -- what a process may have at once, and how it is told.
 *
 * Called by whoever opens, for what a person reads, and by the daemon at its
 * start.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_LIMITS_H
#define OVSPAN_BASE_LIMITS_H 1

#include <stdbool.h>

/* Lets this process open as many files as it may allow itself: each namespace
 * and each point takes some. */
void limits_raise(void);

/* True if this process can open one more file. */
bool limits_may_open(void);

/* True if the errno 'error' says that this process or this host is at one of
 * its limits, whatever it was that could not be opened. */
bool limits_reached(int error);

/* 'error' as ovs_strerror() has it and, of such a limit, what to raise; the
 * caller frees it. */
char *limits_strerror(int error);

#endif /* base/limits.h */
