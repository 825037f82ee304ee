/* collector-base.c -- what a collector asks of the system.
 *
 * Below all other files of the room's collectors: clocks, and the options of
 * sockets that more than one of them sets.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <time.h>
#include "base/ovs.h"

enum {
    SNDBUF = 4 * 1024 * 1024,   /* Bytes that may wait in the kernel. */
};

static uint64_t
clock_us(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return ts.tv_sec * UINT64_C(1000000) + ts.tv_nsec / 1000;
}

uint64_t
collector_clock_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

uint64_t
collector_wall_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

uint64_t
collector_coarse_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
    return (uint64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int
collector_set_int(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) ? errno : 0;
}

/* A burst of frames must fit.  Beyond the system's limit where we may; a
 * smaller buffer is no reason to fail, its drops are counted. */
void
collector_set_sndbuf(int fd)
{
    if (collector_set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, SNDBUF)) {
        collector_set_int(fd, SOL_SOCKET, SO_SNDBUF, SNDBUF);
    }
}
