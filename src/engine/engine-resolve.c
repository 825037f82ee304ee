/* engine-resolve.c -- look up the name of a collector without blocking.
 *
 * getaddrinfo(3) blocks for as long as a name server does not answer, so each
 * look-up has a thread of its own.  It is seldom: once for each stream whose
 * collector is given by name, and again when that failed.
 *
 * Invariant: whichever of the two, the thread and the control thread, lets go
 * last frees the look-up; the thread does not touch 'reports' after the other
 * let go.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "engine/engine-stream.h"
#include <netdb.h>
#include <stdlib.h>

struct resolve {
    char *name;
    struct seq *reports;
    struct ovs_mutex mutex;     /* Protects the rest. */
    bool abandoned OVS_GUARDED; /* Nobody waits for it any more. */
    bool done OVS_GUARDED;
    int error OVS_GUARDED;      /* EAI_*. */
    struct in6_addr addr OVS_GUARDED;
};

static void
resolve_free(struct resolve *r)
{
    ovs_mutex_destroy(&r->mutex);
    free(r->name);
    free(r);
}

static void
take_address(const struct addrinfo *ai, struct in6_addr *addr)
{
    if (ai->ai_family == AF_INET6) {
        *addr = ((const struct sockaddr_in6 *) ai->ai_addr)->sin6_addr;
    } else {
        const struct sockaddr_in *sin = ALIGNED_CAST(struct sockaddr_in *,
                                                     ai->ai_addr);

        *addr = in6_addr_mapped_ipv4(sin->sin_addr.s_addr);
    }
}

static void *
resolve_main(void *r_)
{
    struct addrinfo hints = { .ai_socktype = SOCK_DGRAM,
                              .ai_flags = AI_ADDRCONFIG };
    struct addrinfo *ai = NULL;
    struct resolve *r = r_;
    bool abandoned;
    int error;

    ovsrcu_quiesce_start();
    error = getaddrinfo(r->name, NULL, &hints, &ai);
    ovs_mutex_lock(&r->mutex);
    r->done = true;
    r->error = error;
    if (!error) {
        take_address(ai, &r->addr);
    }
    abandoned = r->abandoned;
    if (!abandoned) {
        seq_change(r->reports);
    }
    ovs_mutex_unlock(&r->mutex);
    if (ai) {
        freeaddrinfo(ai);
    }
    if (abandoned) {
        resolve_free(r);
    }
    return NULL;
}

struct resolve *
resolve_start(const char *name, struct seq *reports)
{
    struct resolve *r = xzalloc(sizeof *r);
    pthread_t thread;

    r->name = xstrdup(name);
    r->reports = reports;
    ovs_mutex_init(&r->mutex);
    thread = ovs_thread_create("resolve", resolve_main, r);
    pthread_detach(thread);
    return r;
}

bool
resolve_is_done(struct resolve *r, struct in6_addr *addr, char **error)
{
    bool done;

    *error = NULL;
    ovs_mutex_lock(&r->mutex);
    done = r->done;
    *addr = r->addr;
    if (done && r->error) {
        *error = xasprintf("cannot resolve the collector's name \"%s\": %s",
                           r->name, gai_strerror(r->error));
    }
    ovs_mutex_unlock(&r->mutex);
    return done;
}

void
resolve_destroy(struct resolve *r)
{
    bool done;

    if (!r) {
        return;
    }
    ovs_mutex_lock(&r->mutex);
    done = r->done;
    r->abandoned = true;
    ovs_mutex_unlock(&r->mutex);
    if (done) {
        resolve_free(r);
    }
}
