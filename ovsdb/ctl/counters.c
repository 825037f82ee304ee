/* counters.c -- what a tap has counted.  See counters.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/counters.h"
#include <string.h>

bool
ctl_has_counter(const struct spanrec_tap *tap, const char *name,
                int64_t *value)
{
    for (size_t i = 0; i < tap->n_statistics; i++) {
        if (!strcmp(tap->key_statistics[i], name)) {
            *value = tap->value_statistics[i];
            return true;
        }
    }
    *value = 0;
    return false;
}

int64_t
ctl_get_counter(const struct spanrec_tap *tap, const char *name)
{
    int64_t value;

    return ctl_has_counter(tap, name, &value) ? value : 0;
}

bool
ctl_is_loss(const char *name)
{
    return (!strncmp(name, "dropped_", 8) || !strcmp(name, "truncated")
            || !strcmp(name, "malformed") || !strcmp(name, "skipped"));
}

int64_t
ctl_get_lost(const struct spanrec_tap *tap)
{
    int64_t lost = 0;

    for (size_t i = 0; i < tap->n_statistics; i++) {
        if (ctl_is_loss(tap->key_statistics[i])) {
            lost += tap->value_statistics[i];
        }
    }
    return lost;
}
