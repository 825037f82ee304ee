/* capture-file.c -- frames from a pcap or pcapng file.
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
#include "capture/capture.h"
#include "capture/capture-private.h"
#include <errno.h>
#include <string.h>
#include "base/ovs.h"

/* Where a cooked header says which way the frame went. */
enum { SLL_TYPE = 1, SLL2_TYPE = 10 };

static enum capture_error
set_filter(struct capture *c, const char *filter, char **detail)
{
    struct bpf_program program;
    enum capture_error error;

    if (!filter || !*filter) {
        return CAPTURE_OK;
    }
    error = capture_compile(c->pcap, filter, &program, detail);
    if (!error) {
        if (pcap_setfilter(c->pcap, &program)) {
            *detail = xasprintf("%s: the filter cannot be used: %s",
                                c->name, pcap_geterr(c->pcap));
            error = CAPTURE_BAD_FILTER;
        }
        pcap_freecode(&program);
    }
    return error;
}

static const char *
name_of(const char *path)
{
    return strcmp(path, "-") ? path : "standard input";
}

/* Opens 'path' as a file of frames, or says why not. */
static pcap_t *
open_pcap(const char *path, struct capture_input **input, char **detail)
{
    char errbuf[PCAP_ERRBUF_SIZE];
    FILE *file = capture_input_open(path, input);
    pcap_t *pcap;

    if (!file) {
        *detail = xasprintf("%s: %s", name_of(path), ovs_strerror(errno));
        return NULL;
    }
    pcap = pcap_fopen_offline(file, errbuf);
    if (!pcap) {
        const char *error = capture_input_error(*input);

        *detail = xasprintf("%s: %s", name_of(path), error ? error : errbuf);
        fclose(file);
    }
    return pcap;
}

enum capture_error
capture_open_file(const char *path, const char *filter, struct capture **cp,
                  char **detail)
{
    struct capture_input *input;
    enum capture_error error;
    struct capture *c;
    pcap_t *pcap;

    *cp = NULL;
    *detail = NULL;
    pcap = open_pcap(path, &input, detail);
    if (!pcap) {
        capture_input_destroy(input);
        return CAPTURE_BAD_FILE;
    }

    c = xzalloc(sizeof *c);
    c->pcap = pcap;
    c->input = input;
    c->name = xstrdup(name_of(path));
    c->link = pcap_datalink(pcap);
    c->arena = xmalloc(CAPTURE_ARENA);
    c->way_ofs = (c->link == DLT_LINUX_SLL ? SLL_TYPE
                  : c->link == DLT_LINUX_SLL2 ? SLL2_TYPE : 0);
    if (!filter || !*filter) {
        c->plain = capture_plain_create(pcap);
    }
    if (!capture_link_is_known(c->link)) {
        char *link = capture_link_to_text(c->link);

        *detail = xasprintf("%s: frames of link type %s are not understood; "
                            "EN10MB, RAW, IPV4, IPV6, LINUX_SLL and "
                            "LINUX_SLL2 are", c->name, link);
        free(link);
        error = CAPTURE_BAD_LINK;
    } else {
        error = set_filter(c, filter, detail);
    }
    if (error) {
        capture_close(c);
    } else {
        *cp = c;
    }
    return error;
}

void
capture_file_frame(u_char *c_, const struct pcap_pkthdr *h, const u_char *data)
{
    struct capture *c = (struct capture *) c_;
    uint32_t caplen = MIN(h->caplen, CAPTURE_SNAPLEN);

    capture_file_make_room(c, caplen);
    uint8_t *copy = c->arena + c->burst_size;
    memcpy(copy, data, caplen);
    capture_file_add(c, copy, caplen, h->len,
                     (uint64_t) h->ts.tv_sec * 1000000 + h->ts.tv_usec);
}

int
capture_file_read(struct capture *c, int max)
{
    int n = c->plain ? capture_plain_read(c, max) : 0;

    if (n < 0 || n == max) {
        return n;
    }
    /* What is left is libpcap's; frames that were gathered stay. */
    int rc = pcap_dispatch(c->pcap, max - n, capture_file_frame,
                           (u_char *) c);
    return rc < 0 ? rc : n + rc;
}

enum capture_error
capture_file_check(struct capture *c, int rc, char **detail)
{
    if (rc < 0) {
        const char *why = capture_input_error(c->input);

        *detail = xasprintf("%s: %s", c->name,
                            why ? why : pcap_geterr(c->pcap));
        return CAPTURE_BAD_FILE;
    }
    return CAPTURE_EOF;
}
