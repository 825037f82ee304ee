/* fuzz.h -- what fuzz targets are made of.
 *
 * A target is a function that reads any bytes and ends in an assertion if the
 * code under test breaks a promise; memory errors are the sanitizers' to find.
 * fuzz.c lists the targets.  'make check' feeds them the corpus, from a plain
 * main(), and 'make fuzz' lets libFuzzer search for more.
 *
 * Invariant: a target keeps nothing from one call to the next, so that a file
 * reproduces what it once found.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_FUZZ_FUZZ_H
#define OVSPAN_TESTS_FUZZ_FUZZ_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "packet/packet.h"

struct fuzz_target {
    const char *name;           /* And its folder in tests/fuzz/corpus. */
    void (*run)(const uint8_t *data, size_t size);
};

/* NULL if there is none of that name. */
const struct fuzz_target *fuzz_find(const char *name);

/* The targets, one a file. */
void fuzz_export(const uint8_t *, size_t);      /* fuzz-export.c */
void fuzz_file(const uint8_t *, size_t);        /* fuzz-file.c */
void fuzz_filter(const uint8_t *, size_t);      /* fuzz-filter.c */
void fuzz_flow(const uint8_t *, size_t);        /* fuzz-flow.c */
void fuzz_json(const uint8_t *, size_t);        /* fuzz-json.c */
void fuzz_kernel(const uint8_t *, size_t);      /* fuzz-kernel.c */
void fuzz_ovs(const uint8_t *, size_t);         /* fuzz-ovs.c */
void fuzz_own(const uint8_t *, size_t);         /* fuzz-own.c */
void fuzz_packet(const uint8_t *, size_t);      /* fuzz-packet.c */
void fuzz_query(const uint8_t *, size_t);       /* fuzz-query.c */
void fuzz_record(const uint8_t *, size_t);      /* fuzz-record.c */
void fuzz_segments(const uint8_t *, size_t);    /* fuzz-segments.c */
void fuzz_target(const uint8_t *, size_t);      /* fuzz-target.c */

/* ## Reading bytes; what is not there any more is zeros. ## */

struct fuzz_input {
    const uint8_t *p;           /* The next byte. */
    size_t n;                   /* Bytes left. */
};

uint64_t fuzz_get(struct fuzz_input *, size_t n_bytes);
void fuzz_read(struct fuzz_input *, void *, size_t);
/* A copy of the next 'n' bytes or of what is left, as a string and in memory
 * of just that size. */
char *fuzz_string(struct fuzz_input *, size_t n);
/* The same, up to the next newline, which is passed over. */
char *fuzz_line(struct fuzz_input *);

/* ## Frames. ## */

/* Frames in memory of just their size, and parsed.  Each is a byte FUZZ_*, as
 * it says more bytes, two bytes of size, and the bytes themselves. */
enum {
    FUZZ_LINK = 3,              /* enum pkt_link. */
    FUZZ_DIRECTION = 3 << 2,    /* enum pkt_direction; 3: unknown, and a link
                                 * layer after the first four. */
    FUZZ_PARTIAL = 1 << 4,      /* 'csum_partial'. */
    FUZZ_SNAPPED = 1 << 5,      /* 4 bytes: how much longer on the wire. */
    FUZZ_TIME = 1 << 6,         /* 4 bytes: ms since the last one, signed. */
    FUZZ_CLAIM = 1 << 7,        /* 4 bytes: 'len' as it is. */

    FUZZ_MAX_FRAMES = 64,
};

struct fuzz_frames {
    size_t n;                   /* In use. */
    struct pkt_frame frames[FUZZ_MAX_FRAMES];
    struct pkt pkts[FUZZ_MAX_FRAMES];   /* Of 'frames'. */
};

void fuzz_frames_read(struct fuzz_input *, struct fuzz_frames *);
void fuzz_frames_uninit(struct fuzz_frames *);

/* ## Using bytes, so that the sanitizers see whether they are there. ## */

void fuzz_touch(const void *, size_t);

#endif /* tests/fuzz/fuzz.h */
