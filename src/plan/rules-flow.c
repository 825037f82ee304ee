/* rules-flow.c -- what the sFlow, IPFIX and NetFlow rows of a bridge can
 * carry.
 *
 * A bridge has one of each.  Captures that want the same of it share it; a row
 * that is somebody else's is never taken.  Called by choose.c.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/words.h"
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

enum {
    DEFAULT_SAMPLING = 400,     /* OVS's own. */
    MAX_CACHE_TIMEOUT = 4200,   /* Seconds, of IPFIX. */
    CACHE_FLOWS = 8192,         /* The cache is off without a size. */
    MAX_INTERVAL = 3600,        /* Seconds, of IPFIX's templates. */
};

/* What the three differ in. */
struct flow_rule {
    enum native_kind kind;
    const char *class;          /* Of the target. */
    const char *what;           /* "OVS's sFlow" */
    const char *row;            /* "sFlow" */
    bool can_sample;
};

/* The bridge that the case is about: a port of one that was selected as a
 * whole is refused for the reason that the whole was. */
static const struct plan_point *
whole_of(const struct plan_case *k)
{
    return k->whole && !k->whole->port ? k->whole : k->point;
}

static char *
check_class(const struct plan_case *k, const struct flow_rule *r,
            enum tap_reason *reason)
{
    const struct plan_point *point = whole_of(k);

    if (!plan_is_class(k, r->class)) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s does not speak %s", r->what,
                                 k->target->class->name));
    }

    char *why = plan_check_port(k, reason);
    if (!why && point->node != point->bridge) {
        why = plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                      xasprintf("OVS does %s per bridge only, not for one "
                                "port", r->row));
    }
    return why;
}

static char *
check_source(const struct plan_case *k, const struct flow_rule *r,
             enum tap_reason *reason)
{
    if (target_has(k->target, "source")) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s cannot choose its source address",
                                 r->what));
    } else if (target_has(k->target, "ttl")
               || target_has(k->target, "dscp")) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s cannot choose its hop limit or DSCP",
                                 r->what));
    } else if (k->target->addr.is_name) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("OVS wants a numeric address, not %s",
                                 k->target->addr.host));
    }
    return NULL;
}

static char *
check_capture(const struct plan_case *k, const struct flow_rule *r,
              enum tap_reason *reason)
{
    char *why = plan_check_plain(k, r->what, reason);

    if (!why && plan_has_vlans(k)) {
        why = plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                      xasprintf("%s does not choose by VLAN", r->what));
    }
    if (why) {
        return why;
    } else if (k->c->direction != WANT_BOTH) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s has no direction", r->what));
    } else if (k->c->sampling > 1 && !r->can_sample) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s does not sample", r->what));
    } else if (k->c->snaplen) {
        return plan_no(reason, TAP_R_BACKEND_UNAVAILABLE,
                       xasprintf("%s has no snaplen", r->what));
    }
    return check_source(k, r, reason);
}

static char *
check_slot(const struct plan_case *k, const struct flow_rule *r,
           const struct native *n, enum tap_reason *reason)
{
    const struct native *other = plan_find_native(k->p->plan, n);

    if (k->bridge->slots[r->kind] == HAVE_THEIRS) {
        char *bridge = words_shell(k->bridge->name);
        char *text = xasprintf("the %s row of bridge %s is somebody else's "
                               "(ovs-vsctl get Bridge %s %s)", r->row,
                               k->bridge->name, bridge,
                               r->class[0] == 'n' ? "netflow" : r->class);

        free(bridge);
        return plan_no(reason, TAP_R_SLOT_BUSY, text);
    } else if (other && !native_same_settings(other, n)) {
        return plan_no(reason, TAP_R_SLOT_BUSY,
                       xasprintf("the %s row of bridge %s serves \"%s\" with "
                                 "other settings", r->row, k->bridge->name,
                                 other->taps.names[0]));
    }
    return NULL;
}

static void
put_target(const struct plan_case *k, struct native *n)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    addr_format(&k->target->addr, &ds);
    svec_add(&n->targets, ds_cstr(&ds));
    ds_destroy(&ds);
}

static unsigned int
sampling_of(const struct plan_case *k)
{
    return k->c->sampling ? k->c->sampling : DEFAULT_SAMPLING;
}

/* Sets 'column' to an option of the target, if that is given. */
static void
put_option(const struct plan_case *k, struct native *n, const char *column,
           const char *option)
{
    if (target_has(k->target, option)) {
        simap_put(&n->numbers, column, target_get_int(k->target, option));
    }
}

static void
fill_sflow(const struct plan_case *k, struct native *n)
{
    const char *agent = target_get(k->target, "agent");

    simap_put(&n->numbers, "sampling", sampling_of(k));
    simap_put(&n->numbers, "header", target_get_int(k->target, "header"));
    simap_put(&n->numbers, "polling", target_get_int(k->target, "polling"));
    if (agent) {
        /* Without the brackets of IPv6. */
        n->agent = (agent[0] == '['
                    ? xmemdup0(agent + 1, strlen(agent) - 2)
                    : xstrdup(agent));
    }
}

/* Sets 'column', where the switch has it, to how often a collector that comes
 * late is told what it needs: OVS has 600 s. */
static void
put_interval(const struct plan_case *k, struct native *n, const char *column)
{
    char *name = xasprintf("IPFIX.%s", column);

    if (!sset_contains(&k->p->have->no_columns, name)) {
        int64_t seconds = target_get_int(k->target, "template-interval");

        simap_put(&n->numbers, column, MIN(seconds, MAX_INTERVAL));
    }
    free(name);
}

static void
fill_ipfix(const struct plan_case *k, struct native *n)
{
    int64_t active = target_get_int(k->target, "active");
    uint64_t max_flows = want_option(k->c, "max-flows");

    simap_put(&n->numbers, "sampling", sampling_of(k));
    simap_put(&n->numbers, "cache_active_timeout",
              MIN(active, MAX_CACHE_TIMEOUT));
    simap_put(&n->numbers, "cache_max_flows",
              max_flows ? max_flows : CACHE_FLOWS);
    put_option(k, n, "obs_domain_id", "domain");
    put_interval(k, n, "template_interval");
    put_interval(k, n, "stats_interval");
}

static void
fill_netflow(const struct plan_case *k, struct native *n)
{
    simap_put(&n->numbers, "active_timeout",
              target_get_int(k->target, "active"));
    put_option(k, n, "engine_type", "engine-type");
    put_option(k, n, "engine_id", "engine-id");
}

static char *
run_rule(const struct plan_case *k, const struct flow_rule *r,
         void (*fill)(const struct plan_case *, struct native *),
         struct native *n, enum tap_reason *reason)
{
    char *why = check_class(k, r, reason);

    why = why ? why : check_capture(k, r, reason);
    why = why ? why : plan_check_known(k, reason);
    if (!why) {
        plan_draft(k, "", n);
        put_target(k, n);
        fill(k, n);
        why = check_slot(k, r, n, reason);
    }
    return why;
}

char *
plan_rule_sflow(const struct plan_case *k, struct native *n,
                enum tap_reason *reason)
{
    static const struct flow_rule rule = {
        NATIVE_SFLOW, "sflow", "OVS's sFlow", "sFlow", true };

    return run_rule(k, &rule, fill_sflow, n, reason);
}

char *
plan_rule_ipfix(const struct plan_case *k, struct native *n,
                enum tap_reason *reason)
{
    static const struct flow_rule rule = {
        NATIVE_IPFIX, "ipfix", "OVS's IPFIX", "IPFIX", true };

    return run_rule(k, &rule, fill_ipfix, n, reason);
}

char *
plan_rule_netflow(const struct plan_case *k, struct native *n,
                  enum tap_reason *reason)
{
    static const struct flow_rule rule = {
        NATIVE_NETFLOW, "netflow5", "OVS's NetFlow", "NetFlow", false };

    return run_rule(k, &rule, fill_netflow, n, reason);
}
