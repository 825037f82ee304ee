/* engine-poll.c -- gives exporters what interfaces have counted.
 *
 * For protocols that report the counters of interfaces (sFlow): each 'polling'
 * seconds the kernel is asked, in the point's namespace, and the worker told.
 * A point that feeds a stream by several taps is asked for once.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-source.h"
#include "engine/engine-stream.h"
#include "engine/engine-tap.h"
#include <net/if.h>
#include <net/if_arp.h>
#include "kernel/kernel.h"
#include "plugin/plugin.h"

/* IANAifType. */
enum { IF_OTHER = 1, IF_ETHERNET = 6, IF_LOOPBACK = 24 };

struct read_args {
    int ifindex;
    struct kern_counters counters;
};

static int
read_cb(void *args_)
{
    struct read_args *args = args_;

    return kern_counters_read(args->ifindex, &args->counters);
}

static void
counters_from_kernel(uint32_t ifindex, const struct kern_counters *k,
                     struct exporter_counters *c)
{
    *c = (struct exporter_counters) {
        .ifindex = ifindex,
        .type = (k->type == ARPHRD_ETHER ? IF_ETHERNET
                 : k->type == ARPHRD_LOOPBACK ? IF_LOOPBACK : IF_OTHER),
        .speed = k->speed,
        .full_duplex = k->full_duplex,
        .half_duplex = k->half_duplex,
        .admin_up = k->flags & IFF_UP,
        .oper_up = k->oper_up,
        .promiscuous = k->flags & IFF_PROMISC,
        .in_octets = k->in_octets,
        .in_packets = k->in_packets,
        .in_multicast = k->in_multicast,
        .in_discards = k->in_discards,
        .in_errors = k->in_errors,
        .in_unknown = k->in_unknown,
        .out_octets = k->out_octets,
        .out_packets = k->out_packets,
        .out_discards = k->out_discards,
        .out_errors = k->out_errors,
    };
}

static long long int
polling_ms(const struct engine_tap *tap)
{
    const struct target *target = tap->plan.spec;

    return (tap->wtap && plugin_find(target->class->name)->counters
            ? target_get_int(target, "polling") * 1000 : 0);
}

/* True if another tap asks for the same on behalf of 'tap'. */
static bool
is_asked_by_other(const struct engine *engine, const struct engine_tap *tap)
{
    const struct engine_tap *other;

    HMAP_FOR_EACH (other, node, &engine->taps) {
        if (other == tap) {
            return false;
        }
        if (other->stream == tap->stream && other->source == tap->source
            && polling_ms(other)) {
            return true;
        }
    }
    return false;
}

static void
poll_tap(struct engine_tap *tap)
{
    const struct plan_source *source = &tap->plan.source;
    struct read_args args = { .ifindex = source->ifindex };
    struct exporter_counters counters;

    /* An interface that has gone is no news here. */
    if (!kern_call_in_netns(source->netns_path, source->netns, read_cb,
                            &args)) {
        counters_from_kernel(source->ifindex, &args.counters, &counters);
        worker_give_counters(tap->stream->worker, tap->stream->wstream,
                             &counters);
    }
}

void
engine_poll_counters(struct engine *engine, long long int now)
{
    struct engine_tap *tap;

    HMAP_FOR_EACH (tap, node, &engine->taps) {
        long long int interval = polling_ms(tap);

        if (!interval || is_asked_by_other(engine, tap)) {
            continue;
        }
        if (now >= tap->next_poll) {
            poll_tap(tap);
            tap->next_poll = now + interval;
        }
        wake_at(&engine->wake, tap->next_poll);
    }
}
