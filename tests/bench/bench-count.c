/* bench-count.c -- reads a capture file with libpcap and counts: the least
 * that any reader of it has to do.
 *
 * usage: bench-count FILE
 *
 * Prints packets and octets on the wire.  `make bench` compares others with
 * this; it is what libpcap's manual shows, and nothing is tuned.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include "base/ovs.h"

struct count {
    uint64_t packets;
    uint64_t octets;
};

static void
count_frame(u_char *count_, const struct pcap_pkthdr *h,
            const u_char *data OVS_UNUSED)
{
    struct count *count = (struct count *) count_;

    count->packets++;
    count->octets += h->len;
}

int
main(int argc, char *argv[])
{
    char errbuf[PCAP_ERRBUF_SIZE];
    struct count count = { 0, 0 };

    set_program_name(argv[0]);
    if (argc != 2) {
        ovs_fatal(0, "usage: %s FILE", program_name);
    }
    pcap_t *pcap = pcap_open_offline(argv[1], errbuf);
    if (!pcap) {
        ovs_fatal(0, "%s", errbuf);
    }
    if (pcap_loop(pcap, -1, count_frame, (u_char *) &count) < 0) {
        ovs_fatal(0, "%s: %s", argv[1], pcap_geterr(pcap));
    }
    pcap_close(pcap);
    printf("%"PRIu64" %"PRIu64"\n", count.packets, count.octets);
    return 0;
}
