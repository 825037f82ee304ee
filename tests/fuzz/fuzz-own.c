/* fuzz-own.c -- telling our own export reads no byte that is not there.
 *
 * The first bytes choose streams of ours, made of the packets' own addresses,
 * so that the comparison goes as deep as it can.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include "base/ovs.h"
#include "export/collector.h"

void
fuzz_own(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    uint16_t session = fuzz_get(&in, 2) & 0x3ff;
    uint8_t choice = fuzz_get(&in, 1);
    struct fuzz_frames ff;

    fuzz_frames_read(&in, &ff);
    for (size_t i = 0; i < ff.n; i++) {
        const struct pkt *pkt = &ff.pkts[i];
        struct collector_flow flows[2] = {
            {
                .proto = choice & 1 ? COLLECTOR_UDP : COLLECTOR_GRE,
                .src = pkt->src, .dst = pkt->dst,
                .src_port = pkt->src_port, .dst_port = pkt->dst_port,
                .session = session,
                .any_session = choice & 2,
            },
            { .proto = COLLECTOR_GRE, .session = session },
        };
        bool own = collector_is_own(flows, 2, pkt);

        ovs_assert(!own || collector_is_own(flows, 1, pkt)
                   || collector_is_own(flows + 1, 1, pkt));
        ovs_assert(!collector_is_own(flows, 0, pkt));
    }
    fuzz_frames_uninit(&ff);
}
