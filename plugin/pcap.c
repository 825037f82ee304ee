/* pcap.c -- frames as a capture file.
 *
 * Called through exporter_pcap_class.  The format is that of libpcap, in the
 * byte order of the machine, with nanoseconds if the first frame's clock
 * counts them: pcap-savefile(5).  Frames are written as they were captured,
 * super-frames too, of any link layer: what tcpdump(8) would have written.
 * Where the bytes go is the output's business.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include "base/ovs.h"

enum {
    MAGIC = 0xa1b2c3d4,
    MAGIC_NS = 0xa1b23c4d,
    MAJOR = 2,
    MINOR = 4,
    MAX_FRAME = 262144,         /* Bytes; libpcap's own bound. */
    FLUSH_US = 1000 * 1000,     /* Longest wait of a packet. */
    LINK_ETHERNET = 1,          /* LINKTYPE_*. */
    LINK_RAW = 101,
    LINK_SLL = 113,
    LINK_SLL2 = 276,
    LINK_NULL = 0,
    LINK_PPP = 9,
    LINK_PPP_HDLC = 50,
    LINK_CISCO_HDLC = 104,
    LINK_RADIOTAP = 127,
    LINK_IPNET = 226,
    LINK_NFLOG = 239,
};

struct file_header {
    uint32_t magic;
    uint16_t major, minor;
    uint32_t zone, accuracy;    /* 0. */
    uint32_t snaplen;
    uint32_t link;
};

struct packet_header {
    uint32_t seconds, fraction;
    uint32_t caplen, len;
};

struct pcap {
    struct exporter up;
    struct exporter_output *output;     /* Lent. */
    bool has_link;              /* A packet has said which: */
    enum pkt_link link;
    bool has_ns;
    uint64_t deadline_us;       /* Of what waits; UINT64_MAX: nothing does. */
};

static struct pcap *
pcap_cast(struct exporter *exporter)
{
    return CONTAINER_OF(exporter, struct pcap, up);
}

static uint32_t
link_number(enum pkt_link link)
{
    switch (link) {
    case PKT_LINK_ETHERNET:
        return LINK_ETHERNET;
    case PKT_LINK_RAW_IP:
        return LINK_RAW;
    case PKT_LINK_SLL:
        return LINK_SLL;
    case PKT_LINK_SLL2:
        return LINK_SLL2;
    case PKT_LINK_NULL:
        return LINK_NULL;
    case PKT_LINK_CISCO_HDLC:
        return LINK_CISCO_HDLC;
    case PKT_LINK_PPP:
        return LINK_PPP;
    case PKT_LINK_PPP_SERIAL:
        return LINK_PPP_HDLC;
    case PKT_LINK_RADIOTAP:
        return LINK_RADIOTAP;
    case PKT_LINK_NFLOG:
        return LINK_NFLOG;
    case PKT_LINK_IPNET:
        return LINK_IPNET;
    }
    OVS_NOT_REACHED();
}

static void
put_head(struct pcap *p, enum pkt_link link, bool has_ns)
{
    struct file_header header = {
        .magic = has_ns ? MAGIC_NS : MAGIC,
        .major = MAJOR,
        .minor = MINOR,
        .snaplen = MAX_FRAME,
        .link = link_number(link),
    };
    struct exporter_dgram dgram = {
        .iov[0] = { &header, sizeof header },
        .head = true,
    };

    p->output->send(p->output, &dgram, 1);
    p->link = link;
    p->has_ns = has_ns;
}

static char *
pcap_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct pcap *p = xzalloc(sizeof *p);

    p->up.class = &exporter_pcap_class;
    p->output = conf->output;
    p->deadline_us = UINT64_MAX;
    /* As most files are; the first packet says whether this one is. */
    put_head(p, PKT_LINK_ETHERNET, false);
    *exporter = &p->up;
    return NULL;
}

static void
pcap_packets(struct exporter *exporter, const struct pkt *pkts, size_t n,
             const struct exporter_point *point OVS_UNUSED, uint64_t now_us)
{
    struct pcap *p = pcap_cast(exporter);

    for (size_t i = 0; i < n; i++) {
        const struct pkt_frame *f = pkts[i].frame;
        struct packet_header header = {
            .seconds = f->time_us / 1000000,
            .fraction = f->time_us % 1000000,
            .caplen = f->caplen,
            .len = f->len,
        };
        struct exporter_dgram dgram = {
            .iov[0] = { &header, sizeof header },
            .iov[1] = { CONST_CAST(uint8_t *, f->data), f->caplen },
        };

        if (!p->has_link) {
            put_head(p, f->link, f->has_ns);
            p->has_link = true;
        }
        if (p->has_ns) {
            header.fraction = header.fraction * 1000 + f->time_ns;
        }
        if (f->link != p->link || f->caplen > MAX_FRAME
            || f->time_us / 1000000 > UINT32_MAX) {
            p->up.stats.skipped++;
            continue;
        }
        p->output->send(p->output, &dgram, 1);
        p->up.stats.packets++;
        p->up.stats.truncated += f->caplen < f->len;
    }
    p->deadline_us = MIN(p->deadline_us, now_us + FLUSH_US);
}

static uint64_t
pcap_run(struct exporter *exporter, uint64_t now_us)
{
    struct pcap *p = pcap_cast(exporter);

    if (now_us >= p->deadline_us) {
        exporter_output_flush(p->output);
        p->deadline_us = UINT64_MAX;
    }
    return p->deadline_us;
}

static void
pcap_close(struct exporter *exporter, uint64_t now_us OVS_UNUSED)
{
    if (exporter) {
        struct pcap *p = pcap_cast(exporter);

        exporter_output_flush(p->output);
        free(p);
    }
}

const struct exporter_class exporter_pcap_class = {
    .name = "pcap",
    .open = pcap_open,
    .close = pcap_close,
    .packets = pcap_packets,
    .run = pcap_run,
    .packets_wait = true,
};
