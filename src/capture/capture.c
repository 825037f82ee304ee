/* capture.c -- what live captures and files have in common: reading bursts.
 *
 * Called by a worker, or by `replay`.  Frames are gathered in the handler that
 * libpcap calls for each, and given to the caller's callback in bursts.
 *
 * Invariant: when a frame is given, its bytes are still there.  capture-live.c
 * and capture-file.c see to that, each in its way.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture.h"
#include "capture/capture-private.h"
#include "base/ovs.h"

bool
capture_link_is_known(int link)
{
    switch (link) {
    case DLT_EN10MB:
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
        return true;
    default:
        return false;
    }
}

char *
capture_link_to_text(int link)
{
    const char *name = pcap_datalink_val_to_name(link);

    return name ? xstrdup(name) : xasprintf("number %d", link);
}

const char *
capture_link_name(const struct capture *c)
{
    return pcap_datalink_val_to_name(c->link);
}

void
capture_close(struct capture *c)
{
    if (c) {
        pcap_close(c->pcap);
        capture_input_destroy(c->input);
        capture_plain_destroy(c->plain);
        free(c->arena);
        free(c->name);
        free(c);
    }
}

int
capture_fd(const struct capture *c)
{
    return c->live ? pcap_get_selectable_fd(c->pcap)
                   : fileno(pcap_file(c->pcap));
}

void
capture_get_stats(struct capture *c, struct capture_stats *stats)
{
    if (c->live) {
        capture_live_read_stats(c);
    }
    *stats = c->stats;
}

void
capture_flush_burst(struct capture *c)
{
    if (c->n_frames) {
        c->cb(c->frames, c->n_frames, c->aux);
        c->n_given += c->n_frames;
        c->n_frames = 0;
        c->burst_size = 0;
    }
}

enum capture_error
capture_run(struct capture *c, size_t max, size_t *n, capture_burst_cb *cb,
            void *aux, char **detail)
{
    enum capture_error error = CAPTURE_OK;

    c->cb = cb;
    c->aux = aux;
    c->n_given = 0;
    *detail = NULL;
    while (!c->ended && !error && c->n_given < max) {
        int want = MIN(max - c->n_given, CAPTURE_BURST);
        int rc = (c->live
                  ? pcap_dispatch(c->pcap, want, capture_live_frame,
                                  (u_char *) c)
                  : capture_file_read(c, want));

        /* What is left of a block that was not read to its end. */
        capture_flush_burst(c);
        if (rc <= 0) {
            error = c->live ? capture_live_check(c, rc, detail)
                            : capture_file_check(c, rc, detail);
            c->ended = error != CAPTURE_OK;
            break;
        }
    }
    *n = c->n_given;
    return error;
}
