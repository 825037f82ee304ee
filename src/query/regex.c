/* regex.c -- compile a regular expression, and refuse what would hurt.
 *
 * The size of what regcomp() builds is estimated before it is called: a
 * repetition copies what it repeats, so sizes multiply where repetitions nest.
 * Without back references, which are refused, matching is linear in the text.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/regex.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

#define SIZE_LIMIT 1000         /* Of the compiled expression, in atoms. */
#define DEPTH_LIMIT 20          /* Of groups in groups. */

struct estimate {
    unsigned long group[DEPTH_LIMIT + 1]; /* Size of each open group. */
    size_t depth;               /* How many groups are open. */
};

/* Passes over "[...]".  Returns the character after it. */
static const char *
skip_set(const char *p)
{
    p++;
    if (*p == '^') {
        p++;
    }
    if (*p == ']') {
        p++;
    }
    while (*p && *p != ']') {
        if (*p == '[' && p[1] && strchr(".:=", p[1])) {
            const char mark = p[1];
            for (p += 2; *p && !(*p == mark && p[1] == ']'); p++) {
                continue;
            }
            p += *p ? 2 : 0;
        } else {
            p++;
        }
    }
    return *p ? p + 1 : p;
}

/* The number of copies that the repetition at '*pp' makes, or 0 when there is
 * none; moves '*pp' past it. */
static unsigned long
repetition(const char **pp)
{
    const char *p = *pp;

    if (*p == '+') {
        *pp = p + 1;
        return 2;
    } else if (*p == '*' || *p == '?') {
        *pp = p + 1;
        return 1;
    } else if (*p != '{') {
        return 0;
    }

    unsigned long most = 1, n = 0;
    for (p++; *p && *p != '}'; p++) {
        n = isdigit((unsigned char) *p) ? n * 10 + *p - '0' : 0;
        n = MIN(n, SIZE_LIMIT + 1);
        most = MAX(most, n);
    }
    *pp = *p ? p + 1 : p;
    return most + 1;
}

/* Checks the escape at 'p', a backslash. */
static char *
check_escape(const char *p)
{
    if (!p[1]) {
        return xstrdup("a backslash at its end");
    } else if (isdigit((unsigned char) p[1])) {
        return xstrdup("back references are not supported");
    } else if (isalpha((unsigned char) p[1]) && !strchr("wWsSbB", p[1])) {
        return xasprintf("'\\%c' is not known in a POSIX extended expression "
                         "(write a class, such as [0-9] or [[:alpha:]])",
                         p[1]);
    }
    return NULL;
}

/* Reads one atom at '*pp' with its repetition, into 'e'. */
static char *
check_atom(const char **pp, struct estimate *e)
{
    const char *p = *pp;
    unsigned long size = 1;

    if (*p == '(' && p[1] == '?') {
        return xstrdup("'(?' is not known in a POSIX extended expression "
                       "(write a plain group, '(...)')");
    } else if (*p == '(') {
        if (e->depth >= DEPTH_LIMIT) {
            return xasprintf("groups are nested deeper than %d", DEPTH_LIMIT);
        }
        e->group[++e->depth] = 0;
        *pp = p + 1;
        return NULL;
    } else if (*p == ')' && e->depth) {
        size = e->group[e->depth--] + 1;
        p++;
    } else if (*p == '\\') {
        char *error = check_escape(p);
        if (error) {
            return error;
        }
        p += 2;
    } else {
        p = *p == '[' ? skip_set(p) : p + 1;
    }

    unsigned long copies = repetition(&p);
    if (copies && repetition(&p)) {
        /* regcomp() takes exponential time for "b***...". */
        return xstrdup("a repetition of a repetition");
    }
    e->group[e->depth] += size * MAX(copies, 1);
    if (e->group[e->depth] > SIZE_LIMIT) {
        return xstrdup("it is too large, or repeats too much");
    }
    *pp = p;
    return NULL;
}

static char *
check(const char *text)
{
    struct estimate e = { .depth = 0 };
    char *error = NULL;

    for (const char *p = text; *p && !error; ) {
        error = check_atom(&p, &e);
    }
    return error;
}

static char *
compile(const char *text, int flags, regex_t *regex)
{
    char *error = check(text);

    if (error) {
        return error;
    }

    /* On its own first: "a)(b" is wrong but becomes right in a group. */
    int code = regcomp(regex, text, flags);
    if (!code) {
        char *anchored = xasprintf("^(%s)$", text);
        regfree(regex);
        code = regcomp(regex, anchored, flags);
        free(anchored);
    }
    if (code) {
        char why[128];
        regerror(code, regex, why, sizeof why);
        return xstrdup(why);
    }
    return NULL;
}

char *
query_regex_compile(const char *text, regex_t *regex)
{
    struct ds posix = DS_EMPTY_INITIALIZER;
    bool ignore_case;
    char *error = query_regex_from_re2(text, &posix, &ignore_case);

    if (!error) {
        error = compile(ds_cstr(&posix),
                        REG_EXTENDED | REG_NOSUB
                        | (ignore_case ? REG_ICASE : 0), regex);
    }
    ds_destroy(&posix);
    return error;
}
