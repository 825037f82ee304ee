/* worker-watch.c -- what wakes a worker: descriptors and times.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/worker-private.h"
#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(worker_watch);

uint64_t
worker_wall_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (uint64_t) ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
worker_watch(struct worker *w, int fd, uint32_t events, struct wevent *event)
{
    struct epoll_event ev = { .events = events, .data.ptr = event };

    if (epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &ev)) {
        VLOG_ERR("epoll: %s", ovs_strerror(errno));
    }
}

void
worker_unwatch(struct worker *w, int fd)
{
    epoll_ctl(w->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
}

void
worker_wake_at(struct worker *w, uint64_t when_us)
{
    w->next_timer_us = MIN(w->next_timer_us, when_us);
}

uint64_t
worker_floor(const struct worker *w, uint64_t when_us)
{
    return when_us == UINT64_MAX ? when_us
           : MAX(when_us, w->now_us + WORKER_FLOOR_US);
}
