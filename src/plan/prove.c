/* prove.c -- whether OVS does what its rows say.
 *
 * Called by the daemon for each native of its plan.  A row in the database is
 * no proof: the switch has to have read it, the port has to be there, and the
 * mirror has to be programmed, which only its statistics tell.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/plan.h"
#include <stdlib.h>
#include <string.h>

static void
failed(struct plan_proof *proof, enum tap_reason reason, char *detail)
{
    proof->state = TAP_FAILED;
    proof->reason = reason;
    proof->detail = detail;
}

static void
prove_port(const struct have_native *hn, struct plan_proof *proof)
{
    bool exists = hn->error && strstr(hn->error, "File exists");
    const char *text = hn->error ? hn->error : "no reason given";

    failed(proof, exists ? TAP_R_TUNNEL_CONFLICT : TAP_R_OVS_ERROR,
           xasprintf("OVS could not make port %s: %s%s",
                     hn->native.port_name, text,
                     exists ? " (another port has the same address and key: "
                     "choose another session or key)" : ""));
}

static size_t
count_mirrors(const struct have *have, const struct native *want)
{
    const struct have_bridge *bridge = have_find_bridge(have, &want->bridge);
    size_t n = bridge ? bridge->n_mirrors : 0;

    for (size_t i = 0; i < have->n_natives; i++) {
        const struct native *other = &have->natives[i].native;

        n += (other->kind == NATIVE_MIRROR
              && uuid_equals(&other->bridge, &want->bridge));
    }
    return n;
}

static void
prove_mirror(const struct native *want, const struct have *have,
             const struct have_native *hn, long long int waited,
             struct plan_proof *proof)
{
    proof->is_made = hn->ofport > 0 && have->settled;
    if (hn->error || hn->ofport < 0) {
        prove_port(hn, proof);
    } else if (hn->ofport > 0 && hn->has_stats) {
        proof->state = TAP_ACTIVE;
        proof->has_stats = true;
        proof->packets = hn->tx_packets;
        proof->bytes = hn->tx_bytes;
    } else if (waited < PLAN_PROOF_MS) {
        return;
    } else if (hn->ofport <= 0) {
        failed(proof, TAP_R_OVS_ERROR,
               xasprintf("OVS did not make port %s", want->port_name));
    } else if (count_mirrors(have, want) > HAVE_MAX_MIRRORS) {
        failed(proof, TAP_R_MIRROR_LIMIT,
               xasprintf("bridge %s has more than the %d mirrors that OVS "
                         "programs, and this is one that it left out",
                         want->bridge_name, HAVE_MAX_MIRRORS));
    } else {
        /* Statistics are collected each 5 s at most, later on a busy switch:
         * it may still come. */
        proof->detail = xasprintf("OVS has not told yet that mirror %s is "
                                  "programmed", want->name);
    }
}

void
plan_prove(const struct native *want, const struct have *have,
           long long int waited, bool proved, struct plan_proof *proof)
{
    const struct have_native *hn = have_find_native(have, want);

    memset(proof, 0, sizeof *proof);
    proof->state = TAP_PENDING;
    proof->reason = TAP_R_OK;
    if (!hn || !native_equal(want, &hn->native) || !hn->whole) {
        return;
    } else if (!have->settled && !proved) {
        if (waited >= PLAN_PROOF_MS) {
            failed(proof, TAP_R_OVS_ERROR,
                   xstrdup("ovs-vswitchd does not act on the database: is it "
                           "running?"));
        }
    } else if (want->kind == NATIVE_MIRROR) {
        prove_mirror(want, have, hn, waited, proof);
    } else {
        proof->state = TAP_ACTIVE;
    }
}
