/* collector-own.c -- tells our own export from everything else.
 *
 * Called by workers for every packet, before it is metered or copied: a
 * capture of our own export would feed itself.  Pure; reads the packet's bytes
 * within what was captured.  A packet that was cut too short to tell is taken
 * as ours: better one packet less than a loop.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector.h"

#include <string.h>
#include "base/ovs.h"

enum {
    HAS_CSUM = 0x8000,          /* Flags of a GRE header. */
    HAS_KEY = 0x2000,
    HAS_SEQ = 0x1000,
    PROTO_ERSPAN = 0x88be,        /* Types I and II. */
    PROTO_ERSPAN3 = 0x22eb,       /* Type III. */
    SESSION_MASK = 0x3ff,
    ANY_SESSION = -1,           /* Cannot be told. */
    NO_SESSION = -2,            /* Not ERSPAN with a session. */
};

static uint16_t
get_be16(const uint8_t *p)
{
    return p[0] << 8 | p[1];
}

/* The ERSPAN session of a GRE packet, ANY_SESSION if it was cut before, or
 * NO_SESSION. */
static int
get_session(const struct pkt *pkt)
{
    size_t left = (pkt->l4_ofs && pkt->l4_ofs < pkt->frame->caplen
                   ? pkt->frame->caplen - pkt->l4_ofs : 0);
    const uint8_t *p = pkt->frame->data + pkt->l4_ofs;

    if (left < 4) {
        return ANY_SESSION;
    }
    uint16_t flags = get_be16(p);
    uint16_t protocol = get_be16(p + 2);
    size_t ofs = 4;

    /* Without a sequence it is type I, which has no header. */
    if (protocol != PROTO_ERSPAN3
        && !(protocol == PROTO_ERSPAN && flags & HAS_SEQ)) {
        return NO_SESSION;
    }
    ofs += flags & HAS_CSUM ? 4 : 0;
    ofs += flags & HAS_KEY ? 4 : 0;
    ofs += flags & HAS_SEQ ? 4 : 0;
    if (left < ofs + 4) {
        return ANY_SESSION;
    }
    return get_be16(p + ofs + 2) & SESSION_MASK;
}

static bool
addresses_match(const struct collector_flow *flow, const struct pkt *pkt)
{
    return (IN6_ARE_ADDR_EQUAL(&flow->dst, &pkt->dst)
            && IN6_ARE_ADDR_EQUAL(&flow->src, &pkt->src));
}

/* The same the other way. */
static bool
is_answer(const struct collector_flow *flow, const struct pkt *pkt)
{
    return (IN6_ARE_ADDR_EQUAL(&flow->dst, &pkt->src)
            && IN6_ARE_ADDR_EQUAL(&flow->src, &pkt->dst));
}

/* True if the capture cut the packet before its ports. */
static bool
lacks_ports(const struct pkt *pkt)
{
    return (pkt->verdict == PKT_SNAPPED && !pkt->src_port && !pkt->dst_port
            && !(pkt->frag & PKT_FRAG_LATER));
}

static bool
udp_matches(const struct collector_flow *flow, const struct pkt *pkt)
{
    return (flow->proto == COLLECTOR_UDP
            && ((flow->dst_port == pkt->dst_port
                 && flow->src_port == pkt->src_port)
                || lacks_ports(pkt))
            && addresses_match(flow, pkt));
}

static bool
tcp_matches(const struct collector_flow *flow, const struct pkt *pkt)
{
    return (flow->proto == COLLECTOR_TCP
            && (lacks_ports(pkt)
                ? addresses_match(flow, pkt) || is_answer(flow, pkt)
                : flow->dst_port == pkt->dst_port
                  && flow->src_port == pkt->src_port
                ? addresses_match(flow, pkt)
                : flow->dst_port == pkt->src_port
                  && flow->src_port == pkt->dst_port
                  && is_answer(flow, pkt)));
}

static bool
gre_matches(const struct collector_flow *flow, const struct pkt *pkt)
{
    if (flow->proto != COLLECTOR_GRE || !addresses_match(flow, pkt)) {
        return false;
    }
    if (flow->any_session || pkt->frag & PKT_FRAG_LATER) {
        return true;
    }
    int session = get_session(pkt);
    return session == ANY_SESSION || session == flow->session;
}

bool
collector_is_own(const struct collector_flow *flows, size_t n,
                 const struct pkt *pkt)
{
    bool (*matches)(const struct collector_flow *, const struct pkt *)
        = (pkt->protocol == IPPROTO_UDP ? udp_matches
           : pkt->protocol == IPPROTO_TCP ? tcp_matches
           : pkt->protocol == IPPROTO_GRE ? gre_matches : NULL);

    if (pkt->verdict == PKT_NOT_IP || pkt->verdict == PKT_MALFORMED
        || !matches) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        if (matches(&flows[i], pkt)) {
            return true;
        }
    }
    return false;
}
