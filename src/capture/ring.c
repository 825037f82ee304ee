/* ring.c -- a ring of frames that the kernel shares with us.  See ring.h.
 *
 * Invariant: a block is touched only while its status says that it is ours.
 * What the kernel has written there is believed, it being the kernel.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/ring.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>
#include "base/ovs.h"
#include "capture/capture-socket.h"

enum {
    /* The kernel puts the IP header at a multiple of 16, plus the length of
     * the virtio_net_hdr, plus this: another multiple of 16. */
    RESERVE = 6,
};

static int
set_int(int fd, int option, int value)
{
    return setsockopt(fd, SOL_PACKET, option, &value, sizeof value);
}

/* In the order that the kernel wants: the memory last. */
static int
set_up(struct ring *ring, const char **what)
{
    struct tpacket_req3 req = {
        .tp_block_size = CAPTURE_BLOCK,
        .tp_block_nr = ring->size / CAPTURE_BLOCK,
        .tp_frame_size = CAPTURE_BLOCK,
        .tp_frame_nr = ring->size / CAPTURE_BLOCK,
        .tp_retire_blk_tov = CAPTURE_BLOCK_TIMEOUT_MS,
    };
    void *map;

    *what = "TPACKET_V3";
    if (set_int(ring->fd, PACKET_VERSION, TPACKET_V3)) {
        return errno;
    }
    *what = "PACKET_VNET_HDR";
    if (set_int(ring->fd, PACKET_VNET_HDR, 1)
        || set_int(ring->fd, PACKET_RESERVE, RESERVE)) {
        return errno;
    }
    *what = "a ring";
    if (setsockopt(ring->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof req)) {
        return errno;
    }
    map = mmap(NULL, ring->size, PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd,
               0);
    if (map == MAP_FAILED) {
        return errno;
    }
    ring->map = map;
    return 0;
}

int
ring_open(struct ring *ring, size_t size, const char **what)
{
    int error;

    memset(ring, 0, sizeof *ring);
    ring->size = size / CAPTURE_BLOCK * CAPTURE_BLOCK;
    *what = "a packet socket";
    /* Protocol 0: no frame comes in until it is bound to another. */
    ring->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    error = ring->fd < 0 ? errno : set_up(ring, what);
    if (error) {
        ring_close(ring);
    }
    return error;
}

void
ring_close(struct ring *ring)
{
    if (ring->map) {
        munmap(ring->map, ring->size);
        ring->map = NULL;
    }
    if (ring->fd >= 0) {
        close(ring->fd);
        ring->fd = -1;
    }
}

static struct tpacket_block_desc *
block_of(const struct ring *ring)
{
    return (struct tpacket_block_desc *)
           (ring->map + (size_t) ring->block * CAPTURE_BLOCK);
}

static bool
is_ours(const struct tpacket_block_desc *block)
{
    return __atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE)
           & TP_STATUS_USER;
}

bool
ring_has_frames(struct ring *ring)
{
    while (!ring->n_left) {
        struct tpacket_block_desc *block = block_of(ring);

        if (!is_ours(block)) {
            return false;
        }
        ring->n_left = block->hdr.bh1.num_pkts;
        ring->next = (uint8_t *) block + block->hdr.bh1.offset_to_first_pkt;
        if (!ring->n_left) {
            ring_give_back(ring);
        }
    }
    return true;
}

void
ring_give_back(struct ring *ring)
{
    struct tpacket_block_desc *block = block_of(ring);

    /* Until the kernel opens it, it is empty: see ring_is_filling(). */
    block->hdr.bh1.num_pkts = 0;
    __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL,
                     __ATOMIC_RELEASE);
    ring->block = (ring->block + 1) % (ring->size / CAPTURE_BLOCK);
}

bool
ring_is_filling(const struct ring *ring)
{
    const struct tpacket_block_desc *block = block_of(ring);

    return __atomic_load_n(&block->hdr.bh1.num_pkts, __ATOMIC_RELAXED) > 0;
}
