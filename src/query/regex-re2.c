/* regex-re2.c -- from RE2's syntax, which is Skydive's, to POSIX's.
 *
 * Called by regex.c.  Of what RE2 has and POSIX has not, what is often written
 * is put into POSIX's words: \d, escapes and classes in brackets, groups
 * without a number, lazy repetitions (which match the same, since the whole
 * text has to), and (?i) at the beginning.  The rest is left as it is, for
 * regex.c to refuse.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/regex.h"
#include <ctype.h>
#include <string.h>
#include "base/ovs.h"

/* A set in brackets: in POSIX some characters have their place in it. */
struct set {
    struct ds members;          /* The rest. */
    bool negated;
    bool bracket;               /* "]" is in it, and stands first. */
    bool caret;                 /* "^" is in it, and does not stand first. */
    bool dash;                  /* "-" is in it, and stands last. */
};

/* Adds what the character after a backslash means. */
static char *
add_escape(struct set *set, char c)
{
    static const char from[] = "dwsntrfv";
    static const char *const to[] = {
        "0-9", "A-Za-z0-9_", "[:space:]", "\n", "\t", "\r", "\f", "\v",
    };
    const char *known = c ? strchr(from, c) : NULL;

    if (known) {
        ds_put_cstr(&set->members, to[known - from]);
    } else if (!ispunct((unsigned char) c)) {
        return xasprintf("'\\%c' is not known in brackets", c ? c : ' ');
    } else if (c == ']') {
        set->bracket = true;
    } else if (c == '^') {
        set->caret = true;
    } else if (c == '-') {
        set->dash = true;
    } else {
        ds_put_char(&set->members, c);
    }
    return NULL;
}

static void
put_set(const struct set *set, struct ds *out)
{
    if (set->caret && !set->negated && !set->bracket && !set->dash
        && !set->members.length) {
        ds_put_cstr(out, "\\^");        /* "[^]" is another thing. */
        return;
    }
    ds_put_cstr(out, set->negated ? "[^" : "[");
    ds_put_cstr(out, set->bracket ? "]" : "");
    /* Where "^" would be first, "-" may be, too. */
    ds_put_cstr(out, set->dash && !set->members.length ? "-" : "");
    ds_put_buffer(out, set->members.string, set->members.length);
    ds_put_cstr(out, set->caret ? "^" : "");
    ds_put_cstr(out, set->dash && set->members.length ? "-]" : "]");
}

/* Translates "[...]" at '*pp' and moves past it.  One without an end is left
 * to regcomp(). */
static char *
translate_set(const char **pp, struct ds *out)
{
    struct set set = { .members = DS_EMPTY_INITIALIZER };
    const char *p = *pp + 1;
    char *error = NULL;

    if (*p == '^') {
        set.negated = true;
        p++;
    }
    if (*p == ']') {
        set.bracket = true;
        p++;
    }
    while (*p && *p != ']' && !error) {
        if (*p == '\\') {
            bool class = p[1] && strchr("dws", p[1]);

            error = add_escape(&set, p[1]);
            p += p[1] ? 2 : 1;
            if (class && *p == '-' && p[1] != ']') {
                set.dash = true;        /* No range starts with a class. */
                p++;
            }
        } else if (*p == '[' && p[1] && strchr(".:=", p[1])) {
            const char end[] = { p[1], ']', '\0' };
            const char *after = strstr(p + 2, end);

            after = after ? after + 2 : p + strlen(p);
            ds_put_buffer(&set.members, p, after - p);
            p = after;
        } else {
            ds_put_char(&set.members, *p++);
        }
    }
    if (!error && *p) {
        put_set(&set, out);
        p++;
    } else if (!error) {
        ds_put_cstr(out, *pp);
    }
    *pp = p;
    ds_destroy(&set.members);
    return error;
}

/* Translates the atom or the repetition at '*pp' and moves past it. */
static char *
translate_atom(const char **pp, struct ds *out)
{
    const char *p = *pp;

    if (*p == '[') {
        return translate_set(pp, out);
    } else if (*p == '\\' && (p[1] == 'd' || p[1] == 'D')) {
        ds_put_cstr(out, p[1] == 'd' ? "[0-9]" : "[^0-9]");
        *pp = p + 2;
    } else if (*p == '\\' && p[1]) {
        ds_put_buffer(out, p, 2);
        *pp = p + 2;
    } else if (!strncmp(p, "(?:", 3)) {
        ds_put_char(out, '(');
        *pp = p + 3;
    } else {
        ds_put_char(out, *p);
        *pp = p + 1;
        if (strchr("*+?}", *p) && p[1] == '?') {
            *pp = p + 2;        /* Lazy. */
        }
    }
    return NULL;
}

char *
query_regex_from_re2(const char *text, struct ds *posix, bool *ignore_case)
{
    static const char flag[] = "(?i)";
    char *error = NULL;

    *ignore_case = !strncmp(text, flag, strlen(flag));
    text += *ignore_case ? strlen(flag) : 0;
    while (*text && !error) {
        error = translate_atom(&text, posix);
    }
    return error;
}
