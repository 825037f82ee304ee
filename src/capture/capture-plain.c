/* capture-plain.c -- the plain records of a capture file, without a copy.
 *
 * Called by capture-file.c for what most files are: a regular file in the
 * classic format, uncompressed, of this machine's byte order, in microseconds,
 * read without a filter.  libpcap reads each record with two calls of fread()
 * into one buffer, from which it would have to be copied once more; that takes
 * longer than all that a flow needs.  Here the file is read in large pieces
 * and frames are lent from them.
 *
 * Invariant: nothing is decided here.  libpcap has read the file's header, and
 * a record that is not plain (torn, longer than the file says, a time that
 * cannot be, the end of the file) is libpcap's, with all that follows: its
 * stream is put to where that record starts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"

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
    int fd;                     /* Lent. */
    uint32_t snaplen;           /* Longest frame. */
    bool ended;                 /* What follows is libpcap's. */
    uint64_t ofs;               /* Of 'buf' in the file. */
    size_t start;               /* In 'buf': the next record. */
    size_t end;                 /* In 'buf': the end of what was read. */
    uint8_t buf[BUFFER];
};

struct record {                 /* As in the file. */
    int32_t sec;
    int32_t usec;
    uint32_t caplen;
    uint32_t len;
};

struct capture_plain *
capture_plain_create(pcap_t *pcap)
{
    int fd = fileno(pcap_file(pcap));
    struct stat status;
    uint32_t magic;

    if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode)
        || pread(fd, &magic, sizeof magic, 0) != sizeof magic
        || magic != MAGIC
        || pcap_major_version(pcap) != 2 || pcap_minor_version(pcap) != 4
        || ftello(pcap_file(pcap)) != HEADER_LEN) {
        return NULL;
    }

    struct capture_plain *plain = xmalloc(sizeof *plain);
    plain->fd = fd;
    plain->ended = false;
    plain->snaplen = MIN(pcap_snapshot(pcap), CAPTURE_SNAPLEN);
    plain->ofs = HEADER_LEN;
    plain->start = plain->end = 0;
    return plain;
}

void
capture_plain_destroy(struct capture_plain *plain)
{
    free(plain);
}

/* Where the bytes start that are still in use: those of the burst, or the next
 * record's. */
static size_t
first_used(const struct capture *c)
{
    const struct capture_plain *plain = c->plain;

    return c->n_frames ? c->frames[0].data - plain->buf : plain->start;
}

/* Reads on.  False if there is nothing. */
static bool
fill(struct capture *c)
{
    struct capture_plain *plain = c->plain;
    size_t used = first_used(c);

    memmove(plain->buf, plain->buf + used, plain->end - used);
    plain->ofs += used;
    plain->start -= used;
    plain->end -= used;
    for (size_t i = 0; i < c->n_frames; i++) {
        c->frames[i].data -= used;
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
    return (r->caplen <= plain->snaplen && r->sec >= 0
            && r->usec >= 0 && r->usec < 1000000);
}

/* Finds the next record.  False if it is libpcap's. */
static inline bool
next_record(struct capture *c, struct record *r)
{
    struct capture_plain *plain = c->plain;

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
        if (!fill(c)) {
            return false;
        }
    }
}

/* libpcap goes on where the next record starts, for good. */
static bool
hand_over(struct capture *c)
{
    struct capture_plain *plain = c->plain;

    plain->ended = true;
    return !fseeko(pcap_file(c->pcap), plain->ofs + plain->start, SEEK_SET);
}

int
capture_plain_read(struct capture *c, int max)
{
    struct capture_plain *plain = c->plain;

    if (plain->ended) {
        return 0;
    }
    for (int n = 0; n < max; n++) {
        struct record r;

        if (!next_record(c, &r)) {
            return hand_over(c) ? n : PCAP_ERROR;
        }
        capture_file_make_room(c, r.caplen);
        capture_file_add(c, plain->buf + plain->start + sizeof r, r.caplen,
                         r.len, r.sec * UINT64_C(1000000) + r.usec);
        plain->start += sizeof r + r.caplen;
    }
    return max;
}
