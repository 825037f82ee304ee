/* unread.c -- what a frame is that no flow can be made of.  See unread.h.
 *
 * Called by the meter for each frame that it skips.  pkt_parse() ended at a
 * type that is not IP's: what has a name of its own is counted by that,
 * wherever it is; what has none by the encapsulation that it is inside of.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/unread.h"

#include "packet/skip.h"

enum {
    TYPE_ARP = 0x0806,
    TYPE_RARP = 0x8035,
    TYPE_TRILL_ISIS = 0x22f4,
    TYPE_SLOW = 0x8809,         /* IEEE 802.3, annex 57A. */
    TYPE_PPPOE_DISCOVERY = 0x8863,
    TYPE_EAPOL = 0x888e,        /* IEEE 802.1X. */
    TYPE_LLDP = 0x88cc,
    TYPE_PTP = 0x88f7,          /* IEEE 1588. */
    TYPE_PRP = 0x88fb,          /* IEC 62439-3: supervision. */
    TYPE_CFM = 0x8902,          /* IEEE 802.1ag. */
    TYPE_FCOE = 0x8906,
    TYPE_FIP = 0x8914,          /* Of FCoE. */
    TYPE_ROCE = 0x8915,
    MIN_TYPE = 0x600,           /* A smaller one is a length. */
};

static enum pkt_unread
unread_from_encap(uint16_t type)
{
    switch (type) {
    case PKT_TYPE_MACSEC:
        return PKT_UNREAD_macsec;
    case PKT_TYPE_FABRICPATH:
        return PKT_UNREAD_fabricpath;
    case PKT_TYPE_CMD:
        return PKT_UNREAD_cmd;
    case PKT_TYPE_VNTAG:
        return PKT_UNREAD_vntag;
    case PKT_TYPE_ETAG:
        return PKT_UNREAD_etag;
    case PKT_TYPE_PBB:
        return PKT_UNREAD_pbb;
    case PKT_TYPE_TRILL:
    case TYPE_TRILL_ISIS:
        return PKT_UNREAD_trill;
    case PKT_TYPE_HSR:
    case TYPE_PRP:
        return PKT_UNREAD_hsr;
    case PKT_TYPE_NSH:
        return PKT_UNREAD_nsh;
    default:
        return PKT_UNREAD_other;
    }
}

static enum pkt_unread
unread_from_type(uint16_t type)
{
    switch (type) {
    case TYPE_ARP:
    case TYPE_RARP:
        return PKT_UNREAD_arp;
    case TYPE_LLDP:
        return PKT_UNREAD_lldp;
    case TYPE_SLOW:
        return PKT_UNREAD_slow;
    case TYPE_EAPOL:
        return PKT_UNREAD_eapol;
    case TYPE_CFM:
        return PKT_UNREAD_cfm;
    case TYPE_PTP:
        return PKT_UNREAD_ptp;
    case TYPE_FCOE:
    case TYPE_FIP:
        return PKT_UNREAD_fcoe;
    case TYPE_ROCE:
        return PKT_UNREAD_roce;
    case PKT_TYPE_MPLS:
    case PKT_TYPE_MPLS_MULTICAST:
        return PKT_UNREAD_mpls;
    case PKT_TYPE_PPPOE:
    case TYPE_PPPOE_DISCOVERY:
        return PKT_UNREAD_pppoe;
    default:
        return unread_from_encap(type);
    }
}

/* Where no Ethernet type says what there is. */
static enum pkt_unread
unread_from_link(enum pkt_link link, enum pkt_unread otherwise)
{
    switch (link) {
    case PKT_LINK_RADIOTAP:
        return PKT_UNREAD_wlan;
    case PKT_LINK_PPP:
    case PKT_LINK_PPP_SERIAL:
        return PKT_UNREAD_ppp;
    case PKT_LINK_ETHERNET:
    case PKT_LINK_SLL:
    case PKT_LINK_SLL2:
        return otherwise;
    case PKT_LINK_RAW_IP:
    case PKT_LINK_NULL:
    case PKT_LINK_CISCO_HDLC:
    case PKT_LINK_NFLOG:
    case PKT_LINK_IPNET:
        break;
    }
    return PKT_UNREAD_other;
}

enum pkt_unread
pkt_unread(const struct pkt *pkt)
{
    enum pkt_link link = pkt->frame->link;

    if (pkt->eth_type < MIN_TYPE) {
        return unread_from_link(link, PKT_UNREAD_llc);
    } else if (pkt->eth_type == PKT_TYPE_NONE) {
        return unread_from_link(link, PKT_UNREAD_other);
    } else if (link == PKT_LINK_CISCO_HDLC && pkt->eth_type == TYPE_RARP) {
        return PKT_UNREAD_other;        /* SLARP there. */
    }
    enum pkt_unread unread = unread_from_type(pkt->eth_type);
    return (unread == PKT_UNREAD_other ? unread_from_encap(pkt->encap_type)
            : unread);
}
