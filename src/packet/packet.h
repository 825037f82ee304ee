/* packet.h -- from the bytes of a frame to its fields.
 *
 * pkt_parse() walks link layer, VLAN tags, MPLS, PPPoE, and what else stands
 * between Ethernet and IP in the clear (encap.c), then IPv4 or IPv6 with its
 * extension headers, and the transport header, bounded at every step by the
 * bytes captured, and gives a verdict; it never reads outside of 'data', never
 * allocates, never logs.  The bytes are hostile.
 *
 * Pure; called for every packet, so it is written for speed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_PACKET_H
#define OVSPAN_PACKET_PACKET_H 1

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the first byte of a frame is to be read; each room that has a number of
 * its own for this (libpcap's DLT) translates. */
enum pkt_link {
    PKT_LINK_ETHERNET,
    PKT_LINK_RAW_IP,            /* IPv4 or IPv6, by its version. */
    PKT_LINK_SLL,               /* Linux cooked v1. */
    PKT_LINK_SLL2,              /* Linux cooked v2. */
    PKT_LINK_NULL,              /* BSD's loopback, in either byte order. */
    PKT_LINK_CISCO_HDLC,
    PKT_LINK_PPP,               /* With or without HDLC's first octets. */
    PKT_LINK_PPP_SERIAL,        /* PPP or Cisco's HDLC, by the first octet. */
    PKT_LINK_RADIOTAP,          /* 802.11 behind a radiotap header. */
    PKT_LINK_NFLOG,             /* Linux's netfilter log. */
    PKT_LINK_IPNET,             /* Solaris's. */
};

enum pkt_direction {
    PKT_DIR_UNKNOWN,
    PKT_INGRESS,                /* Received by the interface. */
    PKT_EGRESS,                 /* Sent by the interface. */
};

/* The link layer that libpcap calls 'name' ("EN10MB", "LINUX_SLL2", ...);
 * false if it is none of these. */
bool pkt_link_from_name(const char *name, enum pkt_link *);

/* One frame as captured.  'data' is borrowed. */
struct pkt_frame {
    const uint8_t *data;
    uint32_t caplen;            /* Bytes at 'data'. */
    uint32_t len;               /* Bytes on the wire; >= caplen. */
    uint64_t time_us;           /* Microseconds since the epoch. */
    enum pkt_link link;
    enum pkt_direction direction;
    bool csum_partial;          /* The kernel says that the transport checksum
                                 * is still to be filled in. */
    bool has_ns;                /* The capture's clock counts nanoseconds... */
    uint16_t time_ns;           /* ...so many beyond 'time_us'; below 1000. */

    bool has_gso;               /* The kernel says whether it is a super-frame,
                                 * and if so: */
    uint8_t gso_protocol;       /* IPPROTO_TCP or _UDP, or 0: it is none. */
    uint16_t gso_size;          /* Octets of payload in each segment but the
                                 * last; 0: it is none. */
    uint16_t gso_ofs;           /* Of the transport header that each segment
                                 * has; 0: not known. */
};

enum pkt_verdict {
    PKT_OK,                     /* IP, every field below is valid. */
    PKT_NOT_IP,                 /* ARP, LLDP...: nothing for a flow. */
    PKT_MALFORMED,              /* A header lies or is cut on the wire. */
    PKT_SNAPPED,                /* Cut by the capture within or before its
                                 * transport header: IP fields valid, ports
                                 * and flags that were not captured 0; a flow
                                 * all the same, counted. */
    PKT_CUT,                    /* Cut by the capture before the end of its
                                 * fixed IP header: nothing for a flow,
                                 * counted as truncated. */
};

/* As in the IPv4 header; of IPv6 the second alone, from a fragment header. */
enum {
    PKT_IP_DF = 1 << 1,         /* Don't fragment. */
    PKT_IP_MF = 1 << 0,         /* More fragments. */
};

enum {
    PKT_FRAG_ANY = 1 << 0,      /* A fragment. */
    PKT_FRAG_LATER = 1 << 1,    /* Not the first. */
};

/* Ordered so that what the flow table reads lies together, without holes. */
struct pkt {
    const struct pkt_frame *frame;
    struct in6_addr src, dst;   /* IPv4 as v4-mapped. */
    uint16_t src_port;          /* Host byte order.  ICMP: 0. */
    uint16_t dst_port;          /* ICMP: type * 256 + code. */
    uint16_t vlan_tci[2];       /* Host byte order, outer first. */
    uint32_t l3_len;            /* Octets of the IP packet on the wire. */
    uint8_t protocol;           /* After extension headers. */
    uint8_t tos;                /* ToS or traffic class. */
    uint8_t ip_version;         /* 4 or 6; 0: not IP. */
    uint8_t ip_flags;           /* PKT_IP_*. */
    uint16_t tcp_flags;         /* The 12 bits after the data offset. */
    uint8_t verdict;            /* enum pkt_verdict. */
    uint8_t frag;               /* PKT_FRAG_*. */
    uint8_t ttl;
    uint8_t n_vlans;            /* Tags seen; the outer two are kept. */
    uint16_t l3_ofs;            /* Of the IP header in 'data'; 0 in a raw IP
                                 * frame, and where there is none. */
    uint16_t l4_ofs;            /* Of the transport header; 0: none. */
    uint16_t eth_type;          /* Of the network layer, host byte order. */
    uint16_t outer_len;         /* Octets of the IP packet that this is inside
                                 * of, up to its own header; 0: of none. */
    uint16_t mpls_ofs;          /* Of the outermost label stack in 'data',
                                 * whose first entry is there; 0: none. */
    uint16_t encap_type;        /* Ethernet type of the innermost encapsulation
                                 * that encap.c has passed over; 0: none. */
};

/* Parses '*frame' into '*pkt', every member set.  Without a verdict of PKT_OK
 * or PKT_SNAPPED only 'frame', 'verdict', 'eth_type', 'encap_type' and the
 * VLANs mean something. */
enum pkt_verdict pkt_parse(const struct pkt_frame *, struct pkt *);

#endif /* packet/packet.h */
