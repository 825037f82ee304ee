/* capture-compile.h -- compiled filters, and why others are not.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_COMPILE_H
#define OVSPAN_CAPTURE_CAPTURE_COMPILE_H 1

#include <pcap/pcap.h>
#include "capture/capture.h"

/* Compiles 'filter' for frames of link layer 'link', DLT_*, within two seconds
 * of processor time, or takes what came of it last time.  'live' tells
 * programs that only the kernel runs, which has VLAN tags beside the frame,
 * from others.  On CAPTURE_OK '*program' is the caller's, for
 * pcap_freecode(); else '*detail' is a sentence: CAPTURE_BAD_FILTER says what
 * is wrong with the filter, CAPTURE_OTHER why it could not be tried.  Blocks;
 * any thread may call it. */
enum capture_error capture_compile_text(int link, bool live,
                                        const char *filter,
                                        struct bpf_program *program,
                                        char **detail);

/* The filter as a message has it: its beginning, if it is long. */
char *capture_filter_shown(const char *filter);

#endif /* capture/capture-compile.h */
