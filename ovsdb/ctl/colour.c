/* colour.c -- states in colour, on a terminal.  See colour.h.
 *
 * Called with an output that has no control characters any more, so that those
 * of colours are ours alone.  A state stands at the start of its line, or with
 * a number before it in the line of a capture.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/colour.h"
#include <ctype.h>
#include <string.h>
#include "base/ovs.h"

static const struct {
    const char *state;
    const char *code;           /* Of SGR. */
} colours[] = {
    { "active", "32" },         /* Green. */
    { "failed", "31" },         /* Red. */
    { "pending", "33" },        /* Yellow. */
    { "unknown", "35" },        /* Magenta. */
    { "planned", "90" },        /* Grey. */
};

/* The colour of the word at 'p', of 'len', or NULL. */
static const char *
find_colour(const char *p, size_t *len)
{
    for (size_t i = 0; i < ARRAY_SIZE(colours); i++) {
        *len = strlen(colours[i].state);
        if (!strncmp(p, colours[i].state, *len)
            && !isalnum((unsigned char) p[*len])) {
            return colours[i].code;
        }
    }
    return NULL;
}

/* Whether a state may stand at 'p' of 'line'. */
static bool
is_place(const char *line, const char *p)
{
    if (p - line == 4 && !strncmp(line, "    ", 4)) {
        return true;
    }
    return (p - line > 2 && p[-1] == ' ' && isdigit((unsigned char) p[-2])
            && (!strncmp(line, "capture ", 8)
                || !strncmp(line, "    ", 4)));
}

void
ctl_colour_states(struct ds *output)
{
    struct ds out = DS_EMPTY_INITIALIZER;
    const char *line = ds_cstr(output);

    for (const char *p = line; *p; p++) {
        size_t len = 0;
        const char *code = is_place(line, p) ? find_colour(p, &len) : NULL;

        if (code) {
            ds_put_format(&out, "\033[%sm%.*s\033[0m", code, (int) len, p);
            p += len - 1;
        } else {
            ds_put_char(&out, *p);
        }
        line = *p == '\n' ? p + 1 : line;
    }
    ds_swap(output, &out);
    ds_destroy(&out);
}
