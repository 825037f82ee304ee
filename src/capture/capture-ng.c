/* capture-ng.c -- frames from a pcapng file.
 *
 * Used by `replay`.  Read here and not by libpcap, whose interface has one
 * link type, one snap length and no direction for a whole file: here each
 * packet is as its interface and its own options say, in sections of either
 * byte order.  Frames are read into an arena, where they stay for as long as a
 * burst lasts.
 *
 * The file is hostile: ng-block.c bounds a block by its length, a packet has
 * to fit its block and the arena, and there are so many interfaces at most.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <string.h>
#include "base/ovs.h"
#include "capture/ng-interface.h"

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE = 3,
    BLOCK_PACKET = 6,

    OPTION_FLAGS = 2,           /* Of both kinds of packets. */
    FLAG_WAYS = 3,              /* In the option's value: */
    FLAG_IN = 1,
    FLAG_OUT = 2,
    FLAG_FCS_SHIFT = 5,         /* octets of the frame check sequence. */
    FLAG_FCS_MASK = 15,

    MAJOR = 1,
    MAX_INTERFACES = 65536,     /* Of a section. */
};

struct capture_ng {
    struct capture up;
    struct ng_blocks blocks;
    struct ng_interface *interfaces;    /* Of this section. */
    size_t n_interfaces, allocated_interfaces;
    int foreign_link;           /* The first that is not understood, or -1. */
    bool has_ns;                /* An interface counts finer than us. */
    uint8_t *arena;             /* The frames of this burst. */
};

/* What the head of a packet's block says. */
struct packet {
    const struct ng_interface *interface;
    uint64_t time_us;
    uint16_t time_ns;
    uint32_t caplen, len;
};

static struct capture_ng *
ng_cast(const struct capture *c)
{
    ovs_assert(c->class == &capture_ng_class);
    return CONTAINER_OF(c, struct capture_ng, up);
}

/* ## Sections and interfaces. ## */

static enum ng_result
read_section(struct capture_ng *ng)
{
    struct ng_blocks *b = &ng->blocks;
    struct { uint16_t major, minor; } version;
    enum ng_result result = ng_read(b, &version, sizeof version);

    if (result) {
        return result;
    }
    uint16_t major = ng_u16(b, version.major);
    uint16_t minor = ng_u16(b, version.minor);

    /* 2 is what some wrote for 0. */
    if (major != MAJOR || (minor != 0 && minor != 2)) {
        return ng_fail(b, "a section is of version %"PRIu16".%"PRIu16
                       " of the format, which is not known", major, minor);
    }
    ng->n_interfaces = 0;
    return NG_OK;
}

static enum ng_result
read_interface(struct capture_ng *ng)
{
    struct ng_interface interface;
    enum ng_result result = ng_interface_read(&ng->blocks, &interface);

    if (result) {
        return result;
    }
    if (ng->n_interfaces >= MAX_INTERFACES) {
        return ng_fail(&ng->blocks, "a section has more than %d interfaces",
                       MAX_INTERFACES);
    }
    if (ng->n_interfaces >= ng->allocated_interfaces) {
        ng->interfaces = x2nrealloc(ng->interfaces,
                                    &ng->allocated_interfaces,
                                    sizeof *ng->interfaces);
    }
    ng->interfaces[ng->n_interfaces++] = interface;
    ng->has_ns |= interface.has_ns;
    if (!interface.known && ng->foreign_link < 0) {
        ng->foreign_link = interface.link;
    }
    return NG_OK;
}

/* ## Packets. ## */

static enum ng_result
set_interface(struct capture_ng *ng, struct packet *p, uint32_t index)
{
    if (index >= ng->n_interfaces) {
        return ng_fail(&ng->blocks, "a packet is of interface %"PRIu32
                       ", of %"PRIuSIZE" in its section", index,
                       ng->n_interfaces);
    }
    p->interface = &ng->interfaces[index];
    return NG_OK;
}

static void
set_time(struct packet *p, uint32_t high, uint32_t low)
{
    uint64_t ticks = (uint64_t) high << 32 | low;

    p->time_us = ng_interface_time(p->interface, ticks, &p->time_ns);
}

/* Both kinds of packets that have a time: they differ in their first octets,
 * where the old one has an index of 16 bits and a count of drops. */
static enum ng_result
read_packet_head(struct capture_ng *ng, struct packet *p)
{
    struct ng_blocks *b = &ng->blocks;
    struct {
        union { uint32_t index; uint16_t old_index; };
        uint32_t high, low, caplen, len;
    } head;
    enum ng_result result = ng_read(b, &head, sizeof head);

    if (result) {
        return result;
    }
    result = set_interface(ng, p, (b->type == BLOCK_PACKET
                                   ? ng_u32(b, head.index)
                                   : ng_u16(b, head.old_index)));
    if (!result) {
        set_time(p, ng_u32(b, head.high), ng_u32(b, head.low));
        p->caplen = ng_u32(b, head.caplen);
        p->len = ng_u32(b, head.len);
    }
    return result;
}

/* A packet of the first interface, of no time. */
static enum ng_result
read_simple_head(struct capture_ng *ng, struct packet *p)
{
    struct ng_blocks *b = &ng->blocks;
    enum ng_result result = ng_read(b, &p->len, sizeof p->len);

    result = result ? result : set_interface(ng, p, 0);
    if (!result) {
        uint32_t snaplen = p->interface->snaplen;

        p->len = ng_u32(b, p->len);
        p->caplen = snaplen ? MIN(p->len, snaplen) : p->len;
        p->time_us = p->time_ns = 0;
    }
    return result;
}

/* Reads what flags there are behind the frame. */
static enum ng_result
read_flags(struct ng_blocks *b, uint32_t *flags)
{
    struct ng_option o;
    enum ng_result result;

    *flags = 0;
    do {
        result = ng_read_option(b, &o);
        if (!result && o.code == OPTION_FLAGS && o.len == sizeof *flags) {
            memcpy(flags, o.value, sizeof *flags);
            *flags = ng_u32(b, *flags);
        }
    } while (!result && o.code);
    return result;
}

static enum capture_direction
way_of(const struct packet *p, const uint8_t *data, uint32_t flags)
{
    return ((flags & FLAG_WAYS) == FLAG_IN ? CAPTURE_IN
            : (flags & FLAG_WAYS) == FLAG_OUT ? CAPTURE_OUT
            : capture_link_way(p->interface->way_ofs, data, p->caplen));
}

/* Reads the frame of 'p' and what is behind it, and adds it to 'burst'. */
static enum ng_result
read_frame(struct capture_ng *ng, const struct packet *p,
           struct capture_burst *burst)
{
    struct ng_blocks *b = &ng->blocks;
    enum ng_result result;
    uint32_t flags = 0;

    if (ng->up.link != p->interface->link) {
        capture_burst_flush(burst);
        ng->up.link = p->interface->link;
    }
    capture_burst_make_room(burst, p->caplen);
    uint8_t *data = ng->arena + burst->size;
    result = ng_read(b, data, p->caplen);
    result = result ? result : ng_skip(b, ROUND_UP(p->caplen, 4) - p->caplen);
    if (!result && b->type != BLOCK_SIMPLE) {
        result = read_flags(b, &flags);
    }
    result = result ? result : ng_finish(b);
    if (!result) {
        uint32_t fcs = flags >> FLAG_FCS_SHIFT & FLAG_FCS_MASK;
        struct capture_frame *f = capture_burst_add(burst, data, p->caplen,
                                                    p->len, p->time_us);

        f->time_ns = p->time_ns;
        f->has_ns = ng->has_ns;
        f->direction = way_of(p, data, flags);
        capture_frame_trim(f, (fcs ? capture_link_fcs(ng->up.link, fcs)
                               : p->interface->fcs));
    }
    return result;
}

static enum ng_result
read_packet(struct capture_ng *ng, struct capture_burst *burst, size_t *n)
{
    struct ng_blocks *b = &ng->blocks;
    struct packet p;
    enum ng_result result = (b->type == BLOCK_SIMPLE
                             ? read_simple_head(ng, &p)
                             : read_packet_head(ng, &p));

    if (result) {
        return result;
    }
    if (p.caplen > CAPTURE_SNAPLEN) {
        return ng_fail(b, "a packet has %"PRIu32" octets; %d is the most",
                       p.caplen, CAPTURE_SNAPLEN);
    }
    if (!p.interface->known) {
        ng->up.n_foreign++;
        return ng_finish(b);
    }
    result = read_frame(ng, &p, burst);
    *n += !result;
    return result;
}

/* ## The file. ## */

/* Reads the next block to its end; adds to '*n' if it is a packet that was
 * added to 'burst'. */
static enum ng_result
read_block(struct capture_ng *ng, struct capture_burst *burst, size_t *n)
{
    enum ng_result result = ng_next(&ng->blocks);

    if (result) {
        return result;
    }
    switch (ng->blocks.type) {
    case NG_SECTION:
        result = read_section(ng);
        break;
    case BLOCK_INTERFACE:
        result = read_interface(ng);
        break;
    case BLOCK_OLD_PACKET:
    case BLOCK_SIMPLE:
    case BLOCK_PACKET:
        return read_packet(ng, burst, n);
    default:
        break;                  /* Names, statistics, what is not known. */
    }
    return result ? result : ng_finish(&ng->blocks);
}

static enum capture_error
to_error(const struct capture_ng *ng, enum ng_result result, char **detail)
{
    const char *damaged = capture_input_error(ng->up.input);

    switch (result) {
    case NG_OK:
        return CAPTURE_OK;
    case NG_END:
        if (!damaged) {
            return CAPTURE_EOF;
        }
        /* Fall through. */
    case NG_TORN:
        *detail = xasprintf("%s: %s", ng->up.name,
                            damaged ? damaged
                            : "the file ends in the middle of a block");
        return CAPTURE_BAD_FILE;
    case NG_BAD:
        *detail = xasprintf("%s: %s", ng->up.name, ng->blocks.error);
        return CAPTURE_BAD_FILE;
    }
    OVS_NOT_REACHED();
}

static void
ng_close(struct capture *c)
{
    struct capture_ng *ng = ng_cast(c);

    ng_blocks_uninit(&ng->blocks);
    free(ng->interfaces);
    free(ng->arena);
    capture_uninit(&ng->up);
    free(ng);
}

/* Reads up to the first interface whose frames are understood.  A file that
 * ends before has no frames, or none for us. */
static enum capture_error
find_interface(struct capture_ng *ng, char **detail)
{
    enum ng_result result = NG_OK;
    size_t n = 0;

    while (!result && !(ng->n_interfaces
                        && ng->interfaces[ng->n_interfaces - 1].known)) {
        result = read_block(ng, &ng->up.burst, &n);
    }
    if (!result) {
        ng->up.link = ng->interfaces[ng->n_interfaces - 1].link;
    } else if (result == NG_END && ng->foreign_link >= 0) {
        *detail = capture_link_refusal(ng->up.name, ng->foreign_link);
        return CAPTURE_BAD_LINK;
    }
    return result == NG_END ? CAPTURE_OK : to_error(ng, result, detail);
}

static enum capture_error
ng_open(struct capture_input *input, struct capture **cp, char **detail)
{
    enum capture_error error;
    struct capture_ng *ng;

    if (capture_input_magic(input) != NG_SECTION) {
        return CAPTURE_OK;
    }
    ng = xzalloc(sizeof *ng);
    capture_init(&ng->up, &capture_ng_class, capture_input_name(input));
    ng->up.input = input;
    ng->up.link = DLT_EN10MB;   /* Of a file without packets. */
    ng->up.says_direction = true;
    ng->foreign_link = -1;
    ng->arena = xmalloc(CAPTURE_ARENA);
    ng_blocks_init(&ng->blocks, capture_input_file(input));
    error = find_interface(ng, detail);
    if (error) {
        ng_close(&ng->up);
    } else {
        *cp = &ng->up;
    }
    return error;
}

static int
ng_fd(const struct capture *c)
{
    return fileno(ng_cast(c)->blocks.file);
}

static enum capture_error
ng_read_frames(struct capture *c, struct capture_burst *burst, size_t max,
               size_t *n, char **detail)
{
    struct capture_ng *ng = ng_cast(c);
    enum ng_result result = NG_OK;

    *n = 0;
    while (!result && *n < max) {
        result = read_block(ng, burst, n);
    }
    return to_error(ng, result, detail);
}

const struct capture_class capture_ng_class = {
    .name = "pcapng",
    .open_file = ng_open,
    .close = ng_close,
    .fd = ng_fd,
    .read = ng_read_frames,
};
