/* budget.c -- how much of a host captures may take.  See struct want_budget.
 *
 * Links come as strangers like, and each that a selector matches is a tap and
 * a ring in kernel memory, which is not given back under pressure.  Who is
 * planned first has it; what is over is refused, and says what to raise.
 *
 * Called by plan.c for each tap.  Pure.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/inside.h"
#include <stdlib.h>

/* As src/capture makes them where nobody says. */
enum {
    RING_DEFAULT = 2 * 1024 * 1024,
    RING_SMALL = 512 * 1024,
    MAX_TAPS = 256,             /* Of a capture. */
};

char *
plan_budget_over(struct plan_budget *b, const struct plan_case *k)
{
    uint64_t most = want_option(k->c, "max-taps");

    most = most ? most : MAX_TAPS;
    if (b->capture != k->c) {
        b->capture = k->c;
        b->n_of_capture = 0;
    }
    if (b->n_of_capture >= most) {
        return xasprintf("the capture may have %"PRIu64" taps on each host: "
                         "make its selector match less, or raise "
                         "options:max-taps", most);
    } else if (b->n_taps >= b->want->taps) {
        return xasprintf("this host may have %"PRIu64" taps: raise "
                         "host-max-taps (OVSpan_Global options, and "
                         "ovspand.conf if that is less)", b->want->taps);
    }
    return NULL;
}

/* Taps of one interface that want the same ring share it. */
static char *
ring_key(const struct plan_source *source)
{
    return xasprintf("%"PRIu64":%d:%"PRIuSIZE, source->netns, source->ifindex,
                     source->ring);
}

static char *
take_ring(struct plan_budget *b, struct plan_tap *tap)
{
    struct plan_source *source = &tap->source;
    bool is_default = !source->ring;

    if (is_default && b->small) {
        source->ring = RING_SMALL;
    }
    char *key = ring_key(source);
    uint64_t size = source->ring ? source->ring : RING_DEFAULT;
    char *error = NULL;

    if (sset_contains(&b->rings, key)) {
        /* It is there. */
    } else if (b->ring_bytes + size > b->want->ring_bytes) {
        b->again |= is_default && !b->small;
        error = xasprintf("the rings of this host may take %"PRIu64" bytes: "
                          "raise host-max-ring-bytes (OVSpan_Global options, "
                          "and ovspand.conf if that is less)",
                          b->want->ring_bytes);
    } else {
        sset_add(&b->rings, key);
        b->ring_bytes += size;
    }
    free(key);
    return error;
}

char *
plan_budget_take(struct plan_budget *b, struct plan_tap *tap)
{
    char *error = tap->source.ifname ? take_ring(b, tap) : NULL;

    if (!error) {
        b->n_taps++;
        b->n_of_capture++;
    }
    return error;
}

const char *
plan_budget_note(const struct plan_budget *b, const struct plan_tap *tap)
{
    return (b->small && tap->source.ring == RING_SMALL
            ? "its ring has 524288 bytes, as host-max-ring-bytes does "
              "not allow the default for all" : NULL);
}
