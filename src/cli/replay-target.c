/* replay-target.c -- the targets of a replay.
 *
 * Collectors are opened before the file is read, so that what cannot work is
 * said before anything is sent; exporters with the first packet, whose time
 * their clock is made from.  A full queue waits: collectors are not overrun.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/replay-private.h"
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include "base/words.h"
#include "export/resolve.h"
#include "export/target.h"
#include "plugin/plugin.h"
#include "random.h"

enum {
    BEFORE_US = 3600 * UINT64_C(1000000),       /* Boot, before a packet. */
    MAX_FLOWS = 16 * 1024 * 1024,
    DEFAULT_SFLOW_SAMPLING = 400,
    ANSWER_MS = 20,
};

/* ## Opening. ## */

static char *
open_at(struct replay_target *t, const struct in6_addr *dst)
{
    struct collector_conf conf;
    char *detail = collector_conf_from_target(t->target, dst, &conf);
    int error;

    if (detail) {
        return detail;
    }
    error = collector_open(&conf, &t->collector);
    if (error) {
        t->collector = NULL;
        return collector_open_detail(t->target, error);
    }
    collector_set_wait(t->collector, true);
    return NULL;
}

/* At the first address of its name that can be had. */
static char *
open_collector(struct replay_target *t)
{
    const struct addr *addr = &t->target->addr;
    struct resolved known = { .addrs = { addr->ip }, .n = 1 };
    char *detail = NULL;

    if (t->target->class->address == TARGET_NAME) {
        ignore(collector_open_named(t->target, NULL, NULL, &t->collector,
                                    &detail));
        return detail;
    }
    if (addr->is_name) {
        resolve_name(addr->host, &known);
        detail = known.error;
    }
    for (size_t i = 0; i < known.n && !t->collector; i++) {
        free(detail);
        detail = open_at(t, &known.addrs[i]);
    }
    return detail;
}

/* What would go nowhere is said before anything is sent. */
static char *
check_target(const struct replay *r, const struct replay_target *t)
{
    const char *class = t->target->class->name;

    if (target_get(t->target, "netns")) {
        char *netns = words_shell(target_get(t->target, "netns"));
        char *error = xasprintf("%s: replay sends from the namespace that it "
                                "runs in: ip netns exec %s ovspan replay ...",
                                t->text, netns);

        free(netns);
        return error;
    }
    return (r->link && r->link->link != PKT_LINK_ETHERNET
            && (!strcmp(class, "erspan1") || !strcmp(class, "erspan2"))
            ? xasprintf("%s: the frames of %s (%s) have no Ethernet headers, "
                        "and %s carries Ethernet frames only: use erspan3 or "
                        "gre, which carry IP too", t->text, r->path,
                        capture_link_name(r->capture), class)
            : NULL);
}

static char *
open_target(const struct replay *r, struct replay_target *t)
{
    char *error = target_parse_with_path(t->text, &t->target);

    if (error) {
        return error;
    }
    if (!plugin_find(t->target->class->name)) {
        return xasprintf("%s: there is no exporter for it that works without "
                         "a switch", t->text);
    }
    error = check_target(r, t);
    if (error) {
        return error;
    }
    error = open_collector(t);
    if (error) {
        char *whole = xasprintf("%s: %s", t->text, error);

        free(error);
        return whole;
    }
    return NULL;
}

/* True if a user told the target apart from others. */
static bool
is_named(const struct target *target)
{
    return target_has(target, "domain") || target_has(target, "engine-id");
}

/* True if the collector cannot tell the two apart. */
static bool
is_rival(const struct replay_target *a, const struct replay_target *b)
{
    const char *x = target_get(a->target, "source");
    const char *y = target_get(b->target, "source");

    return (a->target->class == b->target->class && a->target->addr.host
            && a->target->addr.port == b->target->addr.port
            && !strcmp(a->target->addr.host, b->target->addr.host)
            && !strcmp(x ? x : "", y ? y : "")
            && (collector_shown_instance(a->target, a->instance)
                == collector_shown_instance(b->target, b->instance)));
}

/* A target that has the identity of 'i', or NULL; those that a user named
 * were there first. */
static const struct replay_target *
find_rival(const struct replay *r, size_t i)
{
    const struct replay_target *t = &r->targets[i];
    bool named = is_named(t->target);

    for (size_t j = 0; j < r->n_targets; j++) {
        const struct replay_target *other = &r->targets[j];
        bool other_named = is_named(other->target);

        if ((named == other_named ? j < i : other_named)
            && is_rival(t, other)) {
            return other;
        }
    }
    return NULL;
}

/* Those that a user did not tell apart are told apart here. */
static char *
choose_instances(struct replay *r)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        struct replay_target *t = &r->targets[i];
        const struct replay_target *rival;

        while ((rival = find_rival(r, i))) {
            if (is_named(t->target)) {
                return xasprintf("%s has the %s of %s, and its collector "
                                 "would take both for one sequence", t->text,
                                 target_has(t->target, "domain")
                                 ? "domain" : "engine", rival->text);
            }
            t->instance++;
        }
    }
    return NULL;
}

char *
replay_open_targets(struct replay *r)
{
    const struct svec *texts = &r->draft->targets;
    char *error = NULL;

    r->targets = xcalloc(texts->n, sizeof *r->targets);
    for (size_t i = 0; i < texts->n && !error; i++) {
        struct replay_target *t = &r->targets[r->n_targets++];

        t->text = texts->names[i];
        error = open_target(r, t);
    }
    return error ? error : choose_instances(r);
}

static void
fill_tap_conf(struct replay *r, const struct target *target,
              uint32_t sampling, struct mtap_conf *conf)
{
    const struct want_capture *c = r->draft->capture;

    *conf = (struct mtap_conf) {
        .point = { .mtu = want_option(c, "mtu"), .mss = &r->mss },
        .sampling = sampling,
        .seed = random_uint32(),
        .active_us = target_get_int(target, "active") * 1000000,
        .inactive_us = target_get_int(target, "inactive") * 1000000,
        .max_flows = (want_option(c, "max-flows")
                      ? want_option(c, "max-flows") : MAX_FLOWS),
        .decap = want_option(c, "decap"),
        .snaplen = c->snaplen,
        .limit = mlimit_is_set(&r->limit) ? &r->limit : NULL,
    };
}

static char *
start_target(struct replay *r, size_t i)
{
    const struct want_capture *c = r->draft->capture;
    struct replay_target *t = &r->targets[i];
    const struct exporter_class *class = plugin_find(t->target->class->name);
    bool sflow = !strcmp(class->name, "sflow");
    uint32_t sampling = (c->sampling ? c->sampling
                         : sflow ? DEFAULT_SFLOW_SAMPLING : 1);
    struct in6_addr src;
    struct exporter_conf conf = {
        .target = t->target,
        .output = collector_output(t->collector),
        .boot_us = r->first_us - MIN(r->first_us, BEFORE_US),
        .sampling = sampling,
        .path_mtu = collector_get_mtu(t->collector),
        .memory = r->memory,
        .instance = t->instance,
    };
    struct mtap_conf tap_conf;
    struct exporter *exporter;
    uint16_t port;
    char *error;

    collector_get_local(t->collector, &src, &port);
    conf.local = src;
    conf.ipv6 = !IN6_IS_ADDR_V4MAPPED(&src);
    error = class->open(&conf, &exporter);
    if (error) {
        return error;
    }
    mstream_init(&t->stream, class, exporter, conf.output);
    fill_tap_conf(r, t->target, sampling, &tap_conf);
    mtap_init(&t->tap, &t->stream, &tap_conf);
    meter_add(&r->meter, &t->tap);
    t->is_open = true;
    return NULL;
}

char *
replay_start_targets(struct replay *r)
{
    char *error = NULL;

    for (size_t i = 0; i < r->n_targets && !error; i++) {
        error = start_target(r, i);
    }
    return error;
}

/* ## Running. ## */

void
replay_run_targets(struct replay *r)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        struct replay_target *t = &r->targets[i];

        mstream_run(&t->stream, r->now_us);
        collector_run(t->collector, r->now_us);
    }
}

/* A host where nobody receives answers the first datagram; that may have been
 * the last one. */
static void
wait_for_answers(struct replay *r)
{
    struct pollfd *pfds = xcalloc(r->n_targets, sizeof *pfds);

    for (size_t i = 0; i < r->n_targets; i++) {
        /* POLLERR is always reported. */
        pfds[i].fd = collector_fd(r->targets[i].collector);
    }
    poll(pfds, r->n_targets, ANSWER_MS);
    free(pfds);
    for (size_t i = 0; i < r->n_targets; i++) {
        collector_run(r->targets[i].collector, r->now_us);
    }
}

void
replay_end_targets(struct replay *r)
{
    meter_end(&r->meter, r->now_us);
    for (size_t i = 0; i < r->n_targets; i++) {
        struct replay_target *t = &r->targets[i];

        if (t->is_open) {
            mstream_close(&t->stream, r->now_us);
            collector_drain(t->collector);
            mstream_credit(&t->stream);
        }
    }
    wait_for_answers(r);
}

void
replay_close_targets(struct replay *r)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        struct replay_target *t = &r->targets[i];

        if (t->is_open) {
            meter_remove(&r->meter, &t->tap, r->now_us);
            mstream_close(&t->stream, r->now_us);
        }
        collector_close(t->collector);
        target_destroy(t->target);
    }
    free(r->targets);
}

char *
replay_look_back(struct replay *r)
{
    for (size_t i = 0; i < r->n_targets; i++) {
        struct replay_target *t = &r->targets[i];
        struct collector_stats stats;

        collector_get_stats(t->collector, &stats);
        if (stats.unreachable) {
            char *detail = collector_unreachable_detail(t->target, &stats);
            char *whole = xasprintf("%s: %s", t->target->class->name, detail);

            free(detail);
            return whole;
        }
    }
    return NULL;
}
