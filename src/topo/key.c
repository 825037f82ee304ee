/* key.c -- what entities are found by.
 *
 * Namespaces, links and rows of OVS are told apart by what their source calls
 * them; see inside.h.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "topo/inside.h"
#include <string.h>
#include "base/ovs.h"

struct topo_key
topo_key_netns(topo_cookie cookie)
{
    return (struct topo_key) { TOPO_KEY_NETNS, cookie, 0 };
}

struct topo_key
topo_key_link(topo_cookie cookie, int ifindex)
{
    return (struct topo_key) { TOPO_KEY_LINK, cookie, ifindex };
}

struct topo_key
topo_key_row(const struct uuid *uuid)
{
    struct topo_key key = { TOPO_KEY_ROW, 0, 0 };

    BUILD_ASSERT(sizeof *uuid == sizeof key.a + sizeof key.b);
    memcpy(&key.a, &uuid->parts[0], sizeof key.a);
    memcpy(&key.b, &uuid->parts[2], sizeof key.b);
    return key;
}

/* Of a row. */
struct uuid
topo_key_uuid(const struct topo_key *key)
{
    struct uuid uuid;

    memcpy(&uuid.parts[0], &key->a, sizeof key->a);
    memcpy(&uuid.parts[2], &key->b, sizeof key->b);
    return uuid;
}

bool
topo_key_equal(const struct topo_key *a, const struct topo_key *b)
{
    return a->space == b->space && a->a == b->a && a->b == b->b;
}

uint32_t
topo_key_hash(const struct topo_key *key)
{
    return hash_uint64_basis(key->a, hash_uint64_basis(key->b, key->space));
}
