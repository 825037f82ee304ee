/* input.c -- how fuzz targets read their input.  See fuzz.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"

#define EPOCH_US INT64_C(1600000000000000)

/* ## Bytes. ## */

uint64_t
fuzz_get(struct fuzz_input *in, size_t n_bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        value <<= 8;
        if (in->n) {
            value |= *in->p++;
            in->n--;
        }
    }
    return value;
}

void
fuzz_read(struct fuzz_input *in, void *p, size_t n)
{
    for (uint8_t *byte = p; n--; byte++) {
        *byte = fuzz_get(in, 1);
    }
}

char *
fuzz_string(struct fuzz_input *in, size_t n)
{
    n = MIN(n, in->n);
    char *s = xmemdup0((const char *) in->p, n);
    in->p += n;
    in->n -= n;
    return s;
}

char *
fuzz_line(struct fuzz_input *in)
{
    const uint8_t *end = in->n ? memchr(in->p, '\n', in->n) : NULL;
    char *s = fuzz_string(in, end ? end - in->p : in->n);

    fuzz_get(in, 1);
    return s;
}

/* ## Frames. ## */

/* The link layer of a frame whose direction is none: one of those that are
 * seldom seen. */
static enum pkt_link
other_link(uint8_t flags)
{
    int i = (flags & FUZZ_LINK) + (flags & FUZZ_PARTIAL ? 4 : 0);

    return PKT_LINK_NULL + i % (PKT_LINK_IPNET - PKT_LINK_NULL + 1);
}

static void
read_frame(struct fuzz_input *in, struct pkt_frame *f, uint64_t *time_us)
{
    uint8_t flags = fuzz_get(in, 1);
    uint32_t extra = flags & FUZZ_SNAPPED ? fuzz_get(in, 4) : 0;
    int32_t ms = flags & FUZZ_TIME ? fuzz_get(in, 4) : 1;
    uint32_t claim = flags & FUZZ_CLAIM ? fuzz_get(in, 4) : 0;
    uint32_t size = fuzz_get(in, 2);

    size = MIN(size, in->n);
    *time_us += ms * INT64_C(1000);
    *f = (struct pkt_frame) {
        .data = (const uint8_t *) fuzz_string(in, size),
        .caplen = size,
        .len = (flags & FUZZ_CLAIM ? MAX(claim, size)
                : extra < UINT32_MAX - size ? size + extra : size),
        .time_us = *time_us,
        .link = flags & FUZZ_LINK,
        .direction = (flags & FUZZ_DIRECTION) >> 2,
        .csum_partial = flags & FUZZ_PARTIAL,
    };
    if (f->direction > PKT_EGRESS) {
        f->direction = PKT_DIR_UNKNOWN;
        f->link = other_link(flags);
    }
}

void
fuzz_frames_read(struct fuzz_input *in, struct fuzz_frames *ff)
{
    uint64_t time_us = EPOCH_US;

    for (ff->n = 0; in->n && ff->n < FUZZ_MAX_FRAMES; ff->n++) {
        read_frame(in, &ff->frames[ff->n], &time_us);
        pkt_parse(&ff->frames[ff->n], &ff->pkts[ff->n]);
    }
}

void
fuzz_frames_uninit(struct fuzz_frames *ff)
{
    for (size_t i = 0; i < ff->n; i++) {
        free(CONST_CAST(uint8_t *, ff->frames[i].data));
    }
}

void
fuzz_touch(const void *p, size_t n)
{
    static volatile uint8_t sink;

    for (size_t i = 0; i < n; i++) {
        sink += ((const uint8_t *) p)[i];
    }
}
