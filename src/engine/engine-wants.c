/* engine-wants.c -- what a tap wants of its point, and the text of that.
 *
 * Taps whose texts agree share a view.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-source.h"
#include "packet/unwrap.h"

/* Enough to tell whose a packet is: Ethernet with tags, IPv6 with an
 * extension, GRE and ERSPAN. */
enum { MIN_CAPTURED = 128 };

char *
eview_key(const struct plan_tap *tap)
{
    const struct plan_source *s = &tap->source;

    return xasprintf("%d %"PRIu32" %s", s->direction, s->snaplen,
                     s->filter ? s->filter : "");
}

static enum capture_direction
direction_to_capture(enum want_direction direction)
{
    switch (direction) {
    case WANT_BOTH:
        return CAPTURE_BOTH;
    case WANT_INGRESS:
        return CAPTURE_IN;
    case WANT_EGRESS:
        return CAPTURE_OUT;
    }
    OVS_NOT_REACHED();
}

struct capture_view_conf
eview_conf(const struct plan_source *spec)
{
    bool wrapped = spec->wrap.type != WRAP_NONE;
    uint32_t snaplen = MAX(spec->snaplen, MIN_CAPTURED);

    return (struct capture_view_conf) {
        .filter = spec->filter,
        .direction = direction_to_capture(spec->direction),
        .snaplen = (!spec->snaplen ? 0
                    : wrapped ? snaplen + PKT_MAX_WRAP : snaplen),
        .late = wrapped,
    };
}
