/* collector-errors.c -- listens for what comes back from the path.
 *
 * Called by the worker on EPOLLERR or from time to time.  Reads the socket's
 * error queue, where the kernel puts the ICMP errors of what was sent, and
 * sorts them: those that mean that nobody receives, and those that any sniffer
 * without a GRE endpoint gives.  The messages are the network's: nothing in
 * them is trusted but the kernel's own summary.
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

static void
take_error(struct collector *c, const struct sock_extended_err *err,
           uint64_t now_us)
{
    bool gre = c->conf.proto == COLLECTOR_GRE;
    enum verdict verdict = IGNORE;

    if (err->ee_origin == SO_EE_ORIGIN_ICMP) {
        verdict = judge_icmp4(err, gre);
    } else if (err->ee_origin == SO_EE_ORIGIN_ICMP6) {
        verdict = judge_icmp6(err, gre);
    }

    switch (verdict) {
    case IGNORE:
        break;
    case NOTE:
        collector_add(c, CC_PROTO_UNREACHABLE, 1);
        break;
    case UNREACHABLE:
        collector_note_unreachable(c, err->ee_errno, now_us);
        break;
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
    struct msghdr msg = {
        .msg_control = control.bytes,
        .msg_controllen = sizeof control.bytes,
    };

    if (recvmsg(c->fd, &msg, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
        return false;
    }
    for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg); cmsg;
         cmsg = CMSG_NXTHDR(&msg, cmsg)) {
        if ((cmsg->cmsg_level == IPPROTO_IP && cmsg->cmsg_type == IP_RECVERR)
            || (cmsg->cmsg_level == IPPROTO_IPV6
                && cmsg->cmsg_type == IPV6_RECVERR)) {
            struct sock_extended_err err;

            memcpy(&err, CMSG_DATA(cmsg), sizeof err);
            take_error(c, &err, now_us);
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
