/* collector-send.c -- from datagrams to the kernel, in batches.
 *
 * Called by exporters through the output of a socket, and by the worker that
 * owns it.  Never blocks, except with collector_set_wait() and at the end.
 *
 * Invariant: every datagram given to collector_send() is sent, waits in the
 * queue, or is counted by the cause of its loss; order is kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include "base/ovs.h"

enum {
    /* An ICMP error that came before is returned by the next send without
     * sending; more may arrive meanwhile. */
    MAX_TRIES = 16,
    STUCK_US = 1000 * 1000,     /* Wait no longer if nothing leaves. */
    DRAIN_US = 1000 * 1000,     /* Nor, unless told to wait, if all does. */
    TCP_STEP_US = 10 * 1000,    /* Between two looks at what it has got. */
};

static void
count_sent(struct collector *c, const struct mmsghdr *msgs, size_t n)
{
    uint32_t now_ms = collector_coarse_ms();
    uint64_t bytes = 0;

    for (size_t i = 0; i < n; i++) {
        const struct msghdr *hdr = &msgs[i].msg_hdr;

        bytes += msgs[i].msg_len;
        crecent_add(&c->recent, hdr->msg_iov, hdr->msg_iovlen, now_ms);
    }
    collector_add(c, CC_SENT_DATAGRAMS, n);
    collector_add(c, CC_SENT_BYTES, bytes);
}

/* True if a send that failed with 'error' may be the victim of an earlier
 * datagram's ICMP error, so that trying again sends this one. */
static bool
may_be_pending(int error)
{
    return !collector_is_busy(error) && error != EMSGSIZE;
}

/* Sends 'msgs' in order.  With 'stop_if_busy', stops where the kernel has no
 * room, and the caller keeps the rest; else that is a loss.  Returns how many
 * were sent or counted as lost. */
static size_t
send_msgs(struct collector *c, struct mmsghdr *msgs, size_t n,
          bool stop_if_busy)
{
    size_t done = 0;
    int tries = 0;

    while (done < n) {
        int retval = sendmmsg(c->fd, &msgs[done], n - done,
                              MSG_DONTWAIT | MSG_NOSIGNAL);

        if (retval > 0) {
            count_sent(c, &msgs[done], retval);
            done += retval;
            tries = 0;
            continue;
        }
        int error = errno;
        if (error == EINTR
            || (may_be_pending(error) && ++tries < MAX_TRIES)) {
            continue;
        }
        if (stop_if_busy && collector_is_busy(error)) {
            break;
        }
        tries = 0;
        do {
            collector_count_loss(c, error);
            done++;
            /* A full socket has no room for the next one either. */
        } while (error == EAGAIN && done < n);
    }
    return done;
}

/* Sends what is due of the queue, 'max' datagrams at most; true if that was as
 * much as may go in one burst. */
static bool
send_queued(struct collector *c, size_t max)
{
    struct mmsghdr msgs[CPACE_BURST];
    struct iovec iovs[CPACE_BURST];
    size_t allowed = cpace_allow(&c->pace, collector_clock_us());
    size_t n = cqueue_peek(&c->queue, iovs, MIN(allowed, max));

    memset(msgs, 0, n * sizeof *msgs);
    for (size_t i = 0; i < n; i++) {
        msgs[i].msg_hdr.msg_iov = &iovs[i];
        msgs[i].msg_hdr.msg_iovlen = 1;
    }
    size_t done = send_msgs(c, msgs, n, true);
    cqueue_pop(&c->queue, done);
    cpace_take(&c->pace, done);
    c->knocked |= done > 0;
    return done == CPACE_BURST;
}

/* Whether anything has left yet.  While the kernel looks for the next hop's
 * link address it keeps few datagrams, and loses what is too much without a
 * word: so the first goes alone. */
static bool
is_way_open(struct collector *c)
{
    int waiting;

    if (!c->way_open) {
        if (!c->knocked) {
            send_queued(c, 1);
        }
        c->way_open = (c->knocked
                       && (ioctl(c->fd, SIOCOUTQ, &waiting) || !waiting));
    }
    return c->way_open;
}

static void
flush_queue(struct collector *c)
{
    if (c->tcp) {
        collector_tcp_push(c);
        return;
    }
    if (!c->queue.n) {
        return;
    }
    if (collector_get_presence(c) != COLLECTOR_HERE) {
        if (collector_get_presence(c) == COLLECTOR_AWAY) {
            collector_away_forget(c);
        }
    } else if (is_way_open(c)) {
        while (send_queued(c, SIZE_MAX) && !c->conf.rate) {
            continue;
        }
    }
}

/* Waits for one step of pacing and, if the kernel was full, for room. */
static void
wait_step(struct collector *c)
{
    struct timespec step = { .tv_nsec = cpace_step_us(&c->pace) * 1000 };
    struct pollfd pfd = { .fd = c->fd, .events = POLLOUT };

    nanosleep(&step, NULL);
    poll(&pfd, 1, 1);
}

/* Until when to wait for something to leave. */
static uint64_t
stuck_at(const struct collector *c)
{
    return (collector_clock_us() + STUCK_US
            + (c->conf.rate ? 2 * 1000000 / c->conf.rate : 0));
}

/* Sends the datagram that asks whether the collector is back. */
static void
ask(struct collector *c, const struct iovec *iov, size_t n_iov)
{
    struct mmsghdr msg = { .msg_hdr = {
        .msg_iov = CONST_CAST(struct iovec *, iov),
        .msg_iovlen = n_iov,
    } };

    send_msgs(c, &msg, 1, false);
}

static void
enqueue(struct collector *c, const struct iovec *iov, size_t n_iov)
{
    if (collector_get_presence(c) != COLLECTOR_HERE) {
        switch (collector_away_judge(c)) {
        case COLLECTOR_SEND:
            ask(c, iov, n_iov);
            return;
        case COLLECTOR_LOSE:
            collector_add(c, CC_REFUSED, 1);
            return;
        case COLLECTOR_HOLD:
            break;
        }
    }

    bool pushed = cqueue_push(&c->queue, iov, n_iov);

    if (!pushed && c->wait
        && (collector_get_presence(c) == COLLECTOR_HERE
            || collector_get_presence(c) == COLLECTOR_CONNECTING)) {
        uint64_t deadline = stuck_at(c);

        while (!pushed && collector_clock_us() < deadline) {
            size_t before = c->queue.n;

            wait_step(c);
            flush_queue(c);
            deadline = c->queue.n < before ? stuck_at(c) : deadline;
            pushed = cqueue_push(&c->queue, iov, n_iov);
        }
        /* Not a second for each of those that follow. */
        c->wait = pushed;
    }
    if (!pushed) {
        collector_add(c, CC_QUEUE, 1);
    }
}

/* Sends what was lent through the hop, if there is one, and what is not for
 * it through the raw socket, in order.  Returns how many were sent or counted
 * as lost. */
static size_t
send_lent(struct collector *c)
{
    size_t done = 0;

    while (done < c->n_msgs) {
        size_t n = c->n_msgs - done;

        if (collector_link_hop(c->link) != COLLECTOR_HOP_UNKNOWN) {
            bool busy;

            done = collector_link_send(c, done, c->wait, &busy);
            if (busy || done == c->n_msgs) {
                break;
            }
            n = 1;
        }
        size_t sent = send_msgs(c, &c->msgs[done], n, c->wait);
        done += sent;
        if (sent < n) {
            break;
        }
    }
    return done;
}

/* Sends what was lent.  Behind a queue that did not empty it is copied, so
 * that order is kept. */
static void
flush_lent(struct collector *c)
{
    size_t done = 0;

    if (!c->queue.n) {
        done = send_lent(c);
    }
    for (; done < c->n_msgs; done++) {
        enqueue(c, c->iovs[done], c->msgs[done].msg_hdr.msg_iovlen);
    }
    c->n_msgs = 0;
}

void
collector_flush(struct collector *c)
{
    flush_queue(c);
    if (c->n_msgs) {
        flush_lent(c);
    }
}

bool
collector_has_backlog(const struct collector *c)
{
    return c->n_msgs || c->queue.n || collector_tcp_on_way(c);
}

static void
lend(struct collector *c, const struct exporter_dgram *dgram)
{
    size_t i = c->n_msgs++;

    size_t n_iov = 1;

    c->iovs[i][0] = dgram->iov[0];
    c->lengths[i] = dgram->iov[0].iov_len;
    for (size_t j = 1; j < EXPORTER_MAX_IOV; j++) {
        if (dgram->iov[j].iov_len) {
            c->iovs[i][n_iov++] = dgram->iov[j];
            c->lengths[i] += dgram->iov[j].iov_len;
        }
    }
    c->msgs[i].msg_hdr.msg_iovlen = n_iov;
    if (c->n_msgs == COLLECTOR_BATCH) {
        collector_flush(c);
    }
}

void
collector_send(struct collector *c, const struct exporter_dgram *dgrams,
               size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (dgrams[i].lent) {
            lend(c, &dgrams[i]);
        } else {
            if (c->n_msgs) {
                flush_lent(c);
            }
            enqueue(c, dgrams[i].iov, EXPORTER_MAX_IOV);
        }
    }
}

void
collector_set_wait(struct collector *c, bool wait)
{
    c->wait = wait;
}

void
collector_give_up(struct collector *c)
{
    collector_add(c, CC_QUEUE, c->queue.n);
    cqueue_pop(&c->queue, c->queue.n);
    if (c->tcp) {
        collector_tcp_settle(c);
    }
}

uint64_t
collector_step_us(const struct collector *c)
{
    return c->tcp ? TCP_STEP_US : cpace_step_us(&c->pace);
}

static size_t
backlog(const struct collector *c)
{
    return c->queue.n + collector_tcp_on_way(c);
}

void
collector_drain(struct collector *c)
{
    collector_end_waiting(c);
    collector_flush(c);
    uint64_t last = c->wait ? UINT64_MAX : collector_clock_us() + DRAIN_US;
    uint64_t deadline = stuck_at(c);
    while (collector_has_backlog(c)
           && collector_clock_us() < MIN(deadline, last)) {
        size_t before = backlog(c);

        wait_step(c);
        flush_queue(c);
        deadline = backlog(c) < before ? stuck_at(c) : deadline;
    }
    collector_give_up(c);
}
