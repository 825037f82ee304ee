/* output.c -- an exporter's output that checks what it is given.  See
 * output.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/output.h"

#include "base/ovs.h"
#include "plugin/plugin.h"
#include "target/target.h"
#include "tests/fuzz/fuzz.h"

static void
output_send(struct exporter_output *up, const struct exporter_dgram *dgrams,
            size_t n)
{
    struct fuzz_output *out = CONTAINER_OF(up, struct fuzz_output, up);

    for (size_t i = 0; i < n; i++) {
        size_t size = 0;

        for (int j = 0; j < EXPORTER_MAX_IOV; j++) {
            const struct iovec *iov = &dgrams[i].iov[j];

            fuzz_touch(iov->iov_base, iov->iov_len);
            size += iov->iov_len;
        }
        ovs_assert(size && size <= UINT16_MAX);
        out->max_size = MAX(out->max_size, size);
        out->bytes += size;
        out->n++;
        if (dgrams[i].lent) {
            ovs_assert(out->n_lent < FUZZ_MAX_LENT);
            out->lent[out->n_lent++] = dgrams[i];
        }
    }
}

static void
output_flush(struct exporter_output *up)
{
    struct fuzz_output *out = CONTAINER_OF(up, struct fuzz_output, up);

    for (size_t i = 0; i < out->n_lent; i++) {
        for (int j = 0; j < EXPORTER_MAX_IOV; j++) {
            fuzz_touch(out->lent[i].iov[j].iov_base,
                       out->lent[i].iov[j].iov_len);
        }
    }
    out->n_lent = 0;
}

void
fuzz_output_init(struct fuzz_output *out)
{
    *out = (struct fuzz_output) {
        .up = { .send = output_send, .flush = output_flush },
        .memory = exporter_memory_create(),
    };
}

void
fuzz_output_uninit(struct fuzz_output *out)
{
    exporter_memory_destroy(out->memory);
}

struct exporter *
fuzz_open_exporter(const char *line, uint32_t path_mtu, uint64_t boot_us,
                   struct fuzz_output *out)
{
    struct exporter *exporter = NULL;
    struct target *target;
    char *error = target_parse(line, &target);
    const struct exporter_class *class = (error ? NULL
                                          : plugin_find(target->class->name));
    if (class) {
        struct exporter_conf conf = {
            .target = target,
            .output = &out->up,
            .boot_us = boot_us,
            .sampling = 1 + path_mtu % 3,
            .path_mtu = path_mtu,
            .ipv6 = path_mtu & 1,
            .memory = out->memory,
            .instance = path_mtu >> 1 & 0xfff,
        };
        error = class->open(&conf, &exporter);
        ovs_assert(!error == !!exporter);
    }
    target_destroy(target);
    free(error);
    return exporter;
}
