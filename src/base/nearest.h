/* nearest.h -- what somebody may have meant who typed a word that is none.
 *
 * Offer every word that would have been right; the nearest of them counts if
 * it is near: other cases of letters, one letter in three missing, too much,
 * wrong or at its neighbour's place, or the beginning of a word.
 *
 * Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_NEAREST_H
#define OVSPAN_BASE_NEAREST_H 1

#include <stddef.h>

struct ds;

struct nearest {
    const char *typed;          /* Lent. */
    const char *best;           /* So far, lent; NULL: none is near. */
    size_t cost;                /* Of 'best'; else what none may reach. */
};

void nearest_init(struct nearest *, const char *typed);
void nearest_offer(struct nearest *, const char *word);
/* Puts ": is it X?", if something is near. */
void nearest_ask(const struct nearest *, struct ds *);

#endif /* base/nearest.h */
