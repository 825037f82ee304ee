/* capture-socket.c -- the packet socket of a live capture.
 *
 * Called by both live kinds.  The kernel's side of a capture is the same
 * whether libpcap has opened the socket or we: how it is started, filtered and
 * asked for what was lost, and what is said when that fails.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-socket.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include "base/ovs.h"

enum {
    DEFAULT_RING = 2 * 1024 * 1024,
    MIN_RING = 2 * CAPTURE_BLOCK,
    FULL_LINK = 1250,           /* Bytes in a us: 10 Gbit/s. */
    MIN_PATIENCE_US = 1000,
};

enum capture_error
capture_refuse(enum capture_error why, const char *name, char **detail)
{
    *detail = (why == CAPTURE_NO_DEVICE
               ? xasprintf("there is no interface %s to capture from", name)
               : why == CAPTURE_NO_PERMISSION
               ? xasprintf("no permission to capture from %s: CAP_NET_RAW is "
                           "needed (run as root)", name)
               : xasprintf("interface %s is down; set it up", name));
    return why;
}

enum capture_error
capture_socket_error(const char *name, const char *what, int error,
                     char **detail)
{
    *detail = xasprintf("%s: %s: %s", name, what, ovs_strerror(error));
    return (error == EPERM || error == EACCES ? CAPTURE_NO_PERMISSION
            : error == ENODEV || error == ENXIO ? CAPTURE_NO_DEVICE
            : error == ENETDOWN ? CAPTURE_DOWN
            : CAPTURE_OTHER);
}

size_t
capture_socket_ring(const struct capture_conf *conf)
{
    return conf->ring ? MAX(conf->ring, MIN_RING) : DEFAULT_RING;
}

uint64_t
capture_socket_patience_us(size_t ring)
{
    uint64_t us = ring / 4 / FULL_LINK;

    return (us < MIN_PATIENCE_US ? 0
            : MIN(us, CAPTURE_BLOCK_TIMEOUT_MS * 1000));
}

int
capture_socket_flags(int fd, int ifindex)
{
    struct ifreq ifr = { .ifr_ifindex = ifindex };

    return (ioctl(fd, SIOCGIFNAME, &ifr) || ioctl(fd, SIOCGIFFLAGS, &ifr)
            ? -1 : (unsigned short) ifr.ifr_flags);
}

enum capture_error
capture_socket_ended(int fd, const char *name, int ifindex, char **detail)
{
    if (capture_socket_flags(fd, ifindex) < 0) {
        *detail = xasprintf("interface %s has gone", name);
        return CAPTURE_NO_DEVICE;
    }
    *detail = xasprintf("interface %s went down; set it up", name);
    return CAPTURE_DOWN;
}

int
capture_socket_attach(int fd, const struct bpf_program *program)
{
    struct sock_fprog prog = {
        .len = program->bf_len,
        .filter = (struct sock_filter *) program->bf_insns,
    };

    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof prog)
           ? errno : 0;
}

enum capture_error
capture_socket_start(int fd, const char *name, int ifindex, char **detail)
{
    struct sockaddr_ll sll = {
        .sll_family = AF_PACKET,
        .sll_protocol = htons(ETH_P_ALL),
        .sll_ifindex = ifindex,
    };
    socklen_t len = sizeof(int);
    int error = 0;

    if (bind(fd, (struct sockaddr *) &sll, sizeof sll)) {
        error = errno;
    } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len)) {
        error = 0;
    }
    return (error ? capture_socket_error(name, "cannot capture", error, detail)
            : CAPTURE_OK);
}

/* The kernel's counters start at 0 again after each reading. */
uint32_t
capture_socket_take_drops(int fd)
{
    struct tpacket_stats_v3 now;
    socklen_t len = sizeof now;

    memset(&now, 0, sizeof now);
    return (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &now, &len)
            ? 0 : now.tp_drops);
}
