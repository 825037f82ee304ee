/* collector-away.c -- a collector that is away, and comes back.
 *
 * What is sent to a host where nobody receives is answered by ICMP, which
 * hosts send about once a second (icmp_ratelimit in ip-sysctl.rst, RFC 1812
 * section 4.3.2.8).  From the first answer on nothing is sent but now and then
 * one datagram, the question, less and less often.  While its answer is
 * awaited, what else is to be sent waits in the queue; if no answer comes in
 * longer than one may take, the collector is back and gets it.  All that is
 * not sent is counted.
 *
 * Called by the other files of the collector and by the worker that it belongs
 * to.  Only for UDP: who captures frames that come in GRE may answer that he
 * has no use for them, and has no templates to wait for.  TCP has the same
 * states, but finds out by itself: collector-tcp.c.
 *
 * Invariant: nothing is sent while the collector is away or asked, but the
 * question.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include "base/ovs.h"

enum {
    FIRST_INTERVAL_US = 1000 * 1000,
    MAX_INTERVAL_US = 8 * 1000 * 1000,
    /* Longer than between two answers of a host; and than the kernel tries to
     * find a neighbour, three times a second apart. */
    REFUSED_US = 1500 * 1000,
    UNREACHABLE_US = 4000 * 1000,
};

static void
set_presence(struct collector *c, enum collector_presence presence,
             uint64_t until_us)
{
    collector_set(c, CC_PRESENCE, presence);
    c->away_until_us = until_us;
}

enum collector_presence
collector_get_presence(const struct collector *c)
{
    return collector_get(c, CC_PRESENCE);
}

/* An answer came.  While it is away already that is one to what was sent
 * before. */
void
collector_away_note(struct collector *c)
{
    uint64_t now_us = collector_clock_us();

    switch (collector_get_presence(c)) {
    case COLLECTOR_HERE:
    case COLLECTOR_CONNECTING:
        if (!c->conf.back_off) {
            return;
        }
        c->away_interval_us = FIRST_INTERVAL_US;
        break;
    case COLLECTOR_AWAY:
        return;
    case COLLECTOR_ASKED:
        c->away_interval_us = MIN(2 * c->away_interval_us, MAX_INTERVAL_US);
        break;
    }
    set_presence(c, COLLECTOR_AWAY, now_us + c->away_interval_us);
}

void
collector_away_forget(struct collector *c)
{
    collector_add(c, CC_REFUSED, c->queue.n);
    cqueue_pop(&c->queue, c->queue.n);
}

/* What to do with a datagram of a collector that is not there. */
enum collector_verdict
collector_away_judge(struct collector *c)
{
    uint64_t now_us = collector_clock_us();

    if (collector_get_presence(c) != COLLECTOR_AWAY) {
        return COLLECTOR_HOLD;
    }
    if (c->tcp || now_us < c->away_until_us) {
        return COLLECTOR_LOSE;
    }
    collector_away_forget(c);
    bool refused = collector_get(c, CC_UNREACHABLE_ERRNO) == ECONNREFUSED;
    set_presence(c, COLLECTOR_ASKED,
                 now_us + (refused ? REFUSED_US : UNREACHABLE_US));
    return COLLECTOR_SEND;
}

enum collector_turn
collector_away_take_turn(struct collector *c, uint64_t *left_us)
{
    enum collector_presence presence = collector_get_presence(c);
    uint64_t now_us = collector_clock_us();

    *left_us = 0;
    if (presence == COLLECTOR_HERE) {
        return COLLECTOR_GO_ON;
    }
    if (now_us < c->away_until_us) {
        *left_us = c->away_until_us - now_us;
        return COLLECTOR_GO_ON;
    }
    if (presence == COLLECTOR_AWAY) {
        return COLLECTOR_ASK;
    }
    set_presence(c, COLLECTOR_HERE, 0);
    return COLLECTOR_WELCOME;
}

void
collector_end_waiting(struct collector *c)
{
    if (collector_get_presence(c) == COLLECTOR_ASKED && !c->tcp) {
        set_presence(c, COLLECTOR_HERE, 0);
    }
}

void
collector_away_begin(struct collector *c)
{
    bool again = collector_get_presence(c) == COLLECTOR_ASKED;

    c->away_interval_us = (again ? MIN(2 * c->away_interval_us,
                                       MAX_INTERVAL_US)
                           : FIRST_INTERVAL_US);
    collector_away_forget(c);
    set_presence(c, COLLECTOR_AWAY,
                 collector_clock_us() + c->away_interval_us);
}

void
collector_away_ask(struct collector *c, uint64_t us, bool first)
{
    set_presence(c, first ? COLLECTOR_CONNECTING : COLLECTOR_ASKED,
                 collector_clock_us() + us);
}

void
collector_away_end(struct collector *c)
{
    set_presence(c, COLLECTOR_HERE, 0);
}

void
collector_put_first(struct collector *c, void (*put)(void *aux), void *aux)
{
    size_t n_waiting = c->queue.n;

    put(aux);
    if (c->queue.n == n_waiting) {
        return;
    }
    for (; n_waiting; n_waiting--) {
        struct iovec oldest;

        cqueue_peek(&c->queue, &oldest, 1);
        if (!cqueue_push(&c->queue, &oldest, 1)) {
            collector_add(c, CC_QUEUE, 1);
        }
        cqueue_pop(&c->queue, 1);
    }
}
