/* wrap.h -- how the packets of one tunnel are wrapped: what is known of their
 * outer headers.
 *
 * The planner says it of a tunnel port of the switch, the packet half takes
 * such headers off again.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_WRAP_H
#define OVSPAN_BASE_WRAP_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

enum wrap_type {
    WRAP_NONE,
    WRAP_VXLAN,
    WRAP_GENEVE,
    WRAP_GRE,                   /* Of Ethernet frames. */
    WRAP_ERSPAN,
};

struct wrap {
    enum wrap_type type;
    bool has_key;
    uint32_t key;               /* VNI, key or session; if 'has_key'. */
    uint16_t port;              /* UDP's destination; VXLAN and Geneve. */
    struct in6_addr remote;     /* Destination, IPv4 as v4-mapped; zeros: */
    struct in6_addr local;      /* any.  Source, likewise. */
};

bool wrap_equal(const struct wrap *, const struct wrap *);
/* The same for the same; the caller frees it. */
char *wrap_to_text(const struct wrap *);

#endif /* base/wrap.h */
