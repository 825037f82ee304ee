/* addr.c -- HOST[:PORT] as people type it.  See addr.h.
 *
 * Called for every target and by the command line; never resolves a name.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/addr.h"
#include <arpa/inet.h>
#include <ctype.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

enum { MAX_NAME = 253 };        /* Longest DNS name, RFC 1035. */

static char *
parse_port(const char *text, const char *s, uint16_t *port)
{
    unsigned long int value = 0;
    const char *p;

    for (p = s; isdigit((unsigned char) *p) && value <= UINT16_MAX; p++) {
        value = value * 10 + (*p - '0');
    }
    if (p == s || *p || value < 1 || value > UINT16_MAX) {
        return xasprintf("%s: the port must be a number from 1 to 65535, "
                         "not \"%s\"", text, s);
    }
    *port = value;
    return NULL;
}

/* Digits and dots alone are meant as an IPv4 address. */
static bool
looks_like_ipv4(const char *host)
{
    return host[strspn(host, "0123456789.")] == '\0';
}

static char *
check_name(const char *text, const char *host)
{
    size_t length = strlen(host);

    if (!length) {
        return xasprintf("\"%s\": the host is missing", text);
    }
    if (looks_like_ipv4(host)) {
        return xasprintf("%s: \"%s\" is not an IPv4 address", text, host);
    }
    if (length > MAX_NAME) {
        return xasprintf("%s: the host name is longer than %d characters",
                         text, MAX_NAME);
    }
    for (const char *p = host; *p; p++) {
        if (!isalnum((unsigned char) *p) && !strchr("-._", *p)) {
            return xasprintf("%s: a host name cannot have the character "
                             "'%c'; expected an IPv4 address, an IPv6 "
                             "address in brackets, or a name", text, *p);
        }
    }
    if (strchr("-.", host[0]) || strstr(host, "..")) {
        return xasprintf("%s: \"%s\" is not a host name", text, host);
    }
    return NULL;
}

bool
addr_is_link_local(const struct in6_addr *ip)
{
    return IN6_IS_ADDR_LINKLOCAL(ip) || IN6_IS_ADDR_MC_LINKLOCAL(ip);
}

const char *
addr_zone(const struct addr *addr)
{
    const char *percent = (addr->host && !addr->is_name
                           ? strchr(addr->host, '%') : NULL);

    return percent ? percent + 1 : NULL;
}

static char *
check_zone(const char *text, const struct addr *addr)
{
    const char *zone = addr_zone(addr);

    if (!addr_is_link_local(&addr->ip)) {
        return xasprintf("%s: only a link-local address has a zone", text);
    }
    for (const char *p = zone; *p; p++) {
        if (!isgraph((unsigned char) *p) || strchr("/:,%", *p)) {
            return xasprintf("%s: \"%s\" is not the name of an interface",
                             text, zone);
        }
    }
    return (*zone && strlen(zone) < IF_NAMESIZE ? NULL
            : xasprintf("%s: the zone is the name of an interface, of 1 to %d "
                        "characters", text, IF_NAMESIZE - 1));
}

static char *
parse_ipv6(const char *text, struct addr *addr)
{
    size_t n = strcspn(addr->host, "%");
    char *ip = xmemdup0(addr->host, n);
    bool ok = inet_pton(AF_INET6, ip, &addr->ip) == 1;

    free(ip);
    if (!ok) {
        return xasprintf("%s: \"%s\" is not an IPv6 address", text,
                         addr->host);
    }
    return addr->host[n] ? check_zone(text, addr) : NULL;
}

static char *
parse_host(const char *text, bool bracketed, struct addr *addr)
{
    struct in_addr ip4;

    if (bracketed) {
        return parse_ipv6(text, addr);
    }
    if (inet_pton(AF_INET, addr->host, &ip4) == 1) {
        in6_addr_set_mapped_ipv4(&addr->ip, ip4.s_addr);
        return NULL;
    }
    addr->is_name = true;
    return check_name(text, addr->host);
}

/* Splits 'text' into the host, which the caller frees, and what follows its
 * colon, or NULL. */
static char *
split(const char *text, char **host, bool *bracketed, const char **port)
{
    const char *colon = strchr(text, ':');

    *bracketed = text[0] == '[';
    if (*bracketed) {
        const char *close = strchr(text, ']');

        if (!close || (close[1] && close[1] != ':')) {
            return xasprintf("%s: expected an IPv6 address in brackets, "
                             "then nothing or a colon and a port", text);
        }
        *host = xmemdup0(text + 1, close - text - 1);
        *port = close[1] ? close + 2 : NULL;
        return NULL;
    }
    if (colon && strchr(colon + 1, ':')) {
        return xasprintf("%s: an IPv6 address goes in brackets, as in "
                         "[2001:db8::1]", text);
    }
    *host = colon ? xmemdup0(text, colon - text) : xstrdup(text);
    *port = colon ? colon + 1 : NULL;
    return NULL;
}

char *
addr_parse(const char *text, bool with_port, uint16_t default_port,
           struct addr *addr)
{
    bool bracketed;
    const char *port = NULL;
    char *error;

    memset(addr, 0, sizeof *addr);
    error = split(text, &addr->host, &bracketed, &port);
    if (!error) {
        error = parse_host(text, bracketed, addr);
    }
    if (!error) {
        addr->port = with_port ? default_port : 0;
        if (port && !with_port) {
            error = xasprintf("%s: an address without a port is expected "
                              "here", text);
        } else if (port) {
            error = parse_port(text, port, &addr->port);
        }
    }
    if (error) {
        addr_uninit(addr);
    }
    return error;
}

void
addr_uninit(struct addr *addr)
{
    free(addr->host);
    memset(addr, 0, sizeof *addr);
}

void
addr_format(const struct addr *addr, struct ds *ds)
{
    ds_put_format(ds, strchr(addr->host, ':') ? "[%s]" : "%s", addr->host);
    if (addr->port) {
        ds_put_format(ds, ":%"PRIu16, addr->port);
    }
}
