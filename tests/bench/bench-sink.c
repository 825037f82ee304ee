/* bench-sink.c -- a collector that counts what arrives.
 *
 * usage: bench-sink
 *
 * Binds a UDP port of the loopback interface, prints its number, and receives
 * until its standard input ends; then prints one line of JSON: datagrams and
 * octets, and what NetFlow 5 among them says: records, their packets and
 * octets, and flows that the sequence numbers show to be missing.
 *
 * What it says is a count, not a proof that a datagram is right: that is for
 * real collectors in the test suites.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/ovs.h"

enum {
    BATCH = 64,
    MAX_DGRAM = 2048,
    BUFFER = 64 * 1024 * 1024,  /* That the socket is asked to hold. */
    NF5_HEADER = 24,
    NF5_RECORD = 48,
};

struct count {
    uint64_t datagrams;
    uint64_t octets;
    uint64_t flows;
    uint64_t flow_packets;
    uint64_t flow_octets;
    uint64_t missing;           /* Flows. */
    uint32_t next_sequence;
};

static uint32_t
get32(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void
count_netflow5(struct count *c, const uint8_t *p, size_t size)
{
    size_t n = p[2] << 8 | p[3];
    uint32_t sequence = get32(p + 16);

    if (size != NF5_HEADER + n * NF5_RECORD) {
        return;
    }
    c->missing += c->flows ? sequence - c->next_sequence : 0;
    c->next_sequence = sequence + n;
    c->flows += n;
    for (size_t i = 0; i < n; i++) {
        const uint8_t *record = p + NF5_HEADER + i * NF5_RECORD;

        c->flow_packets += get32(record + 16);
        c->flow_octets += get32(record + 20);
    }
}

static void
receive(int fd, struct count *c)
{
    static uint8_t data[BATCH][MAX_DGRAM];
    struct mmsghdr msgs[BATCH];
    struct iovec iovs[BATCH];
    int n;

    memset(msgs, 0, sizeof msgs);
    for (int i = 0; i < BATCH; i++) {
        iovs[i] = (struct iovec) { data[i], MAX_DGRAM };
        msgs[i].msg_hdr.msg_iov = &iovs[i];
        msgs[i].msg_hdr.msg_iovlen = 1;
    }
    while ((n = recvmmsg(fd, msgs, BATCH, MSG_DONTWAIT, NULL)) > 0) {
        for (int i = 0; i < n; i++) {
            size_t size = msgs[i].msg_len;

            c->datagrams++;
            c->octets += size;
            if (size >= NF5_HEADER && !data[i][0] && data[i][1] == 5) {
                count_netflow5(c, data[i], size);
            }
        }
    }
}

static int
open_socket(void)
{
    struct sockaddr_in sin = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    socklen_t size = sizeof sin;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    int buffer = BUFFER;

    /* More than the system's bound is for root only. */
    if (fd < 0 || bind(fd, (struct sockaddr *) &sin, sizeof sin)
        || getsockname(fd, (struct sockaddr *) &sin, &size)) {
        ovs_fatal(errno, "a socket on the loopback interface");
    }
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer)) {
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    }
    printf("%d\n", ntohs(sin.sin_port));
    fflush(stdout);
    return fd;
}

int
main(int argc OVS_UNUSED, char *argv[])
{
    struct count c = { .datagrams = 0 };
    struct pollfd fds[2] = { { .events = POLLIN }, { .events = POLLIN } };

    set_program_name(argv[0]);
    fds[0].fd = open_socket();
    fds[1].fd = STDIN_FILENO;
    while (!fds[1].revents) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR) {
            ovs_fatal(errno, "poll");
        }
        receive(fds[0].fd, &c);
    }
    receive(fds[0].fd, &c);
    printf("{\"datagrams\": %"PRIu64", \"octets\": %"PRIu64", "
           "\"flows\": %"PRIu64", \"flow_packets\": %"PRIu64", "
           "\"flow_octets\": %"PRIu64", \"missing\": %"PRIu64"}\n",
           c.datagrams, c.octets, c.flows, c.flow_packets, c.flow_octets,
           c.missing);
    return 0;
}
