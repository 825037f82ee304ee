/* engine-address.c -- a stream whose source address is gone gets another.
 *
 * A socket keeps the address that it was given when it was opened, so that a
 * collector knows a sequence by it, whatever becomes of the routes.  Once the
 * host no longer has that address (an interface was made again, or numbered
 * anew), a socket is opened as at first, and the stream moves to it as it does
 * to another collector (engine-move.c).  What the kernel chooses meanwhile may
 * be an address of another interface, so that for a while the stream follows
 * that choice.  Nobody brings news of other namespaces: there it is asked from
 * time to time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-stream.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(engine_address);

enum {
    LOOK_MS = 250,              /* Least time between two looks. */
    FAR_MS = 2000,              /* The same, at streams of other namespaces. */
    SETTLE_MS = 60 * 1000,      /* From one address to the one that stays. */
};

/* Says so of the stream, or that it is not so any more: 'why' is empty. */
static void
set_gone(struct engine *engine, struct engine_stream *stream,
         struct trouble *why)
{
    if (why->reason != stream->gone.reason) {
        trouble_set(&stream->gone, why->reason, why->detail);
        wake_at_once(&engine->wake);
    } else {
        trouble_clear(why);
    }
}

/* A socket that can be opened with the same address is none of ours: the
 * address may be on its way back.  Where none can be opened, what is sent is
 * lost. */
static void
follow(struct engine *engine, struct engine_stream *stream, long long int now)
{
    struct trouble why = { .reason = TAP_R_OK };
    char text[INET6_ADDRSTRLEN];

    if (stream->state != STREAM_READY || stream->target->name || stream->there
        || !worker_is_done(stream->worker, stream->moved)) {
        return;
    }
    bool has_address = estream_has_address(stream);
    if ((!has_address || now < stream->settled)
        && estream_open_there(stream, &stream->flow.dst, &why)) {
        if (ipv6_addr_equals(&stream->there_flow.src, &stream->flow.src)) {
            collector_close(stream->there);
            stream->there = NULL;
        } else {
            stream->settled = now + SETTLE_MS;
            estream_hide(engine, stream);
            wake_at_once(&engine->wake);
            ipv6_string_mapped(text, &stream->there_flow.src);
            VLOG_INFO("stream \"%s\" sends from %s now", stream->key, text);
        }
    }
    if (has_address) {
        trouble_clear(&why);
    }
    set_gone(engine, stream, &why);
}

static void
follow_all(struct engine *engine, bool far, long long int now)
{
    struct engine_stream *stream;

    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (!stream->netns == !far) {
            follow(engine, stream, now);
        }
    }
}

void
engine_follow_addresses(struct engine *engine, long long int now)
{
    struct engine_stream *stream;
    uint64_t seqno = engine->paths ? kern_paths_seqno(engine->paths) : 0;
    bool any_far = false;

    if (seqno != engine->addresses_seen) {
        if (now >= engine->next_address) {
            engine->addresses_seen = seqno;
            engine->next_address = now + LOOK_MS;
            follow_all(engine, false, now);
        } else {
            wake_at(&engine->wake, engine->next_address);
        }
    }
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        any_far |= stream->netns != 0;
    }
    if (any_far && now >= engine->next_far_address) {
        engine->next_far_address = now + FAR_MS;
        follow_all(engine, true, now);
    }
    if (any_far) {
        wake_at(&engine->wake, engine->next_far_address);
    }
}
