/* target.c -- from a target to the collector that it names.  See target.h.
 *
 * Invariant: what a target's protocol has no option for is left as it is in
 * an empty configuration.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/target.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/dirs.h"
#include "base/limits.h"
#include "base/ovs.h"

static bool
is_tcp(const struct target *target)
{
    return !strcmp(target->class->name, "json+tcp");
}

static bool
is_udp(const struct target *target)
{
    return target->class->address == TARGET_HOST_PORT && !is_tcp(target);
}

static char *
set_source(struct collector_conf *conf, const char *source)
{
    struct addr addr;
    char *error = addr_parse(source, false, 0, &addr);

    if (error) {
        return error;
    }
    conf->src = addr.ip;
    addr_uninit(&addr);
    if (IN6_IS_ADDR_V4MAPPED(&conf->src)
        != IN6_IS_ADDR_V4MAPPED(&conf->dst)) {
        return xasprintf("the source %s and the collector are not of one "
                         "family; give both as IPv4 or both as IPv6", source);
    }
    return NULL;
}

char *
collector_conf_from_target(const struct target *target,
                           const struct in6_addr *dst,
                           struct collector_conf *conf)
{
    const char *source = target_get(target, "source");
    const char *oversize = target_get(target, "oversize");
    const char *via = target_get(target, "socket");

    const char *device = target_get(target, "dev");
    const char *zone = addr_zone(&target->addr);

    *conf = (struct collector_conf) {
        .proto = (target->class == &target_terminal ? COLLECTOR_LOCAL
                  : is_tcp(target) ? COLLECTOR_TCP
                  : is_udp(target) ? COLLECTOR_UDP : COLLECTOR_GRE),
        .dst = *dst,
        .dst_port = target->addr.port,
        .ttl = target_get_int(target, "ttl"),
        .dscp = target_get_int(target, "dscp"),
        .rate = target_get_int(target, "rate"),
        /* Of flows, only what was made for a larger MTU than the path has by
         * now is fragmented. */
        .may_fragment = is_udp(target)
                        || (oversize && !strcmp(oversize, "fragment")),
        .raw = via && !strcmp(via, "raw"),
        .fd = target->class == &target_terminal ? atoi(target->name) : -1,
    };
    ovs_strlcpy(conf->device, device ? device : "", sizeof conf->device);
    ovs_strlcpy(conf->zone, zone ? zone : "", sizeof conf->zone);
    return source ? set_source(conf, source) : NULL;
}

char *
collector_open_detail(const struct target *target, int error)
{
    const char *source = target_get(target, "source");
    struct ds s = DS_EMPTY_INITIALIZER;
    char *why = limits_strerror(error);

    ds_put_cstr(&s, "cannot send to the collector ");
    addr_format(&target->addr, &s);
    ds_put_format(&s, ": %s", why);
    free(why);
    if (error == EADDRNOTAVAIL && source) {
        ds_put_format(&s, "; no interface of this host has the source "
                      "address %s", source);
    } else if (error == ENOTUNIQ) {
        ds_clear(&s);
        addr_format(&target->addr, &s);
        ds_put_cstr(&s, " is the broadcast address of a network of this host: "
                    "a collector is one host");
    } else if (error == EINVAL && addr_is_link_local(&target->addr.ip)) {
        ds_put_format(&s, "; it is there on each link: say which, as in "
                      "[%s%%eth0]", target->addr.host);
    } else if (error == ENODEV) {
        const char *zone = addr_zone(&target->addr);

        ds_put_format(&s, "; there is no interface %s",
                      zone ? zone : target_get(target, "dev"));
    } else if (error == EPERM) {
        ds_put_cstr(&s, "; CAP_NET_RAW is needed (run as root)");
    } else if (error == EACCES) {
        ds_put_cstr(&s, "; a route prohibits it, see ip-route(8)");
    } else if (!limits_reached(error)) {
        ds_put_cstr(&s, "; add a route, see ip-route(8)");
    }
    return ds_steal_cstr(&s);
}

/* The directory of the file of 'target', and its name there. */
static char *
file_dir(const struct target *target, const char *tap)
{
    const char *slash = strrchr(target->name, '/');

    return (tap ? xasprintf("%s/captures", dirs_db())
            : !slash ? xstrdup(".")
            : xmemdup0(target->name, slash + 1 - target->name));
}

static char *
file_name(const struct target *target, const char *tap)
{
    const char *slash = strrchr(target->name, '/');
    const char *file = slash ? slash + 1 : target->name;

    return (tap ? xasprintf("%s.%s%s", file, tap, target->class->suffix)
            : xstrdup(file));
}

char *
collector_named_path(const struct target *target, const char *tap)
{
    char *dir = file_dir(target, tap);
    char *name = file_name(target, tap);
    char *path = xasprintf("%s/%s", dir, name);

    free(name);
    free(dir);
    return path;
}

char *
collector_file_detail(const struct target *target, const char *tap, int error)
{
    char *dir = file_dir(target, tap);
    char *name = file_name(target, tap);
    char *detail = xasprintf(
        "cannot write %s in %s: %s%s", name, dir,
        (error == EDQUOT ? "the bound of all capture files is reached"
         : ovs_strerror(error)),
        (!tap ? "" : error == EDQUOT
         ? " (options:captures-max-bytes of OVSpan_Global)"
         : error == ENOSPC
         ? "; a tenth of the file system stays free, and it goes on when "
           "there is more" : ""));

    free(name);
    free(dir);
    return detail;
}

int
collector_open_named(const struct target *target, const char *tap,
                     const struct collector_quota *quota,
                     struct collector **collector, char **detail)
{
    char *dir = file_dir(target, tap);
    char *name = file_name(target, tap);
    struct collector_file_conf conf = {
        .dir = dir,
        .make_dir = tap,
        .name = name,
        .suffix = target->class->suffix,
        .replace = !tap,
        .max_bytes = target_get_int(target, "max-bytes"),
        .max_files = target_get_int(target, "max-files"),
        .quota = quota,
    };
    int error = collector_open_file(&conf, collector);

    *detail = error ? collector_file_detail(target, tap, error) : NULL;
    free(name);
    free(dir);
    return error;
}

uint32_t
collector_shown_instance(const struct target *target, uint32_t instance)
{
    bool type = target_has(target, "engine-type");
    bool id = target_has(target, "engine-id");

    if (target_has(target, "domain")) {
        return target_get_int(target, "domain") - 1;    /* As exporters do. */
    }
    return ((type ? target_get_int(target, "engine-type") << 8
             : instance & ~0xff)
            | (id ? target_get_int(target, "engine-id") : instance & 0xff));
}

/* What there is in place of a connection. */
static char *
tcp_detail(const struct target *target, int error)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    addr_format(&target->addr, &s);
    switch (error) {
    case ECONNREFUSED:
        ds_put_cstr(&s, " refuses the connection: start the collector or "
                    "correct its address");
        break;
    case ETIMEDOUT:
        ds_put_cstr(&s, " does not answer: is its host there, and does a "
                    "firewall let TCP through?");
        break;
    case EPIPE:
    case ECONNRESET:
        ds_put_cstr(&s, " has ended the connection: is the collector still "
                    "there?");
        break;
    default:
        ds_put_format(&s, " cannot be connected to: %s", ovs_strerror(error));
    }
    return ds_steal_cstr(&s);
}

char *
collector_unreachable_detail(const struct target *target,
                             const struct collector_stats *stats)
{
    const char *why = ovs_strerror(stats->last_unreachable_errno);
    struct ds s = DS_EMPTY_INITIALIZER;

    if (is_tcp(target)) {
        return tcp_detail(target, stats->last_unreachable_errno);
    }
    switch (stats->told_by) {
    case COLLECTOR_TOLD_HERE:
        addr_format(&target->addr, &s);
        ds_put_format(&s, " cannot be reached from this host: %s; is the "
                      "route right (ip route get), does anybody have the "
                      "address or its gateway's (ip neigh)?", why);
        break;
    case COLLECTOR_TOLD_ITSELF:
        addr_format(&target->addr, &s);
        if (target->addr.is_name) {
            ds_put_cstr(&s, " (");
            ipv6_format_mapped(&stats->teller, &s);
            ds_put_char(&s, ')');
        }
        ds_put_format(&s, " answers by ICMP that it cannot be reached: %s; "
                      "start the collector or correct its address", why);
        break;
    case COLLECTOR_TOLD_ROUTER:
        ipv6_format_mapped(&stats->teller, &s);
        ds_put_cstr(&s, " answers by ICMP that ");
        addr_format(&target->addr, &s);
        ds_put_format(&s, " cannot be reached: %s; correct its address, or "
                      "what is on the way there", why);
        break;
    }
    return ds_steal_cstr(&s);
}
