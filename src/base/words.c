/* words.c -- text that strangers wrote, on its way to a terminal, a log or a
 * shell.  See words.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/words.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* The character at 's' and its number of octets; -1 and 1 if there is none. */
static int32_t
next_char(const char *s, size_t *n)
{
    static const int32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    unsigned char c = *s;
    size_t length = (c < 0x80 ? 1 : c < 0xc0 ? 0 : c < 0xe0 ? 2
                     : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 0);
    int32_t value = length <= 1 ? c : c & (0x7f >> length);

    *n = 1;
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return -1;
        }
        value = value << 6 | (s[i] & 0x3f);
    }
    if (!length || value < least[length] || value > 0x10ffff
        || (value >= 0xd800 && value < 0xe000)) {
        return -1;
    }
    *n = length;
    return value;
}

static bool
is_clean(int32_t c)
{
    return !(c < 0x20 || (c >= 0x7f && c < 0xa0)
             || c == 0x061c || c == 0x200e || c == 0x200f
             || (c >= 0x2028 && c <= 0x202e)
             || (c >= 0x2066 && c <= 0x2069));
}

/* Appends the character at 's', clean.  Returns its number of octets. */
static size_t
put_char(struct ds *ds, const char *s)
{
    size_t n;

    if (is_clean(next_char(s, &n))) {
        ds_put_buffer(ds, s, n);
    } else {
        for (size_t i = 0; i < n; i++) {
            ds_put_format(ds, "\\x%02x", (unsigned char) s[i]);
        }
    }
    return n;
}

void
words_put(struct ds *ds, const char *s)
{
    while (*s) {
        s += put_char(ds, s);
    }
}

char *
words_clean(const char *s)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    words_put(&ds, s);
    return ds_steal_cstr(&ds);
}

char *
words_cut(const char *s, size_t max)
{
    static const char dots[] = "...";
    char *clean = words_clean(s);
    struct ds ds = DS_EMPTY_INITIALIZER;
    size_t fits = 0;

    if (strlen(clean) <= max) {
        return clean;
    }
    free(clean);
    while (ds.length <= max - strlen(dots)) {
        fits = ds.length;
        s += put_char(&ds, s);
    }
    ds_truncate(&ds, fits);
    ds_put_cstr(&ds, dots);
    return ds_steal_cstr(&ds);
}

void
words_clean_lines(struct ds *text)
{
    struct ds out = DS_EMPTY_INITIALIZER;

    for (const char *s = ds_cstr(text); *s; ) {
        if (*s == '\n') {
            ds_put_char(&out, *s++);
        } else {
            s += put_char(&out, s);
        }
    }
    ds_swap(text, &out);
    ds_destroy(&out);
}

void
words_clean_json(struct ds *text)
{
    struct ds out = DS_EMPTY_INITIALIZER;

    for (const char *s = ds_cstr(text); *s; ) {
        size_t n;
        int32_t c = next_char(s, &n);

        /* Of what is below there is only the white space between values, and
         * of what is no character, nothing. */
        if (c >= 0x7f && !is_clean(c)) {
            ds_put_format(&out, "\\u%04x", (unsigned int) c);
        } else {
            ds_put_buffer(&out, s, n);
        }
        s += n;
    }
    ds_swap(text, &out);
    ds_destroy(&out);
}

/* As sh(1) has it that knows $'...', which alone can be clean. */
static void
put_dollar_quoted(struct ds *ds, const char *s)
{
    ds_put_cstr(ds, "$'");
    while (*s) {
        if (*s == '\'' || *s == '\\') {
            ds_put_char(ds, '\\');
            ds_put_char(ds, *s++);
        } else {
            s += put_char(ds, s);
        }
    }
    ds_put_char(ds, '\'');
}

static void
put_quoted(struct ds *ds, const char *s)
{
    ds_put_char(ds, '\'');
    for (; *s; s++) {
        if (*s == '\'') {
            ds_put_cstr(ds, "'\\''");
        } else {
            ds_put_char(ds, *s);
        }
    }
    ds_put_char(ds, '\'');
}

void
words_put_shell(struct ds *ds, const char *s)
{
    static const char bare[] = "abcdefghijklmnopqrstuvwxyz"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_";
    char *clean = words_clean(s);

    if (s[0] && s[strspn(s, bare)] == '\0') {
        ds_put_cstr(ds, s);
    } else if (strcmp(clean, s)) {
        put_dollar_quoted(ds, s);
    } else if (!strpbrk(s, "\"$`\\!")) {
        ds_put_format(ds, "\"%s\"", s);
    } else {
        put_quoted(ds, s);
    }
    free(clean);
}

void
words_put_argument(struct ds *ds, const char *s)
{
    ds_put_char(ds, ' ');
    words_put_shell(ds, s);
}

char *
words_shell(const char *s)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    words_put_shell(&ds, s);
    return ds_steal_cstr(&ds);
}
