/* sflow.c -- packet samples and counters of interfaces as sFlow version 5.
 *
 * Called through exporter_sflow_class; sflow-encode.c writes the bytes.  It
 * gets all packets and chooses among those that were on the wire, of which a
 * super-frame is several: after each sample a random number of them, N in the
 * mean, is passed over.  A random number is no secret here: it only has to be
 * another one than the traffic's.
 *
 * Each interface is a data source with a sequence, a pool and drops of its
 * own.  What the capture lost was in the pool too, and samples that would have
 * been taken of it are drops.
 *
 * A datagram leaves when the next sample may not fit, or 1 s after its first.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>
#include "base/addr.h"
#include "base/ovs.h"
#include "base/xorshift.h"
#include "packet/checksum.h"
#include "packet/segments.h"
#include "plugin/sflow-encode.h"
#include "target/target.h"

enum {
    FLUSH_US = 1000 * 1000,     /* Longest wait of a sample. */
    FCS_LEN = 4,                /* Stripped from every Ethernet frame. */
    OVERHEAD4 = 20 + 8,         /* IP and UDP headers. */
    OVERHEAD6 = 40 + 8,
};

/* An interface that packets or counters come from. */
struct source {
    struct hmap_node node;      /* In sflow's 'sources', by 'ifindex'. */
    uint32_t ifindex;
    uint32_t sequence;          /* Of flow samples. */
    uint32_t counters_sequence; /* Of counter samples. */
    uint32_t pool;              /* Packets that might have been sampled. */
    uint32_t drops;             /* Samples that were lost. */
    uint64_t skip;              /* The packet to be sampled, counted from 1. */
    bool is_fed;                /* By packets; not by counters alone. */
    uint64_t lost;              /* The point's, as seen last. */
};

struct sflow {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    uint64_t boot_us;
    uint64_t random;            /* State of the generator; never 0. */
    uint32_t rate;              /* N. */
    uint32_t header;            /* Bytes of a packet in a sample. */
    uint32_t overhead;          /* Bytes of IP and UDP headers. */
    uint32_t limit;             /* Bytes of a datagram. */
    struct in6_addr agent;
    uint32_t sub_agent;
    uint32_t sequence;          /* Of datagrams. */
    uint64_t deadline_us;       /* Of the datagram, if it has samples. */
    struct hmap sources;
    struct sflow_datagram dgram;
};

static struct sflow *
sflow_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct sflow, up);
}

static void
sflow_set_path_mtu(struct exporter *exporter, uint32_t path_mtu)
{
    enum { LEAST = SFLOW_HEADER_LEN + SFLOW_COUNTERS_LEN };
    struct sflow *sf = sflow_cast(exporter);
    uint32_t fit = path_mtu > sf->overhead ? path_mtu - sf->overhead : 0;

    sf->limit = (!path_mtu ? SFLOW_MAX_DATAGRAM
                 : MIN(MAX(fit, LEAST), SFLOW_MAX_DATAGRAM));
}

static char *
set_agent(struct sflow *sf, const struct exporter_conf *conf)
{
    const char *agent = target_get(conf->target, "agent");
    struct addr addr;

    sf->agent = conf->local;
    if (agent) {
        char *error = addr_parse(agent, false, 0, &addr);

        if (error) {
            return error;
        }
        sf->agent = addr.ip;
        addr_uninit(&addr);
    }
    return NULL;
}

static char *
sflow_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct sflow *sf = xzalloc(sizeof *sf);
    char *error = set_agent(sf, conf);

    *exporter = NULL;
    if (error) {
        free(sf);
        return error;
    }
    sf->up.class = &exporter_sflow_class;
    sf->output = conf->output;
    sf->boot_us = conf->boot_us;
    sf->random = (conf->seed ^ (uint64_t) conf->instance << 32) | 1;
    sf->rate = MAX(conf->sampling, 1);
    sf->header = target_get_int(conf->target, "header");
    sf->overhead = conf->ipv6 ? OVERHEAD6 : OVERHEAD4;
    sf->sub_agent = conf->instance;
    sflow_set_path_mtu(&sf->up, conf->path_mtu);
    hmap_init(&sf->sources);
    sflow_datagram_init(&sf->dgram, &sf->agent);
    *exporter = &sf->up;
    return NULL;
}

/* 1 to 2N - 1, so N in the mean, each as likely. */
static uint64_t
random_skip(struct sflow *sf)
{
    return 1 + xorshift_below(&sf->random, 2 * (uint64_t) sf->rate - 1);
}

static struct source *
find_source(struct sflow *sf, uint32_t ifindex)
{
    uint32_t hash = hash_int(ifindex, 0);
    struct source *source;

    HMAP_FOR_EACH_WITH_HASH (source, node, hash, &sf->sources) {
        if (source->ifindex == ifindex) {
            return source;
        }
    }
    source = xzalloc(sizeof *source);
    source->ifindex = ifindex;
    source->skip = random_skip(sf);
    hmap_insert(&sf->sources, &source->node, hash);
    return source;
}

/* ## Datagrams. ## */

static void
send_datagram(struct sflow *sf, uint64_t now_us)
{
    if (!sf->dgram.n_samples) {
        return;
    }
    uint64_t up_us = now_us > sf->boot_us ? now_us - sf->boot_us : 0;
    sflow_datagram_finish(&sf->dgram, &sf->agent, sf->sub_agent,
                          ++sf->sequence, up_us / 1000);

    struct exporter_dgram dgram = {
        .iov[0] = { sf->dgram.buf, sf->dgram.n },
    };
    sf->output->send(sf->output, &dgram, 1);
    sflow_datagram_init(&sf->dgram, &sf->agent);
}

/* Sees to it that 'n' bytes of a sample fit. */
static void
make_room(struct sflow *sf, uint32_t n, uint64_t now_us)
{
    if (sf->dgram.n + n > sf->limit) {
        send_datagram(sf, now_us);
    }
    if (!sf->dgram.n_samples) {
        sf->deadline_us = now_us + FLUSH_US;
    }
}

/* ## Samples. ## */

/* Says how the packet begins; false if sFlow has no word for it.  Of a cooked
 * frame, the IP packet is what there is. */
static bool
set_protocol(const struct pkt *pkt, uint32_t len,
             struct sflow_flow_sample *sample)
{
    bool ip = pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED;
    bool ethernet = pkt->frame->link == PKT_LINK_ETHERNET;

    if (!ethernet && !ip) {
        return false;
    }
    sample->protocol = (ethernet ? SFLOW_ETHERNET
                        : pkt->ip_version == 4 ? SFLOW_IPV4 : SFLOW_IPV6);
    sample->stripped = ethernet ? FCS_LEN : pkt->l3_ofs;
    sample->frame_len = ethernet ? len + FCS_LEN : len;
    return true;
}

/* Cuts the bytes of a packet to what goes into a sample: 'n' of them, without
 * the first 'strip'.  Returns how many there are. */
static uint32_t
cut_bytes(struct iovec bytes[SFLOW_MAX_IOV], uint32_t strip, uint32_t n)
{
    uint32_t total = 0;

    strip = MIN(strip, bytes[0].iov_len);
    bytes[0].iov_base = (uint8_t *) bytes[0].iov_base + strip;
    bytes[0].iov_len -= strip;
    for (size_t i = 0; i < SFLOW_MAX_IOV; i++) {
        bytes[i].iov_len = MIN(bytes[i].iov_len, n - total);
        total += bytes[i].iov_len;
    }
    return total;
}

/* Takes 'sample', whose bytes are all that there are of 'pkt' or of one of its
 * segments, 'len' on the wire.  False if it is skipped. */
static bool
put_sample(struct sflow *sf, struct source *source, const struct pkt *pkt,
           struct sflow_flow_sample *sample, uint32_t len, uint64_t now_us)
{
    if (!set_protocol(pkt, len, sample)) {
        return false;
    }
    uint32_t fit = sf->limit - SFLOW_HEADER_LEN - SFLOW_FLOW_LEN;
    uint32_t strip = sample->protocol == SFLOW_ETHERNET ? 0 : sample->stripped;
    uint32_t n = cut_bytes(sample->bytes, strip, MIN(sf->header, fit));

    make_room(sf, SFLOW_FLOW_LEN + ROUND_UP(n, 4), now_us);
    sample->sequence = ++source->sequence;
    sample->ifindex = source->ifindex;
    sample->rate = sf->rate;
    sample->pool = source->pool;
    sample->drops = source->drops;
    sample->egress = pkt->frame->direction == PKT_EGRESS;
    sample->tagged = pkt->n_vlans;
    sample->tci = pkt->vlan_tci[0];
    sflow_put_flow(&sf->dgram, sample);
    return true;
}

/* Points 'bytes' at the frame of 'pkt', with its checksum filled in. */
static void
lend_packet(const struct pkt *pkt, uint8_t checksum[2],
            struct iovec bytes[SFLOW_MAX_IOV])
{
    uint8_t *data = CONST_CAST(uint8_t *, pkt->frame->data);
    uint32_t n = pkt->frame->caplen;
    uint32_t ofs = n;

    if (pkt_checksum_repair(pkt, &ofs, checksum)) {
        bytes[1] = (struct iovec) { checksum, 2 };
        bytes[2] = (struct iovec) { data + ofs + 2, n - ofs - 2 };
    }
    bytes[0] = (struct iovec) { data, ofs };
}

/* Takes the samples that are due of the 'n' frames that 'pkt' stands for. */
static void
sample_packet(struct sflow *sf, struct source *source, const struct pkt *pkt,
              uint32_t n, const struct exporter_point *point,
              uint64_t now_us)
{
    uint8_t headers[PKT_SEGMENT_HEADERS], checksum[2];
    struct pkt_segmenter segmenter;
    bool cut = n > 1 && pkt_segmenter_init(&segmenter, pkt, point->mtu,
                                           pkt_mss_find(point->mss, pkt));
    bool put = false;

    while (source->skip <= n) {
        struct sflow_flow_sample sample = { .sequence = 0 };
        uint32_t len = pkt->frame->len;

        source->pool += source->skip;
        n -= source->skip;
        if (cut) {
            struct pkt_segment segment;

            pkt_segmenter_skip(&segmenter, source->skip - 1);
            pkt_segmenter_next(&segmenter, headers, &segment);
            sample.bytes[0] = (struct iovec) { headers, segment.headers_len };
            sample.bytes[1] = (struct iovec) {
                CONST_CAST(uint8_t *, segment.payload), segment.payload_len,
            };
            len = segment.len;
        } else {
            lend_packet(pkt, checksum, sample.bytes);
        }
        put |= put_sample(sf, source, pkt, &sample, len, now_us);
        source->skip = random_skip(sf);
    }
    source->pool += n;
    source->skip -= n;
    sf->up.stats.packets += put;
    sf->up.stats.skipped += !put;
}

/* What the capture lost would have been sampled just so. */
static void
count_lost(struct sflow *sf, struct source *source, uint64_t lost)
{
    uint64_t n = lost > source->lost ? lost - source->lost : 0;

    source->lost = lost;
    source->pool += n;
    while (source->skip <= n) {
        n -= source->skip;
        source->drops++;
        source->skip = random_skip(sf);
    }
    source->skip -= n;
}

static void
sflow_packets(struct exporter *exporter, const struct pkt *pkts, size_t n,
              const struct exporter_point *point, uint64_t now_us)
{
    struct sflow *sf = sflow_cast(exporter);
    struct source *source = find_source(sf, point->ifindex);

    if (!source->is_fed) {
        source->is_fed = true;
        source->lost = point->lost;
    } else if (point->lost != source->lost) {
        count_lost(sf, source, point->lost);
    }
    for (size_t i = 0; i < n; i++) {
        const struct pkt *pkt = &pkts[i];
        uint32_t packets = 1;

        if (pkt_may_be_super(pkt, point->mtu)
            && (pkt->verdict == PKT_OK || pkt->verdict == PKT_SNAPPED)) {
            packets = pkt_count_segments(pkt, point->mtu,
                                         pkt_mss_find(point->mss,
                                                      pkt)).packets;
        }
        if (source->skip > packets) {
            source->skip -= packets;
            source->pool += packets;
            sf->up.stats.unsampled++;
        } else {
            sample_packet(sf, source, pkt, packets, point, now_us);
        }
    }
}

static void
sflow_counters(struct exporter *exporter, const struct exporter_counters *c,
               uint64_t now_us)
{
    struct sflow *sf = sflow_cast(exporter);
    struct source *source = find_source(sf, c->ifindex);

    make_room(sf, SFLOW_COUNTERS_LEN, now_us);
    sflow_put_counters(&sf->dgram, c, ++source->counters_sequence);
}

static uint64_t
sflow_run(struct exporter *exporter, uint64_t now_us)
{
    struct sflow *sf = sflow_cast(exporter);

    if (sf->dgram.n_samples && now_us >= sf->deadline_us) {
        send_datagram(sf, now_us);
    }
    return sf->dgram.n_samples ? sf->deadline_us : UINT64_MAX;
}

static void
sflow_close(struct exporter *exporter, uint64_t now_us)
{
    if (exporter) {
        struct sflow *sf = sflow_cast(exporter);
        struct source *source;

        send_datagram(sf, now_us);
        HMAP_FOR_EACH_POP (source, node, &sf->sources) {
            free(source);
        }
        hmap_destroy(&sf->sources);
        free(sf);
    }
}

const struct exporter_class exporter_sflow_class = {
    .name = "sflow",
    .open = sflow_open,
    .close = sflow_close,
    .packets = sflow_packets,
    .run = sflow_run,
    .set_path_mtu = sflow_set_path_mtu,
    .counters = sflow_counters,
    .samples_itself = true,
    .packets_wait = true,
};
