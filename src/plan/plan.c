/* plan.c -- from what is wanted and what there is to what must run.
 *
 * Called by the daemon whenever the want or the topology changed, and for
 * 'explain'.  points.c says where packets can be taken, choose.c why this
 * backend and not another.  Pure: no IDL, no clock, no log.  Invariant: the
 * same want, topology and time give the same plan, in the same order.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/plan.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "plan/choose.h"
#include "plan/points.h"

/* What OVS has as a default, and we for comparable numbers. */
enum { SFLOW_SAMPLING = 400 };

struct planner {
    const struct topo *topo;
    const struct plan_caps *caps;
    long long int now;
    struct plan *plan;
    size_t allocated;           /* Taps that 'plan' has room for. */
};

const char *
plan_backend_to_string(enum plan_backend backend)
{
    switch (backend) {
    case PLAN_NONE: return "";
    case PLAN_PCAP: return "pcap";
    case PLAN_MIRROR: return "mirror";
    case PLAN_SFLOW: return "sflow";
    case PLAN_IPFIX: return "ipfix";
    case PLAN_NETFLOW: return "netflow";
    case PLAN_MIRROR_PCAP: return "mirror+pcap";
    }
    OVS_NOT_REACHED();
}

static bool
is_expired(const struct planner *p, const struct want_capture *c)
{
    return c->expires && c->expires <= p->now;
}

/* The key has to tell apart what differs; names may have any characters, so
 * the length of the one that has no fixed length comes first. */
static char *
make_key(const struct want_capture *c, const char *node_id,
         const struct want_target *target, size_t copy)
{
    return xasprintf("%"PRIuSIZE":%s/%s/%s#%"PRIuSIZE, strlen(c->name),
                     c->name, node_id, target ? target->text : "", copy);
}

static struct plan_tap *
add_tap(struct planner *p, const struct want_capture *c)
{
    struct plan_tap *tap;

    if (p->plan->n >= p->allocated) {
        p->plan->taps = x2nrealloc(p->plan->taps, &p->allocated,
                                   sizeof *p->plan->taps);
    }
    tap = &p->plan->taps[p->plan->n++];
    memset(tap, 0, sizeof *tap);
    tap->capture = c->uuid;
    tap->capture_name = xstrdup(c->name);
    return tap;
}

static void
fail(struct plan_tap *tap, enum tap_reason reason, char *detail)
{
    tap->run = false;
    tap->state = TAP_FAILED;
    tap->reason = reason;
    free(tap->detail);
    tap->detail = detail;
}

/* A capture that does not run shows what would be. */
static void
finish_tap(const struct planner *p, const struct want_capture *c,
           struct plan_tap *tap)
{
    enum tap_reason reason = (!c->enabled ? TAP_R_DISABLED
                              : is_expired(p, c) ? TAP_R_EXPIRED
                              : TAP_R_OK);
    bool failed = tap->reason != TAP_R_OK;
    char *would = tap->detail;

    if (!would) {
        would = tap->detail = xstrdup("");
    }
    if (reason == TAP_R_OK) {
        return;
    }
    tap->run = false;
    tap->state = TAP_PLANNED;
    tap->reason = reason;
    tap->detail = xasprintf("%s%s%s",
                            (reason == TAP_R_DISABLED
                             ? "the capture is disabled: set enabled=true to "
                               "start it"
                             : "the capture has expired: set expires to a "
                               "later time, or to 0, to start it"),
                            failed ? "; then: " : "", would);
    free(would);
}

/* The one tap of a capture that selects nothing because it is wrong. */
static void
add_broken(struct planner *p, const struct want_capture *c,
           const char *detail)
{
    struct plan_tap *tap = add_tap(p, c);

    tap->key = make_key(c, "", NULL, 0);
    tap->target_text = xstrdup("");
    tap->node_id = xstrdup("");
    tap->node_name = xstrdup("");
    tap->netns = xstrdup("");
    tap->why = xstrdup("");
    fail(tap, TAP_R_BAD_SELECTOR, xstrdup(detail));
    finish_tap(p, c, tap);
}

/* "erspan2, netflow5": what there is an exporter for. */
static char *
list_exporters(const struct plan_caps *caps)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    for (size_t i = 0; i < n_target_classes; i++) {
        const char *name = target_classes[i]->name;

        if (caps->has_exporter(name)) {
            ds_put_format(&ds, "%s%s", ds.length ? ", " : "", name);
        }
    }
    return ds_steal_cstr(&ds);
}

static void
fail_class(const struct planner *p, struct plan_tap *tap)
{
    char *known = list_exporters(p->caps);

    fail(tap, TAP_R_BACKEND_UNAVAILABLE,
         xasprintf("%s cannot be sent yet: use one of %s",
                   tap->spec->class->name, known));
    free(known);
}

static void
fail_down(struct plan_tap *tap, const struct topo_link *link)
{
    bool named = link->netns_path && link->netns_name;

    fail(tap, TAP_R_NODE_DOWN,
         xasprintf("%s is down: the capture starts by itself when it is up "
                   "(ip %s%s%slink set %s up)", link->name,
                   named ? "-n " : "", named ? link->netns_name : "",
                   named ? " " : "", link->name));
}

static char *
check_filter(const struct planner *p, const struct want_capture *c)
{
    return (c->filter && p->caps->check_filter
            ? p->caps->check_filter(c->filter) : NULL);
}

/* What is wrong for good comes before what may pass. */
static void
judge(const struct planner *p, const struct want_capture *c,
      const struct plan_point *point, const struct want_target *target,
      struct plan_tap *tap)
{
    if (target->error) {
        fail(tap, TAP_R_BAD_TARGET, xstrdup(target->error));
    } else if (point->reason != TAP_R_OK) {
        fail(tap, point->reason, xstrdup(point->detail));
    } else if (!p->caps->has_exporter(target->target->class->name)) {
        fail_class(p, tap);
    } else if (c->backend == WANT_OVS) {
        fail(tap, TAP_R_BACKEND_UNAVAILABLE,
             xstrdup("native backends are not there yet: use backend=auto or "
                     "backend=pcap"));
    } else {
        char *error = check_filter(p, c);

        plan_choose(tap, c, point);
        if (error) {
            fail(tap, TAP_R_BAD_FILTER, error);
        } else if (!point->device->link->up) {
            fail_down(tap, point->device->link);
        } else {
            tap->run = true;
        }
    }
}

static void
fill_source(struct plan_source *source, const struct want_capture *c,
            const struct plan_point *point, const struct target *target)
{
    const struct topo_link *link = point->device->link;
    bool sflow = !strcmp(target->class->name, "sflow");

    source->netns = link->netns;
    source->netns_path = nullable_xstrdup(link->netns_path);
    source->ifindex = link->ifindex;
    source->ifname = xstrdup(link->name);
    source->mtu = want_option(c, "mtu");
    source->mtu = source->mtu ? source->mtu : link->mtu;
    source->direction = plan_point_direction(point, c->direction);
    source->filter = nullable_xstrdup(c->filter);
    source->snaplen = c->snaplen;
    source->sampling = c->sampling ? c->sampling : sflow ? SFLOW_SAMPLING : 1;
    source->ring = want_option(c, "ring");
    source->max_pps = want_option(c, "max-pps");
    source->max_bps = want_option(c, "max-bps");
}

/* The namespace that 'point' lives in, as its tap says. */
static const char *
netns_of(const struct plan_point *point)
{
    const struct topo_link *link = point->device ? point->device->link : NULL;

    return link && link->netns_name ? link->netns_name : "";
}

/* 'copy' tells equal targets of a capture apart. */
static void
plan_one(struct planner *p, const struct want_capture *c,
         const struct plan_point *point, const struct want_target *target,
         size_t copy)
{
    struct plan_tap *tap = add_tap(p, c);

    tap->key = make_key(c, point->node->id, target, copy);
    tap->target = target->uuid;
    tap->target_text = xstrdup(target->text);
    tap->node_id = xstrdup(point->node->id);
    tap->node_name = xstrdup(point->node->name);
    tap->netns = xstrdup(netns_of(point));
    tap->spec = target->target;
    judge(p, c, point, target, tap);
    if (!tap->why) {
        tap->why = xstrdup("");
    }
    if (tap->backend == PLAN_PCAP) {
        fill_source(&tap->source, c, point, target->target);
    }
    finish_tap(p, c, tap);
}

static void
plan_targets(struct planner *p, const struct want_capture *c,
             const struct plan_point *point)
{
    size_t copy = 0;

    for (size_t i = 0; i < c->n_targets; i++) {
        const struct want_target *t = &c->targets[i];

        copy = i && !strcmp(t[-1].text, t->text) ? copy + 1 : 0;
        plan_one(p, c, point, t, copy);
    }
}

static void
plan_selected(struct planner *p, const struct want_capture *c,
              const struct query_result *result)
{
    size_t n;
    struct plan_point *points = plan_points(result->nodes, result->n, &n);

    for (size_t i = 0; i < n; i++) {
        plan_targets(p, c, &points[i]);
        free(points[i].detail);
    }
    free(points);
}

static void
plan_capture(struct planner *p, const struct want_capture *c)
{
    struct query_result result;

    if (c->expires && c->expires > p->now) {
        p->plan->next_expiry = MIN(p->plan->next_expiry, c->expires);
    }
    if (c->selector_error) {
        add_broken(p, c, c->selector_error);
    } else if (c->options_error) {
        add_broken(p, c, c->options_error);
    } else {
        char *error = query_select(c->query, p->topo, &result);

        if (error) {
            add_broken(p, c, error);
            free(error);
        } else {
            plan_selected(p, c, &result);
            query_result_uninit(&result);
        }
    }
}

static int
compare_taps(const void *a_, const void *b_)
{
    const struct plan_tap *a = a_;
    const struct plan_tap *b = b_;
    int cmp = strcmp(a->capture_name, b->capture_name);

    cmp = cmp ? cmp : strcmp(a->node_name, b->node_name);
    cmp = cmp ? cmp : strcmp(a->netns, b->netns);
    cmp = cmp ? cmp : strcmp(a->node_id, b->node_id);
    return cmp ? cmp : strcmp(a->key, b->key);
}

void
plan_compute(const struct want *want, const struct topo *topo,
             const struct plan_caps *caps, long long int now,
             struct plan *plan)
{
    struct planner p = { .topo = topo, .caps = caps, .now = now,
                         .plan = plan };

    memset(plan, 0, sizeof *plan);
    plan->next_expiry = LLONG_MAX;
    for (size_t i = 0; i < want->n; i++) {
        plan_capture(&p, &want->captures[i]);
    }
    if (plan->n) {
        qsort(plan->taps, plan->n, sizeof *plan->taps, compare_taps);
    }
}

void
plan_tap_uninit(struct plan_tap *tap)
{
    free(tap->key);
    free(tap->capture_name);
    free(tap->target_text);
    free(tap->node_id);
    free(tap->node_name);
    free(tap->netns);
    free(tap->why);
    for (size_t i = 0; i < tap->n_rejected; i++) {
        free(tap->rejected[i].why);
    }
    free(tap->rejected);
    free(tap->detail);
    free(tap->source.netns_path);
    free(tap->source.ifname);
    free(tap->source.filter);
}

void
plan_uninit(struct plan *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        plan_tap_uninit(&plan->taps[i]);
    }
    free(plan->taps);
    memset(plan, 0, sizeof *plan);
    plan->next_expiry = LLONG_MAX;
}
