/* capture-plain.c -- the plain records of a capture file, without a copy.
 *
 * For what most files are: a regular file in the classic format, uncompressed,
 * of this machine's byte order, in microseconds.  libpcap reads each record
 * with two calls of fread() into one buffer, from which it would have to be
 * copied once more; that takes longer than all that a flow needs.  Here the
 * file is read in large pieces and frames are lent from them.
 *
 * Stands on capture-file.c.  Invariant: nothing is decided here.  libpcap has
 * read the file's header, and a record that is not plain (torn, longer than
 * the file says, a time that cannot be, the end of the file) is libpcap's,
 * with all that follows: its stream is put to where that record starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/ovs.h"

enum {
    HEADER_LEN = 24,            /* Of the file. */
    RECORD_LEN = 16,            /* Of a record, before its frame. */
    MAGIC = 0xa1b2c3d4,         /* Microseconds, this byte order. */

    /* What is read at once: small enough to be in a cache still when it is
     * parsed. */
    PIECE = 256 * 1024,
    /* A burst, a record that was begun, and a piece. */
    BUFFER = (CAPTURE_ARENA + CAPTURE_BURST * RECORD_LEN
              + CAPTURE_SNAPLEN + RECORD_LEN + PIECE),
};

struct capture_plain {
    struct capture up;
    struct capture *rest;       /* libpcap's. */
    uint32_t way_ofs;           /* See capture_link_way_ofs(). */
    uint32_t fcs;               /* Octets at the end of each frame. */
    bool says_more;             /* One of these is not 0. */
    int fd;                     /* Lent. */
    uint32_t snaplen;           /* Longest frame. */
    bool ended;                 /* What follows is libpcap's. */
    uint64_t ofs;               /* Of 'buf' in the file. */
    size_t start;               /* In 'buf': the next record. */
    size_t end;                 /* In 'buf': the end of what was read. */
    uint8_t buf[BUFFER];
};

struct record {                 /* As in the file. */
    uint32_t sec;
    uint32_t usec;
    uint32_t caplen;
    uint32_t len;
};

static struct capture_plain *
plain_cast(const struct capture *c)
{
    ovs_assert(c->class == &capture_plain_class);
    return CONTAINER_OF(c, struct capture_plain, up);
}

/* True if libpcap, which has read the header of 'pcap', stands in front of
 * plain records. */
static bool
has_plain_records(pcap_t *pcap)
{
    int fd = fileno(pcap_file(pcap));
    struct stat status;
    uint32_t magic;

    return fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode)
           && pread(fd, &magic, sizeof magic, 0) == sizeof magic
           && magic == MAGIC
           && pcap_major_version(pcap) == 2 && pcap_minor_version(pcap) == 4
           && ftello(pcap_file(pcap)) == HEADER_LEN;
}

/* What is no plain file is given to libpcap at once. */
static enum capture_error
plain_open(struct capture_input *input, struct capture **cp, char **detail)
{
    enum capture_error error = capture_file_class.open_file(input, cp,
                                                            detail);
    struct capture *rest = *cp;

    if (error || !has_plain_records(capture_file_pcap(rest))) {
        return error;
    }
    pcap_t *pcap = capture_file_pcap(rest);
    struct capture_plain *plain = xmalloc(sizeof *plain);

    memset(plain, 0, offsetof(struct capture_plain, buf));
    capture_init(&plain->up, &capture_plain_class, rest->name);
    plain->up.link = rest->link;
    plain->up.says_direction = rest->says_direction;
    plain->rest = rest;
    plain->way_ofs = capture_link_way_ofs(rest->link);
    plain->fcs = capture_file_fcs(rest);
    plain->says_more = plain->way_ofs || plain->fcs;
    plain->fd = fileno(pcap_file(pcap));
    plain->snaplen = MIN(pcap_snapshot(pcap), CAPTURE_SNAPLEN);
    plain->ofs = HEADER_LEN;
    *cp = &plain->up;
    return CAPTURE_OK;
}

static void
plain_close(struct capture *c)
{
    struct capture_plain *plain = plain_cast(c);

    plain->rest->class->close(plain->rest);
    capture_uninit(&plain->up);
    free(plain);
}

static int
plain_fd(const struct capture *c)
{
    return plain_cast(c)->fd;
}

/* Where the bytes start that are still in use: those of the burst, or the next
 * record's. */
static size_t
first_used(const struct capture_plain *plain, const struct capture_burst *b)
{
    return b->n ? b->frames[0].data - plain->buf : plain->start;
}

/* Reads on.  False if there is nothing. */
static bool
fill(struct capture_plain *plain, struct capture_burst *b)
{
    size_t used = first_used(plain, b);

    memmove(plain->buf, plain->buf + used, plain->end - used);
    plain->ofs += used;
    plain->start -= used;
    plain->end -= used;
    for (size_t i = 0; i < b->n; i++) {
        b->frames[i].data -= used;
    }

    ovs_assert(BUFFER - plain->end >= PIECE);
    ssize_t n = pread(plain->fd, plain->buf + plain->end, PIECE,
                      plain->ofs + plain->end);
    if (n <= 0) {
        return false;           /* libpcap will see why. */
    }
    plain->end += n;
    return true;
}

static bool
is_plain(const struct capture_plain *plain, const struct record *r)
{
    return r->caplen <= plain->snaplen && r->usec < 1000000;
}

/* Finds the next record.  False if it is libpcap's. */
static inline bool
next_record(struct capture_plain *plain, struct capture_burst *b,
            struct record *r)
{
    for (;;) {
        size_t n = plain->end - plain->start;

        if (n >= sizeof *r) {
            memcpy(r, plain->buf + plain->start, sizeof *r);
            if (!is_plain(plain, r)) {
                return false;
            } else if (n - sizeof *r >= r->caplen) {
                return true;
            }
        }
        if (!fill(plain, b)) {
            return false;
        }
    }
}

/* Adds at most 'max' plain records; how many.  If it is less, the next record
 * is one for libpcap. */
static size_t
read_plain(struct capture_plain *plain, struct capture_burst *b, size_t max)
{
    for (size_t n = 0; n < max; n++) {
        struct record r;

        if (!next_record(plain, b, &r)) {
            plain->ended = true;
            return n;
        }
        capture_burst_make_room(b, r.caplen);
        const uint8_t *data = plain->buf + plain->start + sizeof r;
        struct capture_frame *f
            = capture_burst_add(b, data, r.caplen, r.len,
                                r.sec * UINT64_C(1000000) + r.usec);

        if (plain->says_more) {
            f->direction = capture_link_way(plain->way_ofs, data, r.caplen);
            capture_frame_trim(f, plain->fcs);
        }
        plain->start += sizeof r + r.caplen;
    }
    return max;
}

/* libpcap goes on where the next record starts, for good. */
static bool
hand_over(struct capture_plain *plain)
{
    return !fseeko(pcap_file(capture_file_pcap(plain->rest)),
                   plain->ofs + plain->start, SEEK_SET);
}

static enum capture_error
plain_read(struct capture *c, struct capture_burst *burst, size_t max,
           size_t *n, char **detail)
{
    struct capture_plain *plain = plain_cast(c);
    size_t n_plain = 0;

    if (!plain->ended) {
        n_plain = read_plain(plain, burst, max);
        if (plain->ended && !hand_over(plain)) {
            *n = n_plain;
            *detail = xasprintf("%s: %s", c->name, ovs_strerror(errno));
            return CAPTURE_BAD_FILE;
        }
    }
    *n = n_plain;
    if (n_plain == max) {
        return CAPTURE_OK;
    }
    /* Frames that were gathered stay. */
    enum capture_error error = plain->rest->class->read(plain->rest, burst,
                                                        max - n_plain, n,
                                                        detail);

    *n += n_plain;
    return error == CAPTURE_EOF && n_plain ? CAPTURE_OK : error;
}

const struct capture_class capture_plain_class = {
    .name = "plain",
    .open_file = plain_open,
    .close = plain_close,
    .fd = plain_fd,
    .read = plain_read,
};
