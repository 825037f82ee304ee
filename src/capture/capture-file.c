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

struct capture_file {
    struct capture up;
    pcap_t *pcap;
    uint32_t way_ofs;           /* See capture_link_way_ofs(). */
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

/* Opens 'input' as a file of frames, or says why not. */
static pcap_t *
open_pcap(struct capture_input *input, char **detail)
{
    char errbuf[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_fopen_offline(capture_input_file(input), errbuf);

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
    cf->way_ofs = capture_link_way_ofs(cf->up.link);
    cf->arena = xmalloc(CAPTURE_ARENA);
    if (!capture_link_is_known(cf->up.link)) {
        char *link = capture_link_to_text(cf->up.link);

        *detail = xasprintf("%s: frames of link type %s are not understood; "
                            "EN10MB, RAW, IPV4, IPV6, LINUX_SLL and "
                            "LINUX_SLL2 are", cf->up.name, link);
        free(link);
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

    capture_burst_make_room(cf->burst, caplen);
    uint8_t *copy = cf->arena + cf->burst->size;
    memcpy(copy, data, caplen);
    capture_burst_add(cf->burst, copy, caplen, h->len,
                      (uint64_t) h->ts.tv_sec * 1000000 + h->ts.tv_usec,
                      capture_link_way(cf->way_ofs, copy, caplen));
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
