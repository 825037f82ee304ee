/* collector-address.c -- where a socket is, and where it goes.
 *
 * Addresses and interfaces of a collector's configuration, as the kernel wants
 * them.  Called by the kinds of sockets.  What a socket is asked for is of the
 * namespace that it was made in, wherever the caller is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include "base/ovs.h"

static socklen_t
make_sockaddr(const struct in6_addr *ip, uint16_t port, int scope,
              struct sockaddr_storage *ss)
{
    memset(ss, 0, sizeof *ss);
    if (IN6_IS_ADDR_V4MAPPED(ip)) {
        struct sockaddr_in *sin = (struct sockaddr_in *) ss;

        sin->sin_family = AF_INET;
        sin->sin_port = htons(port);
        sin->sin_addr.s_addr = in6_addr_get_mapped_ipv4(ip);
        return sizeof *sin;
    }
    struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *) ss;

    sin6->sin6_family = AF_INET6;
    sin6->sin6_port = htons(port);
    sin6->sin6_addr = *ip;
    sin6->sin6_scope_id = addr_is_link_local(ip) ? scope : 0;
    return sizeof *sin6;
}

/* Of an interface in the socket's namespace, wherever the caller is; 0: there
 * is none. */
static int
ifindex_of(int fd, const char *name)
{
    struct ifreq req = { .ifr_ifindex = 0 };

    ovs_strlcpy(req.ifr_name, name, sizeof req.ifr_name);
    return ioctl(fd, SIOCGIFINDEX, &req) ? 0 : req.ifr_ifindex;
}

/* The name of what the socket is to be bound to, or "". */
static const char *
device_of(const struct collector_conf *conf)
{
    return conf->device[0] ? conf->device : conf->zone;
}

int
collector_find_device(int fd, const struct collector_conf *conf)
{
    const char *name = device_of(conf);

    return name[0] ? ifindex_of(fd, name) : 0;
}

int
collector_bind_device(int fd, const struct collector_conf *conf)
{
    const char *name = device_of(conf);

    return (name[0] && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
                                  strlen(name)) ? errno : 0);
}

/* The scope of a link-local address. */
static int
scope_of(int fd, const struct collector_conf *conf)
{
    return (addr_is_link_local(&conf->dst)
            ? ifindex_of(fd, conf->zone[0] ? conf->zone : conf->device) : 0);
}

int
collector_bind(int fd, const struct collector_conf *conf,
               const struct in6_addr *ip, uint16_t port)
{
    struct sockaddr_storage ss;
    socklen_t length = make_sockaddr(ip, port, scope_of(fd, conf), &ss);

    return bind(fd, (struct sockaddr *) &ss, length) ? errno : 0;
}

int
collector_connect(int fd, const struct collector_conf *conf)
{
    uint16_t port = conf->proto == COLLECTOR_GRE ? 0 : conf->dst_port;
    struct sockaddr_storage ss;
    socklen_t length = make_sockaddr(&conf->dst, port, scope_of(fd, conf),
                                     &ss);

    return connect(fd, (struct sockaddr *) &ss, length) ? errno : 0;
}

/* Asks the kernel which address and port it chose. */
int
collector_read_local(struct collector *c)
{
    struct sockaddr_storage ss;
    socklen_t length = sizeof ss;

    if (getsockname(c->fd, (struct sockaddr *) &ss, &length)) {
        return errno;
    }
    if (c->ipv6) {
        const struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *) &ss;

        c->src = sin6->sin6_addr;
        c->src_port = ntohs(sin6->sin6_port);
    } else {
        const struct sockaddr_in *sin = (struct sockaddr_in *) &ss;

        in6_addr_set_mapped_ipv4(&c->src, sin->sin_addr.s_addr);
        c->src_port = ntohs(sin->sin_port);
    }
    /* A raw socket's "port" is its protocol. */
    if (c->conf.proto == COLLECTOR_GRE) {
        c->src_port = 0;
    }
    return 0;
}
