/* erspan3.c -- whole frames in GRE as ERSPAN type III.
 *
 * Called through exporter_erspan3_class.  Headers, as in
 * draft-foschiano-erspan-03, 4.3, the optional subheader left out:
 *
 *      0                   1                   2                   3
 *     |  GRE flags: sequence only     |  protocol 0x22eb              |
 *     |  sequence number                                              |
 *     | Ver=2 |  VLAN                 | COS |BSO|T|  session          |
 *     |  timestamp                                                    |
 *     |  SGT                          |P|  FT     |  HW ID    |D|Gra|O|
 *
 * The timestamp is the time of the frame's capture since the epoch in units of
 * 100 ns, modulo 2^32 (Gra 1): it wraps after 429 s, and carries all that the
 * capture knows.  SGT and HW ID are 0: there are none here.
 *
 * Bad, short, oversized (RFC 1757): a frame below Ethernet's least length,
 * as is common where nothing pads it; one above what the interface may send,
 * tags not counted.  A capture knows nothing of bad ones.
 *
 * Invariant: as erspan2.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include "base/ovs.h"
#include "plugin/frames.h"
#include "target/target.h"

enum {
    HEADERS_LEN = 20,           /* GRE and ERSPAN. */
    VERSION_III = 2,            /* Of type III. */
    BSO_SHORT = 1 << 11,
    BSO_OVERSIZED = 2 << 11,
    P_ETHERNET = 1 << 15,       /* What follows is an Ethernet frame... */
    FT_IP = 2 << 10,            /* ...or an IP packet. */
    DIRECTION_EGRESS = 1 << 3,
    GRA_100NS = 1 << 1,
    TICKS_PER_US = 10,
    NS_PER_TICK = 100,
    ETHERNET_LEN = 14,
    VLAN_TAG_LEN = 4,
    LEAST_LEN = 60,             /* Without FCS. */
    USUAL_MTU = 1500,
};

struct erspan3 {
    struct frames up;           /* First. */
    uint16_t session;
};

static uint16_t
bso(const struct frames_item *item)
{
    uint32_t most = (MAX(item->point->mtu, USUAL_MTU) + ETHERNET_LEN
                     + item->pkt->n_vlans * VLAN_TAG_LEN);

    return (item->type != FRAMES_GRE_TEB ? 0
            : item->len < LEAST_LEN ? BSO_SHORT
            : item->len > most ? BSO_OVERSIZED
            : 0);
}

static void
erspan3_put_headers(const struct frames *frames,
                    const struct frames_item *item,
                    uint8_t headers[FRAMES_HEADERS])
{
    const struct erspan3 *es = CONTAINER_OF(frames, struct erspan3, up);
    const struct pkt *pkt = item->pkt;
    bool egress = pkt->frame->direction == PKT_EGRESS;

    frames_put16(headers, FRAMES_GRE_SEQUENCE);
    frames_put16(headers + 2, FRAMES_GRE_ERSPAN3);
    frames_put32(headers + 4, item->sequence);
    frames_put16(headers + 8, frames_erspan_vlan(pkt, VERSION_III));
    frames_put16(headers + 10, frames_erspan_cos(pkt) | bso(item)
                               | (item->cut ? FRAMES_ERSPAN_T : 0)
                               | es->session);
    frames_put32(headers + 12, pkt->frame->time_us * TICKS_PER_US
                               + pkt->frame->time_ns / NS_PER_TICK);
    frames_put16(headers + 16, 0);
    frames_put16(headers + 18, (item->type == FRAMES_GRE_TEB ? P_ETHERNET
                                : FT_IP) | GRA_100NS
                               | (egress ? DIRECTION_EGRESS : 0));
}

static char *
erspan3_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct erspan3 *es = xzalloc(sizeof *es);
    char *error = frames_init(&es->up, &exporter_erspan3_class, conf,
                              HEADERS_LEN, erspan3_put_headers);
    es->up.carries_ip = true;

    es->session = target_get_int(conf->target, "session");
    *exporter = &es->up.up;
    if (error) {
        free(es);
        *exporter = NULL;
    }
    return error;
}

const struct exporter_class exporter_erspan3_class = {
    .name = "erspan3",
    .open = erspan3_open,
    .close = frames_close,
    .packets = frames_packets,
    .run = frames_run,
    .set_path_mtu = frames_set_path_mtu,
};
