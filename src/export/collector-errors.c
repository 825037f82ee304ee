/* collector-errors.c -- listens for what comes back from the path.
 *
 * Called by the worker on EPOLLERR or from time to time.  Reads the socket's
 * error queue, where the kernel puts the ICMP errors of what was sent, and
 * sorts them: those that mean that nobody receives, and those that any sniffer
 * without a GRE endpoint gives.  The messages are the network's: anybody can
 * send one to each of our ports.  So only those count that quote what we sent
 * lately: then who sends them has it, or is on the way.
 *
 * An answer that quotes nothing of the payload, as RFC 792 allows, tells
 * nothing of who sends it, and does not count.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "export/collector-private.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include "base/ovs.h"

enum { MAX_ERRORS = 256 };      /* Read in one run; the rest in the next. */

enum verdict {
    IGNORE,                     /* Says nothing of the collector. */
    NOTE,                       /* Nobody there takes this protocol. */
    UNREACHABLE,                /* Nobody receives. */
};

static enum verdict
judge_icmp4(const struct sock_extended_err *err, bool gre)
{
    switch (err->ee_type) {
    case ICMP_DEST_UNREACH:
        if (err->ee_code == ICMP_FRAG_NEEDED) {
            return IGNORE;
        }
        return gre && err->ee_code == ICMP_PROT_UNREACH ? NOTE : UNREACHABLE;
    case ICMP_TIME_EXCEEDED:
        return err->ee_code == ICMP_EXC_TTL ? UNREACHABLE : IGNORE;
    default:
        return IGNORE;
    }
}

/* A host that does not know GRE answers with "parameter problem, unknown next
 * header" (RFC 8200), some with "port unreachable". */
static enum verdict
judge_icmp6(const struct sock_extended_err *err, bool gre)
{
    switch (err->ee_type) {
    case ICMP6_DST_UNREACH:
        return (gre && err->ee_code == ICMP6_DST_UNREACH_NOPORT
                ? NOTE : UNREACHABLE);
    case ICMP6_TIME_EXCEEDED:
        return (err->ee_code == ICMP6_TIME_EXCEED_TRANSIT
                ? UNREACHABLE : IGNORE);
    case ICMP6_PARAM_PROB:
        return gre && err->ee_code == ICMP6_PARAMPROB_NEXTHEADER ? NOTE
               : IGNORE;
    default:
        return IGNORE;
    }
}

/* An error as it was read. */
struct error {
    struct sock_extended_err err;       /* The kernel's summary. */
    struct in6_addr by;         /* Who sends it. */
    uint8_t quote[CRECENT_MAX]; /* How the datagram began... */
    size_t length;              /* ...as far as that is told. */
};

static enum verdict
judge(const struct collector *c, const struct error *e)
{
    bool gre = c->conf.proto == COLLECTOR_GRE;

    if (!crecent_has(&c->recent, e->quote, e->length,
                     collector_coarse_ms())) {
        return IGNORE;
    }
    switch (e->err.ee_origin) {
    case SO_EE_ORIGIN_ICMP:
        return judge_icmp4(&e->err, gre);
    case SO_EE_ORIGIN_ICMP6:
        return judge_icmp6(&e->err, gre);
    default:
        return IGNORE;
    }
}

static void
take_error(struct collector *c, const struct error *e, uint64_t now_us)
{
    switch (judge(c, e)) {
    case IGNORE:
        break;
    case NOTE:
        collector_add(c, CC_PROTO_UNREACHABLE, 1);
        break;
    case UNREACHABLE:
        collector_note_unreachable(c, e->err.ee_errno, &e->by, now_us);
        break;
    }
}

/* The address behind the summary, SO_EE_OFFENDER(). */
static void
read_offender(const struct cmsghdr *cmsg, struct error *e)
{
    const uint8_t *data = CMSG_DATA(cmsg) + sizeof e->err;
    size_t length = cmsg->cmsg_len - CMSG_LEN(sizeof e->err);
    struct sockaddr_in6 sin6 = { .sin6_family = AF_UNSPEC };

    memcpy(&sin6, data, MIN(length, sizeof sin6));
    if (sin6.sin6_family == AF_INET6) {
        e->by = sin6.sin6_addr;
    } else if (sin6.sin6_family == AF_INET) {
        struct sockaddr_in sin;

        memcpy(&sin, &sin6, sizeof sin);
        in6_addr_set_mapped_ipv4(&e->by, sin.sin_addr.s_addr);
    }
}

/* Reads one error; false when there is none. */
static bool
read_error(struct collector *c, uint64_t now_us)
{
    union {
        struct cmsghdr align;   /* Aligns 'bytes'. */
        char bytes[512];        /* Room for the error and its sender. */
    } control;
    struct error e = { .length = 0 };
    struct iovec iov = { e.quote, sizeof e.quote };
    struct msghdr msg = {
        .msg_iov = &iov,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };
    ssize_t n = recvmsg(c->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);

    if (n < 0) {
        return false;
    }
    e.length = n;
    for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg;
         cmsg = CMSG_NXTHDR(&msg, cmsg)) {
        if (((cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_RECVERR)
             || (cmsg->cmsg_level == IPPROTO_IPV6
                 && cmsg->cmsg_type == IPV6_RECVERR))
            && cmsg->cmsg_len >= CMSG_LEN(sizeof e.err)) {
            memcpy(&e.err, CMSG_DATA(cmsg), sizeof e.err);
            read_offender(cmsg, &e);
            take_error(c, &e, now_us);
        }
    }
    return true;
}

/* The kernel keeps an error pending that found no room in the queue of errors;
 * as long as it does, the socket counts as ready. */
static void
clear_pending(const struct collector *c)
{
    socklen_t length = sizeof(int);
    int error;

    ignore(getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length));
}

void
collector_read_errors(struct collector *c, uint64_t now_us)
{
    for (int i = 0; i < MAX_ERRORS && read_error(c, now_us); i++) {
        continue;
    }
    clear_pending(c);
}
