/* capture-private.h -- what the files of this room share: the handle.
 *
 * A capture is either live (capture-live.c opens it, frames are lent from the
 * kernel's ring) or a file (capture-file.c).
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_PRIVATE_H
#define OVSPAN_CAPTURE_CAPTURE_PRIVATE_H 1

#include <pcap/pcap.h>
#include <stdio.h>
#include "capture/capture.h"
#include "capture/ring-peek.h"

struct capture_input;
struct capture_plain;

struct capture {
    pcap_t *pcap;
    char *name;                 /* Interface or file, for messages. */
    int link;                   /* DLT_*. */
    bool live;
    bool ended;                 /* An end was reported; nothing follows. */

    /* Live. */
    enum capture_direction direction;   /* Of all frames, where the ring does
                                         * not say and only one is let in. */
    bool is_started;            /* Frames come in. */
    bool has_peek;              /* 'peek' is valid: frames may be gathered. */
    struct ring_peek peek;
    bool loopback;              /* Each packet passes in both directions. */
    int ifindex;
    size_t ring;                /* Bytes. */
    struct capture_stats stats; /* Sum of what the kernel gave so far. */

    /* A file. */
    struct capture_input *input;
    struct capture_plain *plain;        /* NULL: libpcap reads. */
    uint8_t *arena;             /* Copies of the frames of this burst. */
    size_t burst_size;          /* Bytes of them, copied or not. */
    uint32_t way_ofs;           /* Of a frame's direction; 0: not said. */

    /* The burst that is being gathered. */
    struct capture_frame frames[CAPTURE_BURST];
    size_t n_frames;
    size_t n_given;             /* In this capture_run(). */
    capture_burst_cb *cb;
    void *aux;
};

enum {
    CAPTURE_SNAPLEN = 262144,   /* Whole frames: libpcap's own bound. */
    CAPTURE_ARENA = 2 * CAPTURE_SNAPLEN,
};

/* Compiles 'filter' for 'pcap'.  CAPTURE_OK, or CAPTURE_BAD_FILTER and a
 * sentence in '*detail'. */
enum capture_error capture_compile(pcap_t *pcap, const char *filter,
                                   struct bpf_program *, char **detail);

bool capture_link_is_known(int link);
/* "EN10MB", "link type 147": of any number. */
char *capture_link_to_text(int link);

/* Opens a file for pcap_fopen_offline(), "-" for standard input; NULL with
 * errno.  '*input' has to outlive it. */
FILE *capture_input_open(const char *path, struct capture_input **input);
/* What was wrong with compressed data, or NULL. */
const char *capture_input_error(const struct capture_input *);
void capture_input_destroy(struct capture_input *);

/* Puts 'program' on the socket of a live capture, in place of another. */
int capture_live_attach(const struct capture *, const struct bpf_program *);
/* From now on frames come in. */
enum capture_error capture_live_start(struct capture *, char **detail);

/* Gives the frames gathered to the callback. */
void capture_flush_burst(struct capture *);

/* The handler of libpcap for each kind. */
void capture_live_frame(u_char *capture, const struct pcap_pkthdr *,
                        const u_char *data);
void capture_file_frame(u_char *capture, const struct pcap_pkthdr *,
                        const u_char *data);

/* Gathers at most 'max' frames of a file; how many, or as pcap_dispatch()
 * fails. */
int capture_file_read(struct capture *, int max);

/* The plain records of a file, read without libpcap, which has opened it; NULL
 * if it is no such file. */
struct capture_plain *capture_plain_create(pcap_t *);
void capture_plain_destroy(struct capture_plain *);
/* As capture_file_read(); if it gathers less than 'max', the next record is
 * one for libpcap. */
int capture_plain_read(struct capture *, int max);

/* Gives the burst if it is full or has no memory for a frame of 'caplen' more.
 * So where bursts end depends on the frames alone and not on how they are
 * read: timers are run between them. */
static inline void
capture_file_make_room(struct capture *c, uint32_t caplen)
{
    if (c->n_frames == CAPTURE_BURST
        || CAPTURE_ARENA - c->burst_size < caplen) {
        capture_flush_burst(c);
    }
}

/* Adds a frame, for which there is room, to the burst. */
static inline void
capture_file_add(struct capture *c, const uint8_t *data, uint32_t caplen,
                 uint32_t len, uint64_t time_us)
{
    enum { OUTGOING = 4 };      /* Of a cooked header. */
    bool knows_way = c->way_ofs && caplen > c->way_ofs;

    c->burst_size += caplen;
    c->frames[c->n_frames++] = (struct capture_frame) {
        .data = data,
        .caplen = caplen,
        .len = len > caplen ? len : caplen,
        .time_us = time_us,
        .direction = (!knows_way ? CAPTURE_BOTH
                      : data[c->way_ofs] == OUTGOING ? CAPTURE_OUT
                      : CAPTURE_IN),
    };
}

/* After a read gave nothing or failed: why.  CAPTURE_OK: nothing is ready. */
enum capture_error capture_live_check(struct capture *, int rc,
                                      char **detail);
enum capture_error capture_file_check(struct capture *, int rc,
                                      char **detail);

/* Adds what the kernel dropped since the last call to the statistics. */
void capture_live_read_stats(struct capture *);

#endif /* capture/capture-private.h */
