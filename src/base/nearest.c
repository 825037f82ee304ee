/* nearest.c -- what somebody may have meant.  See nearest.h.
 *
 * Called wherever a word is refused.  The distance is that of optimal string
 * alignment, without regard to case; lengths that differ too much are not
 * even looked at, so that ten thousand words cost little.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/nearest.h"
#include <ctype.h>
#include <string.h>
#include "base/ovs.h"

enum {
    MAX_LEN = 63,               /* Longer words are no slips of a finger. */
    MAX_COST = 3,
    MIN_PREFIX = 3,             /* Letters that begin a word. */
};

void
nearest_init(struct nearest *nearest, const char *typed)
{
    size_t third = strlen(typed) / 3;

    nearest->typed = typed;
    nearest->best = NULL;
    nearest->cost = MIN(MAX(third, 1), MAX_COST) + 1;
}

static bool
is_same(char a, char b)
{
    return tolower((unsigned char) a) == tolower((unsigned char) b);
}

/* How many letters have to change for 'a' to become 'b'. */
static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t rows[3][MAX_LEN + 1];
    size_t *before = rows[0], *last = rows[1], *row = rows[2];

    for (size_t j = 0; j <= b_len; j++) {
        last[j] = j;
    }
    for (size_t i = 1; i <= a_len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            bool same = is_same(a[i - 1], b[j - 1]);

            row[j] = MIN(last[j - 1] + !same, MIN(last[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && is_same(a[i - 1], b[j - 2])
                && is_same(a[i - 2], b[j - 1])) {
                row[j] = MIN(row[j], before[j - 2] + 1);
            }
        }
        size_t *tmp = before;

        before = last;
        last = row;
        row = tmp;
    }
    return last[b_len];
}

void
nearest_offer(struct nearest *nearest, const char *word)
{
    size_t a_len = strlen(nearest->typed);
    size_t b_len = strlen(word);
    size_t difference = a_len > b_len ? a_len - b_len : b_len - a_len;
    size_t cost = nearest->cost;

    if (a_len > MAX_LEN || b_len > MAX_LEN) {
        return;
    } else if (a_len >= MIN_PREFIX && a_len < b_len
               && !strncasecmp(nearest->typed, word, a_len)) {
        cost = 1;
    } else if (difference < nearest->cost) {
        cost = distance(nearest->typed, a_len, word, b_len);
    }
    /* Two letters of two are no likeness. */
    if (cost < nearest->cost && (cost < b_len || !cost)) {
        nearest->cost = cost;
        nearest->best = word;
    }
}

void
nearest_ask(const struct nearest *nearest, struct ds *text)
{
    if (nearest->best) {
        ds_put_format(text, ": is it %s?", nearest->best);
    }
}
