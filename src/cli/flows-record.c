/* flows-record.c -- a flow's record, taken apart and printed.
 *
 * Called by flows.c for each record, and by flows-table.c.  A record comes as
 * JSON from this host's ovspand: doc/ovspan.8 says what it has.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/flows.h"
#include <netinet/in.h>
#include <string.h>
#include "base/json.h"
#include "base/words.h"

void
flow_record_parse(struct flow_record *r, const struct jsn *json,
                  const struct flow_names *names)
{
    bool ipv6 = jsn_get_integer(json, "ipVersion", 4) == 6;

    *r = (struct flow_record) {
        .point = jsn_get_string(json, "point", ""),
        .start = jsn_get_string(json, "flowStartNanoseconds", ""),
        .end = jsn_get_string(json, "flowEndNanoseconds", ""),
        .src = jsn_get_string(json, ipv6 ? "sourceIPv6Address"
                              : "sourceIPv4Address", ""),
        .dst = jsn_get_string(json, ipv6 ? "destinationIPv6Address"
                              : "destinationIPv4Address", ""),
        .ipv6 = ipv6,
        .protocol = jsn_get_integer(json, "protocolIdentifier", 0),
        .src_port = jsn_get_integer(json, "sourceTransportPort", -1),
        .dst_port = jsn_get_integer(json, "destinationTransportPort", -1),
        .icmp = jsn_get_integer(json, ipv6 ? "icmpTypeCodeIPv6"
                                : "icmpTypeCodeIPv4", -1),
        .vlan = { jsn_get_integer(json, "dot1qVlanId", 0),
                  jsn_get_integer(json, "dot1qCustomerVlanId", 0) },
        .tcp_flags = jsn_get_integer(json, "tcpControlBits", -1),
        .end_reason = jsn_get_integer(json, "flowEndReason", 0),
        .packets = jsn_get_integer(json, "packetDeltaCount", 0),
        .octets = jsn_get_integer(json, "octetDeltaCount", 0),
    };
    if (names) {
        r->src_name = flow_names_find(names, r->src);
        r->dst_name = flow_names_find(names, r->dst);
        r->src = r->src_name ? r->src_name : r->src;
        r->dst = r->dst_name ? r->dst_name : r->dst;
    }
}

void
flow_protocol_format(int64_t protocol, struct ds *ds)
{
    static const struct {
        int number;
        const char *name;
    } known[] = {
        { IPPROTO_TCP, "TCP" }, { IPPROTO_UDP, "UDP" },
        { IPPROTO_ICMP, "ICMP" }, { IPPROTO_ICMPV6, "ICMPv6" },
        { IPPROTO_SCTP, "SCTP" }, { IPPROTO_GRE, "GRE" },
        { IPPROTO_ESP, "ESP" }, { IPPROTO_IGMP, "IGMP" },
        { IPPROTO_DCCP, "DCCP" }, { IPPROTO_UDPLITE, "UDPLite" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (known[i].number == protocol) {
            ds_put_cstr(ds, known[i].name);
            return;
        }
    }
    ds_put_format(ds, "proto-%"PRId64, protocol);
}

static void
format_end(const char *name, bool bracket, int64_t port, struct ds *ds)
{
    bool brackets = bracket && port >= 0;

    ds_put_cstr(ds, brackets ? "[" : "");
    words_put(ds, name);
    ds_put_cstr(ds, brackets ? "]" : "");
    if (port >= 0) {
        ds_put_format(ds, ":%"PRId64, port);
    }
}

void
flow_key_format(const struct flow_record *r, struct ds *ds)
{
    flow_protocol_format(r->protocol, ds);
    ds_put_char(ds, ' ');
    format_end(r->src, r->ipv6 && !r->src_name, r->src_port, ds);
    ds_put_cstr(ds, " -> ");
    format_end(r->dst, r->ipv6 && !r->dst_name, r->dst_port, ds);
    if (r->icmp >= 0) {
        ds_put_format(ds, " type %"PRId64" code %"PRId64, r->icmp >> 8,
                      r->icmp & 0xff);
    }
    if (r->vlan[0]) {
        ds_put_format(ds, " vlan %"PRId64, r->vlan[0]);
    }
    if (r->vlan[1]) {
        ds_put_format(ds, ".%"PRId64, r->vlan[1]);
    }
}

void
flow_line_put(struct ds *out, const char *json)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&line, json);
    words_clean_json(&line);
    ds_put_format(out, "%s\n", ds_cstr(&line));
    ds_destroy(&line);
}

/* As tcpdump has them, the least significant first. */
static void
format_flags(int64_t flags, struct ds *ds)
{
    static const char letters[] = "FSRPUEWN";

    ds_put_cstr(ds, ", ");
    for (int i = 0; letters[i]; i++) {
        if (flags & 1 << i) {
            ds_put_char(ds, letters[i]);
        }
    }
}

void
flow_record_format(const struct flow_record *r, struct ds *ds)
{
    static const char *const reasons[] = {
        "?", "idle", "goes on", "ended", "forced", "no memory",
    };

    ds_put_format(ds, "%s ", r->end);
    words_put(ds, r->point);
    ds_put_cstr(ds, r->point[0] ? " " : "");
    flow_key_format(r, ds);
    ds_put_format(ds, ", %"PRIu64" packets, %"PRIu64" octets", r->packets,
                  r->octets);
    if (r->tcp_flags > 0) {
        format_flags(r->tcp_flags, ds);
    }
    ds_put_format(ds, ", since %s, %s\n", r->start,
                  reasons[r->end_reason > 0
                          && r->end_reason < ARRAY_SIZE(reasons)
                          ? r->end_reason : 0]);
}
