/* engine-open.c -- from a target to an open socket with an exporter.
 *
 * Collector sockets are opened here, in the host's namespace, so that "no
 * route" is known before a tap starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/engine-private.h"
#include <errno.h>
#include "plugin/plugin.h"

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

static bool
is_udp(const struct target *target)
{
    return target->class->address == TARGET_HOST_PORT;
}

static char *
collector_conf_from_target(const struct target *target,
                           const struct in6_addr *dst,
                           struct collector_conf *conf)
{
    const char *source = estream_option(target, "source");
    const char *oversize = estream_option(target, "oversize");
    const char *via = estream_option(target, "socket");
    struct addr addr;

    *conf = (struct collector_conf) {
        .proto = is_udp(target) ? COLLECTOR_UDP : COLLECTOR_GRE,
        .dst = *dst,
        .dst_port = target->addr.port,
        .ttl = int_option(target, "ttl"),
        .dscp = int_option(target, "dscp"),
        /* Of flows, only what was made for a larger MTU than the path has by
         * now is fragmented. */
        .may_fragment = is_udp(target)
                        || (oversize && !strcmp(oversize, "fragment")),
        .raw = via && !strcmp(via, "raw"),
    };
    if (source) {
        char *error = addr_parse(source, false, 0, &addr);

        if (error) {
            return error;
        }
        conf->src = addr.ip;
        addr_uninit(&addr);
        if (IN6_IS_ADDR_V4MAPPED(&conf->src) != IN6_IS_ADDR_V4MAPPED(dst)) {
            return xasprintf("the source %s and the collector are not of one "
                             "family; give both as IPv4 or both as IPv6",
                             source);
        }
    }
    return NULL;
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

/* What to do about it. */
static char *
open_detail(const struct target *target, int error)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_cstr(&s, "cannot send to the collector ");
    addr_format(&target->addr, &s);
    ds_put_format(&s, ": %s", ovs_strerror(error));
    if (error == EADDRNOTAVAIL && estream_option(target, "source")) {
        ds_put_format(&s, "; no interface of this host has the source "
                      "address %s", estream_option(target, "source"));
    } else if (error == EPERM || error == EACCES) {
        ds_put_cstr(&s, "; CAP_NET_RAW is needed (run as root)");
    } else {
        ds_put_cstr(&s, "; add a route, see ip-route(8)");
    }
    return ds_steal_cstr(&s);
}

void
estream_open(struct engine *engine, struct engine_stream *stream,
             const struct in6_addr *dst, long long int now)
{
    const struct exporter_class *class
        = plugin_find(stream->target->class->name);
    struct collector_conf conf;
    char *detail = collector_conf_from_target(stream->target, dst, &conf);
    int error;

    if (detail) {
        estream_fail(engine, stream, TAP_R_BAD_TARGET, detail, now);
        return;
    }
    error = collector_open(&conf, &stream->collector);
    if (error) {
        stream->collector = NULL;
        estream_fail(engine, stream, reason_from_errno(error),
                     open_detail(stream->target, error), now);
        return;
    }

    struct exporter_conf exporter_conf = {
        .target = stream->target,
        .output = collector_output(stream->collector),
        .boot_us = engine->boot_us,
        .sampling = stream->sampling,
        .path_mtu = collector_get_mtu(stream->collector),
        .ipv6 = !IN6_IS_ADDR_V4MAPPED(dst),
        .instance = stream->instance,
    };
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
