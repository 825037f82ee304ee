/* ng-block.h -- the blocks of a pcapng file, one after the other.
 *
 * Below capture-ng.c.  A block is read from its front to its end, by as much
 * as is wanted of it; the rest is passed over.  Nothing is allocated for what
 * a block claims to have.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_NG_BLOCK_H
#define OVSPAN_CAPTURE_NG_BLOCK_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include "compiler.h"

enum {
    NG_SECTION = 0x0a0d0d0a,    /* The same in both byte orders. */
};

enum ng_result {
    NG_OK,
    NG_END,                     /* Of the file, behind a block. */
    NG_TORN,                    /* The file ends within a block. */
    NG_BAD,                     /* A block lies: see 'error'. */
};

struct ng_blocks {
    FILE *file;                 /* Lent. */
    bool swapped;               /* This section has the other byte order. */
    uint32_t type;              /* Of the block that is being read. */
    uint32_t total;             /* Its length, as it says. */
    uint32_t left;              /* Octets of its body still to be read. */
    char *error;                /* What lies, after NG_BAD. */
};

/* An option of a block; of a longer value there are the first octets. */
struct ng_option {
    uint16_t code;              /* 0: there are no more. */
    uint16_t len;               /* As the file says. */
    uint8_t value[8];
};

void ng_blocks_init(struct ng_blocks *, FILE *);
void ng_blocks_uninit(struct ng_blocks *);

/* Goes on to the next block, behind its header (of a section: behind its magic
 * number too, which says the byte order of all up to the next section). */
enum ng_result ng_next(struct ng_blocks *);
/* Passes over what is left of it, and checks its end. */
enum ng_result ng_finish(struct ng_blocks *);

/* The next 'n' octets; NG_BAD if the block has less. */
enum ng_result ng_read(struct ng_blocks *, void *, size_t n);
enum ng_result ng_skip(struct ng_blocks *, uint32_t n);
enum ng_result ng_read_option(struct ng_blocks *, struct ng_option *);

/* NG_BAD, with 'error' for a person. */
enum ng_result ng_fail(struct ng_blocks *, const char *format, ...)
    OVS_PRINTF_FORMAT(2, 3);

/* Numbers as the section has them. */
static inline uint16_t
ng_u16(const struct ng_blocks *b, uint16_t x)
{
    return b->swapped ? __builtin_bswap16(x) : x;
}

static inline uint32_t
ng_u32(const struct ng_blocks *b, uint32_t x)
{
    return b->swapped ? __builtin_bswap32(x) : x;
}

static inline uint64_t
ng_u64(const struct ng_blocks *b, uint64_t x)
{
    return b->swapped ? __builtin_bswap64(x) : x;
}

#endif /* capture/ng-block.h */
