/* fuzz-target.c -- targets as users write them: any text.
 *
 * What parses has a canonical text, which parses to the same.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include "target/target.h"

void
fuzz_target(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *text = fuzz_string(&in, size);
    struct target *target, *again;
    char *error = target_parse(text, &target);

    ovs_assert(!error == !!target);
    if (target) {
        char *canonical = target_to_text(target);

        ovs_assert(!target_parse(canonical, &again));
        char *canonical2 = target_to_text(again);
        ovs_assert(!strcmp(canonical, canonical2));
        free(canonical2);
        free(canonical);
        target_destroy(again);
    }
    target_destroy(target);
    free(error);
    free(text);
}
