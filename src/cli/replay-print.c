/* replay-print.c -- what became of the packets of a file.
 *
 * Called by replay.c at the end.  Invariant: the packets of a target are the
 * sum of those under it, and those of the file the sum of what was filtered
 * and what each target got.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/replay-private.h"
#include <inttypes.h>
#include "base/json.h"

/* The packets that no line accounts for by itself. */
static uint64_t
metered(const struct replay_target *t)
{
    return t->is_open ? t->tap.metered : 0;
}

static bool
is_of_flows(const struct replay_target *t)
{
    return t->target->class->payload == TARGET_FLOWS;
}

static void
get_stats(const struct replay_target *t, struct tap_stats *stats)
{
    *stats = (struct tap_stats) { .packets = 0 };
    if (t->is_open) {
        mtap_get_stats(&t->tap, stats);
    }
}

/* ## As text. ## */

static void
put(struct ds *out, const char *name, uint64_t value, const char *what)
{
    int width = MAX(27 - (int) strlen(name), 1);

    ds_put_format(out, "  %s%*"PRIu64"%s%s\n", name, width, value,
                  *what ? "  " : "", what);
}

/* Only if there were any: losses and the like. */
static void
put_some(struct ds *out, const char *name, uint64_t value, const char *what)
{
    if (value) {
        put(out, name, value, what);
    }
}

static void
put_skipped(struct ds *out, const struct tap_stats *s)
{
    put(out, "  skipped", s->skipped, "cannot be carried by the protocol");
#define CAUSE(NAME, WHAT) put_some(out, "    "#NAME, s->skipped_##NAME, WHAT);
    SKIP_CAUSES(CAUSE)
#undef CAUSE
}

/* What a datagram's receiver took, nobody knows: of UDP only what did not
 * even leave is said, if there was any. */
static void
put_lost(struct ds *out, const struct replay_target *t,
         const struct tap_stats *s)
{
    uint64_t n = s->dropped_queue + s->dropped_send;
    const char *what = "datagrams that the kernel or the queue refused";

    if (t->target->class->address == TARGET_HOST_PORT) {
        put_some(out, "refused", n, what);
    } else {
        put(out, "lost", n, n ? what : "");
    }
}

static void
put_target_text(const struct replay *r, const struct replay_target *t,
                struct ds *out)
{
    bool flows = is_of_flows(t);
    struct tap_stats s;

    get_stats(t, &s);
    ds_put_format(out, "%s\n", t->text);
    put(out, "packets", r->packets - r->filtered - r->other_way,
        "that the filter passed, of which");
    put(out, "  metered", metered(t), flows ? "went into flows" : "were sent");
    put_skipped(out, &s);
    put(out, "  malformed", s.malformed, "have headers that lie");
    if (flows) {
        put_some(out, "  truncated", s.truncated,
                 "end within the IP header, cut by the capture");
    }
    put_some(out, "  unsampled", t->tap.unsampled, "were not sampled");
    put_some(out, "  limited", s.dropped_limit,
             "are more than max-pps or max-bps");
    if (flows) {
        put(out, "flows", s.flows, "exported");
        put_some(out, "  evicted", s.evicted,
                 "of these early, for lack of memory");
    } else {
        put_some(out, "shortened", s.truncated, "were sent shorter");
    }
    put(out, "datagrams", s.sent_datagrams, "sent");
    put(out, "bytes", s.sent_bytes, "in these");
    put_lost(out, t, &s);
}

void
replay_print_text(const struct replay *r, struct ds *out)
{
    ds_put_format(out, "%s (%s)\n", r->path, capture_link_name(r->capture));
    put(out, "packets", r->packets, "read");
    put(out, "bytes", r->bytes, "in these, on the wire");
    put(out, "filtered", r->filtered, "refused by the filter");
    put_some(out, "direction", r->other_way, "of the other direction");
    put_some(out, "foreign", capture_n_foreign(r->capture),
             "more are of link types that are not understood");
    for (size_t i = 0; i < r->n_targets; i++) {
        put_target_text(r, &r->targets[i], out);
    }
}

/* ## As JSON. ## */

static struct jsn *
target_to_json(const struct replay *r, const struct replay_target *t)
{
    struct jsn *json = jsn_object();
    struct tap_stats s;

    get_stats(t, &s);
#define TAP_COUNTER(NAME) jsn_put_integer(json, #NAME, s.NAME);
    TAP_COUNTERS
#undef TAP_COUNTER
    jsn_put_string(json, "target", t->text);
    jsn_put_integer(json, "packets",
                    r->packets - r->filtered - r->other_way);
    jsn_put_integer(json, "metered", metered(t));
    jsn_put_integer(json, "unsampled", t->tap.unsampled);
    return json;
}

struct jsn *
replay_to_json(const struct replay *r)
{
    struct jsn *json = jsn_object();
    struct jsn *targets = jsn_array();

    for (size_t i = 0; i < r->n_targets; i++) {
        jsn_add(targets, target_to_json(r, &r->targets[i]));
    }
    jsn_put_string(json, "file", r->path);
    jsn_put_string(json, "link", capture_link_name(r->capture));
    jsn_put_bool(json, "complete", !r->error);
    jsn_put_integer(json, "packets", r->packets);
    jsn_put_integer(json, "bytes", r->bytes);
    jsn_put_integer(json, "filtered", r->filtered);
    jsn_put_integer(json, "other_direction", r->other_way);
    jsn_put_integer(json, "foreign", capture_n_foreign(r->capture));
    jsn_put(json, "targets", targets);
    return json;
}
