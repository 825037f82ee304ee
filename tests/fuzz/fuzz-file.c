/* fuzz-file.c -- reading capture files of any bytes.
 *
 * The bytes are a file, in memory.  Reading it ends, with an error that is a
 * text or at the end of the file; no frame has more bytes captured than it had
 * on the wire, and all of them are there.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "base/ovs.h"
#include "capture/capture.h"

struct count {
    const struct capture *capture;
    size_t n;                   /* Frames. */
};

static void
take_burst(const struct capture_frame *frames, size_t n, void *count_)
{
    struct count *count = count_;

    ovs_assert(n && n <= CAPTURE_BURST);
    ovs_assert(capture_link_name(count->capture));
    for (size_t i = 0; i < n; i++) {
        ovs_assert(frames[i].caplen <= frames[i].len);
        ovs_assert(frames[i].time_ns < 1000);
        ovs_assert(frames[i].direction <= CAPTURE_OUT);
        fuzz_touch(frames[i].data, frames[i].caplen);
    }
    count->n += n;
}

static void
read_file(struct capture *capture)
{
    struct count count = { .capture = capture };
    enum capture_error error;
    char *detail;
    size_t total = 0;

    do {
        size_t n;

        error = capture_run(capture, 1000, &n, take_burst, &count, &detail);
        total += n;
        ovs_assert(total == count.n);
        ovs_assert((error == CAPTURE_BAD_FILE) == (detail != NULL));
        free(detail);
    } while (!error);
    ovs_assert(error == CAPTURE_EOF || error == CAPTURE_BAD_FILE);
}

void
fuzz_file(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz-file", 0);
    struct capture *capture;
    char *detail = NULL;

    ovs_assert(fd >= 0 && write(fd, data, size) == size);
    char *path = xasprintf("/proc/self/fd/%d", fd);
    enum capture_error error = capture_open_file(path, &capture, &detail);
    ovs_assert(!error == !!capture && !error == !detail);
    if (capture) {
        read_file(capture);
        capture_close(capture);
    }
    free(detail);
    free(path);
    close(fd);
}
