/* elements.h -- the elements of NetFlow 9's and IPFIX's flow records.
 *
 * Private to templates.c and the files below it.
 *
 * Source: IANA's registry "IP Flow Information Export (IPFIX) Entities", whose
 * numbers up to 127 are those of RFC 3954, section 8; the larger ones NetFlow
 * 9 borrows from it, as other exporters do.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_ELEMENTS_H
#define OVSPAN_PLUGIN_ELEMENTS_H 1

#include <stdbool.h>
#include <stdint.h>

/* What a user can choose by the option 'fields', in the words of
 * src/target/table.c: GROUP(word, member of enum tmpl_group). */
#define TMPL_GROUPS          \
    GROUP("icmp", ICMP)      \
    GROUP("end", END)        \
    GROUP("fragment", FRAG)  \
    GROUP("vlan", VLAN)      \
    GROUP("mac", MAC)        \
    GROUP("ttl", TTL)        \
    GROUP("mpls", MPLS)      \
    GROUP("tcp", TCP)        \
    GROUP("mpls-stack", STACK) \
    GROUP("priority", PRIORITY) \
    GROUP("biflow", BIFLOW)

/* The elements of a record, in their order:
 *
 *     ELEMENT(name, id, records that have it, group, length in NetFlow 9,
 *             length in IPFIX (0: not there), how it is written, value from
 *             'r', 't')
 *
 * NetFlow 9 has one element for the type and code of any ICMP.  It comes
 * before the port, since nfcapd 1.7.1 writes both to one place.  vlanId is
 * superseded by dot1qVlanId, but what nfcapd reads.  tcpControlBits has two
 * octets in the registry, of which RFC 7125 lets an exporter leave out the
 * first; nfacctd 1.7.7 reads no other.  tcpOptionsFull is of RFC 9740. */
#define TMPL_ELEMENTS                                                       \
    ELEMENT(sourceIPv4Address, 8, IPV4, BASE, 4, 4, BYTES,                  \
            &r->key.src.s6_addr[12])                                        \
    ELEMENT(destinationIPv4Address, 12, IPV4, BASE, 4, 4, BYTES,            \
            &r->key.dst.s6_addr[12])                                        \
    ELEMENT(sourceIPv6Address, 27, IPV6, BASE, 16, 16, BYTES, &r->key.src)  \
    ELEMENT(destinationIPv6Address, 28, IPV6, BASE, 16, 16, BYTES,          \
            &r->key.dst)                                                    \
    ELEMENT(flowStartSysUpTime, 22, ALL, BASE, 4, 0, NUMBER,                \
            tmpl_uptime_ms(t, r->first_us))                                 \
    ELEMENT(flowEndSysUpTime, 21, ALL, BASE, 4, 0, NUMBER,                  \
            tmpl_uptime_ms(t, r->last_us))                                  \
    ELEMENT(flowStartMilliseconds, 152, ALL, BASE, 0, 8, NUMBER,            \
            r->first_us / 1000)                                             \
    ELEMENT(flowEndMilliseconds, 153, ALL, BASE, 0, 8, NUMBER,              \
            r->last_us / 1000)                                              \
    ELEMENT(octetDeltaCount, 1, ALL, BASE, 8, 8, NUMBER, r->octets)         \
    ELEMENT(packetDeltaCount, 2, ALL, BASE, 8, 8, NUMBER, r->packets)       \
    ELEMENT(ingressInterface, 10, ALL, BASE, 4, 4, NUMBER,                  \
            r->key.in_ifindex)                                              \
    ELEMENT(egressInterface, 14, ALL, BASE, 4, 4, NUMBER,                   \
            r->key.out_ifindex)                                             \
    ELEMENT(icmpTypeCodeIPv4, 32, IPV4, ICMP, 2, 2, NUMBER,                 \
            r->key.protocol == IPPROTO_ICMP ? r->key.dst_port : 0)          \
    ELEMENT(icmpTypeCodeIPv4, 32, IPV6, ICMP, 2, 0, NUMBER,                 \
            r->key.protocol == IPPROTO_ICMPV6 ? r->key.dst_port : 0)        \
    ELEMENT(icmpTypeCodeIPv6, 139, IPV6, ICMP, 0, 2, NUMBER,                \
            r->key.protocol == IPPROTO_ICMPV6 ? r->key.dst_port : 0)        \
    ELEMENT(sourceTransportPort, 7, ALL, BASE, 2, 2, NUMBER,                \
            r->key.src_port)                                                \
    ELEMENT(destinationTransportPort, 11, ALL, BASE, 2, 2, NUMBER,          \
            r->key.dst_port)                                                \
    ELEMENT(tcpControlBits, 6, FLAGS8, BASE, 1, 1, NUMBER, r->tcp_flags)    \
    ELEMENT(tcpControlBits, 6, FLAGS16, BASE, 2, 2, NUMBER, r->tcp_flags)   \
    ELEMENT(protocolIdentifier, 4, ALL, BASE, 1, 1, NUMBER,                 \
            r->key.protocol)                                                \
    ELEMENT(ipClassOfService, 5, ALL, BASE, 1, 1, NUMBER, r->key.tos)       \
    ELEMENT(ipVersion, 60, ALL, BASE, 1, 1, NUMBER, r->key.ip_version)      \
    ELEMENT(flowDirection, 61, ALL, BASE, 1, 1, NUMBER, r->egress)          \
    ELEMENT(flowEndReason, 136, ALL, END, 1, 1, NUMBER, r->end)             \
    ELEMENT(fragmentFlags, 197, ALL, FRAG, 1, 1, NUMBER,                    \
            r->ip_flags << TMPL_FRAGMENT_SHIFT)                             \
    ELEMENT(vlanId, 58, ALL, VLAN, 2, 2, NUMBER, r->key.vlan[0])            \
    ELEMENT(dot1qVlanId, 243, ALL, VLAN, 2, 2, NUMBER, r->key.vlan[0])      \
    ELEMENT(dot1qCustomerVlanId, 245, ALL, VLAN, 2, 2, NUMBER,              \
            r->key.vlan[1])                                                 \
    ELEMENT(sourceMacAddress, 56, ALL, MAC, 6, 6, BYTES, r->src_mac)        \
    ELEMENT(destinationMacAddress, 80, ALL, MAC, 6, 6, BYTES, r->dst_mac)   \
    ELEMENT(minimumTTL, 52, ALL, TTL, 1, 1, NUMBER, r->extra.min_ttl)       \
    ELEMENT(maximumTTL, 53, ALL, TTL, 1, 1, NUMBER, r->extra.max_ttl)       \
    ELEMENT(mplsTopLabelStackSection, 70, ALL, MPLS, 3, 3, NUMBER,          \
            r->extra.mpls)                                                  \
    ELEMENT(tcpWindowSize, 186, ALL, TCP, 2, 2, NUMBER,                     \
            r->extra.tcp_window)                                            \
    ELEMENT(tcpOptionsFull, 520, ALL, TCP, 32, 32, BYTES,                   \
            r->extra.tcp_options)                                           \
    ELEMENT(mplsLabelStackSection2, 71, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[0])                                         \
    ELEMENT(mplsLabelStackSection3, 72, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[1])                                         \
    ELEMENT(mplsLabelStackSection4, 73, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[2])                                         \
    ELEMENT(mplsLabelStackSection5, 74, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[3])                                         \
    ELEMENT(mplsLabelStackSection6, 75, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[4])                                         \
    ELEMENT(mplsLabelStackSection7, 76, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[5])                                         \
    ELEMENT(mplsLabelStackSection8, 77, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[6])                                         \
    ELEMENT(mplsLabelStackSection9, 78, ALL, STACK, 3, 3, BYTES,            \
            r->extra.mpls_lower[7])                                         \
    ELEMENT(mplsLabelStackSection10, 79, ALL, STACK, 3, 3, BYTES,           \
            r->extra.mpls_lower[8])                                         \
    ELEMENT(dot1qPriority, 244, ALL, PRIORITY, 1, 1, NUMBER,                \
            r->extra.priority[0])                                           \
    ELEMENT(dot1qCustomerPriority, 246, ALL, PRIORITY, 1, 1, NUMBER,        \
            r->extra.priority[1])                                           \
    ELEMENT(biflowDirection, 239, ALL, BIFLOW, 0, 1, NUMBER, r->biflow)     \
    ELEMENT(samplerId, 48, SAMPLED, BASE, 1, 0, NUMBER, t->selector)        \
    ELEMENT(selectorId, 302, SAMPLED, BASE, 0, 8, NUMBER, t->selector)

/* The elements that a biflow has of the way back, too, under the enterprise
 * number of RFC 5103, section 6.1: what is no key, or not turned with it. */
static inline bool
tmpl_is_reversible(uint16_t id)
{
    switch (id) {
    case 1: case 2:             /* Counters. */
    case 5: case 6:             /* Class of service, TCP flags. */
    case 32: case 139:          /* ICMP: the answer. */
    case 52: case 53:           /* TTLs. */
    case 70: case 71: case 72: case 73: case 74: case 75: case 76: case 77:
    case 78: case 79:           /* Labels. */
    case 152: case 153:         /* Times. */
    case 186: case 520:         /* TCP. */
    case 197:                   /* Fragments. */
    case 244: case 246:         /* Priorities. */
        return true;
    default:
        return false;
    }
}

/* Of the records of options: ELEMENT(name, id, length). */
#define TMPL_OPTION_ELEMENTS                    \
    ELEMENT(ingressInterface, 10, 4)            \
    ELEMENT(samplingInterval, 34, 4)            \
    ELEMENT(samplerId, 48, 1)                   \
    ELEMENT(samplerMode, 49, 1)                 \
    ELEMENT(samplerRandomInterval, 50, 4)       \
    ELEMENT(interfaceName, 82, 16)              \
    ELEMENT(observationDomainId, 149, 4)        \
    ELEMENT(selectorId, 302, 8)                 \
    ELEMENT(selectorAlgorithm, 304, 2)          \
    ELEMENT(samplingSize, 309, 4)               \
    ELEMENT(samplingPopulation, 310, 4)

/* As fields of a template. */
#define TMPL_FIELD(NAME) { TMPL_ELEMENT_##NAME, TMPL_SIZE_##NAME }
enum {
#define ELEMENT(NAME, ID, LEN) \
    TMPL_ELEMENT_##NAME = ID, TMPL_SIZE_##NAME = LEN,
    TMPL_OPTION_ELEMENTS
#undef ELEMENT
};

/* Which records have an element. */
enum tmpl_kind {
    TMPL_KIND_IPV4 = 1 << 0,
    TMPL_KIND_IPV6 = 1 << 1,
    TMPL_KIND_ALL = TMPL_KIND_IPV4 | TMPL_KIND_IPV6,
    TMPL_KIND_SAMPLED = 1 << 2, /* All, if sampling. */
    TMPL_KIND_FLAGS8 = 1 << 3,  /* All, by the option 'tcp-flags'. */
    TMPL_KIND_FLAGS16 = 1 << 4,
};

enum tmpl_group {
#define GROUP(WORD, NAME) TMPL_BIT_##NAME,
    TMPL_GROUPS
#undef GROUP
};

/* As a set. */
enum {
#define GROUP(WORD, NAME) TMPL_GROUP_##NAME = 1 << TMPL_BIT_##NAME,
    TMPL_GROUPS
#undef GROUP
    TMPL_GROUP_BASE = 1 << 15,  /* What every record has. */
    TMPL_GROUP_BOTH = 1 << 16,  /* Of a layout: with the way back. */
    TMPL_GROUP_DEFAULT = TMPL_GROUP_BASE | TMPL_GROUP_ICMP | TMPL_GROUP_END
                         | TMPL_GROUP_FRAG | TMPL_GROUP_VLAN | TMPL_GROUP_MAC,
    TMPL_GROUP_EXTRA = TMPL_GROUP_TTL | TMPL_GROUP_MPLS | TMPL_GROUP_TCP
                       | TMPL_GROUP_STACK | TMPL_GROUP_PRIORITY,
};

enum {
    TMPL_FRAGMENT_SHIFT = 5,    /* From PKT_IP_* to fragmentFlags. */
    TMPL_REVERSE = 0x8000,      /* In an id: of the way back. */
    TMPL_REVERSE_PEN = 29305,
};

#endif /* plugin/elements.h */
