/* engine-own.c -- what streams send is never captured.
 *
 * Every worker knows every stream's addresses before its first datagram
 * leaves, and for a while after its last.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdlib.h>
#include "engine/engine-private.h"
#include "engine/engine-stream.h"

enum { LINGER_MS = 3000 };      /* See struct engine_linger. */

/* Addresses that stay hidden for a while after their stream has gone: its last
 * datagrams may still lie in a ring. */
struct engine_linger {
    struct ovs_list node;       /* In engine's 'lingering'. */
    struct collector_flow flow;
    long long int until;        /* time_msec(). */
};

void
estream_hide(struct engine *engine, struct engine_stream *stream)
{
    stream->own_version = engine->own_version + 1;
    engine->own_changed = true;
}

bool
estream_is_hidden(const struct engine *engine,
                  const struct engine_stream *stream)
{
    if (engine->own_version < stream->own_version) {
        return false;
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        if (!worker_is_done(engine->workers[i], engine->own_tickets[i])) {
            return false;
        }
    }
    return true;
}

void
engine_linger(struct engine *engine, const struct collector_flow *flow)
{
    struct engine_linger *linger = xmalloc(sizeof *linger);

    linger->flow = *flow;
    linger->until = time_msec() + LINGER_MS;
    ovs_list_push_back(&engine->lingering, &linger->node);
    wake_at(&engine->wake, linger->until);
}

void
engine_forget_lingering(struct engine *engine)
{
    struct engine_linger *linger;

    LIST_FOR_EACH_POP (linger, node, &engine->lingering) {
        free(linger);
    }
}

/* Forgets the addresses whose time is over. */
static void
expire_lingering(struct engine *engine, long long int now)
{
    struct engine_linger *linger;

    LIST_FOR_EACH_SAFE (linger, node, &engine->lingering) {
        if (now >= linger->until) {
            ovs_list_remove(&linger->node);
            free(linger);
            engine->own_changed = true;
        } else {
            wake_at(&engine->wake, linger->until);
        }
    }
}

void
engine_tell_own(struct engine *engine, long long int now)
{
    struct engine_linger *linger;
    struct engine_stream *stream;
    struct collector_flow *flows;
    size_t n = 0;

    expire_lingering(engine, now);
    if (!engine->own_changed) {
        return;
    }
    flows = xcalloc(2 * hmap_count(&engine->streams)
                    + ovs_list_size(&engine->lingering) + 1, sizeof *flows);
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (stream->state == STREAM_OWN || stream->state == STREAM_READY) {
            flows[n++] = stream->flow;
        }
        if (stream->there) {
            flows[n++] = stream->there_flow;
        }
    }
    LIST_FOR_EACH (linger, node, &engine->lingering) {
        flows[n++] = linger->flow;
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        engine->own_tickets[i] = worker_set_own(engine->workers[i], flows, n);
    }
    free(flows);
    engine->own_version++;
    engine->own_changed = false;
}
