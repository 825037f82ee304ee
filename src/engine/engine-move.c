/* engine-move.c -- a stream goes where its collector's name leads, and to
 * another source address.
 *
 * When the name has other addresses, or nobody receives at the one in use, a
 * socket is opened at another one; once every worker knows that what it sends
 * is ours, the stream's worker takes it over, and the sequence goes on.  To an
 * address of the other family only a stream that starts anew can go, as its
 * exporter counts on the length of headers.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/words.h"
#include "engine/engine-private.h"
#include "engine/engine-stream.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(engine_move);

/* Opens a socket at the address that is to be tried. */
static bool
open_there(struct engine *engine, struct engine_stream *stream)
{
    const struct in6_addr *to = &stream->tries.addr;
    const struct in6_addr *from = &stream->flow.dst;
    struct trouble why = { .reason = TAP_R_OK };
    char text[INET6_ADDRSTRLEN];

    if (ipv6_addr_equals(to, from)) {
        return false;
    }
    ipv6_string_mapped(text, to);
    if (!estream_open_there(stream, to, &why)) {
        VLOG_DBG("stream \"%s\": %s: %s", stream->key, text, why.detail);
        trouble_clear(&why);
        return false;
    }
    if (IN6_IS_ADDR_V4MAPPED(to) == IN6_IS_ADDR_V4MAPPED(from)) {
        estream_hide(engine, stream);
    } else {
        collector_close(stream->there);
        stream->there = NULL;
        stream->reopen = true;
    }

    char *key = words_clean(stream->key);
    VLOG_INFO("stream \"%s\" moves to %s", key, text);
    free(key);
    return true;
}

static void
move_there(struct engine *engine, struct engine_stream *stream)
{
    engine_linger(engine, &stream->flow);
    stream->moved = worker_move_stream(stream->worker, stream->wstream,
                                       stream->there);
    stream->there = NULL;
    stream->flow = stream->there_flow;
    memset(&stream->hop, 0, sizeof stream->hop);
    estream_find_hop(engine, stream);
}

/* Looks for an address that works better. */
static void
look_further(struct engine *engine, struct engine_stream *stream,
             long long int now)
{
    struct tries *tries = &stream->tries;

    while (tries_failed(tries, &stream->name->known, now)) {
        if (open_there(engine, stream)) {
            return;
        }
    }
    if (tries->backoff.next > now) {
        wake_at(&engine->wake, tries->backoff.next);
    }
}

void
estream_follow(struct engine *engine, struct engine_stream *stream,
               long long int now)
{
    bool lost = stream->comment.reason == TAP_R_COLLECTOR_UNREACHABLE;
    struct name *name = stream->name;

    if (stream->there) {
        if (estream_is_hidden(engine, stream)) {
            move_there(engine, stream);
        }
        return;
    }
    if (!name) {
        return;
    }
    if (stream->name_seen != name->version) {
        stream->name_seen = name->version;
        tries_restart(&stream->tries, &stream->flow.dst, &name->known, now);
    }
    if (lost) {
        name_doubt(engine->names, name, now);
    }
    if (lost || !resolved_has(&name->known, &stream->flow.dst)) {
        look_further(engine, stream, now);
    }
}
