/* plan-format.c -- a plan compared and told.
 *
 * Called by whoever carries a plan out, to see what may stay, and for
 * 'explain'.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/plan.h"
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs.h"

static bool
same_string(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static bool
same_source(const struct plan_source *a, const struct plan_source *b)
{
    return (a->netns == b->netns && a->ifindex == b->ifindex
            && a->mtu == b->mtu && a->direction == b->direction
            && a->snaplen == b->snaplen && a->sampling == b->sampling
            && a->ring == b->ring && a->max_flows == b->max_flows
            && a->decap == b->decap && wrap_equal(&a->wrap, &b->wrap)
            && a->max_pps == b->max_pps && a->max_bps == b->max_bps
            && a->to_netns == b->to_netns
            && same_string(a->to_netns_path, b->to_netns_path)
            && same_string(a->netns_path, b->netns_path)
            && same_string(a->ifname, b->ifname)
            && same_string(a->filter, b->filter));
}

static bool
same_spec(const struct target *a, const struct target *b)
{
    if (!a || !b) {
        return a == b;
    }

    char *a_text = target_to_text(a);
    char *b_text = target_to_text(b);
    bool same = !strcmp(a_text, b_text);

    free(a_text);
    free(b_text);
    return same;
}

bool
plan_tap_equal(const struct plan_tap *a, const struct plan_tap *b)
{
    return (a->run == b->run && a->backend == b->backend
            && same_string(a->key, b->key)
            && same_source(&a->source, &b->source)
            && same_spec(a->spec, b->spec));
}

static struct jsn *
rejected_to_json(const struct plan_tap *tap)
{
    struct jsn *array = jsn_array();

    for (size_t i = 0; i < tap->n_rejected; i++) {
        struct jsn *object = jsn_object();

        jsn_put_string(object, "backend",
                       plan_backend_to_string(tap->rejected[i].backend));
        jsn_put_string(object, "why", tap->rejected[i].why);
        jsn_add(array, object);
    }
    return array;
}

static struct jsn *
svec_to_json(const struct svec *svec)
{
    struct jsn *array = jsn_array();

    for (size_t i = 0; i < svec->n; i++) {
        jsn_add(array, jsn_string(svec->names[i]));
    }
    return array;
}

/* Our own capture writes nothing to OVS. */
static struct jsn *
rows_to_json(const struct plan_tap *tap, const struct native_stamp *stamp)
{
    struct jsn *array = jsn_array();

    if (tap->native) {
        char *text = native_to_vsctl(&tap->native->native, stamp);

        jsn_add(array, jsn_string(text));
        free(text);
    }
    return array;
}

/* What would run is "planned": explaining starts nothing. */
static struct jsn *
tap_to_json(const struct plan_tap *tap, const struct native_stamp *stamp)
{
    struct jsn *object = jsn_object();
    enum tap_state state = tap->run ? TAP_PLANNED : tap->state;
    enum tap_reason reason = tap->run ? TAP_R_OK : tap->reason;

    jsn_put_string(object, "host", stamp->owner);
    jsn_put_string(object, "node", tap->node_id);
    jsn_put_string(object, "node_name", tap->node_name);
    jsn_put_string(object, "netns", tap->netns);
    jsn_put_string(object, "target", tap->target_text);
    jsn_put_string(object, "backend", plan_backend_to_string(tap->backend));
    jsn_put_string(object, "why", tap->why);
    jsn_put_string(object, "state", tap_state_to_string(state));
    jsn_put_string(object, "reason", tap_reason_to_string(reason));
    jsn_put_string(object, "detail", tap->detail);
    jsn_put(object, "statistics", jsn_object());
    jsn_put(object, "rejected", rejected_to_json(tap));
    jsn_put(object, "rows", rows_to_json(tap, stamp));
    jsn_put(object, "differs", svec_to_json(&tap->differs));
    jsn_put(object, "costs", svec_to_json(&tap->costs));
    jsn_put(object, "interferes", svec_to_json(&tap->interferes));
    return object;
}

struct jsn *
plan_to_json(const struct plan *plan, const struct want_capture *capture,
             const struct native_stamp *stamp)
{
    struct jsn *object = jsn_object();
    struct jsn *captures = jsn_array();
    struct jsn *one = jsn_object();
    struct jsn *taps = jsn_array();

    for (size_t i = 0; i < plan->n; i++) {
        const struct plan_tap *tap = &plan->taps[i];

        if (uuid_equals(&tap->capture, &capture->uuid)
            && !strcmp(tap->capture_name, capture->name)) {
            jsn_add(taps, tap_to_json(tap, stamp));
        }
    }
    jsn_put_string(one, "name", capture->name);
    jsn_put(one, "taps", taps);
    jsn_add(captures, one);
    jsn_put(object, "captures", captures);
    return object;
}
