/* live-count.c -- the least that a capture of an interface costs.
 *
 * A bare loop of libpcap that counts what an interface sees: what `make bench`
 * measures the daemon against.  Prints "ready" once it captures; ends at
 * SIGTERM with one line of what it saw and what that took.
 *
 *     live-count INTERFACE RING-BYTES
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <inttypes.h>
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum {
    SNAPLEN = 262144,           /* Whole frames. */
    BLOCK_TIMEOUT_MS = 10,
};

static pcap_t *pcap;
static uint64_t packets, bytes;

static void
stop(int sig)
{
    (void) sig;
    pcap_breakloop(pcap);
}

static void
count(u_char *aux, const struct pcap_pkthdr *header, const u_char *data)
{
    (void) aux;
    (void) data;
    packets++;
    bytes += header->len;
}

static double
seconds(const struct timeval *tv)
{
    return tv->tv_sec + tv->tv_usec / 1e6;
}

static void
open_capture(const char *interface, int ring)
{
    char errbuf[PCAP_ERRBUF_SIZE];

    pcap = pcap_create(interface, errbuf);
    if (!pcap) {
        fprintf(stderr, "live-count: %s\n", errbuf);
        exit(EXIT_FAILURE);
    }
    pcap_set_snaplen(pcap, SNAPLEN);
    pcap_set_timeout(pcap, BLOCK_TIMEOUT_MS);
    pcap_set_buffer_size(pcap, ring);
    if (pcap_activate(pcap) < 0) {
        fprintf(stderr, "live-count: %s\n", pcap_geterr(pcap));
        exit(EXIT_FAILURE);
    }
}

int
main(int argc, char *argv[])
{
    struct sigaction sa = { .sa_handler = stop };
    struct pcap_stat stat;
    struct rusage usage;

    if (argc != 3) {
        fprintf(stderr, "usage: live-count INTERFACE RING-BYTES\n");
        return EXIT_FAILURE;
    }
    open_capture(argv[1], atoi(argv[2]));
    sigaction(SIGTERM, &sa, NULL);
    printf("ready\n");
    fflush(stdout);
    pcap_loop(pcap, -1, count, NULL);

    pcap_stats(pcap, &stat);
    getrusage(RUSAGE_SELF, &usage);
    printf("packets=%"PRIu64" bytes=%"PRIu64" dropped=%u user=%.6f "
           "system=%.6f maxrss=%ld\n", packets, bytes, stat.ps_drop,
           seconds(&usage.ru_utime), seconds(&usage.ru_stime),
           usage.ru_maxrss);
    pcap_close(pcap);
    return EXIT_SUCCESS;
}
