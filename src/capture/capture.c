/* capture.c -- captures, whatever their kind: open, read in bursts, close.
 *
 * The top of this room: called by whoever captures (a worker, `replay`), and
 * the one file that knows which kinds there are.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture.h"
#include "capture/capture-private.h"
#include "base/ovs.h"

/* In the order in which they are asked; the last one does not pass. */
static const struct capture_class *const live_classes[] = {
    &capture_ring_class,
    &capture_live_class,
};
static const struct capture_class *const file_classes[] = {
    &capture_ng_class,
    &capture_plain_class,
    &capture_file_class,
};

enum capture_error
capture_open_live(const struct capture_conf *conf, struct capture **cp,
                  char **detail)
{
    enum capture_error error = CAPTURE_OK;
    char *remark = NULL;

    *cp = NULL;
    *detail = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(live_classes) && !error && !*cp; i++) {
        error = live_classes[i]->open_live(conf, cp, detail);
        if (!error && !*cp) {
            free(remark);
            remark = *detail;
            *detail = NULL;
        }
    }
    if (*cp) {
        (*cp)->remark = remark;
    } else {
        free(remark);
    }
    return error;
}

enum capture_error
capture_open_file(const char *path, struct capture **cp, char **detail)
{
    struct capture_input *input = capture_input_open(path, detail);
    enum capture_error error = input ? CAPTURE_OK : CAPTURE_BAD_FILE;

    *cp = NULL;
    for (size_t i = 0; i < ARRAY_SIZE(file_classes) && !error && !*cp; i++) {
        error = file_classes[i]->open_file(input, cp, detail);
    }
    if (*cp) {
        (*cp)->input = input;
    } else {
        capture_input_destroy(input);
    }
    return error;
}

struct capture *
capture_ref(const struct capture *c_)
{
    struct capture *c = CONST_CAST(struct capture *, c_);

    ovs_refcount_ref(&c->refs);
    return c;
}

void
capture_close(struct capture *c)
{
    if (c && ovs_refcount_unref(&c->refs) == 1) {
        struct capture_input *input = c->input;

        c->class->close(c);
        capture_input_destroy(input);
    }
}

const char *
capture_remark(const struct capture *c)
{
    return c->remark;
}

const char *
capture_link_name(const struct capture *c)
{
    return pcap_datalink_val_to_name(c->link);
}

int
capture_link_id(const struct capture *c)
{
    return c->link;
}

uint64_t
capture_n_foreign(const struct capture *c)
{
    return c->n_foreign;
}

bool
capture_says_direction(const struct capture *c)
{
    return c->says_direction;
}

bool
capture_is_shareable(const struct capture *c)
{
    return c->shareable;
}

uint64_t
capture_patience_us(const struct capture *c)
{
    return c->patience_us;
}

int
capture_fd(const struct capture *c)
{
    return c->class->fd(c);
}

void
capture_get_stats(struct capture *c, struct capture_stats *stats)
{
    *stats = (struct capture_stats) { 0 };
    if (c->class->get_stats) {
        c->class->get_stats(c, stats);
    }
}

enum capture_error
capture_run(struct capture *c, size_t max, size_t *n, capture_burst_cb *cb,
            void *aux, char **detail)
{
    struct capture_burst *burst = &c->burst;
    enum capture_error error = CAPTURE_OK;
    size_t n_read = 1;

    burst->cb = cb;
    burst->aux = aux;
    burst->n_given = 0;
    *detail = NULL;
    while (!c->ended && n_read && burst->n_given < max) {
        size_t want = MIN(max - burst->n_given, CAPTURE_BURST);

        error = c->class->read(c, burst, want, &n_read, detail);
        /* What is left of a block that was not read to its end. */
        capture_burst_flush(burst);
        c->ended = error != CAPTURE_OK;
    }
    *n = burst->n_given;
    return error;
}
