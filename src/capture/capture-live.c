/* capture-live.c -- frames from an interface, lent from the kernel's ring.
 *
 * Opened by the control thread inside the interface's namespace; read by one
 * worker.
 *
 * Three things are not left to libpcap, each for a reason:
 * - The socket is bound to a protocol that nobody sends until the filter is
 *   on it, then to all: not one frame that the filter would refuse gets in,
 *   and none that it would pass is lost, as happens with pcap_setfilter().
 * - The direction is part of the kernel's filter: frames of the other one
 *   take no room in the ring.
 * - Frames are gathered over several calls of the handler although libpcap
 *   returns a block to the kernel after its last frame.  That is safe because
 *   the burst is given when ring_peek_frame() says "last", or does not know,
 *   and because libpcap, with no filter and no direction set, passes over no
 *   frame of ours.  Where that does not hold (no ring that is understood,
 *   cooked frames) bursts are of one frame.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <linux/if_packet.h>
#include <net/if.h>
#include "base/ovs.h"
#include "capture/capture-socket.h"
#include "capture/ring-peek.h"

enum {
    NO_PROTOCOL = 0xffff,       /* Reserved: an Ethernet type of no frame. */
};

struct capture_live {
    struct capture up;
    pcap_t *pcap;
    int ifindex;
    enum capture_direction direction;   /* Of all frames, where the ring does
                                         * not say and only one is let in. */
    bool has_peek;              /* 'peek' is valid: frames may be gathered. */
    struct ring_peek peek;
    struct capture_burst *burst;        /* In live_read(). */
    struct capture_stats stats; /* Sum of what the kernel gave so far. */
};

static struct capture_live *
live_cast(const struct capture *c)
{
    ovs_assert(c->class == &capture_live_class);
    return CONTAINER_OF(c, struct capture_live, up);
}

/* Turns what pcap_activate() says into ours. */
static enum capture_error
activate_error(struct capture_live *c, int rc, char **detail)
{
    switch (rc) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return capture_refuse(CAPTURE_NO_DEVICE, c->up.name, detail);

    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return capture_refuse(CAPTURE_NO_PERMISSION, c->up.name, detail);

    case PCAP_ERROR_IFACE_NOT_UP:
        return capture_refuse(CAPTURE_DOWN, c->up.name, detail);

    default:
        *detail = xasprintf("cannot capture from %s: %s", c->up.name,
                            *pcap_geterr(c->pcap) ? pcap_geterr(c->pcap)
                                                  : pcap_statustostr(rc));
        return CAPTURE_OTHER;
    }
}

/* By ourselves: libpcap would discard what the ring holds in a way that loses
 * frames.  The kernel changes from one program to the other in one step. */
static int
live_attach(struct capture *c, const struct bpf_program *program)
{
    return capture_socket_attach(pcap_fileno(live_cast(c)->pcap), program);
}

static enum capture_error
live_set_only(struct capture *c, const struct bpf_program *program,
              enum capture_direction direction, char **detail)
{
    struct capture_live *live = live_cast(c);

    if (pcap_setfilter(live->pcap, CONST_CAST(struct bpf_program *,
                                              program))) {
        *detail = xasprintf("%s: the filter cannot be used: %s", c->name,
                            pcap_geterr(live->pcap));
        return CAPTURE_BAD_FILTER;
    }
    live->direction = direction;
    return CAPTURE_OK;
}

static enum capture_error
live_start(struct capture *c, char **detail)
{
    struct capture_live *live = live_cast(c);

    return capture_socket_start(pcap_fileno(live->pcap), c->name,
                                live->ifindex, detail);
}

static enum capture_error
activate(struct capture_live *c, const struct capture_conf *conf,
         char **detail)
{
    size_t ring = capture_socket_ring(conf);
    int rc;

    /* Whole frames; the kernel's filter cuts. */
    pcap_set_snaplen(c->pcap, CAPTURE_SNAPLEN);
    pcap_set_promisc(c->pcap, 0);
    pcap_set_timeout(c->pcap, CAPTURE_BLOCK_TIMEOUT_MS);
    pcap_set_buffer_size(c->pcap, MIN(ring, INT_MAX));
    c->up.patience_us = capture_socket_patience_us(ring);
    pcap_set_protocol_linux(c->pcap, NO_PROTOCOL);
    rc = pcap_set_tstamp_precision(c->pcap, PCAP_TSTAMP_PRECISION_NANO);
    rc = rc ? rc : pcap_activate(c->pcap);
    if (rc < 0) {
        return activate_error(c, rc, detail);
    }
    c->up.link = pcap_datalink(c->pcap);
    if (!capture_link_is_known(c->up.link)) {
        char *link = capture_link_to_text(c->up.link);

        *detail = xasprintf("%s: frames of link type %s are not understood",
                            c->up.name, link);
        free(link);
        return CAPTURE_BAD_LINK;
    }
    return CAPTURE_OK;
}

/* Everything after pcap_create(). */
static enum capture_error
set_up(struct capture_live *c, const struct capture_conf *conf, char **detail)
{
    char errbuf[PCAP_ERRBUF_SIZE];
    enum capture_error error = activate(c, conf, detail);

    if (error) {
        return error;
    }
    c->ifindex = if_nametoindex(c->up.name);
    if (conf->ifindex && c->ifindex != conf->ifindex) {
        /* Who lives there may give names as he likes. */
        *detail = xasprintf("%s is the name of another interface now (%s)",
                            c->up.name, ovs_strerror(ESTALE));
        return CAPTURE_NO_DEVICE;
    }
    if (pcap_setnonblock(c->pcap, 1, errbuf)) {
        *detail = xasprintf("%s: %s", c->up.name, errbuf);
        return CAPTURE_OTHER;
    }
    c->has_peek = c->up.link != DLT_LINUX_SLL && c->up.link != DLT_LINUX_SLL2
                  && ring_peek_init(&c->peek, pcap_fileno(c->pcap),
                                    c->ifindex, pcap_snapshot(c->pcap));
    c->up.shareable = c->has_peek;
    int flags = capture_socket_flags(pcap_fileno(c->pcap), c->ifindex);
    c->up.loopback = flags >= 0 && flags & IFF_LOOPBACK;
    return CAPTURE_OK;
}

static void
live_close(struct capture *c)
{
    struct capture_live *live = live_cast(c);

    pcap_close(live->pcap);
    capture_uninit(&live->up);
    free(live);
}

static enum capture_error
live_open(const struct capture_conf *conf, struct capture **cp, char **detail)
{
    char errbuf[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_create(conf->ifname, errbuf);
    struct capture_live *live;
    enum capture_error error;

    if (!pcap) {
        *detail = xasprintf("cannot capture from %s: %s", conf->ifname,
                            errbuf);
        return CAPTURE_OTHER;
    }
    live = xzalloc(sizeof *live);
    capture_init(&live->up, &capture_live_class, conf->ifname);
    live->pcap = pcap;
    error = set_up(live, conf, detail);
    if (error) {
        live_close(&live->up);
    } else {
        *cp = &live->up;
    }
    return error;
}

static int
live_fd(const struct capture *c)
{
    return pcap_get_selectable_fd(live_cast(c)->pcap);
}

/* The direction of a frame: what the ring says ('info', NULL if nothing), else
 * the one that alone is let in, else what a cooked header says. */
static enum capture_direction
direction_of(const struct capture_live *c, const struct ring_info *info,
             const u_char *data, uint32_t caplen)
{
    enum { PKTTYPE_OFS = 1 };

    if (info) {
        return info->outgoing ? CAPTURE_OUT : CAPTURE_IN;
    }
    if (c->direction != CAPTURE_BOTH) {
        return c->direction;
    }
    if (c->up.link != DLT_LINUX_SLL || caplen <= PKTTYPE_OFS) {
        return CAPTURE_BOTH;
    }
    return data[PKTTYPE_OFS] == PACKET_OUTGOING ? CAPTURE_OUT : CAPTURE_IN;
}

static void
add_frame(u_char *live, const struct pcap_pkthdr *h, const u_char *data)
{
    struct capture_live *c = (struct capture_live *) live;
    uint32_t sec = h->ts.tv_sec, nsec = h->ts.tv_usec;
    struct ring_frame rf = { data, h->caplen, h->len, sec, nsec };
    struct capture_burst *burst = c->burst;
    struct capture_frame *f = &burst->frames[burst->n++];
    struct ring_info info = { .last = true };

    *f = (struct capture_frame) {
        .data = data,
        .caplen = h->caplen,
        .len = h->len,
        .time_us = sec * UINT64_C(1000000) + nsec / 1000,
        .time_ns = nsec % 1000,
        .has_ns = true,
    };
    bool known = c->has_peek && ring_peek_frame(&c->peek, &rf, &info);

    f->direction = direction_of(c, known ? &info : NULL, data, h->caplen);
    f->csum_partial = known && info.csum_partial;
    if (info.last || burst->n == CAPTURE_BURST) {
        capture_burst_flush(burst);
    }
}

/* After a read gave nothing or failed: why.  CAPTURE_OK: nothing is ready. */
static enum capture_error
why_nothing(struct capture_live *c, int rc, char **detail)
{
    /* libpcap asks to be polled often as long as the interface is down: it
     * says so in no other way. */
    bool down = pcap_get_required_select_timeout(c->pcap) != NULL;
    int fd = pcap_fileno(c->pcap);

    if (rc >= 0 && !down) {
        return CAPTURE_OK;
    }
    if (down || capture_socket_flags(fd, c->ifindex) < 0) {
        return capture_socket_ended(fd, c->up.name, c->ifindex, detail);
    }
    *detail = xasprintf("%s: %s", c->up.name, pcap_geterr(c->pcap));
    return CAPTURE_OTHER;
}

static enum capture_error
live_read(struct capture *c, struct capture_burst *burst, size_t max,
          size_t *n, char **detail)
{
    struct capture_live *live = live_cast(c);

    live->burst = burst;
    int rc = pcap_dispatch(live->pcap, max, add_frame, (u_char *) live);

    *n = MAX(rc, 0);
    return rc > 0 ? CAPTURE_OK : why_nothing(live, rc, detail);
}

static void
live_get_stats(struct capture *c, struct capture_stats *stats)
{
    struct capture_live *live = live_cast(c);

    live->stats.dropped_kernel
        += capture_socket_take_drops(pcap_fileno(live->pcap));
    *stats = live->stats;
}

const struct capture_class capture_live_class = {
    .name = "live",
    .open_live = live_open,
    .close = live_close,
    .fd = live_fd,
    .read = live_read,
    .get_stats = live_get_stats,
    .attach = live_attach,
    .set_only = live_set_only,
    .start = live_start,
};
