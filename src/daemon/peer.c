/* peer.c -- whether a daemon of Open vSwitch lives, and answers.  See peer.h.
 *
 *     pidfile --> connected --asked--> answered, asked again after 2 s
 *        ^            |           |
 *        |            |           +--> silent, until it does answer
 *        +-- closed --+-- closed: gone, unless there is a pidfile with another
 *                         process by then
 *
 * The question goes as bytes and any bytes are an answer: what it says does
 * not matter, and a peer that dies is no error to be logged by a library.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/peer.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs-daemon.h"
#include "base/ovs.h"

enum { LOOK_MS = 2000 };        /* Between two looks, or questions. */

static const char question[]
    = "{\"id\":0,\"method\":\"version\",\"params\":[]}";

struct peer {
    const char *dir;
    const char *name;
    pid_t pid;                  /* As its pidfile says; 0: none lives. */
    enum peer_state state;
    struct stream *stream;      /* To 'pid'; NULL: none. */
    long long int next_look;    /* time_msec(): at the pidfile. */
    long long int next_ask;     /* Likewise. */
    long long int asked_at;     /* LLONG_MAX: no question is open. */
    size_t n_sent;              /* Bytes of that question. */
};

struct peer *
peer_create(const char *dir, const char *name)
{
    struct peer *p = xzalloc(sizeof *p);

    p->dir = dir;
    p->name = name;
    p->asked_at = LLONG_MAX;
    return p;
}

void
peer_destroy(struct peer *p)
{
    if (p) {
        stream_close(p->stream);
        free(p);
    }
}

static pid_t
read_pidfile_of(const struct peer *p)
{
    char *path = xasprintf("%s/%s.pid", p->dir, p->name);
    FILE *stream = fopen(path, "r");
    int pid = 0;

    if (stream) {
        if (fscanf(stream, "%d", &pid) != 1 || pid <= 0) {
            pid = 0;
        }
        fclose(stream);
    }
    free(path);
    return pid;
}

static void
disconnect(struct peer *p)
{
    stream_close(p->stream);
    p->stream = NULL;
    p->asked_at = LLONG_MAX;
}

/* What was never seen may be elsewhere; what was seen is gone. */
static void
lose(struct peer *p)
{
    disconnect(p);
    p->pid = 0;
    if (p->state != PEER_UNKNOWN) {
        p->state = PEER_GONE;
    }
}

static void
connect_to(struct peer *p)
{
    char *name = xasprintf("unix:%s/%s.%ld.ctl", p->dir, p->name,
                           (long int) p->pid);
    int error = stream_open(name, &p->stream, DSCP_DEFAULT);

    free(name);
    if (!error || error == EAGAIN) {
        /* Who does not even take connections is asked, too. */
        p->asked_at = time_msec();
        p->n_sent = 0;
    } else {
        p->stream = NULL;
        if (error == ECONNREFUSED) {
            lose(p);            /* What a process leaves that was killed. */
        } else {
            p->state = PEER_UNKNOWN;
        }
    }
}

static void
look(struct peer *p)
{
    if (time_msec() < p->next_look) {
        return;
    }
    p->next_look = time_msec() + LOOK_MS;

    pid_t pid = read_pidfile_of(p);

    if (pid != p->pid) {
        lose(p);
        p->pid = pid;
    }
    if (pid && !p->stream) {
        connect_to(p);
    }
}

/* Returns 0, EAGAIN, or what ended the connection. */
static int
send_question(struct peer *p)
{
    size_t n = strlen(question) - p->n_sent;
    int retval = n ? stream_send(p->stream, question + p->n_sent, n) : 0;

    p->n_sent += MAX(retval, 0);
    return retval < 0 ? -retval : 0;
}

/* Reads all that there is.  Returns EAGAIN, or what ended the connection. */
static int
take_answer(struct peer *p)
{
    char buf[1024];
    int retval;

    while ((retval = stream_recv(p->stream, buf, sizeof buf)) > 0) {
        if (p->n_sent == strlen(question)) {
            p->state = PEER_ANSWERS;
            p->asked_at = LLONG_MAX;
            p->next_ask = time_msec() + LOOK_MS;
        }
    }
    return retval ? -retval : EOF;
}

static void
talk(struct peer *p)
{
    int error;

    if (p->asked_at == LLONG_MAX && time_msec() >= p->next_ask) {
        p->asked_at = time_msec();
        p->n_sent = 0;
    }
    error = p->asked_at != LLONG_MAX ? send_question(p) : 0;
    if (!error || error == EAGAIN) {
        error = take_answer(p);
    }
    if (error != EAGAIN) {
        lose(p);
        p->next_look = MIN(p->next_look, time_msec() + LOOK_MS / 10);
    }
}

void
peer_run(struct peer *p)
{
    look(p);
    if (p->stream) {
        talk(p);
    }
    if (p->asked_at != LLONG_MAX
        && time_msec() - p->asked_at >= PEER_SILENT_MS) {
        p->state = PEER_SILENT;
    }
}

void
peer_wait(const struct peer *p)
{
    poll_timer_wait_until(p->next_look);
    if (p->asked_at != LLONG_MAX && p->state != PEER_SILENT) {
        poll_timer_wait_until(p->asked_at + PEER_SILENT_MS);
    }
    if (p->stream) {
        stream_recv_wait(p->stream);
        if (p->asked_at == LLONG_MAX) {
            poll_timer_wait_until(p->next_ask);
        } else if (p->n_sent < strlen(question)) {
            stream_send_wait(p->stream);
        }
    }
}

enum peer_state
peer_get_state(const struct peer *p)
{
    return p->state;
}

bool
peer_is_found(const struct peer *p)
{
    return p->stream != NULL;
}

/* It may be a number of another namespace of processes. */
pid_t
peer_pid(const struct peer *p)
{
    return p->pid && !(kill(p->pid, 0) && errno == ESRCH) ? p->pid : 0;
}
