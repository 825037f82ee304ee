/* target.c -- where to: from what a user typed to a checked target.
 *
 * Called by the command, by the database readers and by the planner.  The
 * table of types (table.c) says what is known; nothing here knows a protocol,
 * except the shapes of the names of ports, VLANs and files.
 *
 * Invariant: target_parse() of target_to_text() gives an equal target.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/target.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "target/options.h"

enum {
    MAX_VLAN = 4094,
    MAX_NAME = 128,             /* Leaves room for ".TAP.N.pcap". */
};

static char *
unknown_type(const char *type)
{
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_format(&ds, "\"%s\" is not a type of target (known: ", type);
    for (size_t i = 0; i < n_target_classes; i++) {
        ds_put_format(&ds, "%s%s", i ? ", " : "", target_classes[i]->name);
    }
    ds_put_char(&ds, ')');
    return ds_steal_cstr(&ds);
}

/* A VLAN id without leading zeros, signs or blanks. */
static bool
is_vlan(const char *s)
{
    size_t n = strspn(s, "0123456789");

    return n && n <= 4 && !s[n] && s[0] != '0' && atoi(s) <= MAX_VLAN;
}

static char *
check_name(const struct target_class *class, const char *name)
{
    if (!strcmp(class->name, "rspan") && !is_vlan(name)) {
        return xasprintf("rspan:%s: expected a VLAN id from 1 to %d",
                         name, MAX_VLAN);
    }
    if (!*name) {
        return xasprintf("%s: the name is missing", class->name);
    }
    if (strlen(name) > MAX_NAME) {
        return xasprintf("%s: the name is longer than %d characters",
                         class->name, MAX_NAME);
    }
    /* A leading dot would hide a file or be "..". */
    if (class->suffix && name[0] == '.') {
        return xasprintf("%s:%s: the name cannot start with a dot",
                         class->name, name);
    }
    for (const char *p = name; *p; p++) {
        if (*p == '/' || *p == ',' || !isgraph((unsigned char) *p)) {
            return xasprintf("%s:%s: the name cannot have a slash, a comma, "
                             "a blank or a control character",
                             class->name, name);
        }
    }
    return NULL;
}

/* Refuses addresses that no collector has; makes the text canonical. */
static char *
check_host(struct target *t, const char *address)
{
    char text[INET6_ADDRSTRLEN];
    struct addr *addr = &t->addr;
    const char *zone = addr_zone(addr);

    if (addr->is_name) {
        return NULL;
    }
    ovs_be32 ip4 = in6_addr_get_mapped_ipv4(&addr->ip);
    bool v4 = IN6_IS_ADDR_V4MAPPED(&addr->ip);
    if (IN6_IS_ADDR_UNSPECIFIED(&addr->ip) || (v4 && !ip4)
        || (v4 && ip4 == OVS_BE32_MAX)) {
        return xasprintf("%s: %s: not the address of a collector",
                         t->class->name, address);
    }
    inet_ntop(v4 ? AF_INET : AF_INET6,
              v4 ? (const void *) &ip4 : (const void *) &addr->ip,
              text, sizeof text);
    char *host = xasprintf("%s%s%s", text, zone ? "%" : "", zone ? zone : "");
    free(addr->host);
    addr->host = host;
    return NULL;
}

static char *
check_address(struct target *t, const char *address)
{
    const struct target_class *class = t->class;
    char *error;

    if (class->address == TARGET_NAME) {
        error = check_name(class, address);
        t->name = error ? NULL : xstrdup(address);
        return error;
    }

    error = addr_parse(address, class->address == TARGET_HOST_PORT,
                       class->default_port, &t->addr);
    if (error) {
        char *whole = xasprintf("%s: %s", class->name, error);
        free(error);
        return whole;
    }
    if (class->address == TARGET_HOST_PORT && !t->addr.port) {
        return xasprintf("%s: %s: the port is missing, and %s has no default: "
                         "%s:%s:PORT", class->name, address, class->name,
                         class->name, address);
    }
    return check_host(t, address);
}

/* 'source' must be of the collector's family, or nothing could be sent. */
static char *
check_source(const struct target *t)
{
    const char *source = smap_get(&t->options, "source");

    if (source && t->addr.host && !t->addr.is_name
        && !!strchr(source, ':') == IN6_IS_ADDR_V4MAPPED(&t->addr.ip)) {
        return xasprintf("%s: source=%s is wrong: expected an address of the "
                         "same family as %s",
                         t->class->name, source, t->addr.host);
    }
    return NULL;
}

static char *
create(const struct target_class *class, const char *address,
       const struct smap *options, struct target **target)
{
    struct target *t = xzalloc(sizeof *t);

    *target = NULL;
    t->class = class;
    smap_init(&t->options);
    char *error = check_address(t, address);
    if (!error) {
        error = target_options_check(class, options, &t->options);
    }
    if (!error) {
        error = check_source(t);
    }
    if (error) {
        target_destroy(t);
        return error;
    }
    *target = t;
    return NULL;
}

char *
target_create(const char *type, const char *address,
              const struct smap *options, struct target **target)
{
    const struct target_class *class = target_class_find(type);

    *target = NULL;
    return (class ? create(class, address, options, target)
            : unknown_type(type));
}

char *
target_create_terminal(const char *address, const struct smap *options,
                       struct target **target)
{
    return create(&target_terminal, address, options, target);
}

void
target_destroy(struct target *t)
{
    if (t) {
        addr_uninit(&t->addr);
        free(t->name);
        smap_destroy(&t->options);
        free(t);
    }
}

struct target *
target_clone(const struct target *t)
{
    struct target *copy = xmemdup(t, sizeof *t);

    copy->addr.host = nullable_xstrdup(t->addr.host);
    copy->name = nullable_xstrdup(t->name);
    smap_clone(&copy->options, &t->options);
    return copy;
}

char *
target_to_text(const struct target *t)
{
    struct ds ds = DS_EMPTY_INITIALIZER;
    const struct smap_node **nodes = smap_sort(&t->options);

    ds_put_format(&ds, "%s:", t->class->name);
    if (t->name) {
        ds_put_cstr(&ds, t->name);
    } else {
        addr_format(&t->addr, &ds);
    }
    for (size_t i = 0; i < smap_count(&t->options); i++) {
        ds_put_format(&ds, ",%s=%s", nodes[i]->key, nodes[i]->value);
    }
    free(nodes);
    return ds_steal_cstr(&ds);
}

const char *
target_get(const struct target *t, const char *option)
{
    const char *value = smap_get(&t->options, option);

    if (!value) {
        const struct target_option *opt = target_option_find(t->class, option);

        value = opt ? opt->def : NULL;
    }
    return value;
}

int64_t
target_get_int(const struct target *t, const char *option)
{
    const char *value = target_get(t, option);

    return value ? strtoll(value, NULL, 10) : 0;
}

bool
target_get_bool(const struct target *t, const char *option)
{
    const char *value = target_get(t, option);

    return value && !strcmp(value, "true");
}

bool
target_has(const struct target *t, const char *option)
{
    return smap_get(&t->options, option) != NULL;
}

bool
target_has_choice(const struct target *t, const char *option,
                  const char *choice)
{
    const char *value = target_get(t, option);

    return value && target_set_has(value, choice, strlen(choice));
}
