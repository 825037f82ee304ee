/* capture.h -- frames from a live interface or from a file.
 *
 * The only room of libpcap.  A capture is opened in the control thread (inside
 * the right namespace, see kern_call_in_netns()), then belongs to one worker,
 * which reads bursts from it.  Frames are lent from the ring, not copied.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_H
#define OVSPAN_CAPTURE_CAPTURE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "compiler.h"

struct capture;

enum capture_direction {
    CAPTURE_BOTH,
    CAPTURE_IN,                 /* Received by the interface. */
    CAPTURE_OUT,                /* Sent by the interface. */
};

/* Why a capture could not be opened or ended. */
enum capture_error {
    CAPTURE_OK,
    CAPTURE_NO_PERMISSION,
    CAPTURE_NO_DEVICE,          /* The interface is not there (any more). */
    CAPTURE_DOWN,               /* The interface is or went down. */
    CAPTURE_BAD_FILTER,
    CAPTURE_BAD_LINK,           /* A link type that is not understood. */
    CAPTURE_BAD_FILE,
    CAPTURE_EOF,                /* The end of a file. */
    CAPTURE_OTHER,
};

struct capture_conf {
    const char *ifname;         /* Live, in the caller's namespace. */
    int ifindex;                /* What has to have that name; 0: any. */
    size_t ring;                /* Bytes; 0: 2 MiB. */
};

/* A frame, lent until the callback of the burst returns. */
struct capture_frame {
    const uint8_t *data;
    uint32_t caplen;
    uint32_t len;
    uint64_t time_us;           /* Since the epoch. */
    uint16_t time_ns;           /* Nanoseconds beyond that; below 1000. */
    bool has_ns;                /* These are known. */
    uint8_t direction;          /* enum capture_direction; CAPTURE_BOTH if
                                 * it is not known. */
    bool csum_partial;          /* The kernel says so. */
    /* The kernel says whether it is a super-frame, as the next three do; they
     * mean what they mean in struct pkt_frame. */
    bool has_gso;
    uint8_t gso_protocol;
    uint16_t gso_size;
    uint16_t gso_ofs;
};

enum { CAPTURE_BURST = 64 };

typedef void capture_burst_cb(const struct capture_frame *, size_t n,
                              void *aux);

/* Opens a live capture; frames come in once it has a view.  On error stores a
 * sentence for a person, which the caller frees, in '*detail' and returns its
 * kind. */
enum capture_error capture_open_live(const struct capture_conf *,
                                     struct capture **, char **detail);

/* Opens a file, pcap or pcapng, "-" for standard input. */
enum capture_error capture_open_file(const char *path, struct capture **,
                                     char **detail);
/* Another holder, who only makes views of it: it is closed when the last one
 * has called capture_close(). */
struct capture *capture_ref(const struct capture *);
void capture_close(struct capture *);

/* Checks that 'filter' compiles for Ethernet, without a device; names to be
 * resolved are refused.  NULL or an error text that the caller frees. */
char *capture_check_filter(const char *filter) OVS_WARN_UNUSED_RESULT;

/* ## Views: what each of those who share a live capture wants of it. ## */

struct capture_view_conf {
    const char *filter;         /* pcap-filter(7) text, or NULL. */
    enum capture_direction direction;
    uint32_t snaplen;           /* Bytes; 0: whole frames. */
    bool late;                  /* The filter is of what becomes of frames: the
                                 * kernel cannot tell. */
};
struct capture_view;
/* Compiles a view of '*c', for the kernel and for capture_view_match().  On
 * error stores a sentence, which the caller frees, in '*detail'. */
enum capture_error capture_view_create(struct capture *c,
                                       const struct capture_view_conf *,
                                       struct capture_view **, char **detail);
void capture_view_destroy(struct capture_view *);

/* From now on the kernel lets in what any of 'views' wants, in one step: no
 * frame that an old and a new view want is lost or delayed.  '*is_exact' tells
 * whether it lets in nothing else, so that a frame that comes later need not
 * be judged if there is one view.  May be called while another thread reads
 * the capture.  Only where capture_is_shareable() more than once, or with
 * several views. */
enum capture_error capture_set_views(struct capture *,
                                     struct capture_view *const views[],
                                     size_t n, bool *is_exact, char **detail);
bool capture_is_shareable(const struct capture *);

/* True for a frame that the view wants, or whose direction is not known. */
bool capture_view_match(const struct capture_view *,
                        const struct capture_frame *);
/* True if that is each. */
bool capture_view_takes_all(const struct capture_view *);
/* What the view says of the direction of a frame that it wants. */
enum capture_direction capture_view_direction(const struct capture_view *);

/* A filter that is applied to frames behind a capture.  Compiled for frames
 * of the link layer of '*c', as a capture gives them (with their VLAN tags).
 * On error stores a sentence, which the caller frees, in '*detail'. */
struct capture_filter;
enum capture_error capture_filter_create(const struct capture *c,
                                         const char *filter,
                                         struct capture_filter **,
                                         char **detail);
void capture_filter_destroy(struct capture_filter *);
bool capture_filter_match(const struct capture_filter *,
                          const struct capture_frame *);

/* What such a live capture does not know that others do, a sentence for a
 * person; NULL: nothing. */
const char *capture_remark(const struct capture *);

/* DLT of the frames, as enum pkt_link knows it: the caller maps by name.  In a
 * file it may change from one burst to the next, within capture_run(); then it
 * is that of the burst. */
const char *capture_link_name(const struct capture *);  /* "EN10MB", ... */
/* Another number for another link type. */
int capture_link_id(const struct capture *);
/* Packets of a file that were passed over so far, since they are of a link
 * type that is not understood beside others that are. */
uint64_t capture_n_foreign(const struct capture *);
/* True for a file whose packets may say which way they went. */
bool capture_says_direction(const struct capture *);

int capture_fd(const struct capture *);         /* To poll; nonblocking. */

/* Calls 'cb' with bursts of at most CAPTURE_BURST frames until nothing is
 * ready or 'max' frames were given.  '*n' is their number. */
enum capture_error capture_run(struct capture *, size_t max, size_t *n,
                               capture_burst_cb *, void *aux, char **detail);

/* How long a live capture may be left alone, in us, so that a full link of 10
 * Gbit/s fills no more than a quarter of its ring; 0: not worth it. */
uint64_t capture_patience_us(const struct capture *);

struct capture_stats {
    uint64_t dropped_kernel;    /* The ring was full; since the open. */
    uint64_t dropped_interface; /* Before us, where the driver says. */
};
void capture_get_stats(struct capture *, struct capture_stats *);

#endif /* capture/capture.h */
