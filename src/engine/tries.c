/* tries.c -- which of a name's addresses a stream is to use.  See tries.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/tries.h"
#include "base/ovs.h"

/* What worked for so long did work. */
enum { CALM_MS = 30 * 1000 };

void
tries_restart(struct tries *t, const struct in6_addr *addr,
              const struct resolved *known, long long int now)
{
    t->addr = *addr;
    t->n = resolved_has(known, addr);
    t->since = now;
    backoff_init(&t->backoff);
}

void
tries_next(struct tries *t, const struct resolved *known,
           long long int now)
{
    size_t next = 0;

    for (size_t i = 0; i < known->n; i++) {
        if (ipv6_addr_equals(&known->addrs[i], &t->addr)) {
            next = (i + 1) % known->n;
        }
    }
    t->addr = known->addrs[next];
    t->n++;
    t->since = now;
}

bool
tries_failed(struct tries *t, const struct resolved *known,
             long long int now)
{
    bool has_it = resolved_has(known, &t->addr);

    if (known->n <= has_it || now < t->backoff.next) {
        return false;
    }
    if (now - t->since > MAX(CALM_MS, 2 * t->backoff.delay)) {
        tries_restart(t, &t->addr, known, now);
    }
    if (t->n >= known->n) {
        backoff_failed(&t->backoff, now, true);
        t->n = 0;
        return false;
    }
    tries_next(t, known, now);
    return true;
}
