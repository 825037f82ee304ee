/* capture-compile.c -- compiled filters, and why others are not.
 *
 * The time and memory that libpcap takes to compile grow with the cube of what
 * a filter compares, and no count of words tells it: minutes are possible.  So
 * each text is compiled by another process (capture-compiler.c), and what came
 * of it is remembered for who asks next, success or failure: the control
 * thread asks for what was compiled by a thread of the pool.
 *
 * Called by any thread.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-compile.h"
#include <errno.h>
#include <inttypes.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "capture/capture-compiler.h"

enum {
    MAX_REMEMBERED = 64,
    MAX_SHOWN = 60,             /* Octets of a filter in a message. */
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

/* ## What comes of it. ## */

char *
capture_filter_shown(const char *filter)
{
    return (strlen(filter) <= MAX_SHOWN ? xstrdup(filter)
            : xasprintf("%.*s...", MAX_SHOWN, filter));
}

/* Why a text was not compiled. */
static char *
why_not(const char *filter, const struct compiler_answer *answer)
{
    static const char shorter[] = "make it shorter, with \"net\" or "
        "\"portrange\" for instance, or split the capture";
    char *text = capture_filter_shown(filter), *why;

    if (answer->verdict == COMPILER_TOO_LARGE) {
        why = xasprintf("the filter \"%s\" becomes %"PRIu32" instructions, "
                        "and the kernel takes %d: %s", text, answer->n,
                        BPF_MAXINSNS, shorter);
    } else if (answer->verdict == COMPILER_TOO_LONG) {
        why = xasprintf("libpcap needs more than %d s to compile the filter "
                        "\"%s\": %s", COMPILER_LIMIT_S, text, shorter);
    } else {
        why = xasprintf("the filter \"%s\" does not compile: %s; see "
                        "pcap-filter(7)", text, (char *) answer->data);
    }
    free(text);
    return why;
}

/* Sets 'program' or 'detail'; or returns false, and why it could not be tried
 * just now in '*why'. */
static bool
compile(struct compiled *c, char **why)
{
    struct compiler_answer answer;
    int error = capture_compiler_ask(c->link, c->live, c->filter, &answer);

    if (error == ETIMEDOUT) {
        *why = xasprintf("the process that compiles filters did not answer "
                         "within %d s", COMPILER_PATIENCE_S);
        return false;
    } else if (error) {
        *why = xasprintf("the process that compiles filters did not answer: "
                         "%s", ovs_strerror(error));
        return false;
    } else if (answer.verdict == COMPILER_CANNOT) {
        *why = xasprintf("a filter could not be compiled: %s",
                         (char *) answer.data);
        free(answer.data);
        return false;
    } else if (answer.verdict == COMPILER_DONE) {
        c->program.bf_len = answer.n;
        c->program.bf_insns = answer.data;
    } else {
        c->detail = why_not(c->filter, &answer);
        free(answer.data);
    }
    return true;
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

/* Makes what is to be remembered, and compiles it while others wait; NULL,
 * and why in '*why', if that could not be tried. */
static struct compiled *
compile_new(const char *filter, int link, bool live, char **why)
    OVS_REQUIRES(mutex)
{
    struct compiled *c = xzalloc(sizeof *c);
    bool tried;

    c->filter = xstrdup(filter);
    c->link = link;
    c->live = live;
    c->pending = true;
    ovs_list_push_front(&remembered, &c->node);
    n_remembered++;
    ovs_mutex_unlock(&mutex);
    tried = compile(c, why);
    ovs_mutex_lock(&mutex);
    c->pending = false;
    if (!tried) {
        forget(c);              /* Whoever waits makes it anew. */
        c = NULL;
    }
    xpthread_cond_broadcast(&done);
    return c;
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
capture_compile_text(int link, bool live, const char *filter,
                     struct bpf_program *program, char **detail)
{
    enum capture_error result = CAPTURE_OTHER;
    struct compiled *c;

    memset(program, 0, sizeof *program);
    ovs_mutex_lock(&mutex);
    while ((c = find(filter, link, live)) && c->pending) {
        ovs_mutex_cond_wait(&done, &mutex);
    }
    if (c) {
        ovs_list_remove(&c->node);
        ovs_list_push_front(&remembered, &c->node);
    } else {
        c = compile_new(filter, link, live, detail);
    }
    if (c) {
        result = take(c, program, detail);
        forget_oldest();
    }
    ovs_mutex_unlock(&mutex);
    return result;
}
