/* netns.h -- which network namespace this is, and how to go to another.
 *
 * A namespace is its cookie: names are given again, and so are inode numbers
 * and processes' numbers.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_NETNS_H
#define OVSPAN_BASE_NETNS_H 1

#include <stdint.h>

/* The cookie of the namespace that the calling thread is in.  0 or a positive
 * errno. */
int netns_cookie(uint64_t *cookie);

/* Takes the calling thread to the namespace that 'fd' is open to; -1: it
 * stays.  0, ESTALE if that is not the one of 'cookie' (0: any), or another
 * positive errno. */
int netns_enter(int fd, uint64_t cookie);
/* Likewise by a path; NULL: it stays. */
int netns_enter_path(const char *path, uint64_t cookie);

#endif /* base/netns.h */
