/* predicates.c -- the table of predicates, and what each means.
 *
 * Pure.  'fits' looks at one value that is no list; lists, negation and
 * missing keys are handled once, in query_pred_match().  Where Skydive is
 * plainly broken (its Outside() fits nothing) this does what the name says.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "query/predicates.h"
#include <arpa/inet.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "query/regex.h"

/* What a predicate makes of its arguments once, when it is parsed. */
struct query_compiled {
    bool has_regex;             /* 'regex' is to be freed. */
    regex_t regex;              /* Regex(). */
    int family;                 /* Ipv4Range(), Ipv6Range(). */
    uint8_t address[16];        /* In network order; 4 bytes for IPv4. */
    unsigned int prefix;        /* Its length in bits. */
};

static bool
fits_equal(const struct query_pred *pred, const struct topo_value *value)
{
    return topo_value_equal(&pred->args[0], value);
}

static bool
fits_any(const struct query_pred *pred, const struct topo_value *value)
{
    for (size_t i = 0; i < pred->n_args; i++) {
        if (topo_value_equal(&pred->args[i], value)) {
            return true;
        }
    }
    return false;
}

#define FITS_NUMBER(NAME, CONDITION)                                    \
    static bool                                                         \
    NAME(const struct query_pred *pred, const struct topo_value *value) \
    {                                                                   \
        int64_t v = value->type == TOPO_INTEGER ? value->integer : 0;   \
        int64_t a = pred->args[0].integer;                              \
        int64_t b = pred->n_args > 1 ? pred->args[1].integer : a;       \
                                                                        \
        (void) b;                                                       \
        return value->type == TOPO_INTEGER && (CONDITION);              \
    }
FITS_NUMBER(fits_lt, v < a)
FITS_NUMBER(fits_lte, v <= a)
FITS_NUMBER(fits_gt, v > a)
FITS_NUMBER(fits_gte, v >= a)
FITS_NUMBER(fits_inside, v > a && v < b)
FITS_NUMBER(fits_between, v >= a && v < b)
FITS_NUMBER(fits_outside, v < a || v > b)

static bool
fits_regex(const struct query_pred *pred, const struct topo_value *value)
{
    return (value->type == TOPO_STRING
            && !regexec(&pred->compiled->regex, value->string, 0, NULL, 0));
}

static char *
compile_regex(struct query_pred *pred)
{
    pred->compiled = xzalloc(sizeof *pred->compiled);

    char *why = query_regex_compile(pred->args[0].string,
                                    &pred->compiled->regex);
    if (why) {
        char *error = xasprintf("expected a regular expression: %s", why);
        free(why);
        return error;
    }
    pred->compiled->has_regex = true;
    return NULL;
}

/* Whether the first 'n' bits of 'a' and 'b' are the same. */
static bool
same_prefix(const uint8_t *a, const uint8_t *b, unsigned int n)
{
    unsigned int bytes = n / 8, bits = n % 8;

    return (!memcmp(a, b, bytes)
            && (!bits || !((a[bytes] ^ b[bytes]) >> (8 - bits))));
}

/* Addresses of links are told with their prefix length, "10.0.0.1/24". */
static bool
fits_range(const struct query_pred *pred, const struct topo_value *value)
{
    const struct query_compiled *range = pred->compiled;
    char text[INET6_ADDRSTRLEN];
    uint8_t address[16];

    if (value->type != TOPO_STRING) {
        return false;
    }
    size_t n = strcspn(value->string, "/");
    if (n >= sizeof text) {
        return false;
    }
    memcpy(text, value->string, n);
    text[n] = '\0';
    return (inet_pton(range->family, text, address) == 1
            && same_prefix(range->address, address, range->prefix));
}

static bool
parse_range(const char *text, struct query_compiled *range)
{
    unsigned int most = range->family == AF_INET ? 32 : 128;
    const char *slash = strchr(text, '/');
    char *address = xmemdup0(text, slash ? slash - text : strlen(text));
    bool ok = inet_pton(range->family, address, range->address) == 1;

    free(address);
    range->prefix = most;
    return ok && (!slash || (str_to_uint(slash + 1, 10, &range->prefix)
                             && range->prefix <= most));
}

static char *
compile_range(struct query_pred *pred, int family, const char *example)
{
    pred->compiled = xzalloc(sizeof *pred->compiled);
    pred->compiled->family = family;
    if (parse_range(pred->args[0].string, pred->compiled)) {
        return NULL;
    }
    return xasprintf("expected a range such as '%s'", example);
}

static char *
compile_ipv4_range(struct query_pred *pred)
{
    return compile_range(pred, AF_INET, "10.0.0.0/8");
}

static char *
compile_ipv6_range(struct query_pred *pred)
{
    return compile_range(pred, AF_INET6, "2001:db8::/32");
}

const struct query_pred_class query_pred_equal = {
    NULL, PRED_LITERAL, 1, false, false, fits_equal, NULL
};

static const struct query_pred_class classes[] = {
    /* Name, arguments and how many, negative, absent, fits, compile. */
    { "Ne", PRED_LITERAL, 1, true, false, fits_equal, NULL },
    { "Nee", PRED_LITERAL, 1, true, true, fits_equal, NULL },
    { "Lt", PRED_NUMBER, 1, false, false, fits_lt, NULL },
    { "Lte", PRED_NUMBER, 1, false, false, fits_lte, NULL },
    { "Gt", PRED_NUMBER, 1, false, false, fits_gt, NULL },
    { "Gte", PRED_NUMBER, 1, false, false, fits_gte, NULL },
    { "Inside", PRED_NUMBER, 2, false, false, fits_inside, NULL },
    { "Between", PRED_NUMBER, 2, false, false, fits_between, NULL },
    { "Outside", PRED_NUMBER, 2, false, false, fits_outside, NULL },
    { "Within", PRED_LITERAL, 0, false, false, fits_any, NULL },
    { "Without", PRED_LITERAL, 0, true, true, fits_any, NULL },
    { "Regex", PRED_STRING, 1, false, false, fits_regex, compile_regex },
    { "Ipv4Range", PRED_STRING, 1, false, false, fits_range,
      compile_ipv4_range },
    { "Ipv6Range", PRED_STRING, 1, false, false, fits_range,
      compile_ipv6_range },
};

const struct query_pred_class *
query_pred_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        if (!strcasecmp(classes[i].name, name)) {
            return &classes[i];
        }
    }
    return NULL;
}

void
query_pred_list(struct ds *ds)
{
    for (size_t i = 0; i < ARRAY_SIZE(classes); i++) {
        ds_put_format(ds, "%s%s", i ? ", " : "", classes[i].name);
    }
}

bool
query_pred_is_equality(const struct query_pred *pred)
{
    return (pred->class && !pred->class->negative
            && (pred->class->fits == fits_equal
                || pred->class->fits == fits_any));
}

void
query_pred_uninit(struct query_pred *pred)
{
    for (size_t i = 0; i < pred->n_args; i++) {
        topo_value_uninit(&pred->args[i]);
    }
    free(pred->args);
    if (pred->compiled) {
        if (pred->compiled->has_regex) {
            regfree(&pred->compiled->regex);
        }
        free(pred->compiled);
    }
}

static bool
any_fits(const struct query_pred *pred, const struct topo_value *value)
{
    if (value->type != TOPO_LIST) {
        return pred->class->fits(pred, value);
    }
    for (size_t i = 0; i < topo_list_n(value); i++) {
        if (any_fits(pred, topo_list_at(value, i))) {
            return true;
        }
    }
    return false;
}

bool
query_pred_match(const struct query_pred *pred,
                 const struct topo_value *value)
{
    if (!pred->class) {
        return value != NULL;
    } else if (!value) {
        return pred->class->absent;
    }
    return any_fits(pred, value) != pred->class->negative;
}
