/* natives.c -- what a plan asks of OVS, and the steps that lead there.
 *
 * Called by choose.c while a plan is made, and by whoever carries it out.
 * Pure.  Invariants: no two natives of a plan are the same thing, unless one
 * of them does not run; if every step is taken, and the switch has followed,
 * the next steps are none.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>
#include <string.h>

static struct plan_native *
find(const struct plan *plan, const struct native *n, bool run)
{
    for (size_t i = 0; i < plan->n_natives; i++) {
        if (plan->natives[i]->run == run
            && !native_compare(&plan->natives[i]->native, n)) {
            return plan->natives[i];
        }
    }
    return NULL;
}

struct native *
plan_find_native(const struct plan *plan, const struct native *n)
{
    struct plan_native *pn = find(plan, n, true);

    return pn ? &pn->native : NULL;
}

size_t
plan_count_natives(const struct plan *plan, enum native_kind kind,
                   const struct have_bridge *bridge)
{
    size_t n = 0;

    for (size_t i = 0; i < plan->n_natives; i++) {
        n += (plan->natives[i]->run && plan->natives[i]->native.kind == kind
              && uuid_equals(&plan->natives[i]->native.bridge,
                             &bridge->uuid));
    }
    return n;
}

static void
merge_svec(struct svec *dst, const struct svec *src)
{
    for (size_t i = 0; i < src->n; i++) {
        svec_add(dst, src->names[i]);
    }
    svec_sort_unique(dst);
}

static void
merge_ports(struct native_ports *dst, const struct native_ports *src)
{
    for (size_t i = 0; i < src->n; i++) {
        native_ports_add(dst, &src->ports[i].uuid, src->ports[i].name);
    }
}

static void
merge(struct native *dst, const struct native *src)
{
    merge_svec(&dst->taps, &src->taps);
    merge_svec(&dst->targets, &src->targets);
    merge_ports(&dst->src, &src->src);
    merge_ports(&dst->dst, &src->dst);
    dst->select_all |= src->select_all;
}

struct plan_native *
plan_put_native(struct plan *plan, struct native *draft, bool run)
{
    struct plan_native *pn = find(plan, draft, run);

    if (!pn) {
        plan->natives = xrealloc(plan->natives, ((plan->n_natives + 1)
                                                 * sizeof *plan->natives));
        pn = xzalloc(sizeof *pn);
        plan->natives[plan->n_natives++] = pn;
        pn->run = run;
        native_clone(&pn->native, draft);
    } else {
        merge(&pn->native, draft);
    }
    native_uninit(draft);
    return pn;
}

static int
compare_natives(const void *a_, const void *b_)
{
    const struct plan_native *const *a = a_;
    const struct plan_native *const *b = b_;
    int cmp = native_compare(&(*a)->native, &(*b)->native);

    return cmp ? cmp : (*b)->run - (*a)->run;
}

void
plan_sort_natives(struct plan *plan)
{
    if (plan->n_natives) {
        qsort(plan->natives, plan->n_natives, sizeof *plan->natives,
              compare_natives);
    }
}

/* ## Steps. ## */

static void
add_step(struct plan_steps *steps, enum plan_op op,
         const struct native *want, const struct have_native *have)
{
    steps->steps = xrealloc(steps->steps,
                            (steps->n + 1) * sizeof *steps->steps);
    steps->steps[steps->n++] = (struct plan_step) { op, want, have };
}

/* A bridge's row can be changed where it is; so can the stamp of a mirror.
 * What else differs in a mirror would not reach established flows. */
static bool
can_update(const struct native *want, const struct have_native *have)
{
    return (have->whole
            && (want->kind != NATIVE_MIRROR
                || native_same_settings(want, &have->native)));
}

/* The last of a name is the one that is not wanted. */
static void
delete_unwanted(const struct plan *plan, const struct have *have,
                struct plan_steps *steps)
{
    for (size_t i = 0; i < have->n_natives; i++) {
        const struct have_native *hn = &have->natives[i];
        const struct plan_native *pn = find(plan, &hn->native, true);

        if (!pn || have_find_native(have, &hn->native) != hn
            || !can_update(&pn->native, hn)) {
            add_step(steps, PLAN_DELETE, pn ? &pn->native : NULL, hn);
        }
    }
}

void
plan_diff(const struct plan *plan, const struct have *have,
          struct plan_steps *steps)
{
    memset(steps, 0, sizeof *steps);
    if (!have->known) {
        return;
    }
    delete_unwanted(plan, have, steps);

    bool may_create = !steps->n && have->settled;

    for (size_t i = 0; i < plan->n_natives; i++) {
        const struct native *want = &plan->natives[i]->native;
        const struct have_native *hn = have_find_native(have, want);

        if (!plan->natives[i]->run) {
            continue;
        } else if (!hn && may_create) {
            add_step(steps, PLAN_CREATE, want, NULL);
        } else if (!hn || !can_update(want, hn)) {
            steps->more = true;
        } else if (!native_equal(want, &hn->native)) {
            add_step(steps, PLAN_UPDATE, want, hn);
        }
    }
}

void
plan_steps_uninit(struct plan_steps *steps)
{
    free(steps->steps);
    memset(steps, 0, sizeof *steps);
}
