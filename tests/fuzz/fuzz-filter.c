/* fuzz-filter.c -- filters: any text, and no name is ever resolved.
 *
 * libpcap would ask a name server, so its questions come here: the definitions
 * below stand in for libc's, and only an address as text may be asked for.
 * Names of ports, which no server is asked for, are unknown here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <net/ethernet.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "capture/capture.h"

/* netinet/ether.h, which declares it, collides with OVS's headers. */
int ether_hostton(const char *, struct ether_addr *);

int
getaddrinfo(const char *node, const char *service OVS_UNUSED,
            const struct addrinfo *hints OVS_UNUSED, struct addrinfo **res)
{
    if (!node) {
        return EAI_SERVICE;
    }
    struct {
        struct addrinfo ai;
        struct sockaddr_in6 sin6;
    } *answer = xzalloc(sizeof *answer);

    ovs_assert(inet_pton(AF_INET6, node, &answer->sin6.sin6_addr) == 1);
    answer->sin6.sin6_family = AF_INET6;
    answer->ai.ai_family = AF_INET6;
    answer->ai.ai_addr = (struct sockaddr *) &answer->sin6;
    answer->ai.ai_addrlen = sizeof answer->sin6;
    *res = &answer->ai;
    return 0;
}

void
freeaddrinfo(struct addrinfo *ai)
{
    free(ai);
}

int
getnetbyname_r(const char *name OVS_UNUSED, struct netent *ent OVS_UNUSED,
               char *buf OVS_UNUSED, size_t size OVS_UNUSED,
               struct netent **res OVS_UNUSED, int *error OVS_UNUSED)
{
    OVS_NOT_REACHED();
}

int
ether_hostton(const char *name OVS_UNUSED,
              struct ether_addr *ea OVS_UNUSED)
{
    OVS_NOT_REACHED();
}

void
fuzz_filter(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *filter = fuzz_string(&in, size);
    char *error = capture_check_filter(filter);

    ovs_assert(!error || *error);
    free(error);
    free(filter);
}
