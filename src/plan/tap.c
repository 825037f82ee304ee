/* tap.c -- states and reasons of a tap by the names that users see.
 *
 * Called by whoever prints or publishes.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/tap.h"
#include "base/ovs.h"

const char *
tap_state_to_string(enum tap_state state)
{
    switch (state) {
    case TAP_PLANNED: return "planned";
    case TAP_PENDING: return "pending";
    case TAP_ACTIVE: return "active";
    case TAP_FAILED: return "failed";
    }
    OVS_NOT_REACHED();
}

const char *
tap_reason_to_string(enum tap_reason reason)
{
    switch (reason) {
#define TAP_REASON(ENUM, TEXT) case TAP_R_##ENUM: return TEXT;
    TAP_REASONS
#undef TAP_REASON
    }
    OVS_NOT_REACHED();
}
