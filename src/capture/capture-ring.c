/* capture-ring.c -- frames from an interface, lent from a ring of our own.
 *
 * Opened by the control thread inside the interface's namespace; read by one
 * worker, whole blocks at a time and without a call for each frame.
 *
 * The reason for a ring of our own is PACKET_VNET_HDR, which libpcap cannot
 * set: with it the kernel says of each frame whether it is a super-frame, and
 * where the segments begin that it stands for.  Where the kernel refuses it,
 * and of frames without an Ethernet or IP header at their start, libpcap's
 * ring serves (capture-live.c), and segments are guessed.
 *
 * A frame of which the header cannot say what it is, is dropped by the kernel:
 * a super-frame that is neither TCP nor UDP, and before Linux 6.2 each of UDP.
 * Such kernels are left to libpcap's ring; what remains (SCTP, and fragments
 * that a guest leaves to the host) is counted as dropped, as it is where the
 * ring is full: the kernel does not tell the one from the other.
 *
 * In the ring such a frame leaves a hole: a header in which nothing but the
 * way to the next one is set, while the rest is of what was there before.  It
 * is told by its status, which of a frame says TP_STATUS_USER.
 *
 * Nothing is put on the socket but what the views want: it is bound to no
 * protocol until their filter is on it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <errno.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include "base/ovs.h"
#include "capture/capture-socket.h"
#include "capture/ring.h"

enum {
    AHEAD = 6,                  /* Frames to fetch ahead. */
    VLAN_TAG_LEN = 4,
    VLAN_TAG_OFS = 2 * ETH_ALEN,
};

struct capture_ring {
    struct capture up;
    struct ring ring;
    int ifindex;
    bool ended;                 /* The interface does not work any more. */
    struct capture_stats stats; /* Sum of what the kernel gave so far. */
};

static struct capture_ring *
ring_cast(const struct capture *c)
{
    ovs_assert(c->class == &capture_ring_class);
    return CONTAINER_OF(c, struct capture_ring, up);
}

/* ## Opening. ## */

/* What frames of an interface of 'type', ARPHRD_*, start with: a DLT_*, or -1
 * if that is for libpcap to say. */
static int
link_of(int type)
{
    switch (type) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
        return DLT_EN10MB;
    case ARPHRD_NONE:
    case ARPHRD_TUNNEL:
    case ARPHRD_SIT:
        return DLT_RAW;
    default:
        return -1;
    }
}

/* Asks what there is to know of the interface. */
static enum capture_error
look_at_interface(struct capture_ring *c, char **detail)
{
    int fd = c->ring.fd;
    struct ifreq ifr;
    int flags;

    memset(&ifr, 0, sizeof ifr);
    ovs_strlcpy(ifr.ifr_name, c->up.name, sizeof ifr.ifr_name);
    if (ioctl(fd, SIOCGIFINDEX, &ifr)) {
        return capture_refuse(CAPTURE_NO_DEVICE, c->up.name, detail);
    }
    c->ifindex = ifr.ifr_ifindex;
    if (ioctl(fd, SIOCGIFHWADDR, &ifr)) {
        return capture_refuse(CAPTURE_NO_DEVICE, c->up.name, detail);
    }
    c->up.link = link_of(ifr.ifr_hwaddr.sa_family);
    flags = capture_socket_flags(fd, c->ifindex);
    if (flags < 0) {
        return capture_refuse(CAPTURE_NO_DEVICE, c->up.name, detail);
    }
    c->up.loopback = flags & IFF_LOOPBACK;
    return (flags & IFF_UP ? CAPTURE_OK
            : capture_refuse(CAPTURE_DOWN, c->up.name, detail));
}

static void
ring_kind_close(struct capture *c_)
{
    struct capture_ring *c = ring_cast(c_);

    ring_close(&c->ring);
    capture_uninit(&c->up);
    free(c);
}

/* The header cannot say of all that passes here what it is: each super-frame
 * of UDP would be dropped. */
static bool
kernel_is_too_old(void)
{
    struct utsname name;
    int major, minor;

    return uname(&name)
           || !ovs_scan(name.release, "%d.%d", &major, &minor)
           || major < 6 || (major == 6 && minor < 2);
}

/* This is for another kind; takes 'why'. */
static enum capture_error
pass(char *why, char **detail)
{
    *detail = xasprintf("where super-frames are cut is guessed: %s", why);
    free(why);
    return CAPTURE_OK;
}

static enum capture_error
ring_kind_open(const struct capture_conf *conf, struct capture **cp,
               char **detail)
{
    size_t size = capture_socket_ring(conf);
    enum capture_error error;
    struct capture_ring *c;
    struct ring ring;
    const char *what;
    int errnum;

    if (kernel_is_too_old()) {
        return pass(xstrdup("Linux 6.2 is the first that tells"), detail);
    }
    errnum = ring_open(&ring, size, &what);
    if (errnum) {
        return pass(xasprintf("the kernel refuses %s: %s", what,
                              ovs_strerror(errnum)), detail);
    }
    c = xzalloc(sizeof *c);
    capture_init(&c->up, &capture_ring_class, conf->ifname);
    c->ring = ring;
    error = look_at_interface(c, detail);
    if (error || c->up.link < 0) {
        ring_kind_close(&c->up);
        return (error ? error
                : pass(xstrdup("this type of interface is read by libpcap"),
                       detail));
    }
    c->up.shareable = true;
    c->up.patience_us = capture_socket_patience_us(size);
    *cp = &c->up;
    return CAPTURE_OK;
}

static int
ring_kind_attach(struct capture *c, const struct bpf_program *program)
{
    return capture_socket_attach(ring_cast(c)->ring.fd, program);
}

static enum capture_error
ring_kind_start(struct capture *c_, char **detail)
{
    struct capture_ring *c = ring_cast(c_);

    return capture_socket_start(c->ring.fd, c->up.name, c->ifindex, detail);
}

/* ## Reading. ## */

static int
ring_kind_fd(const struct capture *c)
{
    return ring_cast(c)->ring.fd;
}

/* Puts a tag that the kernel keeps beside the frame back into it: the
 * addresses move to the front, over what was read already. */
static void
put_tag_back(struct capture_frame *f, const struct tpacket3_hdr *h)
{
    uint8_t *data = CONST_CAST(uint8_t *, f->data) - VLAN_TAG_LEN;
    uint16_t tag[2] = {
        htons(h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->hv1.tp_vlan_tpid
              : ETHERTYPE_VLAN),
        htons(h->hv1.tp_vlan_tci),
    };

    memmove(data, data + VLAN_TAG_LEN, VLAN_TAG_OFS);
    memcpy(data + VLAN_TAG_OFS, tag, sizeof tag);
    f->data = data;
    f->caplen += VLAN_TAG_LEN;
    f->len += VLAN_TAG_LEN;
    if (f->gso_ofs) {
        f->gso_ofs += VLAN_TAG_LEN;
    }
}

/* What the header in front of the frame says of its segments. */
static void
set_segments(struct capture_frame *f)
{
    struct virtio_net_hdr vnet;

    memcpy(&vnet, f->data - sizeof vnet, sizeof vnet);
    f->csum_partial = vnet.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
    f->has_gso = true;
    if (vnet.gso_type != VIRTIO_NET_HDR_GSO_NONE) {
        int type = vnet.gso_type & ~VIRTIO_NET_HDR_GSO_ECN;

        f->gso_protocol = (type == VIRTIO_NET_HDR_GSO_TCPV4
                           || type == VIRTIO_NET_HDR_GSO_TCPV6
                           ? IPPROTO_TCP : IPPROTO_UDP);
        f->gso_size = vnet.gso_size;
        f->gso_ofs = f->csum_partial ? vnet.csum_start : 0;
    }
}

/* Adds the frame at 'h' to the burst. */
static inline void
add_frame(const struct capture_ring *c, struct capture_burst *burst,
          struct tpacket3_hdr *h)
{
    const uint8_t *start = (const uint8_t *) h;
    struct capture_frame *f = &burst->frames[burst->n++];

    *f = (struct capture_frame) {
        .data = start + h->tp_mac,
        .caplen = h->tp_snaplen,
        .len = h->tp_len,
        .time_us = h->tp_sec * UINT64_C(1000000) + h->tp_nsec / 1000,
        .time_ns = h->tp_nsec % 1000,
        .has_ns = true,
        .direction = (ring_address(h)->sll_pkttype == PACKET_OUTGOING
                      ? CAPTURE_OUT : CAPTURE_IN),
    };
    set_segments(f);
    if (OVS_UNLIKELY(h->tp_status & TP_STATUS_VLAN_VALID)
        && c->up.link == DLT_EN10MB && f->caplen >= VLAN_TAG_OFS) {
        put_tag_back(f, h);
    }
    /* Another processor wrote the frames.  The lines of one some way ahead
     * are fetched meanwhile: frames are often of one size. */
    OVS_PREFETCH(start + AHEAD * h->tp_next_offset);
    OVS_PREFETCH(start + AHEAD * h->tp_next_offset + 64);
    OVS_PREFETCH(start + AHEAD * h->tp_next_offset + 128);
}

/* There are no more frames: why.  CAPTURE_OK: none is ready. */
static enum capture_error
why_nothing(struct capture_ring *c, char **detail)
{
    int fd = c->ring.fd, error = 0;
    socklen_t len = sizeof error;

    if (!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) && error) {
        if (error != ENETDOWN) {
            return capture_socket_error(c->up.name, "cannot capture", error,
                                        detail);
        }
        /* One that is up again goes on by itself. */
        int flags = capture_socket_flags(fd, c->ifindex);
        c->ended = flags < 0 || !(flags & IFF_UP);
    }
    return (c->ended && !ring_is_filling(&c->ring)
            ? capture_socket_ended(fd, c->up.name, c->ifindex, detail)
            : CAPTURE_OK);
}

static enum capture_error
ring_kind_read(struct capture *c_, struct capture_burst *burst, size_t max,
               size_t *n, char **detail)
{
    struct capture_ring *c = ring_cast(c_);
    struct ring *ring = &c->ring;

    *n = 0;
    while (*n < max && ring_has_frames(ring)) {
        size_t take = MIN(max - *n, ring->n_left);

        for (size_t i = 0; i < take; i++) {
            struct tpacket3_hdr *h = (struct tpacket3_hdr *) ring->next;

            if (OVS_LIKELY(h->tp_status & TP_STATUS_USER)) {
                add_frame(c, burst, h);
            }
            ring_advance(ring);
        }
        *n += take;
        if (!ring->n_left) {
            capture_burst_flush(burst);
            ring_give_back(ring);
        }
    }
    return *n ? CAPTURE_OK : why_nothing(c, detail);
}

static void
ring_kind_get_stats(struct capture *c_, struct capture_stats *stats)
{
    struct capture_ring *c = ring_cast(c_);

    c->stats.dropped_kernel += capture_socket_take_drops(c->ring.fd);
    *stats = c->stats;
}

const struct capture_class capture_ring_class = {
    .name = "ring",
    .open_live = ring_kind_open,
    .close = ring_kind_close,
    .fd = ring_kind_fd,
    .read = ring_kind_read,
    .get_stats = ring_kind_get_stats,
    .attach = ring_kind_attach,
    .start = ring_kind_start,
};
