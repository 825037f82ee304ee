/* netflow5.c -- flow records as NetFlow version 5.
 *
 * Called through exporter_netflow5_class.  A datagram has a header of 24 bytes
 * and 1 to 30 records of 48 (fewer if the path's MTU has no room for 30), all
 * in network byte order; its header is written when it is sent: when it is
 * full, or 1 s after its first record.
 *
 * Invariant: boot and the instant of a header are whole milliseconds, so that
 * every datagram gives a collector the same boot time and the times of packets
 * as they are, and no header is before an earlier one or before a record's
 * last packet.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"
#include "plugin/clock.h"

#include "base/ovs.h"
#include "openvswitch/vlog.h"
#include "target/target.h"

VLOG_DEFINE_THIS_MODULE(netflow5);

enum {
    NETFLOW_VERSION = 5,
    HEADER_LEN = 24,
    RECORD_LEN = 48,
    MAX_RECORDS = 30,
    MAX_SAMPLING = 16383,       /* 14 bits. */
    MODE_RANDOM = 2,            /* Sampling mode. */
    FLUSH_US = 1000 * 1000,     /* Longest wait of a record. */
    MAX_IFINDEX = 65535,        /* 16 bits. */
    OVERHEAD4 = 20 + 8,         /* IP and UDP headers. */
    OVERHEAD6 = 40 + 8,
};

struct netflow5 {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    uint64_t boot_us;           /* Zero of sysUptime; whole ms. */
    uint64_t latest_us;         /* The next header's instant is not before,
                                 * if it can be said. */
    struct plugin_clock_span span;      /* Of the datagram's records. */
    uint64_t deadline_us;       /* Of the datagram, if it has records. */
    uint32_t sequence;          /* Flows in the datagrams before this. */
    uint16_t sampling;          /* As in the header. */
    uint8_t engine_type;
    uint8_t engine_id;
    bool said_ifindex;          /* A large ifIndex was logged. */
    uint32_t overhead;          /* Bytes of the IP and UDP headers. */
    int max_records;            /* What fits the path: 1 to MAX_RECORDS. */
    int n;                      /* Records in 'dgram'. */
    uint8_t dgram[HEADER_LEN + MAX_RECORDS * RECORD_LEN];
};

static struct netflow5 *
netflow5_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct netflow5, up);
}

static uint8_t *
put16(uint8_t *p, uint16_t value)
{
    p[0] = value >> 8;
    p[1] = value;
    return p + 2;
}

static uint8_t *
put32(uint8_t *p, uint32_t value)
{
    return put16(put16(p, value >> 16), value);
}

/* Milliseconds since boot. */
static uint32_t
uptime_ms(const struct netflow5 *nf, uint64_t time_us)
{
    return time_us > nf->boot_us ? (time_us - nf->boot_us) / 1000 : 0;
}

/* A datagram is not to be fragmented: one fragment lost, all records lost. */
static void
netflow5_set_path_mtu(struct exporter *exporter, uint32_t path_mtu)
{
    struct netflow5 *nf = netflow5_cast(exporter);
    uint32_t used = nf->overhead + HEADER_LEN;
    uint32_t fit = path_mtu > used ? (path_mtu - used) / RECORD_LEN : 0;

    nf->max_records = !path_mtu ? MAX_RECORDS : MIN(MAX(fit, 1), MAX_RECORDS);
}

static char *
netflow5_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    const struct target *t = conf->target;

    *exporter = NULL;
    if (conf->sampling > MAX_SAMPLING) {
        return xasprintf("netflow5 cannot say a sampling of 1 in %u (14 "
                         "bits); use at most %d, or netflow9 or ipfix",
                         conf->sampling, MAX_SAMPLING);
    }

    struct netflow5 *nf = xzalloc(sizeof *nf);
    nf->up.class = &exporter_netflow5_class;
    nf->output = conf->output;
    nf->boot_us = nf->latest_us = conf->boot_us - conf->boot_us % 1000;
    nf->overhead = conf->ipv6 ? OVERHEAD6 : OVERHEAD4;
    netflow5_set_path_mtu(&nf->up, conf->path_mtu);
    nf->sampling = (conf->sampling > 1
                    ? MODE_RANDOM << 14 | conf->sampling : 0);
    /* Exporters that a user did not tell apart are told apart here, by as
     * many bits as there are. */
    nf->engine_id = (target_has(t, "engine-id")
                     ? target_get_int(t, "engine-id") : conf->instance);
    nf->engine_type = (target_has(t, "engine-type")
                       ? target_get_int(t, "engine-type")
                       : conf->instance >> 8);
    *exporter = &nf->up;
    return NULL;
}

static void
put_header(struct netflow5 *nf, uint64_t now_us)
{
    nf->latest_us = MAX(nf->latest_us, now_us);
    uint64_t ms = (plugin_clock_instant(&nf->span, nf->latest_us)
                   - nf->boot_us) / 1000;
    uint64_t instant_us = nf->boot_us + ms * 1000;

    uint8_t *p = nf->dgram;
    p = put16(p, NETFLOW_VERSION);
    p = put16(p, nf->n);
    p = put32(p, ms);
    p = put32(p, instant_us / 1000000);
    p = put32(p, instant_us % 1000000 * 1000);
    p = put32(p, nf->sequence);
    *p++ = nf->engine_type;
    *p++ = nf->engine_id;
    put16(p, nf->sampling);
}

static void
send_datagram(struct netflow5 *nf, uint64_t now_us)
{
    if (!nf->n) {
        return;
    }
    put_header(nf, now_us);
    struct exporter_dgram dgram = {
        .iov[0] = {
            .iov_base = nf->dgram,
            .iov_len = HEADER_LEN + nf->n * RECORD_LEN,
        },
    };
    nf->output->send(nf->output, &dgram, 1);
    nf->sequence += nf->n;
    nf->n = 0;
}

static uint16_t
ifindex16(struct netflow5 *nf, uint32_t ifindex)
{
    if (ifindex > MAX_IFINDEX) {
        if (!nf->said_ifindex) {
            VLOG_INFO("ifIndex %"PRIu32" does not fit into the 16 bits of "
                      "netflow5 and is sent as 0; netflow9 and ipfix carry "
                      "it", ifindex);
            nf->said_ifindex = true;
        }
        return 0;
    }
    return ifindex;
}

static void
put_record(struct netflow5 *nf, const struct frec *r, uint32_t packets,
           uint32_t octets, uint64_t now_us)
{
    const struct frec_key *key = &r->key;
    uint8_t *p = nf->dgram + HEADER_LEN + nf->n * RECORD_LEN;

    memcpy(p, &key->src.s6_addr[12], 4);
    memcpy(p + 4, &key->dst.s6_addr[12], 4);
    p = put32(p + 8, 0);                /* Next hop. */
    p = put16(p, ifindex16(nf, key->in_ifindex));
    p = put16(p, ifindex16(nf, key->out_ifindex));
    p = put32(p, packets);
    p = put32(p, octets);
    p = put32(p, uptime_ms(nf, r->first_us));
    p = put32(p, uptime_ms(nf, r->last_us));
    p = put16(p, key->src_port);
    p = put16(p, key->dst_port);
    *p++ = 0;
    *p++ = r->tcp_flags;
    *p++ = key->protocol;
    *p++ = key->tos;
    memset(p, 0, 8);                    /* AS numbers, masks, padding. */

    if (!nf->n++) {
        nf->deadline_us = now_us + FLUSH_US;
    }
    if (nf->n >= nf->max_records) {
        send_datagram(nf, now_us);
    }
}

/* The share of part 'i' of 'k' in 'total'; the parts add up exactly. */
static uint32_t
share(uint64_t total, uint64_t i, uint64_t k)
{
    return total / k + (i < total % k);
}

static void
netflow5_flow(struct exporter *exporter, const struct frec *r,
              uint64_t now_us)
{
    struct netflow5 *nf = netflow5_cast(exporter);

    if (r->key.ip_version != 4 || !plugin_clock_can_say(r)) {
        nf->up.stats.skipped += r->packets;
        return;
    }
    if (!plugin_clock_fits(nf->boot_us, &nf->span, r, !nf->n)) {
        send_datagram(nf, now_us);
        nf->boot_us = plugin_clock_boot(r->first_us);
    }

    /* A record's last packet is never later than its header. */
    nf->latest_us = MAX(nf->latest_us, r->last_us);
    plugin_clock_add(&nf->span, r, !nf->n);

    /* Counters of more than 32 bits go into several records. */
    uint64_t most = MAX(r->octets, r->packets);
    uint64_t k = most > UINT32_MAX ? (most - 1) / UINT32_MAX + 1 : 1;
    for (uint64_t i = 0; i < k; i++) {
        put_record(nf, r, share(r->packets, i, k), share(r->octets, i, k),
                   now_us);
    }
    nf->up.stats.flows += k;
    nf->up.stats.packets += r->packets;
}

static uint64_t
netflow5_run(struct exporter *exporter, uint64_t now_us)
{
    struct netflow5 *nf = netflow5_cast(exporter);

    /* The second test is for a clock that was set back. */
    if (nf->n && (now_us >= nf->deadline_us
                  || now_us + FLUSH_US < nf->deadline_us)) {
        send_datagram(nf, now_us);
    }
    return nf->n ? nf->deadline_us : UINT64_MAX;
}

static void
netflow5_close(struct exporter *exporter, uint64_t now_us)
{
    if (exporter) {
        struct netflow5 *nf = netflow5_cast(exporter);

        send_datagram(nf, now_us);
        free(nf);
    }
}

const struct exporter_class exporter_netflow5_class = {
    .name = "netflow5",
    .ipv4_only = true,
    .open = netflow5_open,
    .close = netflow5_close,
    .flow = netflow5_flow,
    .run = netflow5_run,
    .set_path_mtu = netflow5_set_path_mtu,
};
