/* engine-open.c -- from a target to an open socket with an exporter.
 *
 * Collector sockets are opened here, in the host's namespace, so that "no
 * route" is known before a tap starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-private.h"
#include <errno.h>
#include "export/target.h"
#include "plugin/plugin.h"
#include "random.h"

const char *
estream_option(const struct target *target, const char *name)
{
    for (const struct target_option *o = target->class->options;
         o && o->name; o++) {
        if (!strcmp(o->name, name)) {
            return target_get(target, name);
        }
    }
    return NULL;
}

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

static enum tap_reason
reason_from_errno(int error)
{
    return error == EPERM || error == EACCES ? TAP_R_NO_PERMISSION
           : TAP_R_NO_ROUTE;
}

/* A socket, and in '*conf' its identity, which for a file is that of nobody.
 * On error stores a sentence in '*detail'. */
static enum tap_reason
open_collector(struct engine_stream *stream, const struct in6_addr *dst,
               struct collector_conf *conf, char **detail)
{
    int error;

    memset(conf, 0, sizeof *conf);
    if (stream->file) {
        error = collector_open_pcap(stream->target, stream->file,
                                    &stream->collector, detail);
        return (!error ? TAP_R_OK
                : error == EPERM || error == EACCES ? TAP_R_NO_PERMISSION
                : TAP_R_INTERNAL_ERROR);
    }
    *detail = collector_conf_from_target(stream->target, dst, conf);
    if (*detail) {
        return TAP_R_BAD_TARGET;
    }
    conf->back_off = conf->proto == COLLECTOR_UDP;
    error = collector_open(conf, &stream->collector);
    if (error) {
        stream->collector = NULL;
        *detail = collector_open_detail(stream->target, error);
        return reason_from_errno(error);
    }
    return TAP_R_OK;
}

void
estream_open(struct engine *engine, struct engine_stream *stream,
             const struct in6_addr *dst, long long int now)
{
    const struct exporter_class *class
        = plugin_find(stream->target->class->name);
    struct collector_conf conf;
    char *detail;
    enum tap_reason reason = open_collector(stream, dst, &conf, &detail);

    if (reason != TAP_R_OK) {
        estream_fail(engine, stream, reason, detail, now);
        return;
    }

    struct exporter_conf exporter_conf = {
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

    collector_get_local(stream->collector, &exporter_conf.local, &port);
    detail = class->open(&exporter_conf, &stream->exporter);
    if (detail) {
        collector_close(stream->collector);
        stream->collector = NULL;
        estream_fail(engine, stream, TAP_R_BAD_TARGET, detail, now);
        return;
    }
    estream_set_flow(stream, &conf);
    stream->tos = conf.dscp << 2;
    trouble_clear(&stream->trouble);
    stream->state = STREAM_OWN;
    stream->own_version = engine->own_version + 1;
    engine->own_changed = true;
}
