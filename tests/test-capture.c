/* test-capture.c -- the capture room by hand, for tests/capture.at and
 * tests/system-engine.at.
 *
 *   test-capture filters          lines of filters => "ok" or the error
 *   test-capture threads N        compiles N filters while others allocate
 *   test-capture file FILE [FILTER]
 *   test-capture bursts FILE      the number of frames in each burst, and
 *                                 their bytes, hashed
 *   test-capture live IFNAME SECONDS MAX [FILTER [in|out]]
 *
 * "file" and "live" print a line a frame: direction, captured and real
 * length, what the kernel says of it (of a super-frame the protocol, the size
 * of segments and the offset), the first bytes in hex; all then print the kind
 * of the end.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "capture/capture-compiler.h"

static const char *const error_names[] = {
    [CAPTURE_OK] = "ok", [CAPTURE_NO_PERMISSION] = "no-permission",
    [CAPTURE_NO_DEVICE] = "no-device", [CAPTURE_DOWN] = "down",
    [CAPTURE_BAD_FILTER] = "bad-filter", [CAPTURE_BAD_LINK] = "bad-link",
    [CAPTURE_BAD_FILE] = "bad-file", [CAPTURE_EOF] = "eof",
    [CAPTURE_OTHER] = "other",
};
static const char *const directions[] = { "both", "in", "out" };

static void
check_filters(void)
{
    static char line[65536];

    while (fgets(line, sizeof line, stdin)) {
        char *error;

        line[strcspn(line, "\n")] = '\0';
        error = capture_check_filter(line);
        printf("%s => %s\n", line, error ? error : "ok");
        free(error);
    }
}

/* Keeps an allocator's locks busy. */
static void *
allocate(void *stop)
{
    while (!latch_is_set(stop)) {
        free(xmalloc(1 + random_range(65536)));
    }
    return NULL;
}

/* As the daemon does: the compiler is there before other threads are. */
static void
compile_beside_threads(int n)
{
    pthread_t threads[4];
    struct latch stop;

    latch_init(&stop);
    capture_compiler_start();
    for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
        threads[i] = ovs_thread_create("allocate", allocate, &stop);
    }
    for (int i = 1; i <= n; i++) {
        char *filter = xasprintf("port %d", i);
        char *error = capture_check_filter(filter);

        if (error) {
            printf("%s\n", error);
            free(error);
        }
        free(filter);
    }
    latch_set(&stop);
    for (size_t i = 0; i < ARRAY_SIZE(threads); i++) {
        xpthread_join(threads[i], NULL);
    }
    latch_destroy(&stop);
    printf("%d filters\n", n);
}

struct count {
    const struct capture *capture;
    int link_id;                /* Of the last burst. */
    const struct capture_filter *filter;        /* NULL: all. */
    bool live;                  /* Nanoseconds are not printed. */
    size_t n;                   /* Frames that it takes. */
};

/* The link type, where it changes. */
static void
print_link(struct count *count)
{
    if (count->link_id != capture_link_id(count->capture)) {
        count->link_id = capture_link_id(count->capture);
        printf("link %s\n", capture_link_name(count->capture));
    }
}

static void
print_frames(const struct capture_frame *f, size_t n, void *count_)
{
    struct count *count = count_;

    print_link(count);
    for (size_t i = 0; i < n; i++, f++) {
        if (count->filter && !capture_filter_match(count->filter, f)) {
            continue;
        }
        count->n++;
        printf("%llu.%06llu",
               (unsigned long long int) f->time_us / 1000000,
               (unsigned long long int) f->time_us % 1000000);
        if (f->time_ns && !count->live) {
            printf("%03u", f->time_ns);
        }
        printf(" %s %u/%u%s ", directions[f->direction], f->caplen, f->len,
               f->csum_partial ? " partial" : "");
        if (f->gso_size) {
            printf("gso=%u/%u/%u ", f->gso_protocol, f->gso_size, f->gso_ofs);
        }
        for (size_t j = 0; j < MIN(f->caplen, 20); j++) {
            printf("%02x", f->data[j]);
        }
        putchar('\n');
    }
    fflush(stdout);
}

static void
print_burst(const struct capture_frame *f, size_t n, void *count_)
{
    struct count *count = count_;
    uint32_t hash = 0;

    print_link(count);
    for (size_t i = 0; i < n; i++) {
        hash = hash_bytes(f[i].data, f[i].caplen, hash);
        hash = hash_add(hash, f[i].len ^ f[i].time_us ^ f[i].time_ns);
    }
    count->n += n;
    printf("%"PRIuSIZE" %08"PRIx32"\n", n, hash);
}

static int
report(enum capture_error error, char *detail, size_t n)
{
    printf("%s, %"PRIuSIZE" frames%s%s\n", error_names[error], n,
           detail ? ": " : "", detail ? detail : "");
    free(detail);
    return error == CAPTURE_OK || error == CAPTURE_EOF ? 0 : 1;
}

static int
read_file(const char *path, const char *filter, capture_burst_cb *print)
{
    struct capture_filter *compiled = NULL;
    struct count count = { .link_id = -1 };
    enum capture_error error;
    char *detail = NULL;
    struct capture *c;
    size_t n;

    error = capture_open_file(path, &c, &detail);
    if (!error && filter) {
        error = capture_filter_create(c, filter, &compiled, &detail);
    }
    count.capture = c;
    if (!error) {
        print_link(&count);
    }
    count.filter = compiled;
    while (!error) {
        error = capture_run(c, 100, &n, print, &count, &detail);
    }
    if (c && capture_n_foreign(c)) {
        printf("%"PRIu64" foreign\n", capture_n_foreign(c));
    }
    capture_filter_destroy(compiled);
    capture_close(c);
    return report(error, detail, count.n);
}

static int
read_live(const struct capture_conf *conf,
          const struct capture_view_conf *view_conf, int seconds, size_t max)
{
    struct count count = { .link_id = -1, .live = true };
    struct capture_view *view = NULL;
    long long int deadline;
    enum capture_error error;
    char *detail = NULL;
    struct capture *c;
    size_t n;
    bool is_exact;

    error = capture_open_live(conf, &c, &detail);
    if (error) {
        return report(error, detail, 0);
    }
    error = capture_view_create(c, view_conf, &view, &detail);
    if (!error) {
        error = capture_set_views(c, &view, 1, &is_exact, &detail);
    }
    if (error) {
        capture_view_destroy(view);
        capture_close(c);
        return report(error, detail, 0);
    }
    count.capture = c;
    print_link(&count);
    fflush(stdout);
    deadline = time_msec() + seconds * 1000LL;
    while (!error && count.n < max && time_msec() < deadline) {
        struct pollfd pfd = { .fd = capture_fd(c), .events = POLLIN };

        poll(&pfd, 1, 100);
        error = capture_run(c, max - count.n, &n, print_frames, &count,
                            &detail);
    }
    capture_view_destroy(view);
    capture_close(c);
    return report(error, detail, count.n);
}

int
main(int argc, char *argv[])
{
    set_program_name(argv[0]);
    if (argc == 2 && !strcmp(argv[1], "filters")) {
        check_filters();
        return 0;
    } else if (argc == 3 && !strcmp(argv[1], "threads")) {
        compile_beside_threads(atoi(argv[2]));
        return 0;
    } else if (argc >= 3 && !strcmp(argv[1], "file")) {
        return read_file(argv[2], argc > 3 ? argv[3] : NULL, print_frames);
    } else if (argc == 3 && !strcmp(argv[1], "bursts")) {
        return read_file(argv[2], NULL, print_burst);
    } else if (argc >= 5 && !strcmp(argv[1], "live")) {
        const char *direction = argc > 6 ? argv[6] : "both";
        struct capture_conf conf = { .ifname = argv[2] };
        struct capture_view_conf view = {
            .filter = argc > 5 ? argv[5] : NULL,
            .direction = (!strcmp(direction, "in") ? CAPTURE_IN
                          : !strcmp(direction, "out") ? CAPTURE_OUT
                          : CAPTURE_BOTH),
        };
        return read_live(&conf, &view, atoi(argv[3]), atoi(argv[4]));
    }
    ovs_fatal(0, "see the comment at the start of test-capture.c");
}
