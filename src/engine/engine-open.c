/* engine-open.c -- from a target to an open socket with an exporter.
 *
 * Collector sockets are opened here, in the host's namespace, so that "no
 * route" is known before a tap starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include "engine/engine-stream.h"
#include "export/target.h"
#include "plugin/plugin.h"
#include "random.h"

static int64_t
int_option(const struct target *target, const char *name)
{
    return estream_option(target, name) ? target_get_int(target, name) : 0;
}

static void
estream_set_flow(struct engine_stream *stream,
                 const struct collector_conf *conf)
{
    const char *session = estream_option(stream->target, "session");

    stream->flow = (struct collector_flow) {
        .proto = conf->proto,
        .dst = conf->dst,
        .dst_port = conf->dst_port,
        .session = session ? int_option(stream->target, "session") : 0,
        .any_session = !session || !strcmp(stream->target->class->name,
                                           "erspan1"),
    };
    collector_get_local(stream->collector, &stream->flow.src,
                        &stream->flow.src_port);
}

/* A socket, and in '*conf' its identity, which for a file is that of nobody.
 * On failure stores why. */
static bool
open_collector(struct engine_stream *stream, const struct in6_addr *dst,
               struct collector_conf *conf, struct trouble *why)
{
    int error;

    memset(conf, 0, sizeof *conf);
    if (stream->file) {
        error = collector_open_pcap(stream->target, stream->file,
                                    &stream->collector, &why->detail);
        why->reason = error ? trouble_of_errno(error, TAP_R_INTERNAL_ERROR)
                      : TAP_R_OK;
        return !error;
    }
    why->detail = collector_conf_from_target(stream->target, dst, conf);
    if (why->detail) {
        why->reason = TAP_R_BAD_TARGET;
        return false;
    }
    conf->back_off = conf->proto == COLLECTOR_UDP;
    error = collector_open(conf, &stream->collector);
    if (error) {
        stream->collector = NULL;
        why->detail = collector_open_detail(stream->target, error);
        why->reason = trouble_of_errno(error, TAP_R_NO_ROUTE);
    }
    return !error;
}

/* What sends through the stream's collector.  On failure stores why. */
static bool
open_exporter(struct engine *engine, struct engine_stream *stream,
              const struct in6_addr *dst, struct trouble *why)
{
    const struct exporter_class *class
        = plugin_find(stream->target->class->name);
    struct exporter_conf conf = {
        .target = stream->target,
        .output = collector_output(stream->collector),
        .boot_us = engine->boot_us,
        .sampling = stream->sampling,
        .seed = random_uint64(),
        .path_mtu = collector_get_mtu(stream->collector),
        .ipv6 = !IN6_IS_ADDR_V4MAPPED(dst),
        .instance = stream->instance,
    };
    uint16_t port;

    collector_get_local(stream->collector, &conf.local, &port);
    why->detail = class->open(&conf, &stream->exporter);
    why->reason = why->detail ? TAP_R_BAD_TARGET : TAP_R_OK;
    return !why->detail;
}

bool
estream_open(struct engine *engine, struct engine_stream *stream,
             const struct in6_addr *dst, struct trouble *why)
{
    struct collector_conf conf;

    if (!open_collector(stream, dst, &conf, why)) {
        return false;
    }
    if (!open_exporter(engine, stream, dst, why)) {
        collector_close(stream->collector);
        stream->collector = NULL;
        return false;
    }
    estream_set_flow(stream, &conf);
    stream->tos = conf.dscp << 2;
    return true;
}
