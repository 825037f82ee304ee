/* capture-compiler.h -- the process in which libpcap's compiler runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_COMPILER_H
#define OVSPAN_CAPTURE_CAPTURE_COMPILER_H 1

#include <stdint.h>
#include <stdbool.h>

enum {
    COMPILER_LIMIT_S = 2,       /* Of a text's processor time. */
    COMPILER_PATIENCE_S = 30,   /* Where it gets no processor. */
};

enum compiler_verdict {
    COMPILER_DONE,
    COMPILER_TOO_LARGE,         /* More than the kernel's BPF_MAXINSNS. */
    COMPILER_TOO_LONG,          /* COMPILER_LIMIT_S were not enough. */
    COMPILER_REFUSES,           /* The text is wrong. */
    COMPILER_CANNOT,            /* It could not be tried. */
};

struct compiler_answer {
    enum compiler_verdict verdict;
    uint32_t n;                 /* Instructions, or octets of 'data'. */
    /* Of COMPILER_DONE 'n' of struct bpf_insn; of COMPILER_REFUSES and
     * COMPILER_CANNOT a text, with a null.  Else NULL. */
    void *data;
};

/* Makes the process, if there is none yet.  To be called while the caller has
 * one thread: what other threads had locked would stay so in the process.
 * Ends by itself when the caller does. */
void capture_compiler_start(void);

/* Asks it to compile 'filter' for frames of link layer 'link', DLT_*, 'live'
 * for the kernel; starts it if it is not there.  'answer->data' is the
 * caller's.  A positive errno if there is no answer, which says nothing of
 * the filter; ETIMEDOUT after COMPILER_PATIENCE_S.  Blocks; any thread may
 * call it. */
int capture_compiler_ask(int link, bool live, const char *filter,
                         struct compiler_answer *answer);

#endif /* capture/capture-compiler.h */
