/* addr.h -- HOST[:PORT] as people type it.
 *
 * HOST is an IPv4 address, an IPv6 address in brackets, a link-local one with
 * a zone (RFC 4007), or a name that still has to be resolved (this file never
 * does).
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_ADDR_H
#define OVSPAN_BASE_ADDR_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include "compiler.h"

struct ds;

struct addr {
    char *host;                 /* As typed, without brackets; a zone is in
                                 * it. */
    bool is_name;               /* 'host' has to be resolved. */
    struct in6_addr ip;         /* IPv4 is v4-mapped; zeros for a name. */
    uint16_t port;              /* In host byte order; 0: none. */
};

/* Parses 'text'.  'default_port' is used where none is given; 'with_port'
 * false refuses one.  Port 0 is refused.  Returns NULL and fills '*addr',
 * which the caller uninits, or an error text that the caller frees. */
char *addr_parse(const char *text, bool with_port, uint16_t default_port,
                 struct addr *) OVS_WARN_UNUSED_RESULT;
void addr_uninit(struct addr *);
/* "eth0" of "fe80::1%eth0", or NULL, of zeros too. */
const char *addr_zone(const struct addr *);
/* Addresses that mean nothing without a link: fe80::/10, ff02::/16. */
bool addr_is_link_local(const struct in6_addr *);
/* "10.0.0.1:2055", "[::1]:2055", "name"; the port only if it is not 0. */
void addr_format(const struct addr *, struct ds *);

#endif /* base/addr.h */
