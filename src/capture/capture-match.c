/* capture-match.c -- a filter that is applied to frames behind a capture.
 *
 * For `replay`, which counts what a filter refuses, and for captures that
 * share a socket.  Compiled on a handle without a device: a program that was
 * compiled on a live one reads VLAN tags where only the kernel has them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include "base/ovs.h"

struct capture_filter {
    struct bpf_program program;
};

enum capture_error
capture_filter_create(const struct capture *c, const char *text,
                      struct capture_filter **filterp, char **detail)
{
    struct capture_filter *filter = xmalloc(sizeof *filter);
    enum capture_error error;

    *detail = NULL;
    error = capture_compile_frames(c->link, text, &filter->program, detail);
    if (error) {
        free(filter);
        filter = NULL;
    }
    *filterp = filter;
    return error;
}

void
capture_filter_destroy(struct capture_filter *filter)
{
    if (filter) {
        pcap_freecode(&filter->program);
        free(filter);
    }
}

bool
capture_filter_match(const struct capture_filter *filter,
                     const struct capture_frame *frame)
{
    return bpf_filter(filter->program.bf_insns, frame->data, frame->len,
                      frame->caplen);
}
