/* names.h -- the names of collectors, and when each is looked up.
 *
 * One look-up serves all streams of a name.  It is done again a minute later
 * (the resolver does not tell how long a record lives), sooner when somebody
 * doubts it, and with a back-off when it failed; what was known before is kept
 * then.
 *
 * Called by the control thread only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_ENGINE_NAMES_H
#define OVSPAN_ENGINE_NAMES_H 1

#include "base/ovs.h"
#include "engine/backoff.h"
#include "engine/lookup.h"

struct names;
struct wake;

/* For others to read. */
struct name {
    struct hmap_node node;      /* In the names. */
    char *host;
    size_t n_refs;
    struct lookup *lookup;      /* On its way; NULL: it is not. */
    struct resolved known; /* Of the last one that found addresses; until
                                 * then of the last one, if any. */
    uint64_t version;           /* Increases when 'known' changes. */
    bool doubted;               /* Since the last one. */
    struct backoff backoff;     /* Of those that failed or were doubted. */
    long long int next;         /* time_msec() of the next one. */
};

struct names *names_create(struct wake *);
/* Does not wait for look-ups. */
void names_destroy(struct names *);

struct name *names_ref(struct names *, const char *host, long long int now);
void names_unref(struct names *, struct name *);

/* Takes what was found, starts what is due. */
void names_run(struct names *, long long int now);
/* What failed is tried again at once. */
void names_hurry(struct names *, long long int now);

/* What is known leads to nobody: it may have changed. */
void name_doubt(struct names *, struct name *, long long int now);

#endif /* engine/names.h */
