/* capture-provider.h -- the contract between a capture and its kinds.
 *
 * A kind (a table of functions, struct capture_class) knows one way to get at
 * frames; capture.c, on top, lists all kinds and knows nothing else of them.
 * What kinds share lies below them (capture-burst.c, -link.c, -filter.c,
 * -input.c, -socket.c), and a kind may stand on another one (a plain file on
 * libpcap's).
 *
 * Who calls what, in which order:
 *
 *   open_live or open_file     once, by who opens; it may block and fail.
 *                              Kinds are asked in the order of the list, until
 *                              one neither fails nor passes
 *   attach or set_only, start  live kinds only, through capture-view.c, by
 *                              who opened; attach again at any time, while
 *                              the reader reads
 *   fd, read, get_stats        by the one reader, once it is started; read
 *                              until it fails for the first time, and never
 *                              after that
 *   close                      once, after all others, by anybody; it may
 *                              block.  Not for what did not open
 *
 * Only open_*, attach, set_only, start and read can fail.  Calls for each
 * frame there are none: a kind adds frames to the burst, and gives it
 * (capture_burst_flush()) before their bytes go.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_PROVIDER_H
#define OVSPAN_CAPTURE_CAPTURE_PROVIDER_H 1

#include <pcap/pcap.h>
#include "base/ovs.h"
#include "capture/capture.h"
#include "capture/capture-burst.h"

struct capture_class;
struct capture_input;

/* What every capture has, whatever its kind; the first member, 'up', of what
 * the kind allocates. */
struct capture {
    const struct capture_class *class;
    struct ovs_refcount refs;
    char *name;                 /* Interface or file, for messages. */
    int link;                   /* DLT_*; one that is known.  All frames of a
                                 * burst are of one. */
    bool ended;                 /* An end was reported; nothing follows. */
    struct capture_burst burst;

    /* A file. */
    struct capture_input *input;        /* capture.c's. */
    uint64_t n_foreign;         /* Packets passed over for their link type. */
    bool says_direction;        /* Packets may say which way they went. */

    /* Live; each is set before open_live() returns. */
    bool loopback;              /* Each packet passes in both directions. */
    bool shareable;             /* Frames say which way they went. */
    uint64_t patience_us;       /* See capture_patience_us(). */
    char *remark;               /* capture.c's; see capture_remark(). */
    bool is_started;            /* Frames come in. */
};

struct capture_class {
    const char *name;

    /* ## Opening: one of these, NULL the other. ##
     *
     * CAPTURE_OK and '*c', or an error and a sentence in '*detail', which the
     * caller frees.  CAPTURE_OK and NULL in '*c': this is for another kind,
     * and nothing was taken; of a live one '*detail' may say what the other
     * kind will not know, and why.  open_file() takes the bytes of 'input',
     * but not 'input' itself, which outlives the capture. */
    enum capture_error (*open_live)(const struct capture_conf *,
                                    struct capture **c, char **detail);
    enum capture_error (*open_file)(struct capture_input *input,
                                    struct capture **c, char **detail);
    /* Ends it and frees all of it, with capture_uninit(). */
    void (*close)(struct capture *);

    /* ## Reading. ## */

    int (*fd)(const struct capture *);  /* To poll; nonblocking if live. */
    /* Adds at most 'max' frames, whose number it stores in '*n', to 'burst',
     * which may be another capture's.  What is left in the burst when it
     * returns stays valid until the next call.  CAPTURE_OK and none: nothing
     * is ready.  CAPTURE_EOF has no '*detail', any other error has one. */
    enum capture_error (*read)(struct capture *, struct capture_burst *burst,
                               size_t max, size_t *n, char **detail);

    /* ## Live kinds; NULL for files. ## */

    /* Stores what was lost since the open. */
    void (*get_stats)(struct capture *, struct capture_stats *);
    /* Puts 'program' on the socket in place of another, in one step; 0 or a
     * positive errno.  Of shareable captures. */
    int (*attach)(struct capture *, const struct bpf_program *program);
    /* The same of others, once, before the start; their frames are all said
     * to have gone in 'direction', unless that is CAPTURE_BOTH.  NULL if all
     * of this kind are shareable. */
    enum capture_error (*set_only)(struct capture *,
                                   const struct bpf_program *program,
                                   enum capture_direction direction,
                                   char **detail);
    /* From now on frames come in. */
    enum capture_error (*start)(struct capture *, char **detail);
};

/* For kinds: makes the part of 'c' that all have, of zeros. */
void capture_init(struct capture *c, const struct capture_class *,
                  const char *name);
void capture_uninit(struct capture *);

extern const struct capture_class capture_ring_class;   /* Our ring. */
extern const struct capture_class capture_live_class;   /* libpcap's ring. */
extern const struct capture_class capture_ng_class;     /* pcapng. */
extern const struct capture_class capture_plain_class;  /* Most files. */
extern const struct capture_class capture_file_class;   /* Other files. */

#endif /* capture/capture-provider.h */
