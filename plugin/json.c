/* json.c -- flow records as JSON, an object each.
 *
 * Called through the classes of json, json+tcp and json+file targets, and of
 * terminals.  The names are those of IANA's registry of IPFIX, the values as
 * RFC 7373 writes them, but for "point", which is what users know a point by.
 * What a record does not have, such as ports of ICMP, is not there.  Names and
 * their order are documented in ovspan(8), and stay.
 *
 * Invariant: an object is on one line, and each is a datagram for the output,
 * but that terminals get several in one, which costs less.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/json.h"
#include "base/ovs.h"

enum {
    FLUSH_US = 1000 * 1000,     /* Longest wait of a record; */
    FLUSH_SOON_US = 100 * 1000, /* of one that somebody looks at. */
    PACK = 16 * 1024,           /* Bytes of a datagram of several. */
    FRAGMENT_SHIFT = 5,         /* From PKT_IP_* to fragmentFlags. */
    NUMBER_LEN = 20,            /* Digits of 64 bits. */
};

/* RFC 3339 has years of four digits; from here on they have five. */
#define YEAR_10000_US (UINT64_C(253402300800) * 1000000)

/* A point that feeds the exporter. */
struct json_point {
    uint32_t ifindex;
    unsigned int n;             /* How often it was added. */
    char *text;                 /* Its members: ,"interfaceName":... */
};

struct json {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    bool lines;                 /* Each object ends a line. */
    bool packs;                 /* Several go in one datagram. */
    uint32_t sampling;          /* 1 in N. */
    uint64_t deadline_us;       /* Of what waits; UINT64_MAX: nothing does. */
    uint64_t second;            /* Of the next, since the epoch. */
    char second_text[24];       /* Empty at first. */
    struct json_point *points;
    size_t n_points;
    struct ds text;             /* Of records that wait; kept for its
                                 * memory. */
};

static struct json *
json_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct json, up);
}

/* ## ------ ## */
/* ## Values ## */
/* ## ------ ## */

static void
put(struct json *j, const char *text)
{
    ds_put_buffer(&j->text, text, strlen(text));
}

static void
put_name(struct json *j, const char *name)
{
    put(j, ",\"");
    put(j, name);
    put(j, "\":");
}

/* 'width' digits at least. */
static void
put_digits(struct json *j, uint64_t value, int width)
{
    char digits[NUMBER_LEN];
    char *p = digits + sizeof digits;

    for (; value || width > 0; width--, value /= 10) {
        *--p = '0' + value % 10;
    }
    ds_put_buffer(&j->text, p, digits + sizeof digits - p);
}

static void
put_number(struct json *j, const char *name, uint64_t value)
{
    put_name(j, name);
    put_digits(j, value, 1);
}

/* "2020-09-13T12:26:40."; most times are of the same second as one before. */
static void
format_second(struct json *j, uint64_t second)
{
    time_t t = second;
    struct tm tm;

    gmtime_r(&t, &tm);
    j->second = second;
    strftime(j->second_text, sizeof j->second_text, "%Y-%m-%dT%H:%M:%S.",
             &tm);
}

/* As in RFC 3339; 'value' is before YEAR_10000_US. */
static void
put_time(struct json *j, const char *name, uint64_t value)
{
    uint64_t second = value / 1000000;

    if (!j->second_text[0] || second != j->second) {
        format_second(j, second);
    }
    put_name(j, name);
    ds_put_char(&j->text, '"');
    put(j, j->second_text);
    put_digits(j, value % 1000000 * 1000, 9);
    put(j, "Z\"");
}

static void
put_address(struct json *j, const char *name, int version,
            const struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN];

    put_name(j, name);
    if (version == 4) {
        for (size_t i = 12; i < 16; i++) {
            ds_put_char(&j->text, i > 12 ? '.' : '"');
            put_digits(j, address->s6_addr[i], 1);
        }
    } else {
        inet_ntop(AF_INET6, address, text, sizeof text);
        ds_put_char(&j->text, '"');
        put(j, text);
    }
    ds_put_char(&j->text, '"');
}

static void
put_mac(struct json *j, const char *name, const uint8_t mac[6])
{
    static const char hex[] = "0123456789abcdef";

    put_name(j, name);
    for (size_t i = 0; i < 6; i++) {
        ds_put_char(&j->text, i ? ':' : '"');
        ds_put_char(&j->text, hex[mac[i] >> 4]);
        ds_put_char(&j->text, hex[mac[i] & 15]);
    }
    ds_put_char(&j->text, '"');
}

/* ## ------- ## */
/* ## Records ## */
/* ## ------- ## */

static void
put_addresses(struct json *j, const struct frec_key *key)
{
    bool ipv4 = key->ip_version == 4;

    put_number(j, "ipVersion", key->ip_version);
    put_address(j, ipv4 ? "sourceIPv4Address" : "sourceIPv6Address",
                key->ip_version, &key->src);
    put_address(j, ipv4 ? "destinationIPv4Address" : "destinationIPv6Address",
                key->ip_version, &key->dst);
    put_number(j, "protocolIdentifier", key->protocol);
}

static bool
has_ports(uint8_t protocol)
{
    return (protocol == IPPROTO_TCP || protocol == IPPROTO_UDP
            || protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP
            || protocol == IPPROTO_UDPLITE);
}

static void
put_transport(struct json *j, const struct frec *r)
{
    const struct frec_key *key = &r->key;

    if (has_ports(key->protocol)) {
        put_number(j, "sourceTransportPort", key->src_port);
        put_number(j, "destinationTransportPort", key->dst_port);
    } else if (key->protocol == IPPROTO_ICMP) {
        put_number(j, "icmpTypeCodeIPv4", key->dst_port);
    } else if (key->protocol == IPPROTO_ICMPV6) {
        put_number(j, "icmpTypeCodeIPv6", key->dst_port);
    }
    if (key->protocol == IPPROTO_TCP) {
        put_number(j, "tcpControlBits", r->tcp_flags);
    }
}

static bool
is_zero_mac(const uint8_t mac[6])
{
    static const uint8_t zeros[6];

    return !memcmp(mac, zeros, sizeof zeros);
}

static void
put_link(struct json *j, const struct frec *r)
{
    if (r->key.vlan[0]) {
        put_number(j, "dot1qVlanId", r->key.vlan[0]);
    }
    if (r->key.vlan[1]) {
        put_number(j, "dot1qCustomerVlanId", r->key.vlan[1]);
    }
    if (!is_zero_mac(r->src_mac) || !is_zero_mac(r->dst_mac)) {
        put_mac(j, "sourceMacAddress", r->src_mac);
        put_mac(j, "destinationMacAddress", r->dst_mac);
    }
}

static struct json_point *
find_point(struct json *j, uint32_t ifindex)
{
    for (size_t i = 0; i < j->n_points; i++) {
        if (j->points[i].ifindex == ifindex) {
            return &j->points[i];
        }
    }
    return NULL;
}

static void
put_point(struct json *j, const struct frec_key *key)
{
    uint32_t ifindex = key->in_ifindex ? key->in_ifindex : key->out_ifindex;
    const struct json_point *point = find_point(j, ifindex);

    if (ifindex) {
        put_number(j, key->in_ifindex ? "ingressInterface"
                   : "egressInterface", ifindex);
    }
    if (point) {
        put(j, point->text);
    }
}

static void
send_text(struct json *j)
{
    struct exporter_dgram dgram = {
        .iov[0] = { j->text.string, j->text.length },
    };

    if (j->text.length) {
        j->output->send(j->output, &dgram, 1);
        ds_clear(&j->text);
    }
}

static void
json_flow(struct exporter *exporter, const struct frec *r, uint64_t now_us)
{
    struct json *j = json_cast(exporter);
    size_t begin = j->text.length;

    if (r->last_us >= YEAR_10000_US) {
        j->up.stats.skipped += r->packets;
        return;
    }
    put_time(j, "flowStartNanoseconds", r->first_us);
    j->text.string[begin] = '{';        /* In place of the first comma. */
    put_time(j, "flowEndNanoseconds", r->last_us);
    put_number(j, "flowEndReason", r->end);
    put_point(j, &r->key);
    put_number(j, "flowDirection", r->egress);
    put_link(j, r);
    put_addresses(j, &r->key);
    put_transport(j, r);
    put_number(j, "ipClassOfService", r->key.tos);
    put_number(j, "fragmentFlags", r->ip_flags << FRAGMENT_SHIFT);
    put_number(j, "packetDeltaCount", r->packets);
    put_number(j, "octetDeltaCount", r->octets);
    if (j->sampling > 1) {
        put_number(j, "samplingSize", 1);
        put_number(j, "samplingPopulation", j->sampling);
    }
    put(j, j->lines ? "}\n" : "}");
    if (!j->packs || j->text.length >= PACK) {
        send_text(j);
    }
    j->up.stats.flows++;
    j->up.stats.packets += r->packets;
    j->deadline_us = MIN(j->deadline_us,
                         now_us + (j->packs ? FLUSH_SOON_US : FLUSH_US));
}

/* ## ------- ## */
/* ## Members ## */
/* ## ------- ## */

static char *
member_text(const char *name, const char *value)
{
    struct jsn *string = jsn_string(value);
    char *text = jsn_to_text(string, false);
    char *member = xasprintf(",\"%s\":%s", name, text);

    free(text);
    jsn_destroy(string);
    return member;
}

static void
json_add_point(struct exporter *exporter, const struct exporter_point *point)
{
    struct json *j = json_cast(exporter);

    if (!point->ifindex || !point->name[0]) {
        return;
    }
    struct json_point *p = find_point(j, point->ifindex);
    if (!p) {
        char *name = member_text("interfaceName", point->name);
        char *label = (point->label ? member_text("point", point->label)
                       : xstrdup(""));

        j->points = xrealloc(j->points,
                             (j->n_points + 1) * sizeof *j->points);
        p = &j->points[j->n_points++];
        *p = (struct json_point) {
            .ifindex = point->ifindex,
            .text = xasprintf("%s%s", name, label),
        };
        free(label);
        free(name);
    }
    p->n++;
}

static void
json_remove_point(struct exporter *exporter,
                  const struct exporter_point *point)
{
    struct json *j = json_cast(exporter);
    struct json_point *p = find_point(j, point->ifindex);

    if (point->ifindex && point->name[0] && !--p->n) {
        free(p->text);
        *p = j->points[--j->n_points];
    }
}

static uint64_t
json_run(struct exporter *exporter, uint64_t now_us)
{
    struct json *j = json_cast(exporter);

    if (now_us >= j->deadline_us) {
        send_text(j);
        exporter_output_flush(j->output);
        j->deadline_us = UINT64_MAX;
    }
    return j->deadline_us;
}

static void
json_close(struct exporter *exporter, uint64_t now_us OVS_UNUSED)
{
    if (exporter) {
        struct json *j = json_cast(exporter);

        send_text(j);
        exporter_output_flush(j->output);
        for (size_t i = 0; i < j->n_points; i++) {
            free(j->points[i].text);
        }
        free(j->points);
        ds_destroy(&j->text);
        free(j);
    }
}

static char *
open_exporter(const struct exporter_conf *conf,
              const struct exporter_class *class, bool lines,
              struct exporter **exporter)
{
    struct json *j = xzalloc(sizeof *j);

    j->up.class = class;
    j->output = conf->output;
    j->lines = lines;
    j->packs = class == &exporter_terminal_class;
    j->sampling = conf->sampling;
    j->deadline_us = UINT64_MAX;
    ds_init(&j->text);
    *exporter = &j->up;
    return NULL;
}

#define JSON_CLASS(VAR, NAME, LINES)                                        \
    static char *                                                           \
    VAR##_open(const struct exporter_conf *conf,                            \
               struct exporter **exporter)                                  \
    {                                                                       \
        return open_exporter(conf, &exporter_##VAR##_class, LINES,          \
                             exporter);                                     \
    }                                                                       \
                                                                            \
    const struct exporter_class exporter_##VAR##_class = {                  \
        .name = NAME,                                                       \
        .macs = true,                                                       \
        .open = VAR##_open,                                                 \
        .close = json_close,                                                \
        .flow = json_flow,                                                  \
        .run = json_run,                                                    \
        .add_point = json_add_point,                                        \
        .remove_point = json_remove_point,                                  \
    };

JSON_CLASS(json, "json", false)
JSON_CLASS(json_tcp, "json+tcp", true)
JSON_CLASS(json_file, "json+file", true)
JSON_CLASS(terminal, "terminal", true)
