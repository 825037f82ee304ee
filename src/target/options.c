/* options.c -- checks the options of a target against its class.
 *
 * Called by target.c.  Values come from users and from the database: whatever
 * is wrong gives a sentence that names the option and what is expected.  What
 * is right is stored in its canonical spelling, so that equal targets have
 * equal text.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/options.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Decimal or 0x; a leading zero is no octal, blanks and '+' are refused. */
static bool
parse_integer(const char *s, int64_t *value)
{
    const char *digits = s + (*s == '-');
    bool hex = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
    const char *first = hex ? digits + 2 : digits;
    char *end;

    if (hex ? !isxdigit((unsigned char) *first)
            : !isdigit((unsigned char) *first)) {
        return false;
    }
    errno = 0;
    *value = strtoll(s, &end, hex ? 16 : 10);
    return !*end && !errno;
}

static char *
check_integer(const struct target_option *opt, const char *value,
              char **canonical)
{
    int64_t n;

    if (parse_integer(value, &n) && n >= opt->min && n <= opt->max) {
        *canonical = xasprintf("%"PRId64, n);
        return NULL;
    }
    return (opt->max == INT64_MAX
            ? xasprintf("an integer of at least %"PRId64, opt->min)
            : xasprintf("an integer from %"PRId64" to %"PRId64,
                        opt->min, opt->max));
}

/* IPv4, or IPv6 with or without brackets; canonical is with, as in addresses
 * of collectors, so that addr_parse() reads it. */
static char *
check_address(const char *value, char **canonical)
{
    size_t n = strlen(value);
    bool bracketed = n > 2 && value[0] == '[' && value[n - 1] == ']';
    char *host = bracketed ? xmemdup0(value + 1, n - 2) : xstrdup(value);
    struct in6_addr ip6;
    struct in_addr ip4;
    bool v6 = inet_pton(AF_INET6, host, &ip6) == 1;
    bool v4 = !bracketed && inet_pton(AF_INET, host, &ip4) == 1;

    free(host);
    if (v4) {
        in6_addr_set_mapped_ipv4(&ip6, ip4.s_addr);
    }
    if ((!v4 && !v6) || IN6_IS_ADDR_UNSPECIFIED(&ip6)
        || (IN6_IS_ADDR_V4MAPPED(&ip6) && !in6_addr_get_mapped_ipv4(&ip6))) {
        return xstrdup("an IPv4 address, or an IPv6 address in brackets");
    }

    struct ds ds = DS_EMPTY_INITIALIZER;
    ipv6_format_mapped(&ip6, &ds);
    *canonical = (IN6_IS_ADDR_V4MAPPED(&ip6) ? xstrdup(ds_cstr(&ds))
                  : xasprintf("[%s]", ds_cstr(&ds)));
    ds_destroy(&ds);
    return NULL;
}

/* True if the 'length' bytes at 'value' are one of 'choices'. */
static bool
is_choice(const char *choices, const char *value, size_t length)
{
    for (const char *p = choices; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");

        if (n == length && !strncmp(p, value, n)) {
            return true;
        }
        p += n;
    }
    return false;
}

static char *
check_enum(const struct target_option *opt, const char *value,
           char **canonical)
{
    if (is_choice(opt->choices, value, strlen(value))) {
        *canonical = xstrdup(value);
        return NULL;
    }
    return xasprintf("one of: %s", opt->choices);
}

static char *
check_name(const struct target_option *opt, const char *value,
           char **canonical)
{
    int64_t n = strlen(value);
    const char *p = value;

    while (isgraph((unsigned char) *p) && *p != '/' && *p != ':') {
        p++;
    }
    if (!*p && value[0] != '.' && n >= opt->min && n <= opt->max) {
        *canonical = xstrdup(value);
        return NULL;
    }
    return xasprintf("a name of %"PRId64" to %"PRId64" characters, without "
                     "slash, colon and blank", opt->min, opt->max);
}

bool
target_set_has(const char *value, const char *choice, size_t length)
{
    for (const char *p = value; *p; p += strspn(p, "+")) {
        size_t n = strcspn(p, "+");

        if (n == length && !strncmp(p, choice, n)) {
            return true;
        }
        p += n;
    }
    return false;
}

/* Canonical is the order of the choices, each of them once. */
static char *
check_set(const struct target_option *opt, const char *value,
          char **canonical)
{
    struct ds ds = DS_EMPTY_INITIALIZER;
    bool ok = *value;

    for (const char *p = value; ok; p++) {
        size_t n = strcspn(p, "+");

        ok = is_choice(opt->choices, p, n);
        p += n;
        if (!*p) {
            break;
        }
    }
    if (!ok) {
        return xasprintf("some of these, joined by \"+\": %s%s%s",
                         opt->choices, opt->note ? "; " : "",
                         opt->note ? opt->note : "");
    }
    for (const char *p = opt->choices; *p; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");

        if (target_set_has(value, p, n)) {
            ds_put_format(&ds, "%s%.*s", ds.length ? "+" : "", (int) n, p);
        }
        p += n;
    }
    *canonical = ds_steal_cstr(&ds);
    return NULL;
}

/* Returns NULL and stores the canonical spelling, which the caller frees, or
 * what is expected instead of 'value', which the caller frees. */
static char *
check_value(const struct target_option *opt, const char *value,
            char **canonical)
{
    switch (opt->type) {
    case TARGET_OPT_INTEGER:
        return check_integer(opt, value, canonical);
    case TARGET_OPT_BOOL:
        if (!strcmp(value, "true") || !strcmp(value, "false")) {
            *canonical = xstrdup(value);
            return NULL;
        }
        return xstrdup("true or false");
    case TARGET_OPT_ADDRESS:
        return check_address(value, canonical);
    case TARGET_OPT_ENUM:
        return check_enum(opt, value, canonical);
    case TARGET_OPT_NAME:
        return check_name(opt, value, canonical);
    case TARGET_OPT_SET:
        return check_set(opt, value, canonical);
    case TARGET_OPT_STRING:
        *canonical = xstrdup(value);
        return NULL;
    }
    OVS_NOT_REACHED();
}

const struct target_option *
target_option_find(const struct target_class *class, const char *name)
{
    for (const struct target_option *opt = class->options; opt->name; opt++) {
        if (!strcmp(opt->name, name)) {
            return opt;
        }
    }
    return NULL;
}

static char *
unknown_option(const struct target_class *class, const char *name)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_format(&ds, "%s has no option \"%s\"", class->name, name);
    for (const struct target_option *opt = class->options; opt->name; opt++) {
        ds_put_format(&ds, "%s%s", opt == class->options ? " (known: " : ", ",
                      opt->name);
    }
    ds_put_cstr(&ds, class->options->name ? ")" : " (it takes none)");
    return ds_steal_cstr(&ds);
}

static char *
check_option(const struct target_class *class, const struct smap_node *node,
             struct smap *checked)
{
    const struct target_option *opt = target_option_find(class, node->key);
    char *canonical = NULL;

    if (!opt) {
        return unknown_option(class, node->key);
    }
    char *expected = check_value(opt, node->value, &canonical);
    if (expected) {
        char *error = xasprintf("%s: %s=%s is wrong: expected %s",
                                class->name, node->key, node->value,
                                expected);
        free(expected);
        return error;
    }
    smap_add_nocopy(checked, xstrdup(node->key), canonical);
    return NULL;
}

char *
target_options_check(const struct target_class *class,
                     const struct smap *options, struct smap *checked)
{
    /* In order, so that of several mistakes the same one is always named. */
    const struct smap_node **nodes = smap_sort(options);
    size_t n = smap_count(options);
    char *error = NULL;

    for (size_t i = 0; i < n && !error; i++) {
        error = check_option(class, nodes[i], checked);
    }
    free(nodes);
    return error;
}
