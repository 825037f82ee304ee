/* collector-count.c -- what became of the datagrams of a collector.
 *
 * Losses by their cause, and the counters for those who read them.  Called by
 * all that send or listen; the counters may be read by anyone at any time.
 *
 * Invariant: 'dropped_send' is the sum of the causes that it names.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <string.h>
#include "base/ovs.h"

static enum collector_teller
teller_of(const struct collector *c, const struct in6_addr *by)
{
    return (!by ? COLLECTOR_TOLD_HERE
            : IN6_ARE_ADDR_EQUAL(by, &c->conf.dst) ? COLLECTOR_TOLD_ITSELF
            /* To find the neighbour has failed: the kernel answers us, from
             * the address that we send from. */
            : IN6_ARE_ADDR_EQUAL(by, &c->src) ? COLLECTOR_TOLD_HERE
            : COLLECTOR_TOLD_ROUTER);
}

void
collector_note_unreachable(struct collector *c, int error,
                           const struct in6_addr *by, uint64_t now_us)
{
    uint64_t halves[2] = { 0, 0 };

    if (by) {
        memcpy(halves, by, sizeof halves);
    }
    /* The count last: who sees it change looks at the others. */
    collector_set(c, CC_UNREACHABLE_BY, teller_of(c, by));
    collector_set(c, CC_UNREACHABLE_BY_HIGH, halves[0]);
    collector_set(c, CC_UNREACHABLE_BY_LOW, halves[1]);
    collector_set(c, CC_UNREACHABLE_ERRNO, error);
    collector_set(c, CC_UNREACHABLE_US, now_us);
    collector_add(c, CC_UNREACHABLE, 1);
    collector_away_note(c);
}

void
collector_count_loss(struct collector *c, int error)
{
    switch (error) {
    case EMSGSIZE:
        collector_add(c, CC_EMSGSIZE, 1);
        break;
    case ENOBUFS:
    case ENOMEM:
        collector_add(c, CC_ENOBUFS, 1);
        break;
    case EAGAIN:
        collector_add(c, CC_EAGAIN, 1);
        break;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
        /* No route from here, any more. */
        collector_note_unreachable(c, error, NULL, collector_wall_us());
        collector_add(c, CC_OTHER, 1);
        break;
    default:
        collector_add(c, CC_OTHER, 1);
        break;
    }
}

static uint64_t
dropped_send(const struct collector *c)
{
    return (collector_get(c, CC_EMSGSIZE) + collector_get(c, CC_ENOBUFS)
            + collector_get(c, CC_EAGAIN) + collector_get(c, CC_OTHER)
            + collector_get(c, CC_REFUSED));
}

void
collector_get_sent__(const struct exporter_output *output,
                     struct exporter_sent *sent)
{
    const struct collector *c = CONTAINER_OF(output, struct collector,
                                             output);

    *sent = (struct exporter_sent) {
        .datagrams = collector_get(c, CC_SENT_DATAGRAMS),
        .bytes = collector_get(c, CC_SENT_BYTES),
        .dropped_queue = collector_get(c, CC_QUEUE),
        .dropped_send = dropped_send(c),
    };
}

void
collector_get_stats(const struct collector *c, struct collector_stats *stats)
{
    const uint64_t halves[2] = { collector_get(c, CC_UNREACHABLE_BY_HIGH),
                                 collector_get(c, CC_UNREACHABLE_BY_LOW) };

    *stats = (struct collector_stats) {
        .sent_datagrams = collector_get(c, CC_SENT_DATAGRAMS),
        .sent_bytes = collector_get(c, CC_SENT_BYTES),
        .dropped_queue = collector_get(c, CC_QUEUE),
        .dropped_send = dropped_send(c),
        .emsgsize = collector_get(c, CC_EMSGSIZE),
        .enobufs = collector_get(c, CC_ENOBUFS),
        .eagain = collector_get(c, CC_EAGAIN),
        .other = collector_get(c, CC_OTHER),
        .refused = collector_get(c, CC_REFUSED),
        .unreachable = collector_get(c, CC_UNREACHABLE),
        .last_unreachable_us = collector_get(c, CC_UNREACHABLE_US),
        .last_unreachable_errno = collector_get(c, CC_UNREACHABLE_ERRNO),
        .told_by = collector_get(c, CC_UNREACHABLE_BY),
        .proto_unreachable = collector_get(c, CC_PROTO_UNREACHABLE),
        .presence = collector_get_presence(c),
        .file_error = c->file ? collector_file_error(c) : 0,
    };
    memcpy(&stats->teller, halves, sizeof stats->teller);
}
