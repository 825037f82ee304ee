/* want-columns.c -- the columns of a capture that are words or numbers.
 *
 * Called for what is typed (want_capture_set()) and for what a database says
 * (want_check_columns()); both refuse the same, in the same words, by the same
 * tables.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plan/want-columns.h"
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

/* A frame has at least a header, and no interface gives longer ones. */
enum { MIN_SNAPLEN = 14, MAX_SNAPLEN = 262144 };

enum option_kind {
    NUMBER,
    SIZE,                       /* Bytes, with K, M or G behind it. */
    LIST,                       /* Of numbers, with commas. */
    FLAG,                       /* "true" or "false". */
};

/* Options of a capture. */
static const struct option {
    const char *name;
    enum option_kind kind;
    uint64_t min;
    uint64_t max;
    const char *help;
} options[] = {
    { "decap", NUMBER, 0, 8, "tunnels" },
    { "max-bps", NUMBER, 1, INT64_MAX, "bits a second" },
    { "max-flows", NUMBER, 1, 1 << 24, "flows" },
    { "max-pps", NUMBER, 1, INT64_MAX, "packets a second" },
    { "max-taps", NUMBER, 1, 1 << 20, "taps" },
    { "mtu", NUMBER, 68, 65535, "bytes" },
    { "ring", SIZE, 512 << 10, 1 << 30, "bytes, as 64M" },
    { "rspan-anyway", FLAG, 0, 0, NULL },
    { "vlans", LIST, 0, 4095, "VLAN ids, as 10,20" },
};

/* Stores the number that 's' is as a whole; false if it is none. */
static bool
parse_number(const char *s, bool is_size, uint64_t *value)
{
    static const char suffixes[] = "KMG";
    const char *suffix;
    char *tail;

    if (!isdigit((unsigned char) s[0])) {
        return false;
    }
    errno = 0;
    *value = strtoull(s, &tail, 10);
    if (errno) {
        return false;
    }
    if (is_size && *tail && (suffix = strchr(suffixes, *tail))) {
        int shift = 10 * (suffix - suffixes + 1);

        if (*value > UINT64_MAX >> shift) {
            return false;
        }
        *value <<= shift;
        tail++;
    }
    return !*tail;
}

static char *
parse_range(const char *column, const char *s, uint64_t min, uint64_t max,
            uint64_t *value)
{
    return (parse_number(s, false, value) && *value >= min && *value <= max
            ? NULL
            : xasprintf("%s: expected a number from %"PRIu64" to %"PRIu64
                        ", not \"%s\"", column, min, max, s));
}

static const struct option *
find_option(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
        if (!strcmp(options[i].name, name)) {
            return &options[i];
        }
    }
    return NULL;
}

static bool
is_in_range(const struct option *o, const char *text)
{
    uint64_t value;

    return (parse_number(text, o->kind == SIZE, &value)
            && value >= o->min && value <= o->max);
}

/* Whether each member of the list 'text' is what 'o' takes; adds those that
 * are to 'members'. */
static bool
parse_list(const struct option *o, const char *text, struct simap *members)
{
    bool ok = true;

    for (const char *p = text; p; p = strchr(p, ',')) {
        p += p != text;     /* The comma. */

        char *word = xmemdup0(p, strcspn(p, ","));
        if (is_in_range(o, word)) {
            simap_put(members, word, 1);
        } else {
            ok = false;
        }
        free(word);
    }
    return ok;
}

static bool
is_option_value(const struct option *o, const char *text)
{
    struct simap members = SIMAP_INITIALIZER(&members);
    bool ok = (o->kind == FLAG
               ? !strcmp(text, "true") || !strcmp(text, "false")
               : o->kind == LIST ? parse_list(o, text, &members)
               : is_in_range(o, text));

    simap_destroy(&members);
    return ok;
}

/* Who bounds bits a second by less than the least frames have means a larger
 * unit. */
static char *
check_rate(const char *name, const char *text)
{
    enum { LEAST_BPS = 1000 };
    uint64_t value;

    if (strcmp(name, "max-bps") || !parse_number(text, false, &value)
        || value >= LEAST_BPS) {
        return NULL;
    }
    return xasprintf("options:%s: %s bits a second are less than any packet "
                     "has: expected at least %d, as %s000000 for %s Mbit/s",
                     name, text, LEAST_BPS, text, text);
}

static char *
check_option(const char *name, const char *text)
{
    const struct option *o = find_option(name);

    if (!o) {
        struct ds ds = DS_EMPTY_INITIALIZER;

        ds_put_format(&ds, "options: \"%s\" is not known; known are", name);
        for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
            ds_put_format(&ds, "%s %s", i ? "," : "", options[i].name);
        }
        return ds_steal_cstr(&ds);
    }
    if (!is_option_value(o, text) && o->kind == FLAG) {
        return xasprintf("options:%s: expected true or false, not \"%s\"",
                         name, text);
    } else if (!is_option_value(o, text)) {
        return xasprintf("options:%s: expected %s from %"PRIu64" to %"PRIu64
                         " (%s), not \"%s\"", name,
                         o->kind == LIST ? "numbers" : "a number",
                         o->min, o->max, o->help, text);
    }
    return check_rate(name, text);
}

uint64_t
want_option(const struct want_capture *c, const char *key)
{
    const struct option *o = find_option(key);
    const char *text = smap_get(&c->options, key);
    uint64_t value;

    return (o && text && parse_number(text, o->kind == SIZE, &value)
            ? value : 0);
}

bool
want_flag(const struct want_capture *c, const char *key)
{
    const char *text = smap_get(&c->options, key);

    return text && !strcmp(text, "true");
}

void
want_vlans(const struct want_capture *c, struct simap *vlans)
{
    const char *text = smap_get(&c->options, "vlans");

    if (text) {
        parse_list(find_option("vlans"), text, vlans);
    }
}

/* The index of 'word' in 'words'; -1 if it is not there. */
static int
find_word(const char *const words[], size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (!strcmp(words[i], word)) {
            return i;
        }
    }
    return -1;
}

static char *
parse_word(const char *column, const char *const words[], size_t n,
           const char *value, int *index)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    *index = find_word(words, n, value);
    if (*index >= 0) {
        return NULL;
    }
    ds_put_format(&ds, "%s: expected ", column);
    for (size_t i = 0; i < n; i++) {
        ds_put_format(&ds, "%s%s", !i ? "" : i + 1 < n ? ", " : " or ",
                      words[i]);
    }
    ds_put_format(&ds, ", not \"%s\"", value);
    return ds_steal_cstr(&ds);
}

static char *
set_filter(struct want_capture *c, const char *value)
{
    free(c->filter);
    c->filter = value[0] ? xstrdup(value) : NULL;
    return NULL;
}

static char *
check_snaplen(uint64_t snaplen)
{
    return (!snaplen || (snaplen >= MIN_SNAPLEN && snaplen <= MAX_SNAPLEN)
            ? NULL
            : xasprintf("snaplen: expected 0 (whole frames) or a number from "
                        "%d to %d, not %"PRIu64,
                        MIN_SNAPLEN, MAX_SNAPLEN, snaplen));
}

static char *
set_snaplen(struct want_capture *c, const char *text)
{
    uint64_t value;
    char *error = parse_range("snaplen", text, 0, MAX_SNAPLEN, &value);

    error = error ? error : check_snaplen(value);
    if (!error) {
        c->snaplen = value;
    }
    return error;
}

static char *
set_direction(struct want_capture *c, const char *text)
{
    static const char *const words[] = {
        [WANT_BOTH] = "both",
        [WANT_INGRESS] = "ingress",
        [WANT_EGRESS] = "egress",
    };
    int index;
    char *error = parse_word("direction", words, ARRAY_SIZE(words), text,
                             &index);
    if (!error) {
        c->direction = index;
    }
    return error;
}

static char *
set_sampling(struct want_capture *c, const char *text)
{
    uint64_t value;
    char *error = parse_range("sampling", text, 1, UINT32_MAX, &value);

    if (!error) {
        c->sampling = value;
    }
    return error;
}

static char *
set_backend(struct want_capture *c, const char *text)
{
    static const char *const words[] = {
        [WANT_AUTO] = "auto",
        [WANT_OVS] = "ovs",
        [WANT_PCAP] = "pcap",
    };
    int index;
    char *error = parse_word("backend", words, ARRAY_SIZE(words), text,
                             &index);
    if (!error) {
        c->backend = index;
    }
    return error;
}

static char *
set_enabled(struct want_capture *c, const char *text)
{
    static const char *const words[] = { "false", "true" };
    int index;
    char *error = parse_word("enabled", words, ARRAY_SIZE(words), text,
                             &index);
    if (!error) {
        c->enabled = index;
    }
    return error;
}

static char *
set_expires(struct want_capture *c, const char *text)
{
    uint64_t value;

    if (!parse_number(text, false, &value) || value > INT64_MAX) {
        return xasprintf("expires: expected a time in ms since the epoch, or "
                         "0 for never, not \"%s\"", text);
    }
    c->expires = value;
    return NULL;
}

static const struct column {
    const char *name;
    char *(*set)(struct want_capture *, const char *value);
} columns[] = {
    { "filter", set_filter },
    { "snaplen", set_snaplen },
    { "direction", set_direction },
    { "sampling", set_sampling },
    { "backend", set_backend },
    { "enabled", set_enabled },
    { "expires", set_expires },
};

static const char options_prefix[] = "options:";

const char *
want_column(size_t i)
{
    return i < ARRAY_SIZE(columns) ? columns[i].name : NULL;
}

bool
want_is_column(const char *word)
{
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        if (!strcmp(columns[i].name, word)) {
            return true;
        }
    }
    return !strcmp(word, "options");
}

char *
want_capture_set(struct want_capture *c, const char *column,
                 const char *value)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        if (!strcmp(columns[i].name, column)) {
            return columns[i].set(c, value);
        }
    }
    if (!strncmp(column, options_prefix, strlen(options_prefix))) {
        const char *key = column + strlen(options_prefix);
        char *error = check_option(key, value);

        if (!error) {
            smap_replace(&c->options, key, value);
        }
        return error;
    }

    ds_put_format(&ds, "\"%s\" is not a setting of a capture; known are",
                  column);
    for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
        ds_put_format(&ds, " %s,", columns[i].name);
    }
    ds_put_cstr(&ds, " options:KEY");
    return ds_steal_cstr(&ds);
}

char *
want_check_columns(const struct want_capture *c)
{
    char *error = check_snaplen(c->snaplen);
    const struct smap_node **sorted = smap_sort(&c->options);

    for (size_t i = 0; i < smap_count(&c->options) && !error; i++) {
        error = check_option(sorted[i]->key, sorted[i]->value);
    }
    free(sorted);
    return error;
}
