/* erspan2.c -- whole frames in GRE as ERSPAN type II.
 *
 * Called through exporter_erspan2_class.  Headers, as in
 * draft-foschiano-erspan-03, 4.2:
 *
 *      0                   1                   2                   3
 *     |  GRE flags: sequence only     |  protocol 0x88be              |
 *     |  sequence number                                              |
 *     | Ver=1 |  VLAN                 | COS | En|T|  session          |
 *     |  reserved             |  index                                |
 *
 * Invariant: the sequence counts the frames given to the output, so that a
 * hole at the collector is a loss on the way, or one that the output counted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include "base/ovs.h"
#include "plugin/frames.h"
#include "target/target.h"

enum {
    HEADERS_LEN = 16,           /* GRE and ERSPAN. */
    VERSION_II = 1,             /* Of type II. */
    EN_TAGGED = 3 << 11,        /* The tag is kept in the frame. */
    INDEX_MASK = 0x7ffff,       /* Of an ifIndex; the bit above: egress. */
    EGRESS_SHIFT = 19,
};

struct erspan2 {
    struct frames up;           /* First. */
    uint16_t session;
    bool has_index;             /* 'index' was given by the user. */
    uint32_t index;             /* 20 bits. */
};

static void
erspan2_put_headers(const struct frames *frames,
                    const struct frames_item *item,
                    uint8_t headers[FRAMES_HEADERS])
{
    const struct erspan2 *es = CONTAINER_OF(frames, struct erspan2, up);
    const struct pkt *pkt = item->pkt;
    uint32_t egress = pkt->frame->direction == PKT_EGRESS;

    frames_put16(headers, FRAMES_GRE_SEQUENCE);
    frames_put16(headers + 2, FRAMES_GRE_ERSPAN);
    frames_put32(headers + 4, item->sequence);
    frames_put16(headers + 8, frames_erspan_vlan(pkt, VERSION_II));
    frames_put16(headers + 10, frames_erspan_cos(pkt)
                               | (pkt->n_vlans ? EN_TAGGED : 0)
                               | (item->cut ? FRAMES_ERSPAN_T : 0)
                               | es->session);
    frames_put32(headers + 12, es->has_index ? es->index
                               : (item->point->ifindex & INDEX_MASK)
                                 | egress << EGRESS_SHIFT);
}

static char *
erspan2_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct erspan2 *es = xzalloc(sizeof *es);
    char *error = frames_init(&es->up, &exporter_erspan2_class, conf,
                              HEADERS_LEN, erspan2_put_headers);

    es->session = target_get_int(conf->target, "session");
    es->has_index = target_has(conf->target, "index");
    es->index = target_get_int(conf->target, "index");
    *exporter = &es->up.up;
    if (error) {
        free(es);
        *exporter = NULL;
    }
    return error;
}

const struct exporter_class exporter_erspan2_class = {
    .name = "erspan2",
    .open = erspan2_open,
    .close = frames_close,
    .packets = frames_packets,
    .run = frames_run,
    .set_path_mtu = frames_set_path_mtu,
};
