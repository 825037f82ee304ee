/* caps.c -- what this program can carry out, for the planner.
 *
 * The planner is pure and knows no plugins: this tells it which there are.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/caps.h"
#include "capture/capture.h"
#include "plugin/plugin.h"

static bool
has_exporter(const char *target_class)
{
    return plugin_find(target_class) != NULL;
}

const struct plan_caps caps_of_daemon = { .has_exporter = has_exporter };

/* Who carries a plan out compiles its filters anyway. */
const struct plan_caps caps_of_explain = {
    .has_exporter = has_exporter,
    .check_filter = capture_check_filter,
};
