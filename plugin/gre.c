/* gre.c -- whole frames in GRE, as a bridge would send them.
 *
 * Called through exporter_gre_class.  The GRE header (RFC 2784) of transparent
 * Ethernet bridging, or of IP where there is no Ethernet, with a key (RFC
 * 2890) if the user gave one, 0 included, then the frame or the IP packet.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "plugin/plugin.h"

#include <stdlib.h>
#include "base/ovs.h"
#include "plugin/frames.h"
#include "target/target.h"

enum {
    HEADER_LEN = 4,
    KEY_LEN = 4,
};

struct gre {
    struct frames up;           /* First. */
    bool has_key;
    uint32_t key;
};

static void
gre_put_headers(const struct frames *frames,
                const struct frames_item *item,
                uint8_t headers[FRAMES_HEADERS])
{
    const struct gre *gre = CONTAINER_OF(frames, struct gre, up);

    frames_put16(headers, gre->has_key ? FRAMES_GRE_KEY : 0);
    frames_put16(headers + 2, item->type);
    if (gre->has_key) {
        frames_put32(headers + 4, gre->key);
    }
}

static char *
gre_open(const struct exporter_conf *conf, struct exporter **exporter)
{
    struct gre *gre = xzalloc(sizeof *gre);
    gre->has_key = target_has(conf->target, "key");
    gre->key = target_get_int(conf->target, "key");

    char *error = frames_init(&gre->up, &exporter_gre_class, conf,
                              HEADER_LEN + (gre->has_key ? KEY_LEN : 0),
                              gre_put_headers);
    gre->up.carries_ip = true;
    *exporter = &gre->up.up;
    if (error) {
        free(gre);
        *exporter = NULL;
    }
    return error;
}

const struct exporter_class exporter_gre_class = {
    .name = "gre",
    .open = gre_open,
    .close = frames_close,
    .packets = frames_packets,
    .run = frames_run,
    .set_path_mtu = frames_set_path_mtu,
};
