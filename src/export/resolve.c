/* resolve.c -- the addresses of a collector's name.  See resolve.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/resolve.h"
#include <netdb.h>
#include "base/ovs.h"

bool
resolved_has(const struct resolved *r, const struct in6_addr *addr)
{
    for (size_t i = 0; i < r->n; i++) {
        if (ipv6_addr_equals(&r->addrs[i], addr)) {
            return true;
        }
    }
    return false;
}

static bool
take_address(const struct addrinfo *ai, struct in6_addr *addr)
{
    if (ai->ai_family == AF_INET6) {
        *addr = ((const struct sockaddr_in6 *) ai->ai_addr)->sin6_addr;
    } else if (ai->ai_family == AF_INET) {
        const struct sockaddr_in *sin = ALIGNED_CAST(struct sockaddr_in *,
                                                     ai->ai_addr);

        *addr = in6_addr_mapped_ipv4(sin->sin_addr.s_addr);
    } else {
        return false;
    }
    return true;
}

void
resolve_name(const char *name, struct resolved *r)
{
    struct addrinfo hints = { .ai_socktype = SOCK_DGRAM,
                              .ai_flags = AI_ADDRCONFIG };
    struct addrinfo *first = NULL;
    int error = getaddrinfo(name, NULL, &hints, &first);

    r->n = 0;
    r->error = NULL;
    for (const struct addrinfo *ai = first; ai && r->n < RESOLVED_MAX;
         ai = ai->ai_next) {
        struct in6_addr addr;

        if (take_address(ai, &addr) && !resolved_has(r, &addr)) {
            r->addrs[r->n++] = addr;
        }
    }
    if (first) {
        freeaddrinfo(first);
    }
    if (!r->n) {
        r->error = xasprintf("cannot resolve the collector's name \"%s\": %s",
                             name, error ? gai_strerror(error)
                             : "it has no address");
    }
}
