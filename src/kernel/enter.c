/* enter.c -- run a function inside a network namespace.
 *
 * To enter one changes the calling thread only, so a thread is made that
 * enters, calls and ends; the caller's never leaves its namespace.  A socket
 * stays where it was made, so what the callback opens goes on working.  The
 * thread takes no signals: they are for the program's main loop.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "base/netns.h"

struct call {
    int ns_fd;                  /* Where to go, or -1 to stay. */
    topo_cookie cookie;         /* What must be there, or 0. */
    int (*cb)(void *aux);       /* What to do there. */
    void *aux;                  /* For 'cb'. */
    int error;                  /* What came out. */
};

static void *
call_main(void *call_)
{
    struct call *call = call_;

    call->error = netns_enter(call->ns_fd, call->cookie);
    if (!call->error) {
        call->error = call->cb(call->aux);
    }
    return NULL;
}

/* As kern_call_in_netns(), by a file descriptor of the namespace; -1 for the
 * caller's own. */
int
kern_call_in_fd(int ns_fd, topo_cookie cookie, int (*cb)(void *aux),
                void *aux)
{
    struct call call = { ns_fd, cookie, cb, aux, 0 };
    sigset_t all, old;
    pthread_t thread;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int error = pthread_create(&thread, NULL, call_main, &call);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (error) {
        return error;
    }
    pthread_join(thread, NULL);
    return call.error;
}

int
kern_call_in_netns(const char *netns_path, topo_cookie cookie,
                   int (*cb)(void *aux), void *aux)
{
    int fd = -1;
    if (netns_path) {
        fd = open(netns_path, O_RDONLY | O_CLOEXEC);
        if (fd < 0) {
            return errno;
        }
    }
    int error = kern_call_in_fd(fd, cookie, cb, aux);
    if (fd >= 0) {
        close(fd);
    }
    return error;
}
