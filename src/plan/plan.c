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
#include "base/words.h"
#include "plan/inside.h"

/* What OVS has as a default, and we for comparable numbers. */
enum { SFLOW_SAMPLING = 400 };

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

static char *
say_down(const struct topo_link *link)
{
    struct ds s = DS_EMPTY_INITIALIZER;

    ds_put_format(&s, "%s is down: the capture starts by itself when it is up "
                  "(ip ", link->name);
    if (link->netns_path && link->netns_name) {
        ds_put_cstr(&s, "-n ");
        words_put_shell(&s, link->netns_name);
        ds_put_char(&s, ' ');
    }
    ds_put_cstr(&s, "link set ");
    words_put_shell(&s, link->name);
    ds_put_cstr(&s, " up)");
    return ds_steal_cstr(&s);
}

static char *
check_filter(const struct planner *p, const struct want_capture *c)
{
    return (c->filter && p->caps->check_filter
            ? p->caps->check_filter(c->filter) : NULL);
}

static bool
is_running(const struct planner *p, const struct want_capture *c)
{
    return c->enabled && !is_expired(p, c);
}

/* What would stop the tap although a backend was found. */
static void
judge_backend(const struct plan_case *k, struct plan_tap *tap)
{
    bool own = (tap->backend == PLAN_PCAP
                || tap->backend == PLAN_MIRROR_PCAP);
    char *error = own ? check_filter(k->p, k->c) : NULL;

    if (error) {
        fail(tap, TAP_R_BAD_FILTER, error);
    } else if (own && !plan_find_netns(k, NULL, NULL)) {
        fail(tap, TAP_R_NO_ROUTE,
             xasprintf("there is no network namespace %s to send from: the "
                       "capture starts by itself when there is",
                       target_get(k->target, "netns")));
    } else if (tap->backend == PLAN_PCAP && !k->point->device->link->up) {
        fail(tap, TAP_R_NODE_DOWN, say_down(k->point->device->link));
    } else {
        tap->run = tap->backend != PLAN_NONE;
    }
}

/* What is wrong for good comes before what may pass.  False: the parts of the
 * point have to be captured instead. */
static bool
judge(const struct plan_case *k, const struct want_target *target,
      struct plan_tap *tap)
{
    const struct plan_point *point = k->point;
    char *over;

    if (target->error) {
        fail(tap, TAP_R_BAD_TARGET, xstrdup(target->error));
    } else if (point->hopeless) {
        fail(tap, point->reason, xstrdup(point->detail));
    } else if (is_running(k->p, k->c)
               && (over = plan_budget_over(&k->p->budget, k)) != NULL) {
        fail(tap, TAP_R_NOT_ALLOWED, over);
    } else if (!plan_choose(k, tap, is_running(k->p, k->c))) {
        return false;
    } else {
        judge_backend(k, tap);
    }
    return true;
}

static void
fill_source(struct plan_source *source, const struct plan_case *k,
            const struct topo_link *link, enum want_direction direction)
{
    const struct want_capture *c = k->c;
    bool sflow = plan_is_class(k, "sflow");

    source->netns = link->netns;
    source->netns_path = nullable_xstrdup(link->netns_path);
    source->ifindex = link->ifindex;
    source->ifname = xstrdup(link->name);
    source->mtu = want_option(c, "mtu");
    source->mtu = source->mtu ? source->mtu : link->mtu;
    source->direction = direction;
    source->filter = nullable_xstrdup(c->filter);
    source->snaplen = c->snaplen;
    source->sampling = c->sampling ? c->sampling : sflow ? SFLOW_SAMPLING : 1;
    source->ring = want_option(c, "ring");
    plan_find_netns(k, &source->to_netns, &source->to_netns_path);
    source->max_flows = want_option(c, "max-flows");
    source->decap = want_option(c, "decap");
    source->max_pps = want_option(c, "max-pps");
    source->max_bps = want_option(c, "max-bps");
}

struct port_search {
    const struct uuid *uuid;    /* Of a port. */
    const struct topo_link *link;       /* Its device, or NULL. */
};

struct made_search {
    const char *name;           /* Of a port that we made. */
    const struct topo_link *link;       /* Its device, or NULL. */
};

static bool
find_made(const struct topo_node *port, void *search_)
{
    struct made_search *search = search_;

    if (!strcmp(port->name, search->name) && plan_is_made(port)) {
        const struct topo_node *intf = plan_only_interface(port);

        search->link = intf ? intf->link : NULL;
        return true;
    }
    return false;
}

/* What leaves by a tunnel port may have its headers on, what enters has
 * not. */
static void
put_wrap(const struct plan_case *k, struct wrap *wrap)
{
    const struct topo_node *port = k->point->port;

    if (port && plan_is_wrapped(k, port)
        && plan_bridge_direction(k->point, k->direction) != WANT_INGRESS) {
        plan_wrap(port, wrap);
    }
}

/* Who waits at the device of a mirror's port needs it up; what it receives are
 * the copies. */
static void
find_made_device(const struct plan_case *k, struct plan_tap *tap)
{
    struct plan_native *pn = CONST_CAST(struct plan_native *, tap->native);
    struct made_search search = { pn->native.port_name, NULL };

    if (pn->native.kind != NATIVE_MIRROR
        || strcmp(pn->native.port_type, "internal")
        || !native_has_own_output(&pn->native)) {
        return;
    }
    plan_for_each_port(k->point->bridge, find_made, &search);
    if (!search.link) {
        return;
    }
    pn->ifindex = search.link->ifindex;
    pn->netns = search.link->netns;
    free(pn->netns_path);
    pn->netns_path = nullable_xstrdup(search.link->netns_path);
    pn->up = search.link->up;
    if (pn->up && tap->backend == PLAN_MIRROR_PCAP) {
        fill_source(&tap->source, k, search.link, WANT_INGRESS);
        put_wrap(k, &tap->source.wrap);
    }
}

static bool
find_port(const struct topo_node *port, void *search_)
{
    struct port_search *search = search_;

    if (uuid_equals(&port->ovs_uuid, search->uuid)) {
        const struct topo_node *intf = plan_only_interface(port);

        search->link = intf ? intf->link : NULL;
        return true;
    }
    return false;
}

/* A mirror of a port that is down has nothing to copy, and one to such a port
 * nobody hears.  It stays, and goes on when that is up. */
static void
find_down(const struct plan_case *k, struct plan_tap *tap)
{
    const struct native *n = &tap->native->native;
    struct port_search search = { &n->output.uuid, NULL };

    if (n->kind != NATIVE_MIRROR) {
        return;
    }
    if (n->output.name) {
        plan_for_each_port(k->point->bridge, find_port, &search);
    }
    if (k->point->port && k->point->device && !k->point->device->link->up) {
        tap->down = say_down(k->point->device->link);
    } else if (search.link && !search.link->up) {
        tap->down = say_down(search.link);
    }
}

/* The namespace that 'point' lives in, as its tap says. */
static const char *
netns_of(const struct plan_point *point)
{
    const struct topo_link *link = point->device ? point->device->link : NULL;

    return link && link->netns_name ? link->netns_name : "";
}

static struct plan_tap *
begin_tap(struct planner *p, const struct want_capture *c,
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
    return tap;
}

static void
take(const struct plan_case *k, struct plan_tap *tap)
{
    char *error = plan_budget_take(&k->p->budget, tap);
    const char *note = plan_budget_note(&k->p->budget, tap);

    if (error) {
        fail(tap, TAP_R_NOT_ALLOWED, error);
    } else if (note) {
        plan_add_detail(tap, note);
    }
}

static void
complete_tap(const struct plan_case *k, struct plan_tap *tap)
{
    if (!tap->why) {
        tap->why = xstrdup("");
    }
    if (tap->backend == PLAN_PCAP) {
        fill_source(&tap->source, k, k->point->device->link,
                    plan_point_direction(k->point, k->direction));
    } else if (tap->native) {
        find_made_device(k, tap);
        find_down(k, tap);
    }
    if (tap->run && is_running(k->p, k->c)) {
        take(k, tap);
    }
    finish_tap(k->p, k->c, tap);
}

/* A case with 'target'. */
static struct plan_case
make_case(struct planner *p, const struct want_capture *c,
          const struct plan_point *point, const struct want_target *target)
{
    return (struct plan_case) {
        .p = p, .c = c, .point = point, .target = target->target,
        .direction = c->direction,
        .bridge = (point->bridge
                   ? have_find_bridge(p->have, &point->bridge->ovs_uuid)
                   : NULL),
    };
}

/* 'note' is for every part's detail; NULL: none. */
static void
plan_part(const struct plan_case *whole, const struct plan_point *part,
          const struct want_target *target, size_t copy, const char *note)
{
    struct plan_case k = make_case(whole->p, whole->c, part, target);
    struct plan_tap *tap = begin_tap(whole->p, whole->c, part, target, copy);

    k.whole = whole->point;
    if (!whole->point->port && k.direction == WANT_BOTH) {
        k.direction = WANT_INGRESS;     /* Each packet once. */
    }
    judge(&k, target, tap);
    if (note) {
        plan_add_detail(tap, note);
    }
    complete_tap(&k, tap);
}

static void
fail_whole(const struct plan_case *k, const struct want_target *target,
           size_t copy)
{
    struct plan_tap *tap = begin_tap(k->p, k->c, k->point, target, copy);

    fail(tap, TAP_R_NODE_DOWN,
         xasprintf("no port of %s can be captured now; the capture starts by "
                   "itself when one can", k->point->node->name));
    complete_tap(k, tap);
}

/* Instead of a bridge or a bond, its parts; but not those that were selected
 * themselves. */
static void
plan_parts(const struct plan_case *whole, const struct sset *selected,
           const struct want_target *target, size_t copy, const char *busy)
{
    char *left_out;
    size_t n, n_taps = 0;
    struct plan_point *parts = plan_expand(whole->point, whole->bridge,
                                           &n, &left_out);
    char *note = (left_out || busy
                  ? xasprintf("%s%s%s%s", busy ? busy : "",
                              busy && left_out ? "; " : "",
                              left_out ? "not captured here: " : "",
                              left_out ? left_out : "")
                  : NULL);

    for (size_t i = 0; i < n; i++) {
        const struct topo_node *device = parts[i].device;

        if (!sset_contains(selected, parts[i].node->id)
            && !(device && sset_contains(selected, device->id))) {
            plan_part(whole, &parts[i], target, copy, note);
            n_taps++;
        }
    }
    if (!n_taps && !n) {
        fail_whole(whole, target, copy);
    }
    plan_points_free(parts, n);
    free(left_out);
    free(note);
}

/* 'copy' tells equal targets of a capture apart. */
static void
plan_one(struct planner *p, const struct want_capture *c,
         const struct plan_point *point, const struct sset *selected,
         const struct want_target *target, size_t copy)
{
    struct plan_case k = make_case(p, c, point, target);
    struct plan_tap *tap = begin_tap(p, c, point, target, copy);

    if (judge(&k, target, tap)) {
        complete_tap(&k, tap);
    } else {
        char *busy = tap->busy;

        tap->busy = NULL;
        plan_tap_uninit(tap);
        p->plan->n--;
        plan_parts(&k, selected, target, copy, busy);
        free(busy);
    }
}

static void
plan_targets(struct planner *p, const struct want_capture *c,
             const struct plan_point *point, const struct sset *selected)
{
    size_t copy = 0;

    for (size_t i = 0; i < c->n_targets; i++) {
        const struct want_target *t = &c->targets[i];

        copy = i && !strcmp(t[-1].text, t->text) ? copy + 1 : 0;
        plan_one(p, c, point, selected, t, copy);
    }
}

static void
plan_selected(struct planner *p, const struct want_capture *c,
              const struct query_result *result)
{
    size_t n;
    struct plan_point *points = plan_points(result->nodes, result->n, &n);
    struct sset selected = SSET_INITIALIZER(&selected);

    for (size_t i = 0; i < n; i++) {
        sset_add(&selected, points[i].node->id);
    }
    for (size_t i = 0; i < n; i++) {
        plan_targets(p, c, &points[i], &selected);
    }
    sset_destroy(&selected);
    plan_points_free(points, n);
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

static int
compare_captures(const void *a_, const void *b_)
{
    const struct want_capture *const *a = a_;
    const struct want_capture *const *b = b_;
    int cmp = uuid_is_zero(&(*a)->uuid) - uuid_is_zero(&(*b)->uuid);

    cmp = cmp ? cmp : strcmp((*a)->name, (*b)->name);
    return cmp ? cmp : uuid_compare_3way(&(*a)->uuid, &(*b)->uuid);
}

/* Where two want what one can have, the first by name gets it, in whatever
 * order they came; one that is asked about after those that are there.  The
 * caller frees the array. */
static const struct want_capture **
order_captures(const struct want *want)
{
    const struct want_capture **order = xmalloc(MAX(1, want->n)
                                                * sizeof *order);

    for (size_t i = 0; i < want->n; i++) {
        order[i] = &want->captures[i];
    }
    qsort(order, want->n, sizeof *order, compare_captures);
    return order;
}

/* One way to plan it all: with small rings, or not.  Returns true if another
 * one is to be tried. */
static bool
compute(const struct want *want, struct planner *p, bool small)
{
    const struct want_capture **order = order_captures(want);

    memset(p->plan, 0, sizeof *p->plan);
    p->plan->next_expiry = LLONG_MAX;
    p->allocated = 0;
    p->budget = (struct plan_budget) {
        .want = &want->budget,
        .rings = SSET_INITIALIZER(&p->budget.rings),
        .small = small,
    };
    for (size_t i = 0; i < want->n; i++) {
        plan_capture(p, order[i]);
    }
    free(order);
    sset_destroy(&p->budget.rings);
    return p->budget.again;
}

void
plan_compute(const struct want *want, const struct topo *topo,
             const struct have *have, const struct plan_caps *caps,
             long long int now, struct plan *plan)
{
    static const struct have nothing = { .known = false };
    struct planner p = { .topo = topo, .have = have ? have : &nothing,
                         .caps = caps, .now = now, .plan = plan };

    if (compute(want, &p, false)) {
        plan_uninit(plan);
        compute(want, &p, true);
    }
    if (plan->n) {
        qsort(plan->taps, plan->n, sizeof *plan->taps, compare_taps);
    }
    plan_sort_natives(plan);
    plan_find_blocked(&p);
    plan_tell_headers(&p);
    free(p.tunnels);
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
    free(tap->busy);
    free(tap->down);
    svec_destroy(&tap->differs);
    svec_destroy(&tap->costs);
    svec_destroy(&tap->interferes);
    free(tap->source.netns_path);
    free(tap->source.to_netns_path);
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
    for (size_t i = 0; i < plan->n_natives; i++) {
        native_uninit(&plan->natives[i]->native);
        free(plan->natives[i]->netns_path);
        free(plan->natives[i]);
    }
    free(plan->natives);
    svec_destroy(&plan->blocked);
    memset(plan, 0, sizeof *plan);
    plan->next_expiry = LLONG_MAX;
}
