/* record.h -- a flow record: what an exporter gets when a flow ends.
 *
 * A record is a delta: its counters are of the packets since the flow's last
 * record.  Source of the meaning of each field: RFC 7011/7012 and Cisco's
 * NetFlow v5 format.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_FLOW_RECORD_H
#define OVSPAN_FLOW_RECORD_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include "packet/packet.h"

/* Why a record was exported (IPFIX flowEndReason, RFC 5102 5.11.3). */
enum frec_end {
    FREC_END_INACTIVE = 1,
    FREC_END_ACTIVE = 2,
    FREC_END_DETECTED = 3,      /* FIN or RST. */
    FREC_END_FORCED = 4,        /* Shutdown. */
    FREC_END_RESOURCES = 5,     /* Memory. */
};

/* How a biflow's record stands to who began it (IPFIX biflowDirection). */
enum frec_biflow {
    FREC_BIFLOW_ARBITRARY = 0,  /* Nobody knows. */
    FREC_BIFLOW_INITIATOR = 1,  /* The source of the record did. */
    FREC_BIFLOW_REVERSE = 2,    /* Its destination did. */
};

struct frec_key {
    struct in6_addr src, dst;   /* IPv4 as v4-mapped. */
    uint16_t src_port, dst_port;        /* Host byte order. */
    uint16_t vlan[2];           /* VLAN ids, outer and inner; 0: none. */
    uint32_t in_ifindex;        /* 0: unknown. */
    uint32_t out_ifindex;
    uint8_t protocol;
    uint8_t tos;
    uint8_t ip_version;         /* 4 or 6. */
    uint8_t pad[1];             /* Zero: keys are compared as bytes. */
};

/* What few ask for. */
struct frec_extra {
    uint8_t tcp_options[32];    /* Of all packets, as one number, big-endian:
                                 * bit N is option kind N. */
    uint32_t mpls;              /* Of the first packet: top of its label stack
                                 * without the TTL, 24 bits; 0: none. */
    uint8_t mpls_lower[9][3];   /* Likewise the entries below, big-endian. */
    uint8_t priority[2];        /* Of the first packet: priority code points of
                                 * the outer and the inner VLAN tag. */
    uint16_t tcp_window;        /* Of the first packet, as in its header. */
    uint8_t min_ttl, max_ttl;   /* TTL or hop limit. */
};

struct frec {
    struct frec_key key;
    uint64_t packets;
    uint64_t octets;            /* Layer 3. */
    uint64_t first_us;          /* Of the packets; us since the epoch. */
    uint64_t last_us;
    uint16_t tcp_flags;         /* OR of all packets; 12 bits. */
    uint8_t ip_flags;           /* OR of all packets: PKT_IP_*. */
    uint8_t end;                /* enum frec_end. */
    bool egress;                /* Sent by the point's interface. */
    uint8_t src_mac[6];         /* Of the first packet; zeros: not known, or */
    uint8_t dst_mac[6];         /* the table was not asked to keep them. */
    struct frec_extra extra;    /* Zeros if it was not asked to keep it. */

    /* Of a table of biflows (RFC 5103). */
    uint8_t biflow;             /* Who began it: biflowDirection. */
    const struct frec *reverse; /* What went the other way: the same from
                                 * there; NULL: nothing. */
};

#endif /* flow/record.h */
