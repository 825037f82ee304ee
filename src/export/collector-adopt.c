/* collector-adopt.c -- a collector moves to another address.
 *
 * Its name means another host now: it takes over a socket that was opened
 * there, and keeps what its exporter knows of it, so that one sequence goes
 * on: the output, the counters, and what waits in the queue.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

static void
swap_sockets(struct collector *a, struct collector *b)
{
    struct collector_conf conf = a->conf;
    struct collector_link *link = a->link;
    struct collector_tcp *tcp = a->tcp;
    struct in6_addr src = a->src;
    uint16_t src_port = a->src_port;
    int fd = a->fd;

    a->conf = b->conf;
    a->link = b->link;
    a->tcp = b->tcp;
    a->src = b->src;
    a->src_port = b->src_port;
    a->fd = b->fd;

    b->conf = conf;
    b->link = link;
    b->tcp = tcp;
    b->src = src;
    b->src_port = src_port;
    b->fd = fd;
}

void
collector_adopt(struct collector *c, struct collector *there)
{
    ovs_assert(c->kind == there->kind && c->ipv6 == there->ipv6);
    if (c->tcp) {
        collector_tcp_leave(c);
    }
    swap_sockets(c, there);
    collector_close(there);

    /* What the other address answered says nothing of this one. */
    c->knocked = false;
    c->way_open = false;
    c->away_until_us = 0;
    c->away_interval_us = 0;
    collector_set(c, CC_PRESENCE,
                  c->tcp ? COLLECTOR_CONNECTING : COLLECTOR_HERE);
    collector_set(c, CC_UNREACHABLE_US, 0);
}
