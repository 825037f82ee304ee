/* compiler-child.h -- what the compiler of filters does, and how it is asked.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_COMPILER_CHILD_H
#define OVSPAN_CAPTURE_COMPILER_CHILD_H 1

#include "base/ovs.h"
#include "capture/capture-compiler.h"

/* What is sent to it on a stream socket of its own; the answer, a struct
 * compiler_answer and its data, comes back on it. */
struct compiler_question {
    int link;                   /* DLT_*. */
    bool live;
    size_t len;                 /* Of the text, which follows. */
};

/* Sends 'n' octets; false if nobody takes them. */
bool compiler_send(int fd, const void *data, size_t n);
/* Reads 'n'; 0, or a positive errno if they do not come. */
int compiler_read(int fd, void *data, size_t n);

/* Makes a child for each descriptor that comes on 'control', a SOCK_SEQPACKET
 * socket; the process ends when that is closed on the other side. */
OVS_NO_RETURN void compiler_serve(int control);

#endif /* capture/compiler-child.h */
