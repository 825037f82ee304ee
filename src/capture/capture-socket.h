/* capture-socket.h -- what is done with the packet socket of a live capture,
 * whoever has opened it.
 *
 * Of live kinds only.  'name' is the interface's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_SOCKET_H
#define OVSPAN_CAPTURE_CAPTURE_SOCKET_H 1

#include <pcap/pcap.h>
#include <stdint.h>
#include "capture/capture.h"

enum {
    CAPTURE_BLOCK = 262144,     /* Bytes: a frame of CAPTURE_SNAPLEN. */
    /* Longest time that a frame waits in a block that is not full. */
    CAPTURE_BLOCK_TIMEOUT_MS = 10,
};

/* Returns 'why', one of these three, and a sentence in '*detail'. */
enum capture_error capture_refuse(enum capture_error why, const char *name,
                                  char **detail);
/* The kind of an errno, and a sentence in '*detail'. */
enum capture_error capture_socket_error(const char *name, const char *what,
                                        int error, char **detail);

/* Bytes of the ring of a capture. */
size_t capture_socket_ring(const struct capture_conf *);
/* See capture_patience_us(). */
uint64_t capture_socket_patience_us(size_t ring);

/* IFF_* of the interface, under whatever name; -1: it does not exist. */
int capture_socket_flags(int fd, int ifindex);
/* Of an interface that does not work any more: whether it is gone or down,
 * and a sentence in '*detail'. */
enum capture_error capture_socket_ended(int fd, const char *name, int ifindex,
                                        char **detail);

/* Puts 'program' on it in place of another, in one step; 0 or an errno. */
int capture_socket_attach(int fd, const struct bpf_program *program);
/* From now on frames come in. */
enum capture_error capture_socket_start(int fd, const char *name, int ifindex,
                                        char **detail);
/* How many frames the kernel has dropped since it was asked last. */
uint32_t capture_socket_take_drops(int fd);

#endif /* capture/capture-socket.h */
