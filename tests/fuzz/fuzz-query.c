/* fuzz-query.c -- selectors: any text, and what it selects.
 *
 * What parses has a canonical text, which parses to the same; what runs on a
 * small topology ends and gives nodes of it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"
#include "query/query.h"

static void
put_link(struct topo *topo, topo_cookie netns, int ifindex, const char *name,
         int peer)
{
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_link_in link = {
        .netns = netns, .ifindex = ifindex, .name = name, .kind = "veth",
        .up = true, .mtu = 1500, .peer_netns = 3 - netns, .peer = peer,
    };

    topo_map_put_integer(&meta, "MTU", 1500 * ifindex);
    topo_put_link(topo, &link, &meta);
}

static struct topo *
create_topo(void)
{
    struct topo *topo = topo_create("h1");
    struct topo_map meta = TOPO_MAP_INITIALIZER;
    struct topo_map bridge_meta = TOPO_MAP_INITIALIZER;
    struct topo_bridge_in bridge = { .uuid = { { 1, 0, 0, 0 } },
                                     .name = "br0" };

    topo_set_host_netns(topo, 1);
    topo_put_netns(topo, 2, "vm1", "/var/run/netns/vm1", &meta);
    put_link(topo, 1, 2, "veth0", 2);
    put_link(topo, 2, 2, "eth0", 2);
    put_link(topo, 2, 3, "eth1", 0);
    topo_put_bridge(topo, &bridge, &bridge_meta);
    topo_run(topo);
    return topo;
}

static void
run(const struct query *query)
{
    struct topo *topo = create_topo();
    struct query_result result;
    char *error = query_run(query, topo, &result);

    if (!error) {
        ovs_assert(result.kind == query_kind(query));
        jsn_destroy(query_result_to_json(&result));
    }
    free(error);
    query_result_uninit(&result);
    error = query_select(query, topo, &result);
    free(error);
    query_result_uninit(&result);
    topo_destroy(topo);
}

void
fuzz_query(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *text = fuzz_string(&in, size);
    struct query *query, *again;
    char *error = query_parse(text, &query);

    ovs_assert(!error == !!query);
    if (query) {
        char *canonical = query_format(query);

        ovs_assert(!query_parse(canonical, &again));
        char *canonical2 = query_format(again);
        ovs_assert(!strcmp(canonical, canonical2));
        run(query);
        free(canonical2);
        free(canonical);
        query_destroy(again);
    }
    query_destroy(query);
    free(error);
    free(text);
}
