/* ring-peek.c -- read the kernel's header in front of a captured frame.
 *
 * libpcap gives the bytes of an Ethernet frame, but neither the direction
 * (NetFlow's input and output interface and ERSPAN's direction bit need it)
 * nor "checksum not ready".  Both lie in the ring that the bytes are lent
 * from: with TPACKET_V3 a frame is a struct tpacket3_hdr, a struct
 * sockaddr_ll, a gap, and the bytes at 'tp_mac' from the header's start.
 * That layout is the kernel's ABI (linux/if_packet.h).
 *
 * Invariant: nothing is believed.  The header is looked for at the few
 * distances that the kernel's formula allows, and is taken only if all that
 * libpcap said of the frame (offset, both lengths, the time) is found in it
 * and the address names our interface.  Reads stay inside the ring: whatever
 * the frame, there are at least a block's descriptor, a header and an address
 * in front of its first byte, and no distance tried is larger than that.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/ring-peek.h"
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <string.h>
#include <sys/socket.h>
#include "base/ovs.h"

enum {
    AHEAD = 6,                  /* Frames to fetch ahead. */
    VLAN_TAG_LEN = 4,           /* What libpcap puts back into a frame. */
    HDR_LEN = TPACKET_ALIGN(sizeof(struct tpacket3_hdr)),
    /* The least that lies in front of any frame of a block. */
    MIN_BEFORE = sizeof(struct tpacket_block_desc) + HDR_LEN
                 + sizeof(struct sockaddr_ll),
};

/* Lengths of the link layer header that the kernel may have seen: Ethernet,
 * with a tag, of an IP tunnel, Ethernet with more tags (a program that sends
 * such frames from a packet socket has all of them in front of the IP
 * header). */
static const uint32_t maclens[] = {
    ETH_HLEN, ETH_HLEN + 4, 0, ETH_HLEN + 8, ETH_HLEN + 12, ETH_HLEN + 16,
};

bool
ring_peek_init(struct ring_peek *peek, int fd, int ifindex, uint32_t snaplen)
{
    int version = -1, reserve = -1;
    socklen_t len = sizeof version;

    if (getsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, &len)
        || version != TPACKET_V3) {
        return false;
    }
    len = sizeof reserve;
    if (getsockopt(fd, SOL_PACKET, PACKET_RESERVE, &reserve, &len)
        || reserve < VLAN_TAG_LEN) {
        return false;
    }
    peek->reserve = reserve;
    peek->snaplen = snaplen;
    peek->ifindex = ifindex;
    return true;
}

/* Offset of a frame from its header, as tpacket_rcv() computes it. */
static uint32_t
mac_offset(uint32_t maclen, uint32_t reserve)
{
    uint32_t gap = maclen < 16 ? 16 : maclen;

    return TPACKET_ALIGN(HDR_LEN + sizeof(struct sockaddr_ll) + gap)
           + reserve - maclen;
}

/* True if 'h' is the header of 'f'; 'tag' is VLAN_TAG_LEN if libpcap put a
 * tag back into it. */
static bool
header_matches(const struct ring_peek *peek, const struct tpacket3_hdr *h,
               const struct sockaddr_ll *sll, const struct ring_frame *f,
               uint32_t mac, uint32_t tag)
{
    bool tagged = h->tp_status & TP_STATUS_VLAN_VALID;
    uint64_t caplen = (uint64_t) h->tp_snaplen + tag;

    return h->tp_mac == mac
           && (tagged || !tag)
           && (uint64_t) h->tp_len + tag == f->len
           && (caplen < peek->snaplen ? caplen : peek->snaplen) == f->caplen
           && h->tp_sec == f->sec
           && h->tp_nsec == f->nsec
           && sll->sll_family == AF_PACKET
           && sll->sll_ifindex == peek->ifindex;
}

bool
ring_peek_frame(const struct ring_peek *peek, const struct ring_frame *f,
                struct ring_info *info)
{
    for (size_t i = 0; i < 2 * sizeof maclens / sizeof maclens[0]; i++) {
        uint32_t tag = i % 2 ? VLAN_TAG_LEN : 0;
        uint32_t mac = mac_offset(maclens[i / 2], peek->reserve);
        const uint8_t *start = f->data - (mac - tag);
        struct tpacket3_hdr h;
        struct sockaddr_ll sll;

        /* The kernel aligns headers in a block to 8 bytes. */
        if (mac - tag > MIN_BEFORE || (uintptr_t) start % 8) {
            continue;
        }
        memcpy(&h, start, sizeof h);
        memcpy(&sll, start + HDR_LEN, sizeof sll);
        if (header_matches(peek, &h, &sll, f, mac, tag)) {
            info->outgoing = sll.sll_pkttype == PACKET_OUTGOING;
            info->csum_partial = h.tp_status & TP_STATUS_CSUMNOTREADY;
            info->last = !h.tp_next_offset;
            /* Another processor wrote the frames.  The lines of one some way
             * ahead are fetched meanwhile: frames are often of one size. */
            OVS_PREFETCH(start + AHEAD * h.tp_next_offset);
            OVS_PREFETCH(start + AHEAD * h.tp_next_offset + 64);
            OVS_PREFETCH(start + AHEAD * h.tp_next_offset + 128);
            return true;
        }
    }
    return false;
}
