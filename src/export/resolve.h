/* resolve.h -- the addresses of a collector's name.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_EXPORT_RESOLVE_H
#define OVSPAN_EXPORT_RESOLVE_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum { RESOLVED_MAX = 16 };     /* More of one name are not looked at. */

struct resolved {
    struct in6_addr addrs[RESOLVED_MAX];        /* Best first; IPv4
                                                 * v4-mapped. */
    size_t n;                   /* 0: there is an error. */
    char *error;                /* A sentence, or NULL. */
};

/* Asks the system's resolver, and waits: half a minute where no name server
 * answers.  The caller frees 'error'. */
void resolve_name(const char *name, struct resolved *);
bool resolved_has(const struct resolved *, const struct in6_addr *);

#endif /* export/resolve.h */
