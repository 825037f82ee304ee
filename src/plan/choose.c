/* choose.c -- which backend carries a case, and why not another.
 *
 * What is preferred depends on what is asked for, as a table; the first that
 * its rule lets is taken.  Called by plan.c.  What is said here is what
 * `ovspan explain` prints, so each sentence has to be true of the case at
 * hand.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_ORDER = 5 };         /* Backends in an order, and PLAN_NONE. */

/* In the order in which the others are explained. */
static const struct rule {
    enum plan_backend backend;
    enum native_kind kind;      /* Of its rows, if it has any. */
    bool native;                /* It has. */
    plan_rule *check;
} rules[] = {
    { PLAN_PCAP, NATIVE_MIRROR, false, plan_rule_pcap },
    { PLAN_MIRROR, NATIVE_MIRROR, true, plan_rule_mirror },
    { PLAN_SFLOW, NATIVE_SFLOW, true, plan_rule_sflow },
    { PLAN_IPFIX, NATIVE_IPFIX, true, plan_rule_ipfix },
    { PLAN_NETFLOW, NATIVE_NETFLOW, true, plan_rule_netflow },
    { PLAN_MIRROR_PCAP, NATIVE_MIRROR, true, plan_rule_mirror_pcap },
};

/* What 'auto' and 'ovs' prefer, by target; own capture is 'auto''s wherever
 * OVS would only come close. */
static const struct preference {
    const char *class;
    enum plan_backend automatic[MAX_ORDER];
    enum plan_backend native;
} preferences[] = {
    { "sflow", { PLAN_SFLOW, PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_SFLOW },
    { "ipfix", { PLAN_IPFIX, PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_IPFIX },
    { "netflow5", { PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_NETFLOW },
    { "netflow9", { PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_NETFLOW },
    { "gre", { PLAN_MIRROR, PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_MIRROR },
    { "span", { PLAN_MIRROR }, PLAN_MIRROR },
    { "rspan", { PLAN_MIRROR }, PLAN_MIRROR },
    { NULL, { PLAN_PCAP, PLAN_MIRROR_PCAP }, PLAN_MIRROR },
};

static const struct preference *
find_preference(const struct plan_case *k)
{
    const struct preference *p = preferences;

    while (p->class && !plan_is_class(k, p->class)) {
        p++;
    }
    return p;
}

/* What makes a mirror not what was asked for, or NULL. */
static const char *
first_inexact(const struct plan_case *k)
{
    const struct defect *found[PLAN_MAX_INEXACT];

    return k->bridge && plan_inexact(k, true, found) ? found[0]->what : NULL;
}

/* Own capture before a mirror that is not exact. */
static void
put_exact_first(const struct plan_case *k, enum plan_backend order[MAX_ORDER])
{
    if (order[0] == PLAN_MIRROR && order[1] == PLAN_PCAP
        && (k->point->device || k->point->many) && first_inexact(k)) {
        order[0] = PLAN_PCAP;
        order[1] = PLAN_MIRROR;
    }
}

/* A part of a whole is captured by ourselves: the whole's native backends were
 * refused before. */
static void
make_order(const struct plan_case *k, enum plan_backend order[MAX_ORDER])
{
    static const enum plan_backend own[MAX_ORDER] = { PLAN_PCAP,
                                                      PLAN_MIRROR_PCAP };
    const struct preference *p = find_preference(k);

    if (k->whole || k->c->backend == WANT_PCAP) {
        memcpy(order, own, sizeof own);
    } else if (k->c->backend == WANT_OVS) {
        memset(order, 0, MAX_ORDER * sizeof *order);
        order[0] = p->native;
    } else {
        memcpy(order, p->automatic, sizeof p->automatic);
        put_exact_first(k, order);
    }
}

static const struct rule *
find_rule(enum plan_backend backend)
{
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        if (rules[i].backend == backend) {
            return &rules[i];
        }
    }
    OVS_NOT_REACHED();
}

/* ## Why this one. ## */

static char *
why_pcap(const struct plan_case *k)
{
    const char *name = k->point->node->name;
    bool records = plan_is_flows(k) || plan_is_class(k, "sflow");

    if (k->c->backend == WANT_PCAP) {
        return xstrdup("backend=pcap asks for own capture");
    } else if (k->whole && !k->whole->port) {
        return xasprintf("own capture of each port of bridge %s, where "
                         "packets %s it, sees each packet once",
                         k->whole->node->name,
                         k->direction == WANT_EGRESS ? "leave" : "enter");
    } else if (!k->point->port) {
        return xasprintf("%s is not an OVS port, so its packets are captured "
                         "at the device itself", name);
    } else if (!strncmp(k->target->class->name, "erspan", 6)) {
        return xstrdup("own capture at the port's kernel device has exact "
                       "ERSPAN header fields");
    } else if (records) {
        return xstrdup("own capture at the port's kernel device sees this "
                       "port alone, which OVS's own exporters cannot");
    }

    const char *inexact = first_inexact(k);
    return (inexact
            ? xasprintf("own capture at the port's kernel device has what "
                        "passes there, and a mirror has not: %s", inexact)
            : xstrdup("own capture at the port's kernel device changes "
                      "nothing in OVS"));
}

static char *
why_native(const struct plan_case *k, enum plan_backend backend)
{
    if (backend == PLAN_MIRROR_PCAP && plan_has_vlans(k)) {
        return xasprintf("only a mirror of bridge %s chooses by VLAN; it "
                         "copies to a port of ours, where the copies are "
                         "captured", k->point->bridge->name);
    } else if (backend == PLAN_MIRROR_PCAP) {
        return xasprintf("%s has no kernel device, so a mirror copies its "
                         "packets to a port of ours, where they are captured",
                         k->point->node->name);
    } else if (k->c->backend == WANT_OVS) {
        return xstrdup("backend=ovs asks for what OVS does itself");
    } else if (backend == PLAN_MIRROR) {
        return xstrdup("OVS does this itself, without a copy through "
                       "another process");
    }
    return xasprintf("the row of bridge %s is free or ours, and OVS samples "
                     "the whole bridge itself", k->point->bridge->name);
}

static void
reject(struct plan_tap *tap, enum plan_backend backend, char *why)
{
    tap->rejected = xrealloc(tap->rejected, ((tap->n_rejected + 1)
                                             * sizeof *tap->rejected));
    tap->rejected[tap->n_rejected++] = (struct plan_rejected) { backend, why };
}

/* Why 'backend', which could, is not what the order of preference gives. */
static char *
why_not_first(const struct plan_case *k, const struct rule *rule)
{
    const char *inexact = (find_preference(k)->automatic[0] == PLAN_MIRROR
                           && rule->backend == PLAN_MIRROR
                           ? first_inexact(k) : NULL);

    return (k->c->backend == WANT_PCAP && rule->native
            ? xstrdup("backend=pcap asks for own capture")
            : k->c->backend == WANT_OVS
            ? xstrdup("backend=ovs asks for what OVS does itself")
            : rule->backend == PLAN_MIRROR_PCAP
            ? xstrdup("a mirror sends by itself")
            : inexact
            ? xasprintf("%s: backend=ovs takes it", inexact)
            : rule->native
            ? xstrdup("own capture has exact header fields, and OVS would "
                      "only come close: backend=ovs takes it")
            : xstrdup("OVS does this itself"));
}

/* Says of every backend but the tap's why it is not taken. */
static void
explain_others(const struct plan_case *k, struct plan_tap *tap)
{
    for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
        enum tap_reason reason;
        struct native draft;
        char *why;

        if (rules[i].backend == tap->backend) {
            continue;
        }
        native_init(&draft, rules[i].kind);
        why = rules[i].check(k, &draft, &reason);
        native_uninit(&draft);
        reject(tap, rules[i].backend,
               why ? why : why_not_first(k, &rules[i]));
    }
}

static void
set_reason(struct plan_tap *tap, enum tap_reason reason, char *detail)
{
    tap->reason = reason;
    free(tap->detail);
    tap->detail = detail;
}

static void
take(const struct plan_case *k, const struct rule *rule, struct native *draft,
     struct plan_tap *tap, bool run)
{
    if (tap->reason == TAP_R_SLOT_BUSY) {
        tap->busy = tap->detail;
        tap->detail = NULL;
    }
    set_reason(tap, TAP_R_OK, NULL);
    tap->backend = rule->backend;
    if (rule->native) {
        tap->native = plan_put_native(k->p->plan, draft, run);
        tap->why = why_native(k, rule->backend);
        plan_describe(k, tap);
    } else {
        native_uninit(draft);
        tap->why = why_pcap(k);
    }
}

/* Whether what a rule says is more to the point than what was said before. */
static bool
says_more(const struct plan_case *k, const struct plan_tap *tap,
          const struct rule *rule)
{
    if (!tap->detail) {
        return true;
    } else if (rule->backend == PLAN_MIRROR_PCAP && !plan_needs_mirror(k)
               && (k->point->device || k->point->many)) {
        return false;
    }
    return (tap->reason == TAP_R_BACKEND_UNAVAILABLE
            || tap->reason == TAP_R_NO_KERNEL_DEVICE);
}

/* Takes the first of 'order' whose rule lets it. */
static bool
take_first(const struct plan_case *k, const enum plan_backend *order,
           struct plan_tap *tap, bool run)
{
    for (size_t i = 0; order[i] != PLAN_NONE; i++) {
        const struct rule *rule = find_rule(order[i]);
        enum tap_reason reason = TAP_R_OK;
        struct native draft;

        native_init(&draft, rule->kind);

        char *why = rule->check(k, &draft, &reason);

        if (!why) {
            take(k, rule, &draft, tap, run);
            return true;
        }
        native_uninit(&draft);
        if (says_more(k, tap, rule)) {
            set_reason(tap, reason, why);
        } else {
            free(why);
        }
    }
    return false;
}

bool
plan_choose(const struct plan_case *k, struct plan_tap *tap, bool run)
{
    enum plan_backend order[MAX_ORDER];
    bool found;

    make_order(k, order);
    found = take_first(k, order, tap, run);
    if (found && tap->backend == PLAN_PCAP && k->point->many) {
        return false;
    }
    if (!found) {
        tap->run = false;
        tap->state = TAP_FAILED;
    }
    if (k->p->caps->explain) {
        explain_others(k, tap);
    }
    return true;
}
