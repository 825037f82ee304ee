/* capture-compiler.c -- asks the process in which libpcap's compiler runs.
 *
 * Who makes a process that is more than another program must have one thread:
 * in the child of several, a lock that one of them had held is never released,
 * be it an allocator's.  So the compiler is made before any thread, and makes
 * a child of its own for each text:
 *
 *   who asks --a descriptor--> the compiler --fork--> a child
 *    ^----------question and answer, on that descriptor---^
 *
 * It ends when nobody holds the other end of its socket.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-compiler.h"
#include <errno.h>
#include <linux/filter.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/ovs.h"
#include "capture/compiler-child.h"

static struct ovs_mutex mutex = OVS_MUTEX_INITIALIZER;
static pid_t compiler OVS_GUARDED_BY(mutex);    /* 0: none. */
static int control_fd OVS_GUARDED_BY(mutex);

static int
start(void)
    OVS_REQUIRES(mutex)
{
    int fds[2];

    if (compiler) {
        return 0;
    } else if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds)) {
        return errno;
    }
    compiler = fork();
    if (!compiler) {
        close(fds[0]);
        compiler_serve(fds[1]);
    }
    int error = compiler < 0 ? errno : 0;

    close(fds[1]);
    control_fd = fds[0];
    if (error) {
        compiler = 0;
        close(control_fd);
    }
    return error;
}

/* It was ended by somebody. */
static void
forget(void)
    OVS_REQUIRES(mutex)
{
    close(control_fd);
    while (waitpid(compiler, NULL, 0) < 0 && errno == EINTR) {
        continue;
    }
    compiler = 0;
}

void
capture_compiler_start(void)
{
    ovs_mutex_lock(&mutex);
    start();                    /* Who asks tries again. */
    ovs_mutex_unlock(&mutex);
}

/* Sends it 'fd'; 0 or a positive errno. */
static int
hand_over(int fd)
    OVS_REQUIRES(mutex)
{
    union {
        struct cmsghdr header;
        char buffer[CMSG_SPACE(sizeof(int))];
    } control = {
        .header = {
            .cmsg_level = SOL_SOCKET,
            .cmsg_type = SCM_RIGHTS,
            .cmsg_len = CMSG_LEN(sizeof fd),
        },
    };
    struct iovec iov = { .iov_base = "?", .iov_len = 1 };
    const struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control,
    };
    ssize_t n;

    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    do {
        n = sendmsg(control_fd, &msg, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? errno : 0;
}

/* A descriptor whose other end it has; or a negative errno. */
static int
connect_compiler(void)
{
    int fds[2], error;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds)) {
        return -errno;
    }
    ovs_mutex_lock(&mutex);
    error = start();
    if (!error && hand_over(fds[1])) {
        forget();
        error = start();
        error = error ? error : hand_over(fds[1]);
    }
    ovs_mutex_unlock(&mutex);
    close(fds[1]);
    if (error) {
        close(fds[0]);
        return -error;
    }
    return fds[0];
}

static int
take_answer(int fd, struct compiler_answer *a)
{
    int error = compiler_read(fd, a, sizeof *a);

    a->data = NULL;
    if (error) {
        return error;
    }
    bool is_text = (a->verdict == COMPILER_REFUSES
                    || a->verdict == COMPILER_CANNOT);
    if (is_text ? a->n < PCAP_ERRBUF_SIZE
        : a->verdict == COMPILER_DONE && a->n <= BPF_MAXINSNS) {
        size_t size = is_text ? a->n : a->n * sizeof(struct bpf_insn);

        a->data = xzalloc(size + 1);
        error = compiler_read(fd, a->data, size);
    } else if (is_text || a->verdict == COMPILER_DONE) {
        error = EPROTO;
    }
    if (error) {
        free(a->data);
        a->data = NULL;
    }
    return error;
}

int
capture_compiler_ask(int link, bool live, const char *filter,
                     struct compiler_answer *a)
{
    struct compiler_question q = {
        .link = link, .live = live, .len = strlen(filter),
    };
    int fd = connect_compiler(), error;

    if (fd < 0) {
        return -fd;
    }
    error = (!compiler_send(fd, &q, sizeof q)
             || !compiler_send(fd, filter, q.len)
             ? EPIPE : take_answer(fd, a));
    close(fd);
    return error;
}
