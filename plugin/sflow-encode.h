/* sflow-encode.h -- sFlow version 5 datagrams (sflow.org, sFlow Version 5).
 *
 * Used by sflow.c.  Bytes in, bytes out: what is sampled, and when a datagram
 * is sent, is decided there.
 *
 * Why not libsflow, which Open vSwitch has in its tree: its agent knows time
 * in whole seconds, so that uptimes and the flushing of datagrams would be off
 * by one; its datagrams have 1500 bytes at most whatever the path carries, and
 * are measured without the bytes of an agent address of IPv6; it writes into a
 * list of receivers, pollers and samplers that it allocates, of which we would
 * use the one function that puts words into a buffer.  That is what is here.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLUGIN_SFLOW_ENCODE_H
#define OVSPAN_PLUGIN_SFLOW_ENCODE_H 1

#include <netinet/in.h>
#include "export/exporter.h"

enum {
    SFLOW_MAX_DATAGRAM = 1400,  /* Bytes: collectors have small buffers. */
    SFLOW_MAX_IOV = 3,

    /* Bytes of samples, the longest there are, without a packet's. */
    SFLOW_FLOW_LEN = 108,
    SFLOW_COUNTERS_LEN = 120,
    SFLOW_HEADER_LEN = 40,      /* Of a datagram, with an IPv6 agent. */
};

/* How the bytes of a sampled packet begin. */
enum sflow_protocol {
    SFLOW_ETHERNET = 1,
    SFLOW_IPV4 = 11,
    SFLOW_IPV6 = 12,
};

struct sflow_flow_sample {
    uint32_t sequence;          /* Of the samples of this source. */
    uint32_t ifindex;           /* The source. */
    uint32_t rate, pool, drops;
    bool egress;                /* The packet left by the source. */
    enum sflow_protocol protocol;
    uint32_t frame_len;         /* On the wire, with what was stripped. */
    uint32_t stripped;          /* Bytes that are not in 'bytes'. */
    struct iovec bytes[SFLOW_MAX_IOV];  /* Of the packet. */
    bool tagged;                /* Has a VLAN tag, */
    uint16_t tci;               /* this one. */
};

struct sflow_datagram {
    size_t n;                   /* Bytes. */
    uint32_t n_samples;
    uint8_t buf[SFLOW_MAX_DATAGRAM];    /* The header's place included. */
};

/* Starts a datagram whose agent address is 'agent'. */
void sflow_datagram_init(struct sflow_datagram *,
                         const struct in6_addr *agent);
/* Fills in the header. */
void sflow_datagram_finish(struct sflow_datagram *,
                           const struct in6_addr *agent,
                           uint32_t sub_agent, uint32_t sequence,
                           uint32_t uptime_ms);

/* The caller has seen to it that there is room. */
void sflow_put_flow(struct sflow_datagram *,
                    const struct sflow_flow_sample *);
void sflow_put_counters(struct sflow_datagram *,
                        const struct exporter_counters *, uint32_t sequence);

#endif /* plugin/sflow-encode.h */
