/* collector-tcp.c -- a collector that is connected to.
 *
 * Called by the other files of the collector in place of what they do with
 * datagrams: collector-send.c gives what the queue holds, collector-away.c
 * asks when to connect again.  Never blocks: a connection is begun, and is
 * there or has failed when the socket says so or its time is over.
 *
 * What has left is counted as sent when the collector's host has acknowledged
 * it.  When a connection ends, what it has not acknowledged is lost, whole
 * records with whatever was left of them here; what comes until there is
 * another connection is lost at once.  The socket stays the same, with its
 * address, port and namespace, so that its owner knows what is ours.
 *
 * Invariant: a connection begins with a whole record, and every record is in
 * the queue, on its way, or counted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include "base/ovs.h"

enum {
    CONNECT_US = 3 * 1000 * 1000,       /* A connection takes at most. */
    SILENT_MS = 10 * 1000,      /* A host that does not acknowledge is gone. */
    IDLE_S = 5,                 /* One that is asked for nothing is asked */
    IDLE_INTERVAL_S = 2,        /* whether it is there. */
    IDLE_TRIES = 3,
    UNSENT = 256 * 1024,        /* Bytes that the kernel keeps unsent. */
    PIECES = 64,                /* Records in one system call. */
    READS = 16,                 /* Of what the collector says, at a time. */
};

struct collector_tcp {
    bool begun;                 /* It was tried to connect. */
    size_t done;                /* Bytes of the oldest in the queue that the
                                 * kernel has. */
    uint64_t written;           /* Bytes that it took of this connection. */
    uint64_t passed;            /* Of these, in records counted as sent. */
    uint32_t *lengths;          /* Of records on their way: a ring */
    size_t first, n;            /* of 'n', */
    size_t size;                /* a power of 2. */
};

struct collector_tcp *
collector_tcp_create(void)
{
    return xzalloc(sizeof(struct collector_tcp));
}

int
collector_tcp_set_options(int fd)
{
    static const struct {
        int level, name, value;
    } options[] = {
        { SOL_SOCKET, SO_REUSEADDR, 1 },
        { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, IDLE_S },
        { IPPROTO_TCP, TCP_KEEPINTVL, IDLE_INTERVAL_S },
        { IPPROTO_TCP, TCP_KEEPCNT, IDLE_TRIES },
        { IPPROTO_TCP, TCP_USER_TIMEOUT, SILENT_MS },
        { IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT },
    };
    int error = 0;

    for (size_t i = 0; i < ARRAY_SIZE(options) && !error; i++) {
        error = collector_set_int(fd, options[i].level, options[i].name,
                                  options[i].value);
    }
    return error;
}

size_t
collector_tcp_on_way(const struct collector *c)
{
    return c->tcp ? c->tcp->n : 0;
}

/* ## What is on its way. ## */

static void
add_on_way(struct collector_tcp *t, uint32_t length)
{
    if (t->n == t->size) {
        size_t size = MAX(2 * t->size, 64);
        uint32_t *lengths = xmalloc(size * sizeof *lengths);

        for (size_t i = 0; i < t->n; i++) {
            lengths[i] = t->lengths[(t->first + i) & (t->size - 1)];
        }
        free(t->lengths);
        t->lengths = lengths;
        t->size = size;
        t->first = 0;
    }
    t->lengths[(t->first + t->n++) & (t->size - 1)] = length;
}

/* Counts as sent what is within the first 'acknowledged' bytes. */
static void
count_acknowledged(struct collector *c, uint64_t acknowledged)
{
    struct collector_tcp *t = c->tcp;

    while (t->n && t->passed + t->lengths[t->first] <= acknowledged) {
        uint32_t length = t->lengths[t->first];

        t->passed += length;
        t->first = (t->first + 1) & (t->size - 1);
        t->n--;
        collector_add(c, CC_SENT_DATAGRAMS, 1);
        collector_add(c, CC_SENT_BYTES, length);
    }
}

static void
look_for_acknowledgments(struct collector *c)
{
    int waiting;

    if (c->tcp->n && !ioctl(c->fd, SIOCOUTQ, &waiting)) {
        count_acknowledged(c, c->tcp->written - waiting);
    }
}

void
collector_tcp_settle(struct collector *c)
{
    count_acknowledged(c, UINT64_MAX);
}

void
collector_tcp_leave(struct collector *c)
{
    collector_tcp_settle(c);
    if (c->tcp->done) {
        collector_add(c, CC_OTHER, 1);
        cqueue_pop(&c->queue, 1);
    }
}

static void
lose_all(struct collector *c)
{
    struct collector_tcp *t = c->tcp;

    look_for_acknowledgments(c);
    collector_add(c, CC_OTHER, t->n);
    t->n = 0;
    t->written = t->passed = t->done = 0;
    collector_away_begin(c);
}

/* ## Connections. ## */

/* There is no connection, for 'error'. */
static void
fail(struct collector *c, int error)
{
    const struct sockaddr none = { .sa_family = AF_UNSPEC };

    lose_all(c);
    collector_note_unreachable(c, error, NULL, collector_wall_us());
    ignore(connect(c->fd, &none, sizeof none));
}

static void
begin(struct collector *c)
{
    /* The port is given up with a connection that fails. */
    int error = (c->tcp->begun
                 ? collector_bind(c->fd, &c->conf, &c->src, c->src_port) : 0);

    if (!error || error == EINVAL) {
        error = collector_connect(c->fd, &c->conf);
    }
    collector_away_ask(c, CONNECT_US, !c->tcp->begun);
    c->tcp->begun = true;
    if (error && error != EINPROGRESS) {
        fail(c, error);
    }
}

static int
socket_error(const struct collector *c)
{
    socklen_t length = sizeof(int);
    int error;

    return (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length) ? errno
            : error);
}

/* Whatever a collector says is of no interest, but that it ends. */
static int
read_all(const struct collector *c)
{
    char buf[4096];

    for (int i = 0; i < READS; i++) {
        ssize_t n = recv(c->fd, buf, sizeof buf, MSG_DONTWAIT);

        if (n <= 0) {
            return (!n ? EPIPE
                    : errno == EAGAIN || errno == EINTR ? 0 : errno);
        }
    }
    return 0;
}

static void
look_at_connecting(struct collector *c)
{
    struct pollfd pfd = { .fd = c->fd, .events = POLLOUT };

    if (poll(&pfd, 1, 0) > 0) {
        int error = socket_error(c);

        if (error || pfd.revents & POLLHUP) {
            fail(c, error ? error : ECONNRESET);
        } else {
            collector_away_end(c);
        }
    } else if (collector_clock_us() >= c->away_until_us) {
        fail(c, ETIMEDOUT);
    }
}

void
collector_tcp_look(struct collector *c)
{
    int error;

    switch (collector_get_presence(c)) {
    case COLLECTOR_HERE:
        error = socket_error(c);
        error = error ? error : read_all(c);
        if (error) {
            fail(c, error);
        }
        break;
    case COLLECTOR_AWAY:
        break;
    case COLLECTOR_CONNECTING:
        if (!c->tcp->begun) {
            begin(c);
            break;
        }
        /* Fall through. */
    case COLLECTOR_ASKED:
        look_at_connecting(c);
        break;
    }
}

void
collector_tcp_take_turn(struct collector *c, uint64_t *left_us)
{
    uint64_t now_us = collector_clock_us();

    if (collector_get_presence(c) == COLLECTOR_AWAY
        && now_us >= c->away_until_us) {
        begin(c);
    }
    if (collector_get_presence(c) != COLLECTOR_AWAY) {
        collector_tcp_look(c);
    }
    *left_us = (collector_get_presence(c) == COLLECTOR_HERE ? 0
                : MAX(c->away_until_us, now_us + 1) - now_us);
}

/* ## Sending. ## */

/* 'n' bytes of those that the queue has were taken. */
static void
take(struct collector *c, const struct iovec *iovs, size_t n)
{
    struct collector_tcp *t = c->tcp;

    t->written += n;
    n += t->done;
    for (size_t i = 0; n && n >= iovs[i].iov_len; i++) {
        n -= iovs[i].iov_len;
        add_on_way(t, iovs[i].iov_len);
        cqueue_pop(&c->queue, 1);
    }
    t->done = n;
}

/* Gives the kernel a piece of the queue; false if it takes no more. */
static bool
push_some(struct collector *c)
{
    struct iovec iovs[PIECES], pieces[PIECES];
    size_t n = cqueue_peek(&c->queue, iovs, PIECES);
    struct msghdr msg = { .msg_iov = pieces, .msg_iovlen = n };

    memcpy(pieces, iovs, n * sizeof *iovs);
    pieces[0].iov_base = (uint8_t *) pieces[0].iov_base + c->tcp->done;
    pieces[0].iov_len -= c->tcp->done;

    ssize_t sent = sendmsg(c->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
        take(c, iovs, sent);
        return true;
    }
    int error = sent ? errno : EAGAIN;
    if (!collector_is_busy(error) && error != EINTR) {
        fail(c, error);
    }
    return error == EINTR;
}

void
collector_tcp_push(struct collector *c)
{
    if (collector_get_presence(c) != COLLECTOR_HERE) {
        collector_tcp_look(c);
    }
    while (collector_get_presence(c) == COLLECTOR_HERE && c->queue.n
           && push_some(c)) {
        continue;
    }
    look_for_acknowledgments(c);
}

void
collector_tcp_destroy(struct collector_tcp *t)
{
    if (t) {
        free(t->lengths);
        free(t);
    }
}
