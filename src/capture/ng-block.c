/* ng-block.c -- read blocks of a pcapng file.
 *
 * Invariant: 'left' bounds what is read of a block, whatever it says of
 * itself.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/ng-block.h"
#include <stdarg.h>
#include <stdio_ext.h>
#include <string.h>
#include "base/ovs.h"

enum {
    MAGIC = 0x1a2b3c4d,
    AROUND = 12,                /* Type and length before, length behind. */
};

void
ng_blocks_init(struct ng_blocks *b, FILE *file)
{
    *b = (struct ng_blocks) { .file = file };
    /* One thread reads it, often and little. */
    __fsetlocking(file, FSETLOCKING_BYCALLER);
}

void
ng_blocks_uninit(struct ng_blocks *b)
{
    free(b->error);
}

enum ng_result
ng_fail(struct ng_blocks *b, const char *format, ...)
{
    va_list args;

    free(b->error);
    va_start(args, format);
    b->error = xvasprintf(format, args);
    va_end(args);
    return NG_BAD;
}

static enum ng_result
read_file(struct ng_blocks *b, void *p, size_t n)
{
    return fread(p, 1, n, b->file) == n ? NG_OK : NG_TORN;
}

enum ng_result
ng_read(struct ng_blocks *b, void *p, size_t n)
{
    if (n > b->left) {
        return ng_fail(b, "a block of type %#"PRIx32" with a length of "
                       "%"PRIu32" is too short for what it has to hold",
                       b->type, b->total);
    }
    b->left -= n;
    return read_file(b, p, n);
}

enum ng_result
ng_skip(struct ng_blocks *b, uint32_t n)
{
    enum ng_result result = NG_OK;
    uint8_t scratch[4096];

    while (n && !result) {
        size_t piece = MIN(n, sizeof scratch);

        result = ng_read(b, scratch, piece);
        n -= piece;
    }
    return result;
}

/* Behind the type of a section: its length cannot be read before its magic
 * number, which stands behind it. */
static enum ng_result
begin_section(struct ng_blocks *b, uint32_t total)
{
    uint32_t magic;
    enum ng_result result = read_file(b, &magic, sizeof magic);

    if (result) {
        return result;
    }
    b->swapped = magic != MAGIC;
    if (ng_u32(b, magic) != MAGIC) {
        return ng_fail(b, "a section has the byte order %#"PRIx32", which "
                       "is none", magic);
    }
    b->total = ng_u32(b, total);
    if (b->total < AROUND + sizeof magic) {
        return ng_fail(b, "a section has a length of %"PRIu32, b->total);
    }
    b->left = ROUND_UP(b->total - AROUND, 4) - sizeof magic;
    return NG_OK;
}

enum ng_result
ng_next(struct ng_blocks *b)
{
    uint32_t header[2];
    size_t n = fread(header, 1, sizeof header, b->file);

    if (n < sizeof header) {
        return n || ferror(b->file) ? NG_TORN : NG_END;
    }
    b->type = ng_u32(b, header[0]);
    if (b->type == NG_SECTION) {
        return begin_section(b, header[1]);
    }
    b->total = ng_u32(b, header[1]);
    if (b->total < AROUND) {
        return ng_fail(b, "a block of type %#"PRIx32" has a length of "
                       "%"PRIu32, b->type, b->total);
    }
    b->left = ROUND_UP(b->total - AROUND, 4);
    return NG_OK;
}

enum ng_result
ng_finish(struct ng_blocks *b)
{
    enum ng_result result = ng_skip(b, b->left);
    uint32_t total;

    result = result ? result : read_file(b, &total, sizeof total);
    if (!result && ng_u32(b, total) != b->total) {
        result = ng_fail(b, "a block of type %#"PRIx32" has a length of "
                         "%"PRIu32" at its front and of %"PRIu32" at its "
                         "end", b->type, b->total, ng_u32(b, total));
    }
    return result;
}

enum ng_result
ng_read_option(struct ng_blocks *b, struct ng_option *o)
{
    uint16_t header[2];
    enum ng_result result;

    *o = (struct ng_option) { .code = 0 };
    if (!b->left) {
        return NG_OK;
    }
    result = ng_read(b, header, sizeof header);
    if (result) {
        return result;
    }
    o->code = ng_u16(b, header[0]);
    o->len = ng_u16(b, header[1]);
    uint32_t kept = MIN(o->len, sizeof o->value);

    result = ng_read(b, o->value, kept);
    return result ? result : ng_skip(b, ROUND_UP(o->len, 4) - kept);
}
