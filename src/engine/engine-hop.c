/* engine-hop.c -- tells collectors which hop they are behind.
 *
 * Called in each round of the engine.  Looks again when the kernel says that
 * links, routes or neighbours changed, and hands what is new for a stream to
 * its worker.  A storm of changes makes it look some fifty times a second at
 * most, so that a frame goes to an old neighbour for some hundredths of a
 * second at most.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-stream.h"
#include "kernel/kernel.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(engine_hop);

enum { LOOK_MS = 20 };          /* Least time between two looks. */

static void
hop_from_path(const struct kern_path *path, struct collector_hop *hop)
{
    *hop = (struct collector_hop) {
        .type = (path->type == KERN_PATH_ETHERNET ? COLLECTOR_HOP_ETHERNET
                 : path->type == KERN_PATH_DOWN ? COLLECTOR_HOP_DOWN
                 : COLLECTOR_HOP_UNKNOWN),
        .ifindex = path->ifindex,
        .mtu = path->mtu,
    };
    memcpy(hop->src_mac, path->src_mac, sizeof hop->src_mac);
    memcpy(hop->dst_mac, path->dst_mac, sizeof hop->dst_mac);
}

static bool
is_same_hop(const struct collector_hop *a, const struct collector_hop *b)
{
    return (a->type == b->type && a->ifindex == b->ifindex
            && a->mtu == b->mtu
            && !memcmp(a->src_mac, b->src_mac, sizeof a->src_mac)
            && !memcmp(a->dst_mac, b->dst_mac, sizeof a->dst_mac));
}

void
estream_find_hop(struct engine *engine, struct engine_stream *stream)
{
    struct collector_hop hop;
    struct kern_path path;

    if (!engine->paths || stream->netns
        || stream->flow.proto != COLLECTOR_GRE) {
        return;
    }
    kern_path_find(engine->paths, &stream->flow.src, &stream->flow.dst,
                   stream->tos, collector_get_device(stream->collector),
                   &path);
    hop_from_path(&path, &hop);
    if (!is_same_hop(&hop, &stream->hop)) {
        stream->hop = hop;
        worker_set_hop(stream->worker, stream->wstream, &hop);
        VLOG_DBG("stream \"%s\": hop of type %d on %d", stream->key,
                 hop.type, hop.ifindex);
    }
}

void
engine_follow_hops(struct engine *engine, long long int now)
{
    struct engine_stream *stream;

    if (!engine->paths) {
        return;
    }
    kern_paths_run(engine->paths);
    uint64_t seqno = kern_paths_seqno(engine->paths);
    if (seqno == engine->paths_seen || now < engine->next_look) {
        return;
    }
    engine->paths_seen = seqno;
    engine->next_look = now + LOOK_MS;
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (stream->state == STREAM_READY) {
            estream_find_hop(engine, stream);
        }
    }
}

void
engine_wait_hops(struct engine *engine)
{
    if (!engine->paths) {
        return;
    }
    if (kern_paths_seqno(engine->paths) != engine->paths_seen) {
        poll_timer_wait_until(engine->next_look);
    } else {
        kern_paths_wait(engine->paths);
    }
}
