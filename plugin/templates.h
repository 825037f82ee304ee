/* templates.h -- what NetFlow 9 and IPFIX share: both send flow records by
 * templates, in sets, in messages.
 *
 * templates.c is both exporters; netflow9.c and ipfix.c say, as a dialect
 * each, how theirs differ.  A message is a header and sets; a set is an id, a
 * length, records and padding to 4 bytes.  Data and templates go in messages
 * of their own, so that templates can go first at any time.
 *
 * Source of the elements: IANA's registry "IP Flow Information Export (IPFIX)
 * Entities", whose numbers up to 127 are those of RFC 3954, section 8; the
 * larger ones NetFlow 9 borrows from it, as other exporters do.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_TEMPLATES_H
#define OVSPAN_PLUGIN_TEMPLATES_H 1

#include <string.h>
#include "base/ovs.h"
#include "export/exporter.h"

/* The elements of a record, in their order:
 *
 *     ELEMENT(name, id, records that have it, length in NetFlow 9, length in
 *             IPFIX (0: not there), how it is written, value from 'r', 't')
 *
 * NetFlow 9 has one element for the type and code of any ICMP.  It comes
 * before the port, since nfcapd 1.7.1 writes both to one place.  vlanId is
 * superseded by dot1qVlanId, but what nfcapd reads. */
#define TMPL_ELEMENTS                                                       \
    ELEMENT(sourceIPv4Address, 8, IPV4, 4, 4, BYTES,                        \
            &r->key.src.s6_addr[12])                                        \
    ELEMENT(destinationIPv4Address, 12, IPV4, 4, 4, BYTES,                  \
            &r->key.dst.s6_addr[12])                                        \
    ELEMENT(sourceIPv6Address, 27, IPV6, 16, 16, BYTES, &r->key.src)        \
    ELEMENT(destinationIPv6Address, 28, IPV6, 16, 16, BYTES, &r->key.dst)   \
    ELEMENT(flowStartSysUpTime, 22, ALL, 4, 0, NUMBER,                      \
            tmpl_uptime_ms(t, r->first_us))                                 \
    ELEMENT(flowEndSysUpTime, 21, ALL, 4, 0, NUMBER,                        \
            tmpl_uptime_ms(t, r->last_us))                                  \
    ELEMENT(flowStartMilliseconds, 152, ALL, 0, 8, NUMBER,                  \
            r->first_us / 1000)                                             \
    ELEMENT(flowEndMilliseconds, 153, ALL, 0, 8, NUMBER, r->last_us / 1000) \
    ELEMENT(octetDeltaCount, 1, ALL, 8, 8, NUMBER, r->octets)               \
    ELEMENT(packetDeltaCount, 2, ALL, 8, 8, NUMBER, r->packets)             \
    ELEMENT(ingressInterface, 10, ALL, 4, 4, NUMBER, r->key.in_ifindex)     \
    ELEMENT(egressInterface, 14, ALL, 4, 4, NUMBER, r->key.out_ifindex)     \
    ELEMENT(icmpTypeCodeIPv4, 32, IPV4, 2, 2, NUMBER,                       \
            r->key.protocol == IPPROTO_ICMP ? r->key.dst_port : 0)          \
    ELEMENT(icmpTypeCodeIPv4, 32, IPV6, 2, 0, NUMBER,                       \
            r->key.protocol == IPPROTO_ICMPV6 ? r->key.dst_port : 0)        \
    ELEMENT(icmpTypeCodeIPv6, 139, IPV6, 0, 2, NUMBER,                      \
            r->key.protocol == IPPROTO_ICMPV6 ? r->key.dst_port : 0)        \
    ELEMENT(sourceTransportPort, 7, ALL, 2, 2, NUMBER, r->key.src_port)     \
    ELEMENT(destinationTransportPort, 11, ALL, 2, 2, NUMBER,                \
            r->key.dst_port)                                                \
    ELEMENT(tcpControlBits, 6, ALL, 1, 2, NUMBER, r->tcp_flags)             \
    ELEMENT(protocolIdentifier, 4, ALL, 1, 1, NUMBER, r->key.protocol)      \
    ELEMENT(ipClassOfService, 5, ALL, 1, 1, NUMBER, r->key.tos)             \
    ELEMENT(ipVersion, 60, ALL, 1, 1, NUMBER, r->key.ip_version)            \
    ELEMENT(flowDirection, 61, ALL, 1, 1, NUMBER, r->egress)                \
    ELEMENT(flowEndReason, 136, ALL, 1, 1, NUMBER, r->end)                  \
    ELEMENT(fragmentFlags, 197, ALL, 1, 1, NUMBER,                          \
            r->ip_flags << TMPL_FRAGMENT_SHIFT)                             \
    ELEMENT(vlanId, 58, ALL, 2, 2, NUMBER, r->key.vlan[0])                  \
    ELEMENT(dot1qVlanId, 243, ALL, 2, 2, NUMBER, r->key.vlan[0])            \
    ELEMENT(dot1qCustomerVlanId, 245, ALL, 2, 2, NUMBER, r->key.vlan[1])    \
    ELEMENT(sourceMacAddress, 56, ALL, 6, 6, BYTES, r->src_mac)             \
    ELEMENT(destinationMacAddress, 80, ALL, 6, 6, BYTES, r->dst_mac)        \
    ELEMENT(samplerId, 48, SAMPLED, 1, 0, NUMBER, TMPL_SELECTOR)            \
    ELEMENT(selectorId, 302, SAMPLED, 0, 8, NUMBER, TMPL_SELECTOR)

/* Which records have an element. */
enum tmpl_kind {
    TMPL_KIND_IPV4 = 1 << 0,
    TMPL_KIND_IPV6 = 1 << 1,
    TMPL_KIND_ALL = TMPL_KIND_IPV4 | TMPL_KIND_IPV6,
    TMPL_KIND_SAMPLED = 1 << 2, /* All, if sampling. */
};

enum {
    TMPL_SELECTOR = 1,          /* The one sampler of an exporter. */
    TMPL_FRAGMENT_SHIFT = 5,    /* From PKT_IP_* to fragmentFlags. */
    TMPL_NAME_LEN = 16,         /* Of an interface's name. */
    TMPL_MAX_MESSAGE = 1472,    /* UDP's payload in an IPv4 packet of 1500. */

    /* Other elements. */
    TMPL_INGRESS_INTERFACE = 10,
    TMPL_SAMPLING_INTERVAL = 34,
    TMPL_SAMPLER_ID = 48,
    TMPL_SAMPLER_MODE = 49,
    TMPL_SAMPLER_INTERVAL = 50,
    TMPL_INTERFACE_NAME = 82,
    TMPL_DOMAIN_ID = 149,
    TMPL_SELECTOR_ID = 302,
    TMPL_SELECTOR_ALGORITHM = 304,
    TMPL_SAMPLING_SIZE = 309,
    TMPL_SAMPLING_POPULATION = 310,
};

struct tmpl_field {
    uint16_t id;
    uint16_t length;
};

/* A message as it fills. */
struct tmpl_message {
    size_t len;                 /* Bytes, with those of the header. */
    size_t set;                 /* Where the open set begins; 0: none. */
    uint16_t set_id;            /* Its id. */
    uint16_t n_templates;       /* Records of all sets. */
    uint16_t n_data;
    uint8_t bytes[TMPL_MAX_MESSAGE];
};

struct tmpl_point {
    uint32_t ifindex;
    char name[TMPL_NAME_LEN];   /* Padded with zeros. */
    unsigned int n;             /* How often it was added. */
};

struct tmpl;

/* How NetFlow 9 and IPFIX differ. */
struct tmpl_dialect {
    int version;                /* 9 or 10. */
    uint16_t header_len;
    uint16_t template_set, options_set; /* Ids. */
    /* Writes the header of 'm' to its front and counts the sequence on. */
    void (*put_header)(struct tmpl *, struct tmpl_message *m);
    /* Options: the first field is the scope. */
    uint16_t interface_scope;   /* The scope that is an interface. */
    const struct tmpl_field *sampling;  /* What is said of sampling. */
    size_t n_sampling;
    uint8_t *(*put_sampling)(const struct tmpl *, uint8_t *);
};

struct tmpl {
    struct exporter up;
    const struct tmpl_dialect *dialect;
    struct exporter_output *output;     /* Lent. */
    uint64_t boot_us;           /* Zero of sysUptime; whole milliseconds. */
    uint64_t latest_us;         /* The next header's instant is not before. */
    uint32_t domain;            /* Source id, or observation domain. */
    uint32_t sequence;          /* Of the next message. */
    uint32_t sampling;          /* 1 in N. */
    uint32_t overhead;          /* Bytes of the IP and UDP headers. */
    size_t limit;               /* Bytes of a message: what fits the path. */
    size_t ipv4_len, ipv6_len;  /* Of a record. */

    uint64_t interval_us;       /* Between two sendings of the templates. */
    uint64_t templates_us;      /* When they are to be sent next. */
    unsigned int n_since;       /* Messages since they were. */
    bool options_due;           /* At once, and templates with them. */
    struct tmpl_point *points;  /* Interfaces whose names are known. */
    size_t n_points;

    uint64_t deadline_us;       /* Of 'data', if it has records. */
    struct tmpl_message data;   /* Flow records. */
    struct tmpl_message control;        /* Templates and options. */
};

extern const struct tmpl_dialect tmpl_netflow9;
extern const struct tmpl_dialect tmpl_ipfix;

/* Big-endian, in 'n' bytes, a constant. */
static inline uint8_t *
tmpl_put(uint8_t *p, uint64_t value, size_t n)
{
    ovs_be64 be = htonll(value << (64 - 8 * n));

    memcpy(p, &be, n);
    return p + n;
}

/* Milliseconds since boot; the field of 32 bits wraps after 49.7 days. */
static inline uint32_t
tmpl_uptime_ms(const struct tmpl *t, uint64_t time_us)
{
    return time_us > t->boot_us ? (time_us - t->boot_us) / 1000 : 0;
}

#endif /* plugin/templates.h */
