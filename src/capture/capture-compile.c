/* capture-compile.c -- libpcap's compiler, in a process that may be ended.
 *
 * The time and memory that libpcap takes to compile grow with the cube of what
 * a filter compares, and no count of words tells it: minutes are possible, and
 * nothing inside of libpcap can be interrupted.  So each text is compiled by a
 * child, whose processor time the kernel bounds, and what came of it is
 * remembered for who asks next, success or failure: the control thread asks
 * for what was compiled by a thread of the pool.
 *
 * Called by any thread.  The child has a copy of the caller's handle, with
 * what the kernel offers the compiler; it closes all descriptors but its
 * pipe, and touches nothing that another thread may have locked.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-compile.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/ovs.h"

enum {
    LIMIT_S = 2,                /* Of the child's processor time. */
    PATIENCE_MS = 30 * 1000,    /* Where it gets no processor. */
    MAX_REMEMBERED = 64,
    MAX_SHOWN = 60,             /* Octets of a filter in a message. */
};

/* What the child writes: this, then 'n' instructions or octets of text. */
struct answer {
    uint32_t n;
    bool ok;
};

/* One text, compiled or not, for one kind of handle. */
struct compiled {
    struct ovs_list node;       /* In 'remembered', the newest first. */
    char *filter;
    int link;                   /* DLT_*. */
    bool live;
    bool pending;               /* Somebody is at it. */
    struct bpf_program program;
    char *detail;               /* Why not; NULL: it is compiled. */
};

static struct ovs_mutex mutex = OVS_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static struct ovs_list remembered OVS_GUARDED_BY(mutex)
    = OVS_LIST_INITIALIZER(&remembered);
static size_t n_remembered OVS_GUARDED_BY(mutex);

/* ## The child. ## */

static void
write_all(int fd, const void *data, size_t n)
{
    for (const char *p = data; n; ) {
        ssize_t k = write(fd, p, n);

        if (k <= 0) {
            _exit(1);
        }
        p += k;
        n -= k;
    }
}

static void OVS_NO_RETURN
compile_in_child(pcap_t *pcap, const char *filter, int fd)
{
    const struct rlimit cpu = { LIMIT_S, LIMIT_S };
    struct bpf_program program;
    struct answer answer;
    const char *text;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGXCPU, SIG_DFL);
    setrlimit(RLIMIT_CPU, &cpu);
    if (fd != STDIN_FILENO) {
        dup2(fd, STDIN_FILENO);
    }
    close_range(STDIN_FILENO + 1, ~0u, 0);
    answer.ok = !pcap_compile(pcap, &program, filter, 1,
                              PCAP_NETMASK_UNKNOWN);
    text = answer.ok ? NULL : pcap_geterr(pcap);
    answer.n = answer.ok ? program.bf_len : strlen(text);
    write_all(STDIN_FILENO, &answer, sizeof answer);
    if (answer.ok) {
        write_all(STDIN_FILENO, program.bf_insns,
                  program.bf_len * sizeof *program.bf_insns);
    } else {
        write_all(STDIN_FILENO, text, answer.n);
    }
    _exit(0);
}

/* ## Its parent. ## */

/* Reads 'n' bytes; false if they do not come. */
static bool
read_all(int fd, void *data, size_t n)
{
    for (char *p = data; n; ) {
        struct pollfd pfd = { .fd = fd, .events = POLLIN };
        int ready = poll(&pfd, 1, PATIENCE_MS);
        ssize_t k = ready > 0 ? read(fd, p, n) : ready;

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

char *
capture_filter_shown(const char *filter)
{
    return (strlen(filter) <= MAX_SHOWN ? xstrdup(filter)
            : xasprintf("%.*s...", MAX_SHOWN, filter));
}

/* Takes the answer of the child; false if there is none. */
static bool
take_answer(struct compiled *c, int fd)
{
    struct answer answer;
    char *text;

    if (!read_all(fd, &answer, sizeof answer)) {
        return false;
    } else if (answer.ok && answer.n > BPF_MAXINSNS) {
        text = capture_filter_shown(c->filter);
        c->detail = xasprintf("the filter \"%s\" becomes %"PRIu32
                              " instructions, and the kernel takes %d: make "
                              "it shorter, with \"net\" or \"portrange\" for "
                              "instance, or split the capture", text,
                              answer.n, BPF_MAXINSNS);
        free(text);
        return true;
    } else if (answer.ok) {
        c->program.bf_len = answer.n;
        c->program.bf_insns = xcalloc(answer.n, sizeof *c->program.bf_insns);
        return read_all(fd, c->program.bf_insns,
                        answer.n * sizeof *c->program.bf_insns);
    }
    char *why = xzalloc(answer.n + 1);
    bool got = read_all(fd, why, answer.n);

    text = capture_filter_shown(c->filter);
    c->detail = xasprintf("the filter \"%s\" does not compile: %s; see "
                          "pcap-filter(7)", text, why);
    free(text);
    free(why);
    return got;
}

/* Says why there is no answer.  Only a signal of the kernel's is about the
 * filter. */
static void
say_why_none(struct compiled *c, int status)
{
    char *text = capture_filter_shown(c->filter);

    free(c->detail);
    pcap_freecode(&c->program);
    c->detail = (WIFSIGNALED(status)
                 ? xasprintf("libpcap needs more than %d s to compile the "
                             "filter \"%s\": make it shorter, with \"net\" or "
                             "\"portrange\" for instance, or split the "
                             "capture", LIMIT_S, text)
                 : xasprintf("the filter \"%s\" was not compiled: its process "
                             "ended without an answer", text));
    free(text);
}

/* Compiles with a child: sets 'program' or 'detail'.  A positive errno if
 * there can be none just now. */
static int
compile(struct compiled *c, pcap_t *pcap)
{
    int fds[2], status = 0;
    pid_t pid;
    bool got;

    if (pipe2(fds, O_CLOEXEC)) {
        return errno;
    }
    pid = fork();
    if (!pid) {
        compile_in_child(pcap, c->filter, fds[1]);
    }
    int error = errno;
    close(fds[1]);
    if (pid < 0) {
        close(fds[0]);
        return error;
    }
    got = take_answer(c, fds[0]);
    close(fds[0]);
    if (!got) {
        kill(pid, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        continue;
    }
    if (!got) {
        say_why_none(c, status);
    }
    return 0;
}

/* ## What is remembered. ## */

static struct compiled *
find(const char *filter, int link, bool live)
    OVS_REQUIRES(mutex)
{
    struct compiled *c;

    LIST_FOR_EACH (c, node, &remembered) {
        if (c->link == link && c->live == live && !strcmp(c->filter, filter)) {
            return c;
        }
    }
    return NULL;
}

static void
forget(struct compiled *c)
    OVS_REQUIRES(mutex)
{
    ovs_list_remove(&c->node);
    n_remembered--;
    pcap_freecode(&c->program);
    free(c->detail);
    free(c->filter);
    free(c);
}

/* Forgets what was not asked for lately. */
static void
forget_oldest(void)
    OVS_REQUIRES(mutex)
{
    struct compiled *c;

    LIST_FOR_EACH_REVERSE_SAFE (c, node, &remembered) {
        if (n_remembered <= MAX_REMEMBERED) {
            break;
        } else if (!c->pending) {
            forget(c);
        }
    }
}

/* Makes what is to be remembered, and compiles it while others wait. */
static int
compile_new(struct compiled **cp, const char *filter, int link, bool live,
            pcap_t *pcap)
    OVS_REQUIRES(mutex)
{
    struct compiled *c = *cp = xzalloc(sizeof *c);
    int error;

    c->filter = xstrdup(filter);
    c->link = link;
    c->live = live;
    c->pending = true;
    ovs_list_push_front(&remembered, &c->node);
    n_remembered++;
    ovs_mutex_unlock(&mutex);
    error = compile(c, pcap);
    ovs_mutex_lock(&mutex);
    c->pending = false;
    if (error) {
        forget(c);              /* Whoever waits makes it anew. */
    }
    xpthread_cond_broadcast(&done);
    return error;
}

static enum capture_error
take(const struct compiled *c, struct bpf_program *program, char **detail)
{
    if (c->detail) {
        *detail = xstrdup(c->detail);
        return CAPTURE_BAD_FILTER;
    }
    program->bf_len = c->program.bf_len;
    program->bf_insns = xmemdup(c->program.bf_insns,
                                c->program.bf_len
                                * sizeof *c->program.bf_insns);
    return CAPTURE_OK;
}

enum capture_error
capture_compile_text(pcap_t *pcap, bool live, const char *filter,
                struct bpf_program *program, char **detail)
{
    int link = pcap_datalink(pcap);
    enum capture_error result;
    struct compiled *c;
    int error = 0;

    memset(program, 0, sizeof *program);
    ovs_mutex_lock(&mutex);
    while ((c = find(filter, link, live)) && c->pending) {
        ovs_mutex_cond_wait(&done, &mutex);
    }
    if (c) {
        ovs_list_remove(&c->node);
        ovs_list_push_front(&remembered, &c->node);
    } else {
        error = compile_new(&c, filter, link, live, pcap);
    }
    if (error) {
        *detail = xasprintf("no process could be made to compile a filter: "
                            "%s", ovs_strerror(error));
        result = CAPTURE_OTHER;
    } else {
        result = take(c, program, detail);
        forget_oldest();
    }
    ovs_mutex_unlock(&mutex);
    return result;
}
