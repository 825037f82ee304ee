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

/* The elements of a record, in their order:
 *
 *     ELEMENT(name, id, records that have it, length in NetFlow 9, length in
 *             IPFIX (0: not there), how it is written, value from 'r', 't')
 *
 * NetFlow 9 has one element for the type and code of any ICMP.  It comes
 * before the port, since nfcapd 1.7.1 writes both to one place.  vlanId is
 * superseded by dot1qVlanId, but what nfcapd reads.  tcpControlBits has two
 * octets in the registry, of which RFC 7125 lets an exporter leave out the
 * first; nfacctd 1.7.7 reads no other. */
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
    ELEMENT(tcpControlBits, 6, FLAGS8, 1, 1, NUMBER, r->tcp_flags)          \
    ELEMENT(tcpControlBits, 6, FLAGS16, 2, 2, NUMBER, r->tcp_flags)         \
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
    ELEMENT(samplerId, 48, SAMPLED, 1, 0, NUMBER, t->selector)              \
    ELEMENT(selectorId, 302, SAMPLED, 0, 8, NUMBER, t->selector)

/* Which records have an element. */
enum tmpl_kind {
    TMPL_KIND_IPV4 = 1 << 0,
    TMPL_KIND_IPV6 = 1 << 1,
    TMPL_KIND_ALL = TMPL_KIND_IPV4 | TMPL_KIND_IPV6,
    TMPL_KIND_SAMPLED = 1 << 2, /* All, if sampling. */
    TMPL_KIND_FLAGS8 = 1 << 3,  /* All, by the option 'tcp-flags'. */
    TMPL_KIND_FLAGS16 = 1 << 4,
};

enum {
    TMPL_FRAGMENT_SHIFT = 5,    /* From PKT_IP_* to fragmentFlags. */

    /* Elements of options. */
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

#endif /* plugin/elements.h */
