/* capture-private.h -- what lies below the kinds of captures.
 *
 * Filters, link types and the bytes of files; see capture-provider.h for what
 * a kind is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CAPTURE_CAPTURE_PRIVATE_H
#define OVSPAN_CAPTURE_CAPTURE_PRIVATE_H 1

#include <pcap/pcap.h>
#include <stdio.h>
#include "capture/capture-provider.h"

/* Compiles 'filter' for the kernel, whose frames are of link layer 'link',
 * DLT_*, with VLAN tags beside them.  CAPTURE_OK, or an error and a sentence
 * in '*detail'.  May block for as long as capture_compile_text(). */
enum capture_error capture_compile_live(int link, const char *filter,
                                        struct bpf_program *, char **detail);
/* Compiles it for frames of link layer 'link' with their tags inside; refuses
 * what only the kernel can tell of a packet. */
enum capture_error capture_compile_frames(int link, const char *filter,
                                          struct bpf_program *,
                                          char **detail);

bool capture_link_is_known(int link);
/* "EN10MB", "link type 147": of any number. */
char *capture_link_to_text(int link);
/* The DLT_* of a link type as it stands in a file. */
int capture_link_from_file(uint32_t number);
/* Why a file 'name' with such frames is refused. */
char *capture_link_refusal(const char *name, int link);
/* How much of the end of each frame is its frame check sequence, where the
 * file announces one of so many octets. */
uint32_t capture_link_fcs(int link, uint32_t announced);
/* Where the header of a frame says which way it went; 0: nowhere. */
uint32_t capture_link_way_ofs(int link);

/* The direction that a frame of a file has by its header. */
static inline enum capture_direction
capture_link_way(uint32_t way_ofs, const uint8_t *data, uint32_t caplen)
{
    enum { OUTGOING = 4 };      /* As PACKET_OUTGOING. */

    return (!way_ofs || caplen <= way_ofs ? CAPTURE_BOTH
            : data[way_ofs] == OUTGOING ? CAPTURE_OUT
            : CAPTURE_IN);
}

/* Opens a file, "-" for standard input.  NULL, and a sentence in '*detail',
 * which is NULL else. */
struct capture_input *capture_input_open(const char *path, char **detail);
/* "standard input", or its path. */
const char *capture_input_name(const struct capture_input *);
/* Its first octets; of a shorter file zeros. */
uint32_t capture_input_magic(const struct capture_input *);
/* Its bytes, decompressed. */
FILE *capture_input_file(struct capture_input *);
/* From now on closing it is the caller's. */
FILE *capture_input_take_file(struct capture_input *);
/* What was wrong with compressed data, or NULL. */
const char *capture_input_error(const struct capture_input *);
void capture_input_destroy(struct capture_input *);

/* Of a capture of 'capture_file_class': its handle, and what every frame has
 * at its end. */
pcap_t *capture_file_pcap(const struct capture *);
uint32_t capture_file_fcs(const struct capture *);

#endif /* capture/capture-private.h */
