/* tries.h -- which of a name's addresses a stream is to use.
 *
 * The one in use is kept as long as it works and the name has it.  When it
 * does not, the others are tried in turn, each at once; when none is left, the
 * next turn begins after a back-off.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_TRIES_H
#define OVSPAN_ENGINE_TRIES_H 1

#include "engine/backoff.h"
#include "engine/lookup.h"

struct tries {
    struct in6_addr addr;       /* The one that is tried, or in use. */
    size_t n;                   /* Of the name's, tried in this turn. */
    long long int since;        /* When 'addr' was chosen. */
    struct backoff backoff;     /* Between turns. */
};

/* A new turn: 'addr' is in use, or is to be tried first. */
void tries_restart(struct tries *, const struct in6_addr *addr,
                   const struct resolved *, long long int now);
/* 'addr' does not work, or the name has it no more.  True if now it is
 * another, which is to be tried; false until 'backoff.next' at least, if there
 * is another at all. */
bool tries_failed(struct tries *, const struct resolved *,
                  long long int now);
/* Chooses the next one, whatever there is. */
void tries_next(struct tries *, const struct resolved *,
                long long int now);

#endif /* engine/tries.h */
