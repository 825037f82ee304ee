/* engine-open.c -- from a target to an open socket with an exporter.
 *
 * Collector sockets are opened here, in the host's namespace, so that "no
 * route" is known before a tap starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include <errno.h>
#include "engine/engine-stream.h"
#include "export/target.h"
#include "kernel/kernel.h"
#include "plugin/plugin.h"
#include "random.h"

static int64_t
int_option(const struct target *target, const char *name)
{
    return estream_option(target, name) ? target_get_int(target, name) : 0;
}

static struct collector_flow
make_flow(const struct target *target, const struct collector *collector,
          const struct collector_conf *conf)
{
    const char *session = estream_option(target, "session");
    struct collector_flow flow = {
        .proto = conf->proto,
        .dst = conf->dst,
        .dst_port = conf->dst_port,
        .session = session ? int_option(target, "session") : 0,
        .any_session = !session || !strcmp(target->class->name, "erspan1"),
    };

    collector_get_local(collector, &flow.src, &flow.src_port);
    return flow;
}

static bool
open_file(const struct engine *engine, struct engine_stream *stream,
          struct trouble *why)
{
    int error = collector_open_named(stream->target, stream->file,
                                     &engine->quota, &stream->collector,
                                     &why->detail);

    why->reason = error ? trouble_of_file(error) : TAP_R_OK;
    return !error;
}

struct open_args {
    const struct collector_conf *conf;
    struct collector **collector;
};

static int
open_cb(void *args_)
{
    const struct open_args *args = args_;

    return collector_open(args->conf, args->collector);
}

/* In the namespace that the target says: the socket stays there.  Paths are
 * followed in the host's own only, so there everything goes through IP. */
static int
open_where(const struct engine_stream *stream, struct open_args *args)
{
    return (stream->netns
            ? kern_call_in_netns(stream->netns_path, stream->netns, open_cb,
                                 args)
            : open_cb(args));
}

/* A socket, and in '*conf' what it was opened with.  On failure stores why. */
static bool
open_collector(const struct engine_stream *stream, const struct in6_addr *dst,
               struct collector **collector, struct collector_conf *conf,
               struct trouble *why)
{
    int error;

    *collector = NULL;
    why->detail = collector_conf_from_target(stream->target, dst, conf);
    if (why->detail) {
        why->reason = TAP_R_BAD_TARGET;
        return false;
    }
    conf->back_off = conf->proto == COLLECTOR_UDP;
    conf->raw |= stream->netns != 0;
    error = open_where(stream, &(struct open_args) { conf, collector });
    if (error) {
        why->detail = collector_open_detail(stream->target, error);
        why->reason = (error == ENOTUNIQ ? TAP_R_BAD_TARGET
                       : trouble_of_errno(error, TAP_R_NO_ROUTE));
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
        .memory = engine->memory,
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
    /* A file's is that of nobody. */
    struct collector_conf conf = { .dscp = 0 };

    if (!(stream->file ? open_file(engine, stream, why)
          : open_collector(stream, dst, &stream->collector, &conf, why))) {
        return false;
    }
    if (!open_exporter(engine, stream, dst, why)) {
        collector_close(stream->collector);
        stream->collector = NULL;
        return false;
    }
    stream->flow = make_flow(stream->target, stream->collector, &conf);
    stream->tos = conf.dscp << 2;
    return true;
}

bool
estream_open_there(struct engine_stream *stream, const struct in6_addr *dst,
                   struct trouble *why)
{
    struct collector_conf conf;

    if (!open_collector(stream, dst, &stream->there, &conf, why)) {
        return false;
    }
    stream->there_flow = make_flow(stream->target, stream->there, &conf);
    return true;
}

struct address_args {
    const struct collector_conf *conf;
    const struct in6_addr *addr;
};

/* 0, or EADDRNOTAVAIL. */
static int
has_address_cb(void *args_)
{
    const struct address_args *args = args_;

    return (collector_has_address(args->conf, args->addr) ? 0
            : EADDRNOTAVAIL);
}

bool
estream_has_address(const struct engine_stream *stream)
{
    struct collector_conf conf;
    struct address_args args = { &conf, &stream->flow.src };

    free(collector_conf_from_target(stream->target, &stream->flow.dst, &conf));
    return (stream->netns
            ? kern_call_in_netns(stream->netns_path, stream->netns,
                                 has_address_cb, &args)
            : has_address_cb(&args)) != EADDRNOTAVAIL;
}
