/* tap-log.c -- what becomes of taps, in the log.  See tap-log.h.
 *
 * Called by report.c with what it writes into the database, so that the two
 * never differ.  Remembers what it said of each tap.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/tap-log.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "base/words.h"
#include "openvswitch/vlog.h"

VLOG_DEFINE_THIS_MODULE(tap);

struct said {
    struct hmap_node node;      /* In 'taps', by hash of 'key'. */
    char *key;                  /* Of the tap. */
    enum tap_state state;
    enum tap_reason reason;
    bool failed;                /* Its failure was said, and no end of it. */
    bool seen;                  /* In this round. */
};

struct tap_log {
    struct hmap taps;           /* Contains 'struct said's. */
};

struct tap_log *
tap_log_create(void)
{
    struct tap_log *log = xmalloc(sizeof *log);

    hmap_init(&log->taps);
    return log;
}

static void
forget(struct tap_log *log, struct said *s)
{
    hmap_remove(&log->taps, &s->node);
    free(s->key);
    free(s);
}

static void
forget_unseen(struct tap_log *log)
{
    struct said *s;

    HMAP_FOR_EACH_SAFE (s, node, &log->taps) {
        if (!s->seen) {
            forget(log, s);
        }
    }
}

void
tap_log_begin(struct tap_log *log)
{
    struct said *s;

    HMAP_FOR_EACH (s, node, &log->taps) {
        s->seen = false;
    }
}

void
tap_log_end(struct tap_log *log)
{
    forget_unseen(log);
}

void
tap_log_destroy(struct tap_log *log)
{
    if (log) {
        tap_log_begin(log);
        forget_unseen(log);
        hmap_destroy(&log->taps);
        free(log);
    }
}

static struct said *
get_said(struct tap_log *log, const char *key)
{
    uint32_t hash = hash_string(key, 0);
    struct said *s;

    HMAP_FOR_EACH_WITH_HASH (s, node, hash, &log->taps) {
        if (!strcmp(s->key, key)) {
            return s;
        }
    }
    s = xzalloc(sizeof *s);
    s->key = xstrdup(key);
    s->state = TAP_PENDING;
    hmap_insert(&log->taps, &s->node, hash);
    return s;
}

/* A tap that is tried again has still failed. */
static enum vlog_level
level_of(const struct said *s, enum tap_state state)
{
    return (state == TAP_FAILED ? VLL_WARN
            : s->failed && state == TAP_PENDING ? VLL_DBG
            : VLL_INFO);
}

/* A line for the log; the caller frees it. */
static char *
describe(const struct plan_tap *tap, enum tap_state state,
         enum tap_reason reason, const char *detail)
{
    char *text = xasprintf("%s %s%s%s to %s: %s%s%s%s%s%s",
                           tap->capture_name, tap->netns,
                           tap->netns[0] ? "/" : "",
                           tap->node_name[0] ? tap->node_name : "-",
                           tap->target_text, tap_state_to_string(state),
                           reason ? " (" : "",
                           reason ? tap_reason_to_string(reason) : "",
                           reason ? ")" : "", detail && detail[0] ? ": " : "",
                           detail ? detail : "");
    char *clean = words_clean(text);

    free(text);
    return clean;
}

void
tap_log_tell(struct tap_log *log, const struct plan_tap *tap,
             enum tap_state state, enum tap_reason reason,
             const char *detail)
{
    /* Links of strangers change as often as they like. */
    static struct vlog_rate_limit rl = VLOG_RATE_LIMIT_INIT(60, 200);
    struct said *s = get_said(log, tap->key);

    s->seen = true;
    if (s->state == state && s->reason == reason) {
        return;
    }
    if (!VLOG_DROP_INFO(&rl)) {
        char *text = describe(tap, state, reason, detail);

        VLOG(level_of(s, state), "%s", text);
        free(text);
    }
    s->failed = (state == TAP_FAILED
                 || (s->failed && state == TAP_PENDING));
    s->state = state;
    s->reason = reason;
}
