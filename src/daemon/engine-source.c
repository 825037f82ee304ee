/* engine-source.c -- the control side of an open capture.
 *
 * Taps of one capture at one point on one worker share a source if they read
 * the same (filter, length, direction, ring).  It is opened inside the point's
 * namespace, by a thread that enters it, and handed to its worker.
 *
 * An interface that is down or has gone is tried again, with a back-off and
 * whenever the plan was made anew: the topology knows sooner than we do.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/engine-private.h"
#include <errno.h>
#include "capture/capture.h"
#include "kernel/kernel.h"

/* Ethernet with tags, IPv6 with an extension, GRE and ERSPAN. */
enum { MIN_CAPTURED = 128 };

static char *
esource_key(const struct plan_tap *tap, const struct worker *worker)
{
    const struct plan_source *s = &tap->source;

    return xasprintf("%p "UUID_FMT" %s %s %"PRIu64" %d %s %d %"PRIu32
                     " %"PRIuSIZE" %"PRIu64" %"PRIu64" %s",
                     worker, UUID_ARGS(&tap->capture), tap->capture_name,
                     tap->node_id, s->netns, s->ifindex, s->ifname,
                     s->direction, s->snaplen, s->ring, s->max_pps,
                     s->max_bps, s->filter ? s->filter : "");
}

struct engine_source *
esource_find(struct engine *engine, const struct plan_tap *tap,
             const struct worker *worker)
{
    char *key = esource_key(tap, worker);
    struct engine_source *source;

    HMAP_FOR_EACH_WITH_HASH (source, node, hash_string(key, 0),
                             &engine->sources) {
        if (!strcmp(source->key, key)) {
            break;
        }
    }
    free(key);
    return source;
}

struct engine_source *
esource_ref(struct engine *engine, const struct plan_tap *tap,
            struct worker *worker)
{
    struct engine_source *source = esource_find(engine, tap, worker);

    if (!source) {
        source = xzalloc(sizeof *source);
        source->key = esource_key(tap, worker);
        source->worker = worker;
        backoff_init(&source->backoff);
        hmap_insert(&engine->sources, &source->node,
                    hash_string(source->key, 0));
    }
    source->n_taps++;
    return source;
}

void
esource_close(struct engine_source *source)
{
    if (source->wsource) {
        worker_remove_source(source->worker, source->wsource);
        source->wsource = NULL;
    }
}

void
esource_unref(struct engine *engine, struct engine_source *source)
{
    if (source && !--source->n_taps) {
        esource_close(source);
        hmap_remove(&engine->sources, &source->node);
        trouble_clear(&source->trouble);
        free(source->key);
        free(source);
    }
}

static enum tap_reason
reason_from_error(enum capture_error error)
{
    switch (error) {
    case CAPTURE_OK:
        return TAP_R_OK;
    case CAPTURE_NO_PERMISSION:
        return TAP_R_NO_PERMISSION;
    case CAPTURE_NO_DEVICE:
    case CAPTURE_DOWN:
        return TAP_R_NODE_DOWN;
    case CAPTURE_BAD_FILTER:
        return TAP_R_BAD_FILTER;
    case CAPTURE_BAD_LINK:
        return TAP_R_NOT_TAPPABLE;
    case CAPTURE_BAD_FILE:
    case CAPTURE_EOF:
    case CAPTURE_OTHER:
        break;
    }
    return TAP_R_INTERNAL_ERROR;
}

struct open_args {
    struct capture_conf conf;
    struct capture *capture;
    enum capture_error error;
    char *detail;
};

static int
open_cb(void *args_)
{
    struct open_args *args = args_;

    args->error = capture_open_live(&args->conf, &args->capture,
                                    &args->detail);
    return 0;
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

/* Enters the namespace and opens.  Returns the reason why not. */
static enum tap_reason
open_capture(const struct plan_source *spec, struct capture **capture,
             char **detail)
{
    struct open_args args = {
        .conf = {
            .ifname = spec->ifname,
            .filter = spec->filter,
            /* Enough to tell whose a packet is. */
            .snaplen = spec->snaplen ? MAX(spec->snaplen, MIN_CAPTURED) : 0,
            .direction = direction_to_capture(spec->direction),
            .ring = spec->ring,
        },
    };
    int error = kern_call_in_netns(spec->netns_path, spec->netns, open_cb,
                                   &args);

    if (error) {
        *detail = xasprintf("cannot enter the network namespace %s: %s",
                            spec->netns_path ? spec->netns_path : "",
                            error == ESTALE ? "another one is there now"
                                            : ovs_strerror(error));
        return (error == EPERM || error == EACCES ? TAP_R_NO_PERMISSION
                                                  : TAP_R_NODE_DOWN);
    }
    *capture = args.capture;
    *detail = args.detail;
    return reason_from_error(args.error);
}

/* What a retry cannot mend waits for another plan. */
static bool
may_retry(enum tap_reason reason)
{
    return reason != TAP_R_BAD_FILTER && reason != TAP_R_NOT_TAPPABLE;
}

void
esource_open(struct engine *engine, struct engine_source *source,
             const struct plan_tap *tap, long long int now)
{
    struct wsource_conf conf = {
        .max_pps = tap->source.max_pps,
        .max_bps = tap->source.max_bps,
        .snaplen = tap->source.snaplen,
    };
    struct capture *capture = NULL;
    enum tap_reason reason;
    char *detail = NULL;

    if (source->wsource || now < source->backoff.next) {
        if (!source->wsource) {
            engine_wake_at(engine, source->backoff.next);
        }
        return;
    }
    reason = open_capture(&tap->source, &capture, &detail);
    if (reason) {
        trouble_set(&source->trouble, reason, detail);
        backoff_failed(&source->backoff, now, may_retry(reason));
        engine_wake_at(engine, source->backoff.next);
        return;
    }
    trouble_clear(&source->trouble);
    backoff_init(&source->backoff);
    source->backoff.last = now;
    source->wsource = wsource_create(capture, &conf);
    worker_add_source(source->worker, source->wsource);
}

bool
esource_has_failed(struct engine_source *source, enum tap_reason *reason,
                   const char **detail)
{
    enum capture_error error = CAPTURE_OK;

    *reason = source->trouble.reason;
    *detail = source->trouble.detail;
    if (source->wsource) {
        error = wsource_get_error(source->wsource, detail);
        *reason = reason_from_error(error);
    }
    return *reason != TAP_R_OK;
}
