/* eval-filter.c -- the steps that keep the elements which pass a test.
 *
 * Called through the table of steps.  The order of what is kept stays.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/eval.h"
#include "base/ovs.h"
#include "query/keys.h"

/* Keeps the elements for which query_filter_match() says 'want'. */
static char *
keep(struct query_state *state, const struct query_filter *filter,
     bool either, bool want)
{
    struct query_list kept;

    query_list_init(&kept);
    for (size_t i = 0; i < state->list.n; i++) {
        const void *item = state->list.items[i];

        if (query_filter_match(filter, state->hand, item, either) == want) {
            query_list_append(&kept, item);
        }
    }
    query_list_move(&state->list, &kept);
    query_list_uninit(&kept);
    return NULL;
}

char *
query_run_has(const struct query_step *step, struct query_state *state)
{
    return keep(state, &step->filter, false, true);
}

char *
query_run_has_either(const struct query_step *step, struct query_state *state)
{
    return keep(state, &step->filter, true, true);
}

static char *
keep_key(const struct query_step *step, struct query_state *state, bool want)
{
    struct query_match match = { .key = step->keys[0] };
    struct query_filter filter = { &match, 1 };

    return keep(state, &filter, false, want);
}

char *
query_run_has_key(const struct query_step *step, struct query_state *state)
{
    return keep_key(step, state, true);
}

char *
query_run_has_not(const struct query_step *step, struct query_state *state)
{
    return keep_key(step, state, false);
}
