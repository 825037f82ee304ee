/* engine-stream.c -- the control side of a stream: from a target to an open
 * socket with an exporter, known to every worker.
 *
 * A stream is identified by what makes a sequence of its own on the wire:
 * type, collector, source address, session or engine.  Targets that agree in
 * these share it, with the other options of the first.
 *
 * Collector sockets are opened here, in the host's namespace, so that "no
 * route" is known before a tap starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/engine-private.h"
#include <arpa/inet.h>
#include <errno.h>
#include "openvswitch/vlog.h"
#include "plugin/plugin.h"

VLOG_DEFINE_THIS_MODULE(engine_stream);

enum {
    LINGER_MS = 3000,           /* See struct engine_linger. */
    UNREACHABLE_US = 30 * 1000 * 1000,  /* How long one answer counts. */
};

static const char *
option(const struct target *target, const char *name)
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
    return option(target, name) ? target_get_int(target, name) : 0;
}

static bool
is_udp(const struct target *target)
{
    return target->class->address == TARGET_HOST_PORT;
}

/* Type, collector and source address. */
static char *
estream_place(const struct target *target)
{
    const char *source = option(target, "source");
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "%s ", target->class->name);
    addr_format(&target->addr, &s);
    ds_put_format(&s, " %s", source ? source : "");
    return ds_steal_cstr(&s);
}

/* And what else makes a sequence of its own.  The header of a datagram of
 * flows states one sampling rate, so that belongs to it too. */
static char *
estream_key(const struct target *target, uint32_t sampling)
{
    static const char *const options[] = {
        "session", "key", "engine-type", "engine-id", "domain", "agent",
    };
    struct ds s = DS_EMPTY_INITIALIZER;
    char *place = estream_place(target);

    ds_put_cstr(&s, place);
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        const char *value = option(target, options[i]);

        ds_put_format(&s, " %s", value ? value : "-");
    }
    if (target->class->payload == TARGET_FLOWS) {
        ds_put_format(&s, " 1/%"PRIu32, sampling);
    }
    free(place);
    return ds_steal_cstr(&s);
}

static struct engine_stream *
estream_find(const struct engine *engine, const char *key)
{
    struct engine_stream *stream;

    HMAP_FOR_EACH_WITH_HASH (stream, node, hash_string(key, 0),
                             &engine->streams) {
        if (!strcmp(stream->key, key)) {
            return stream;
        }
    }
    return NULL;
}

/* The least number that no stream of the same place has. */
static uint32_t
choose_instance(const struct engine *engine, const char *place)
{
    for (uint32_t instance = 0; ; instance++) {
        struct engine_stream *stream;
        bool taken = false;

        HMAP_FOR_EACH (stream, node, &engine->streams) {
            taken |= stream->instance == instance
                     && !strcmp(stream->place, place);
        }
        if (!taken) {
            return instance;
        }
    }
}

static struct worker *
least_loaded(const struct engine *engine)
{
    size_t best = 0;

    for (size_t i = 1; i < engine->n_workers; i++) {
        if (engine->load[i] < engine->load[best]) {
            best = i;
        }
    }
    return engine->workers[best];
}

struct engine_stream *
estream_ref(struct engine *engine, const struct plan_tap *tap,
            struct worker *preferred)
{
    char *key = estream_key(tap->spec, tap->source.sampling);
    struct engine_stream *stream = estream_find(engine, key);

    if (!stream) {
        stream = xzalloc(sizeof *stream);
        stream->key = xstrdup(key);
        stream->place = estream_place(tap->spec);
        stream->instance = choose_instance(engine, stream->place);
        stream->target = target_clone(tap->spec);
        stream->sampling = tap->source.sampling;
        stream->worker = preferred ? preferred : least_loaded(engine);
        backoff_init(&stream->backoff);
        hmap_insert(&engine->streams, &stream->node, hash_string(key, 0));
    }
    free(key);
    stream->n_taps++;
    return stream;
}

/* Closes what is open; the addresses stay hidden a little longer. */
static void
estream_close(struct engine *engine, struct engine_stream *stream)
{
    resolve_destroy(stream->resolve);
    stream->resolve = NULL;
    if (stream->state == STREAM_OWN) {
        stream->exporter->class->close(stream->exporter, worker_wall_us());
        collector_close(stream->collector);
    } else if (stream->state == STREAM_READY) {
        struct engine_linger *linger = xmalloc(sizeof *linger);

        worker_remove_stream(stream->worker, stream->wstream);
        linger->flow = stream->flow;
        linger->until = time_msec() + LINGER_MS;
        ovs_list_push_back(&engine->lingering, &linger->node);
        engine_wake_at(engine, linger->until);
    }
    stream->exporter = NULL;
    stream->collector = NULL;
    stream->wstream = NULL;
}

void
estream_unref(struct engine *engine, struct engine_stream *stream)
{
    if (stream && !--stream->n_taps) {
        estream_close(engine, stream);
        hmap_remove(&engine->streams, &stream->node);
        target_destroy(stream->target);
        trouble_clear(&stream->trouble);
        trouble_clear(&stream->comment);
        free(stream->place);
        free(stream->key);
        free(stream);
    }
}

static void
estream_fail(struct engine *engine, struct engine_stream *stream,
             enum tap_reason reason, char *detail, long long int now)
{
    stream->state = STREAM_FAILED;
    trouble_set(&stream->trouble, reason, detail);
    backoff_failed(&stream->backoff, now, reason != TAP_R_BAD_TARGET);
    engine_wake_at(engine, stream->backoff.next);
}

static char *
collector_conf_from_target(const struct target *target,
                           const struct in6_addr *dst,
                           struct collector_conf *conf)
{
    const char *source = option(target, "source");
    const char *oversize = option(target, "oversize");
    struct addr addr;

    *conf = (struct collector_conf) {
        .proto = is_udp(target) ? COLLECTOR_UDP : COLLECTOR_GRE,
        .dst = *dst,
        .dst_port = target->addr.port,
        .ttl = int_option(target, "ttl"),
        .dscp = int_option(target, "dscp"),
        .may_fragment = oversize && !strcmp(oversize, "fragment"),
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
    const char *session = option(stream->target, "session");

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
    if (error == EADDRNOTAVAIL && option(target, "source")) {
        ds_put_format(&s, "; no interface of this host has the source "
                      "address %s", option(target, "source"));
    } else if (error == EPERM || error == EACCES) {
        ds_put_cstr(&s, "; CAP_NET_RAW is needed (run as root)");
    } else {
        ds_put_cstr(&s, "; add a route, see ip-route(8)");
    }
    return ds_steal_cstr(&s);
}

static void
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
    trouble_clear(&stream->trouble);
    stream->state = STREAM_OWN;
    stream->own_version = engine->own_version + 1;
    engine->own_changed = true;
}

static void
estream_resolve(struct engine *engine, struct engine_stream *stream,
                long long int now)
{
    const struct addr *addr = &stream->target->addr;
    struct in6_addr dst = addr->ip;
    char *error = NULL;

    if (addr->is_name) {
        if (!stream->resolve) {
            stream->resolve = resolve_start(addr->host, engine->reports);
        }
        if (!resolve_is_done(stream->resolve, &dst, &error)) {
            return;
        }
        resolve_destroy(stream->resolve);
        stream->resolve = NULL;
    }
    if (error) {
        estream_fail(engine, stream, TAP_R_NO_ROUTE, error, now);
    } else {
        estream_open(engine, stream, &dst, now);
    }
}

static bool
own_is_known(const struct engine *engine, uint64_t version)
{
    if (engine->own_version < version) {
        return false;
    }
    for (size_t i = 0; i < engine->n_workers; i++) {
        if (!worker_is_done(engine->workers[i], engine->own_tickets[i])) {
            return false;
        }
    }
    return true;
}

/* What came back from the collector's host. */
static void
estream_look_back(struct engine *engine, struct engine_stream *stream,
                  long long int now)
{
    struct ds where = DS_EMPTY_INITIALIZER;
    struct collector_stats stats;
    uint64_t now_us = worker_wall_us();

    collector_get_stats(stream->collector, &stats);
    addr_format(&stream->target->addr, &where);
    if (stats.last_unreachable_us
        && now_us < stats.last_unreachable_us + UNREACHABLE_US) {
        uint64_t left_us = stats.last_unreachable_us + UNREACHABLE_US - now_us;

        trouble_set(&stream->comment, TAP_R_COLLECTOR_UNREACHABLE,
                    xasprintf("%s answers by ICMP that it cannot be reached: "
                              "%s; start the collector or correct its "
                              "address", ds_cstr(&where),
                              ovs_strerror(stats.last_unreachable_errno)));
        engine_wake_at(engine, now + left_us / 1000 + 1);
    } else if (stats.proto_unreachable) {
        trouble_set(&stream->comment, TAP_R_OK,
                    xasprintf("%s answers that it has no GRE endpoint, as a "
                              "host that only sniffs does", ds_cstr(&where)));
    } else {
        trouble_clear(&stream->comment);
    }
    ds_destroy(&where);
}

void
estream_run(struct engine *engine, struct engine_stream *stream,
            long long int now)
{
    if (stream->state == STREAM_FAILED) {
        if (now < stream->backoff.next) {
            engine_wake_at(engine, stream->backoff.next);
            return;
        }
        stream->state = STREAM_RESOLVE;
    }
    if (stream->state == STREAM_RESOLVE) {
        estream_resolve(engine, stream, now);
    }
    if (stream->state == STREAM_OWN
        && own_is_known(engine, stream->own_version)) {
        stream->wstream = wstream_create(stream->exporter->class,
                                         stream->exporter, stream->collector);
        worker_add_stream(stream->worker, stream->wstream);
        stream->state = STREAM_READY;
        backoff_init(&stream->backoff);
        VLOG_DBG("stream \"%s\" is ready", stream->key);
    }
    if (stream->state == STREAM_READY) {
        estream_look_back(engine, stream, now);
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
            engine_wake_at(engine, linger->until);
        }
    }
}

void
estream_tell_own(struct engine *engine, long long int now)
{
    struct engine_linger *linger;
    struct engine_stream *stream;
    struct collector_flow *flows;
    size_t n = 0;

    expire_lingering(engine, now);
    if (!engine->own_changed) {
        return;
    }
    flows = xcalloc(hmap_count(&engine->streams)
                    + ovs_list_size(&engine->lingering) + 1, sizeof *flows);
    HMAP_FOR_EACH (stream, node, &engine->streams) {
        if (stream->state == STREAM_OWN || stream->state == STREAM_READY) {
            flows[n++] = stream->flow;
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
