/* capture-view.c -- what each of those who share a live capture wants of it.
 *
 * Created by the control thread, read by the worker too.  A view is compiled
 * twice: for the kernel, which sees VLAN tags beside the frame, and for frames
 * as a capture gives them, which have them inside.
 *
 * The kernel's program is the disjunction of the views': one after the other,
 * where "no" of one means "ask the next".  It is made of programs, not of
 * texts, because "vlan" in a text changes the meaning of what follows it.  So
 * what nobody wants takes no room in the ring.  Where the kernel does not take
 * so long a program it lets in everything, and views judge.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include "base/ovs.h"

BUILD_ASSERT_DECL(sizeof(struct bpf_insn) == sizeof(struct sock_filter));

struct capture_view {
    struct bpf_program program; /* For the kernel; with the direction. */
    struct capture_filter *filter;      /* For frames; NULL: all. */
    enum capture_direction direction;
    bool any_direction;         /* Of a frame: each passes but once. */
    bool late;                  /* 'program' lets in more than 'filter'. */
    uint32_t snaplen;
};

/* The filter and the direction as one text.  A packet on the loopback device
 * is seen twice, sent and received; libpcap keeps the second, whatever the
 * direction, and so we let no other into the ring. */
static char *
filter_with_direction(const struct capture *c,
                      const struct capture_view_conf *conf)
{
    const char *direction = (c->loopback || conf->direction == CAPTURE_IN
                             ? "inbound"
                             : conf->direction == CAPTURE_OUT ? "outbound"
                             : "");

    if (!conf->filter || !*conf->filter || conf->late) {
        return xstrdup(direction);
    }
    return *direction ? xasprintf("%s and (%s)", direction, conf->filter)
                      : xstrdup(conf->filter);
}

enum capture_error
capture_view_create(struct capture *c, const struct capture_view_conf *conf,
                    struct capture_view **viewp, char **detail)
{
    struct capture_view *view = xzalloc(sizeof *view);
    enum capture_error error = CAPTURE_OK;

    *detail = NULL;
    *viewp = NULL;
    view->direction = conf->direction;
    view->late = conf->late && conf->filter && *conf->filter;
    view->any_direction = c->loopback || conf->direction == CAPTURE_BOTH;
    view->snaplen = (conf->snaplen ? MIN(conf->snaplen, CAPTURE_SNAPLEN)
                     : CAPTURE_SNAPLEN);
    /* Alone first: "a) or (b" must not become right inside of brackets. */
    if (conf->filter && *conf->filter) {
        error = capture_filter_create(c, conf->filter, &view->filter, detail);
    }
    if (!error) {
        char *text = filter_with_direction(c, conf);

        error = capture_compile_live(c->link, text, &view->program, detail);
        free(text);
    }
    if (error) {
        capture_view_destroy(view);
    } else {
        *viewp = view;
    }
    return error;
}

void
capture_view_destroy(struct capture_view *view)
{
    if (view) {
        pcap_freecode(&view->program);
        capture_filter_destroy(view->filter);
        free(view);
    }
}

bool
capture_view_match(const struct capture_view *view,
                   const struct capture_frame *frame)
{
    return ((view->any_direction || frame->direction == view->direction
             || frame->direction == CAPTURE_BOTH)
            && (!view->filter || capture_filter_match(view->filter, frame)));
}

bool
capture_view_takes_all(const struct capture_view *view)
{
    return view->any_direction && !view->filter;
}

enum capture_direction
capture_view_direction(const struct capture_view *view)
{
    return view->direction;
}

/* ## The kernel's program. ## */

/* What every frame passes. */
static struct bpf_insn
accept_all(uint32_t snaplen)
{
    return (struct bpf_insn) BPF_STMT(BPF_RET | BPF_K, snaplen);
}

/* Appends 'program' to 'insns', of which 'n' are in use.  Its "no" goes on
 * behind it unless it is the 'last'.  A program that is not the first
 * starts with both registers zero as well. */
static size_t
append(struct bpf_insn *insns, size_t n, const struct bpf_program *program,
       uint32_t snaplen, bool last)
{
    size_t end;

    if (n) {
        insns[n++] = (struct bpf_insn) BPF_STMT(BPF_LD | BPF_IMM, 0);
        insns[n++] = (struct bpf_insn) BPF_STMT(BPF_LDX | BPF_IMM, 0);
    }
    end = n + program->bf_len;
    for (size_t i = 0; i < program->bf_len; i++, n++) {
        insns[n] = program->bf_insns[i];
        if (insns[n].code != (BPF_RET | BPF_K)) {
            continue;
        } else if (insns[n].k) {
            insns[n].k = snaplen;
        } else if (!last) {
            insns[n] = (struct bpf_insn) BPF_STMT(BPF_JMP | BPF_JA,
                                                  end - n - 1);
        }
    }
    return n;
}

/* Makes the disjunction; false if it is too long for the kernel. */
static bool
join(struct capture_view *const views[], size_t n, uint32_t snaplen,
     struct bpf_program *joined)
{
    size_t len = 0;

    for (size_t i = 0; i < n; i++) {
        len += 2 + views[i]->program.bf_len;
    }
    joined->bf_insns = xcalloc(MAX(len, 1), sizeof *joined->bf_insns);
    joined->bf_len = 0;
    if (len > BPF_MAXINSNS) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        joined->bf_len = append(joined->bf_insns, joined->bf_len,
                                &views[i]->program, snaplen, i + 1 == n);
    }
    return true;
}

static bool
has_late(struct capture_view *const views[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (views[i]->late) {
            return true;
        }
    }
    return false;
}

static int
attach_joined(struct capture *c, struct capture_view *const views[], size_t n,
              bool *is_exact)
{
    struct bpf_program joined;
    uint32_t snaplen = 0;
    int error = EMSGSIZE;

    for (size_t i = 0; i < n; i++) {
        snaplen = MAX(snaplen, views[i]->snaplen);
    }
    *is_exact = join(views, n, snaplen, &joined);
    if (*is_exact) {
        error = c->class->attach(c, &joined);
    }
    /* ENOMEM: longer than net.core.optmem_max allows; EINVAL: it goes round,
     * as "protochain" does, which only we can run. */
    if (error == EMSGSIZE || error == ENOMEM || error == EINVAL) {
        *is_exact = false;
        joined.bf_insns[0] = accept_all(snaplen);
        joined.bf_len = 1;
        error = c->class->attach(c, &joined);
    }
    *is_exact = *is_exact && !has_late(views, n);
    free(joined.bf_insns);
    return error;
}

enum capture_error
capture_set_views(struct capture *c, struct capture_view *const views[],
                  size_t n, bool *is_exact, char **detail)
{
    enum capture_error error = CAPTURE_OK;

    *detail = NULL;
    *is_exact = true;
    if (!c->shareable) {
        /* Before any frame comes in, as none can be judged later. */
        ovs_assert(n == 1 && !c->is_started);
        error = c->class->set_only(c, &views[0]->program,
                                   views[0]->direction, detail);
    } else {
        int errnum = attach_joined(c, views, n, is_exact);

        if (errnum) {
            *detail = xasprintf("%s: the kernel refuses the filter: %s",
                                c->name, ovs_strerror(errnum));
            error = CAPTURE_OTHER;
        }
    }
    if (!error && !c->is_started) {
        error = c->class->start(c, detail);
        c->is_started = !error;
    }
    return error;
}
