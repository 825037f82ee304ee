/* erspan1.c -- whole frames in GRE as ERSPAN type I.
 *
 * Called through exporter_erspan1_class.  The GRE header, without flags or a
 * sequence, then the frame: draft-foschiano-erspan-03, 4.1.  It has no room
 * for a session, a VLAN or a truncation: that is counted here alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include "base/ovs.h"
#include "plugin/frames.h"

enum { HEADERS_LEN = 4 };       /* GRE. */

static void
erspan1_put_headers(const struct frames *frames OVS_UNUSED,
                    const struct frames_item *item OVS_UNUSED,
                    uint8_t headers[FRAMES_HEADERS])
{
    frames_put16(headers, 0);
    frames_put16(headers + 2, FRAMES_GRE_ERSPAN);
}

static char *
erspan1_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct frames *frames = xzalloc(sizeof *frames);
    char *error = frames_init(frames, &exporter_erspan1_class, conf,
                              HEADERS_LEN, erspan1_put_headers);

    *exporter = &frames->up;
    if (error) {
        free(frames);
        *exporter = NULL;
    }
    return error;
}

const struct exporter_class exporter_erspan1_class = {
    .name = "erspan1",
    .open = erspan1_open,
    .close = frames_close,
    .packets = frames_packets,
    .run = frames_run,
    .set_path_mtu = frames_set_path_mtu,
};
