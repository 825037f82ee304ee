/* collector.c -- opens and closes collectors, of either kind.
 *
 * The top of the room: what is common to a socket and a file is done here, the
 * rest by the kind's table.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>
#include "base/ovs.h"

static struct collector *
create(const struct collector_kind *kind)
{
    struct collector *c = xzalloc(sizeof *c);

    c->kind = kind;
    c->output.send = kind->send;
    c->output.flush = kind->flush;
    c->output.get_sent = collector_get_sent__;
    c->fd = -1;
    return c;
}

/* Gives 'c' away, or closes it if it could not be opened. */
static int
finish_open(struct collector *c, int error, struct collector **cp)
{
    *cp = error ? NULL : c;
    if (error) {
        collector_close(c);
    }
    return error;
}

int
collector_open(const struct collector_conf *conf, struct collector **cp)
{
    struct collector *c = create(&collector_socket_kind);

    return finish_open(c, collector_socket_open(c, conf), cp);
}

int
collector_open_file(const struct collector_file_conf *conf,
                    struct collector **cp)
{
    struct collector *c = create(&collector_file_kind);

    return finish_open(c, collector_file_open(c, conf), cp);
}

void
collector_close(struct collector *c)
{
    if (c) {
        c->kind->close(c);
        if (c->fd >= 0) {
            close(c->fd);
        }
        cqueue_uninit(&c->queue);
        free(c);
    }
}

struct exporter_output *
collector_output(struct collector *c)
{
    return &c->output;
}

int
collector_fd(const struct collector *c)
{
    return c->fd;
}

uint32_t
collector_events(const struct collector *c)
{
    /* A socket that is not connected hangs up, and says so once. */
    return (c->tcp ? EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET
            : c->conf.proto == COLLECTOR_LOCAL ? EPOLLOUT | EPOLLET : 0);
}

enum collector_turn
collector_take_turn(struct collector *c, uint64_t *left_us)
{
    if (c->tcp) {
        collector_tcp_take_turn(c, left_us);
        return COLLECTOR_GO_ON;
    }
    return collector_away_take_turn(c, left_us);
}

void
collector_run(struct collector *c, uint64_t now_us)
{
    c->kind->run(c, now_us);
}

void
collector_get_local(const struct collector *c, struct in6_addr *src,
                    uint16_t *src_port)
{
    *src = c->src;
    *src_port = c->src_port;
}
