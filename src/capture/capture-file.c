/* capture-file.c -- frames from a file that libpcap reads.
 *
 * Used by `replay`.  libpcap reads every frame of a file into one buffer, so
 * they are copied into an arena for as long as a burst lasts; capture-plain.c
 * spares that where it can.
 *
 * The file is hostile: libpcap checks its lengths, and this file only that
 * "captured" is not more than "on the wire".
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <string.h>
#include "base/ovs.h"

enum {
    MAGIC_NS = 0xa1b23c4d,      /* Of a file in nanoseconds, */
    SWAPPED_NS = 0x4d3cb2a1,    /* of the other byte order. */
};

struct capture_file {
    struct capture up;
    pcap_t *pcap;
    uint32_t way_ofs;           /* See capture_link_way_ofs(). */
    uint32_t fcs;               /* Octets at the end of each frame. */
    bool has_ns;                /* Its times are in nanoseconds. */
    struct capture_input *input;        /* For errors; lent. */
    struct capture_burst *burst;        /* In file_read(). */
    uint8_t *arena;             /* Copies of the frames of this burst. */
};

static struct capture_file *
file_cast(const struct capture *c)
{
    ovs_assert(c->class == &capture_file_class);
    return CONTAINER_OF(c, struct capture_file, up);
}

pcap_t *
capture_file_pcap(const struct capture *c)
{
    return file_cast(c)->pcap;
}

uint32_t
capture_file_fcs(const struct capture *c)
{
    return file_cast(c)->fcs;
}

/* Octets of the frame check sequence, which a file announces in a number that
 * is in units of 16 bits. */
static uint32_t
fcs_of(pcap_t *pcap)
{
    enum { IS_ANNOUNCED = 1 << 26, SHIFT = 28 };
    uint32_t ext = pcap_datalink_ext(pcap);

    return capture_link_fcs(pcap_datalink(pcap),
                            ext & IS_ANNOUNCED ? (ext >> SHIFT) * 2 : 0);
}

/* Opens 'input' as a file of frames, or says why not. */
static pcap_t *
open_pcap(struct capture_input *input, char **detail)
{
    char errbuf[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_fopen_offline_with_tstamp_precision(
        capture_input_file(input), PCAP_TSTAMP_PRECISION_NANO, errbuf);

    if (pcap) {
        ignore(capture_input_take_file(input));
    } else {
        const char *error = capture_input_error(input);

        *detail = xasprintf("%s: %s", capture_input_name(input),
                            error ? error : errbuf);
    }
    return pcap;
}

static void
file_close(struct capture *c)
{
    struct capture_file *cf = file_cast(c);

    pcap_close(cf->pcap);
    free(cf->arena);
    capture_uninit(&cf->up);
    free(cf);
}

static enum capture_error
file_open(struct capture_input *input, struct capture **cp, char **detail)
{
    pcap_t *pcap = open_pcap(input, detail);
    struct capture_file *cf;

    if (!pcap) {
        return CAPTURE_BAD_FILE;
    }
    cf = xzalloc(sizeof *cf);
    capture_init(&cf->up, &capture_file_class, capture_input_name(input));
    cf->pcap = pcap;
    cf->input = input;
    cf->up.link = pcap_datalink(pcap);
    cf->fcs = fcs_of(pcap);
    cf->way_ofs = capture_link_way_ofs(cf->up.link);
    cf->has_ns = capture_input_magic(input) == MAGIC_NS
                 || capture_input_magic(input) == SWAPPED_NS;
    cf->up.says_direction = cf->way_ofs != 0;
    cf->arena = xmalloc(CAPTURE_ARENA);
    if (!capture_link_is_known(cf->up.link)) {
        *detail = capture_link_refusal(cf->up.name, cf->up.link);
        file_close(&cf->up);
        return CAPTURE_BAD_LINK;
    }
    *cp = &cf->up;
    return CAPTURE_OK;
}

static int
file_fd(const struct capture *c)
{
    return fileno(pcap_file(file_cast(c)->pcap));
}

static void
add_frame(u_char *file, const struct pcap_pkthdr *h, const u_char *data)
{
    struct capture_file *cf = (struct capture_file *) file;
    uint32_t caplen = MIN(h->caplen, CAPTURE_SNAPLEN);
    /* Of 32 bits without a sign, which libpcap gives one. */
    uint64_t seconds = (uint32_t) h->ts.tv_sec;
    uint64_t ns = (uint32_t) h->ts.tv_usec;

    capture_burst_make_room(cf->burst, caplen);
    uint8_t *copy = cf->arena + cf->burst->size;
    memcpy(copy, data, caplen);
    struct capture_frame *f
        = capture_burst_add(cf->burst, copy, caplen, h->len,
                            seconds * 1000000 + ns / 1000);

    f->time_ns = ns % 1000;
    f->has_ns = cf->has_ns;
    f->direction = capture_link_way(cf->way_ofs, copy, caplen);
    capture_frame_trim(f, cf->fcs);
}

static enum capture_error
file_read(struct capture *c, struct capture_burst *burst, size_t max,
          size_t *n, char **detail)
{
    struct capture_file *cf = file_cast(c);

    cf->burst = burst;
    int rc = pcap_dispatch(cf->pcap, max, add_frame, (u_char *) cf);

    *n = MAX(rc, 0);
    if (rc < 0) {
        const char *why = capture_input_error(cf->input);

        *detail = xasprintf("%s: %s", cf->up.name,
                            why ? why : pcap_geterr(cf->pcap));
        return CAPTURE_BAD_FILE;
    }
    return rc ? CAPTURE_OK : CAPTURE_EOF;
}

const struct capture_class capture_file_class = {
    .name = "file",
    .open_file = file_open,
    .close = file_close,
    .fd = file_fd,
    .read = file_read,
};
