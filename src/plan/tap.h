/* tap.h -- a tap: one capture at one node towards one target; the unit of
 * status.  Its states and reasons, by the names that users see; its counters
 * are in base/tap-counters.h.
 *
 * Pure.  The planner makes taps, the packet half reports on them, the database
 * room publishes them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_PLAN_TAP_H
#define OVSPAN_PLAN_TAP_H 1

#include <stdbool.h>
#include <stdint.h>
#include "base/tap-counters.h"

enum tap_state {
    TAP_PLANNED,                /* Disabled or expired. */
    TAP_PENDING,                /* Not proved yet. */
    TAP_ACTIVE,                 /* Proved to flow. */
    TAP_FAILED,
};

/* X-macro: enumerator, text. */
#define TAP_REASONS                                     \
    TAP_REASON(OK, "ok")                                \
    TAP_REASON(DISABLED, "disabled")                    \
    TAP_REASON(EXPIRED, "expired")                      \
    TAP_REASON(NOT_TAPPABLE, "not-tappable")            \
    TAP_REASON(NODE_DOWN, "node-down")                  \
    TAP_REASON(NO_PERMISSION, "no-permission")          \
    TAP_REASON(NO_KERNEL_DEVICE, "no-kernel-device")    \
    TAP_REASON(SLOT_BUSY, "slot-busy")                  \
    TAP_REASON(MIRROR_LIMIT, "mirror-limit")            \
    TAP_REASON(PATCH_PORT, "patch-port")                \
    TAP_REASON(TUNNEL_CONFLICT, "tunnel-conflict")      \
    TAP_REASON(NO_ROUTE, "no-route")                    \
    TAP_REASON(OVS_VERSION, "ovs-version")              \
    TAP_REASON(OVS_ERROR, "ovs-error")                  \
    TAP_REASON(BAD_SELECTOR, "bad-selector")            \
    TAP_REASON(BAD_FILTER, "bad-filter")                \
    TAP_REASON(BAD_TARGET, "bad-target")                \
    TAP_REASON(NOT_ALLOWED, "not-allowed")              \
    TAP_REASON(COLLECTOR_UNREACHABLE, "collector-unreachable") \
    TAP_REASON(LOOP, "loop")                            \
    TAP_REASON(NO_SPACE, "no-space")                    \
    TAP_REASON(BACKEND_UNAVAILABLE, "backend-unavailable") \
    TAP_REASON(INTERNAL_ERROR, "internal-error")

enum tap_reason {
#define TAP_REASON(ENUM, TEXT) TAP_R_##ENUM,
    TAP_REASONS
#undef TAP_REASON
};

const char *tap_state_to_string(enum tap_state);
const char *tap_reason_to_string(enum tap_reason);

#endif /* plan/tap.h */
