/* fuzz-export.c -- exporters of packets, with any options and any frames.
 *
 * A line says the target, as a user writes it; then come the MTUs of the path
 * and of the interface, and frames.  Every frame is sent or counted.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include "base/ovs.h"
#include "tests/fuzz/output.h"

static void
feed(struct exporter *e, const struct exporter_point *point,
     struct fuzz_output *out, struct fuzz_input *in)
{
    uint16_t new_mtu = fuzz_get(in, 2);
    struct fuzz_frames ff;

    fuzz_frames_read(in, &ff);
    size_t half = ff.n / 2;
    e->class->packets(e, ff.pkts, half, point, 1);
    if (e->class->set_path_mtu) {
        e->class->set_path_mtu(e, new_mtu);
    }
    if (e->class->greet) {
        e->class->greet(e, 2);
    }
    e->class->packets(e, ff.pkts + half, ff.n - half, point, 3);
    ovs_assert(!out->n_lent);
    /* What is not sent is counted. */
    ovs_assert(e->stats.packets + e->stats.skipped + e->stats.unsampled
               >= ff.n);
    fuzz_frames_uninit(&ff);
}

void
fuzz_export(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *line = fuzz_line(&in);
    uint32_t path_mtu = fuzz_get(&in, 2);
    struct exporter_point point = {
        .ifindex = fuzz_get(&in, 4),
        .mtu = fuzz_get(&in, 2),
        .name = "eth0",
    };
    struct fuzz_output out;

    fuzz_output_init(&out);
    struct exporter *e = fuzz_open_exporter(line, path_mtu, 0, &out);
    free(line);
    if (e) {
        if (e->class->packets) {
            feed(e, &point, &out, &in);
        }
        e->class->run(e, UINT64_C(10000000));
        e->class->close(e, UINT64_C(20000000));
    }
    fuzz_output_uninit(&out);
}
