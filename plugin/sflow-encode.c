/* sflow-encode.c -- sFlow version 5 datagrams.  See sflow-encode.h.
 *
 * XDR: words of 32 bits in network byte order, bytes filled up to words.
 * Numbers of structures are those of the specification (sflow.org, sFlow
 * Version 5, 5.3 and 5.4), enterprise 0.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/sflow-encode.h"

#include <string.h>
#include "base/ovs.h"

enum {
    SFLOW_VERSION = 5,
    ADDRESS_IPV4 = 1,
    ADDRESS_IPV6 = 2,

    FLOW_SAMPLE = 1,
    COUNTERS_SAMPLE = 2,
    FLOW_SAMPLE_EXPANDED = 3,
    COUNTERS_SAMPLE_EXPANDED = 4,
    RAW_PACKET_HEADER = 1,      /* Flow records. */
    EXTENDED_SWITCH = 1001,
    GENERIC_INTERFACE = 1,      /* A counter record. */
    GENERIC_INTERFACE_LEN = 88,

    MAX_SHORT_INDEX = (1 << 24) - 1,    /* Larger: an expanded sample. */
};

static void
put(struct sflow_datagram *d, uint32_t value)
{
    uint8_t *p = &d->buf[d->n];

    p[0] = value >> 24;
    p[1] = value >> 16;
    p[2] = value >> 8;
    p[3] = value;
    d->n += 4;
}

static void
put64(struct sflow_datagram *d, uint64_t value)
{
    put(d, value >> 32);
    put(d, value);
}

static void
put_address(struct sflow_datagram *d, const struct in6_addr *addr)
{
    bool ipv4 = IN6_IS_ADDR_V4MAPPED(addr);
    size_t n = ipv4 ? 4 : 16;

    put(d, ipv4 ? ADDRESS_IPV4 : ADDRESS_IPV6);
    memcpy(&d->buf[d->n], &addr->s6_addr[16 - n], n);
    d->n += n;
}

void
sflow_datagram_finish(struct sflow_datagram *d, const struct in6_addr *agent,
                      uint32_t sub_agent, uint32_t sequence,
                      uint32_t uptime_ms)
{
    size_t end = d->n;

    d->n = 0;
    put(d, SFLOW_VERSION);
    put_address(d, agent);
    put(d, sub_agent);
    put(d, sequence);
    put(d, uptime_ms);
    put(d, d->n_samples);
    d->n = MAX(end, d->n);
}

void
sflow_datagram_init(struct sflow_datagram *d, const struct in6_addr *agent)
{
    d->n = d->n_samples = 0;
    sflow_datagram_finish(d, agent, 0, 0, 0);
}

/* Leaves room for a length that end_length() fills in. */
static size_t
begin_length(struct sflow_datagram *d)
{
    put(d, 0);
    return d->n;
}

static void
end_length(struct sflow_datagram *d, size_t start)
{
    size_t end = d->n;

    d->n = start - 4;
    put(d, end - start);
    d->n = end;
}

/* The bytes of the packet. */
static void
put_raw_header(struct sflow_datagram *d, const struct sflow_flow_sample *s)
{
    uint32_t n = 0;

    for (size_t i = 0; i < SFLOW_MAX_IOV; i++) {
        n += s->bytes[i].iov_len;
    }
    put(d, RAW_PACKET_HEADER);
    size_t start = begin_length(d);
    put(d, s->protocol);
    put(d, s->frame_len);
    put(d, s->stripped);
    put(d, n);
    for (size_t i = 0; i < SFLOW_MAX_IOV; i++) {
        if (s->bytes[i].iov_len) {
            memcpy(&d->buf[d->n], s->bytes[i].iov_base, s->bytes[i].iov_len);
            d->n += s->bytes[i].iov_len;
        }
    }
    for (; n % 4; n++) {
        d->buf[d->n++] = 0;
    }
    end_length(d, start);
}

static void
put_switch(struct sflow_datagram *d, const struct sflow_flow_sample *s)
{
    uint32_t vlan = s->tagged ? s->tci & VLAN_VID_MASK : 0;
    uint32_t priority = s->tagged ? s->tci >> VLAN_PCP_SHIFT : 0;

    put(d, EXTENDED_SWITCH);
    size_t start = begin_length(d);
    put(d, vlan);               /* Came in with. */
    put(d, priority);
    put(d, vlan);               /* Went out with. */
    put(d, priority);
    end_length(d, start);
}

void
sflow_put_flow(struct sflow_datagram *d, const struct sflow_flow_sample *s)
{
    bool expanded = s->ifindex > MAX_SHORT_INDEX;

    put(d, expanded ? FLOW_SAMPLE_EXPANDED : FLOW_SAMPLE);
    size_t start = begin_length(d);
    put(d, s->sequence);
    if (expanded) {
        put(d, 0);              /* The source is an ifIndex. */
    }
    put(d, s->ifindex);
    put(d, s->rate);
    put(d, s->pool);
    put(d, s->drops);
    for (int output = 0; output < 2; output++) {
        if (expanded) {
            put(d, 0);          /* One interface. */
        }
        put(d, s->egress == output ? s->ifindex : 0);
    }
    put(d, 2);                  /* Records. */
    put_raw_header(d, s);
    put_switch(d, s);
    end_length(d, start);
    d->n_samples++;
}

/* What the kernel does not tell is the largest number. */
void
sflow_put_counters(struct sflow_datagram *d,
                   const struct exporter_counters *c, uint32_t sequence)
{
    bool expanded = c->ifindex > MAX_SHORT_INDEX;
    const uint32_t unknown = UINT32_MAX;

    put(d, expanded ? COUNTERS_SAMPLE_EXPANDED : COUNTERS_SAMPLE);
    size_t start = begin_length(d);
    put(d, sequence);
    if (expanded) {
        put(d, 0);
    }
    put(d, c->ifindex);
    put(d, 1);                  /* Records. */
    put(d, GENERIC_INTERFACE);
    put(d, GENERIC_INTERFACE_LEN);
    put(d, c->ifindex);
    put(d, c->type);
    put64(d, c->speed);
    put(d, c->full_duplex ? 1 : c->half_duplex ? 2 : 0);
    put(d, c->admin_up | c->oper_up << 1);
    put64(d, c->in_octets);
    put(d, c->in_packets - c->in_multicast);
    put(d, c->in_multicast);
    put(d, unknown);            /* Broadcasts are among the others. */
    put(d, c->in_discards);
    put(d, c->in_errors);
    put(d, c->in_unknown);
    put64(d, c->out_octets);
    put(d, c->out_packets);
    put(d, unknown);
    put(d, unknown);
    put(d, c->out_discards);
    put(d, c->out_errors);
    put(d, c->promiscuous ? 1 : 2);
    end_length(d, start);
    d->n_samples++;
}
