/* skip.h -- headers that only carry what pkt_parse() looks for.
 *
 * Each function takes the cursor at the start of its header, moves it behind,
 * and says in '*type' what follows, as an Ethernet type: PKT_TYPE_TEB for a
 * whole Ethernet frame, PKT_TYPE_LLC for LLC.  Called by link.c, which goes on
 * from there.  A verdict other than PKT_OK ends the walk: PKT_NOT_IP is said
 * of what is encrypted, too.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PACKET_SKIP_H
#define OVSPAN_PACKET_SKIP_H 1

#include "packet/cursor.h"

enum {
    PKT_TYPE_LLC = 0,           /* No type: a length of 802.3's. */
    PKT_TYPE_IPV4 = 0x0800,
    PKT_TYPE_TEB = 0x6558,      /* Transparent Ethernet bridging. */
    PKT_TYPE_IPV6 = 0x86dd,
    PKT_TYPE_MPLS = 0x8847,
    PKT_TYPE_MPLS_MULTICAST = 0x8848,
    PKT_TYPE_NSH = 0x894f,      /* RFC 8300. */
    PKT_TYPE_NONE = 0xffff,     /* Reserved: nothing that is known. */

    /* Encapsulations that encap.c knows. */
    PKT_TYPE_TRILL = 0x22f3,    /* RFC 6325. */
    PKT_TYPE_PBB = 0x88e7,      /* I-TAG, IEEE 802.1ah. */
    PKT_TYPE_FABRICPATH = 0x8903,       /* Cisco's. */
    PKT_TYPE_CMD = 0x8909,      /* Cisco's metadata: security group tags. */
    PKT_TYPE_VNTAG = 0x8926,    /* Cisco's. */
    PKT_TYPE_MACSEC = 0x88e5,   /* IEEE 802.1AE. */
    PKT_TYPE_HSR = 0x892f,      /* IEC 62439-3. */
    PKT_TYPE_ETAG = 0x893f,     /* IEEE 802.1BR. */
    PKT_TYPE_PPPOE = 0x8864,    /* Session stage; link.c's. */
};

/* link-header.c: the header of a link layer, of any but Ethernet, raw IP and
 * Linux cooked, which link.c knows. */
enum pkt_verdict pkt_skip_link(struct pkt_cursor *, enum pkt_link,
                               uint16_t *type);
/* The EtherType of what a PPP protocol number announces, or PKT_TYPE_NONE. */
uint16_t pkt_type_from_ppp(uint16_t protocol);

/* encap.c: what the EtherType '*type' announces, if it is an encapsulation
 * below IP; else PKT_NOT_IP. */
enum pkt_verdict pkt_skip_encap(struct pkt_cursor *, uint16_t *type);

#endif /* packet/skip.h */
