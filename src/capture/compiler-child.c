/* compiler-child.c -- what the compiler of filters does, and how it is asked.
 *
 * The compiler makes a child for each text, as nothing inside of libpcap can
 * be interrupted: the kernel bounds the child's processor time.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/compiler-child.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <pcap/pcap.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/ovs.h"
#include "capture/capture-provider.h"

enum {
    CONTROL_FD = STDERR_FILENO + 1,
    SMALL_RING = 64 * 1024,     /* Of a handle that reads nothing. */
    NO_PROTOCOL = 0,
};
#define LOOPBACK "lo"

/* ## Both sides: bytes on a stream socket. ## */

bool
compiler_send(int fd, const void *data, size_t n)
{
    for (const char *p = data; n; ) {
        ssize_t k = send(fd, p, n, MSG_NOSIGNAL);

        if (k < 0 && errno == EINTR) {
            continue;
        } else if (k <= 0) {
            return false;
        }
        p += k;
        n -= k;
    }
    return true;
}

int
compiler_read(int fd, void *data, size_t n)
{
    for (char *p = data; n; ) {
        struct pollfd pfd = { .fd = fd, .events = POLLIN };
        int ready = poll(&pfd, 1, COMPILER_PATIENCE_S * 1000);
        ssize_t k = ready > 0 ? read(fd, p, n) : ready;

        if (k < 0 && errno == EINTR) {
            continue;
        } else if (k < 0) {
            return errno;
        } else if (!k) {
            return ready ? EPIPE : ETIMEDOUT;
        }
        p += k;
        n -= k;
    }
    return 0;
}

/* ## A child: compiles one text. ## */

static void OVS_NO_RETURN
answer(int fd, enum compiler_verdict verdict, uint32_t n, const void *data,
       size_t size)
{
    struct compiler_answer a = { .verdict = verdict, .n = n };

    signal(SIGXCPU, SIG_IGN);
    _exit(!compiler_send(fd, &a, sizeof a) || !compiler_send(fd, data, size));
}

static void OVS_NO_RETURN
answer_text(int fd, enum compiler_verdict verdict, const char *text)
{
    answer(fd, verdict, strlen(text), text, strlen(text));
}

/* The answer's descriptor, for the signal's handler. */
static int child_fd;

static void
out_of_time(int sig OVS_UNUSED)
{
    answer(child_fd, COMPILER_TOO_LONG, 0, NULL, 0);
}

/* A handle of the loopback device; NULL, and a pcap_activate() error and its
 * text, if there can be none. */
static pcap_t *
open_loopback(int *rc, char text[static PCAP_ERRBUF_SIZE])
{
    pcap_t *pcap = pcap_create(LOOPBACK, text);

    *rc = PCAP_ERROR;
    if (!pcap) {
        return NULL;
    }
    pcap_set_snaplen(pcap, CAPTURE_SNAPLEN);
    pcap_set_buffer_size(pcap, SMALL_RING);
    pcap_set_protocol_linux(pcap, NO_PROTOCOL);
    *rc = pcap_activate(pcap);
    if (*rc >= 0) {
        return pcap;
    }
    const char *why = pcap_geterr(pcap);

    ovs_strlcpy(text, *why ? why : pcap_statustostr(*rc), PCAP_ERRBUF_SIZE);
    pcap_close(pcap);
    return NULL;
}

/* Moves the child to a namespace of its own whose loopback device is up, since
 * where we run nobody may have set it up. */
static bool
make_loopback(void)
{
    struct ifreq ifr = { .ifr_name = LOOPBACK, .ifr_flags = IFF_UP };

    return (!unshare(CLONE_NEWNET)
            && !ioctl(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
                      SIOCSIFFLAGS, &ifr));
}

/* A handle whose programs take VLAN tags from where the kernel has them: that
 * it does, libpcap believes of a live handle alone.  This one is bound to no
 * protocol, so no frame ever comes to it. */
static pcap_t *
open_ethernet(int fd)
{
    char text[PCAP_ERRBUF_SIZE];
    int rc;
    pcap_t *pcap = open_loopback(&rc, text);

    if (!pcap && rc == PCAP_ERROR_IFACE_NOT_UP && make_loopback()) {
        pcap = open_loopback(&rc, text);
    }
    if (!pcap) {
        answer_text(fd, COMPILER_CANNOT, text);
    }
    return pcap;
}

static char *
read_question(int fd, struct compiler_question *q)
{
    char *filter;

    if (compiler_read(fd, q, sizeof *q)) {
        _exit(1);
    }
    filter = xzalloc(q->len + 1);
    if (compiler_read(fd, filter, q->len)) {
        _exit(1);
    }
    return filter;
}

static void OVS_NO_RETURN
compile(int fd)
{
    const struct rlimit cpu = { COMPILER_LIMIT_S, COMPILER_LIMIT_S + 1 };
    struct bpf_program program;
    struct compiler_question q;
    char *filter;
    pcap_t *pcap;

    child_fd = fd;
    signal(SIGXCPU, out_of_time);
    setrlimit(RLIMIT_CPU, &cpu);
    alarm(2 * COMPILER_PATIENCE_S);     /* Who asks has gone. */
    filter = read_question(fd, &q);
    pcap = (q.live && q.link == DLT_EN10MB ? open_ethernet(fd)
            : pcap_open_dead(q.link, CAPTURE_SNAPLEN));
    if (pcap_compile(pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN)) {
        answer_text(fd, COMPILER_REFUSES, pcap_geterr(pcap));
    } else if (program.bf_len > BPF_MAXINSNS) {
        answer(fd, COMPILER_TOO_LARGE, program.bf_len, NULL, 0);
    }
    answer(fd, COMPILER_DONE, program.bf_len, program.bf_insns,
           program.bf_len * sizeof *program.bf_insns);
}

/* ## The compiler: makes a child for each descriptor that comes. ## */

/* The next question's descriptor; -1 if there will be none. */
static int
receive(void)
{
    union {
        struct cmsghdr align;
        char buffer[CMSG_SPACE(sizeof(int))];
    } control;
    char byte;
    struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
    struct msghdr msg = {
        .msg_iov = &iov, .msg_iovlen = 1,
        .msg_control = &control, .msg_controllen = sizeof control,
    };
    ssize_t n;
    int fd;

    do {
        n = recvmsg(CONTROL_FD, &msg, 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0 || !CMSG_FIRSTHDR(&msg)) {
        return -1;
    }
    memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof fd);
    return fd;
}

/* Keeps 'control' as CONTROL_FD and nothing else open: neither an end that
 * others wait to see closed, nor a file whose space is to be free. */
static void
keep_only(int control)
{
    int fd = fcntl(control, F_DUPFD, CONTROL_FD + 1);

    dup2(fd, CONTROL_FD);
    close_range(CONTROL_FD + 1, ~0u, 0);
    for (int i = STDIN_FILENO; i < CONTROL_FD; i++) {
        close(i);
        if (open("/dev/null", O_RDWR) != i) {
            _exit(1);
        }
    }
}

void
compiler_serve(int control)
{
    int fd;

    prctl(PR_SET_NAME, "ovspan-compiler");
    keep_only(control);
    /* A terminal's or a unit's signals are for who asks; its end is ours. */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGALRM, SIG_DFL);
    while ((fd = receive()) >= 0) {
        pid_t pid = fork();

        if (!pid) {
            close(CONTROL_FD);
            compile(fd);
        } else if (pid < 0) {
            const char *text = ovs_strerror(errno);
            struct compiler_answer a = { COMPILER_CANNOT, strlen(text), NULL };

            compiler_send(fd, &a, sizeof a);
            compiler_send(fd, text, a.n);
        }
        close(fd);
    }
    _exit(0);
}
