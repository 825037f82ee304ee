/* fuzz-record.c -- exporters of flows, with any options and any records.
 *
 * A line says the target, as a user writes it; then come the path's MTU and
 * records, as bytes in memory.  Every packet of a record is sent or counted,
 * and a datagram does not exceed the path.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "tests/fuzz/fuzz.h"

#include <string.h>
#include "base/ovs.h"
#include "tests/fuzz/output.h"

enum { MAX_RECORDS = 200 };

/* A record as the flow table may make one. */
static struct frec
read_record(struct fuzz_input *in)
{
    struct frec r;

    /* Not as bytes: not every byte is a bool. */
    memset(&r, 0, sizeof r);
    fuzz_read(in, &r.key, offsetof(struct frec_key, ip_version));
    r.key.ip_version = fuzz_get(in, 1) & 1 ? 6 : 4;
    if (r.key.ip_version == 4) {
        in6_addr_set_mapped_ipv4(&r.key.src, r.key.src.s6_addr32[3]);
        in6_addr_set_mapped_ipv4(&r.key.dst, r.key.dst.s6_addr32[3]);
    }
    /* A flow of 2^40 octets becomes 256 records where they have 32 bits. */
    size_t width = fuzz_get(in, 1) % 5;
    r.packets = fuzz_get(in, width + 1);
    r.packets = MAX(r.packets, 1);
    r.octets = fuzz_get(in, width + 1);
    r.first_us = fuzz_get(in, 7);
    r.last_us = r.first_us + fuzz_get(in, 4);
    r.tcp_flags = fuzz_get(in, 2) & 0xfff;
    r.ip_flags = fuzz_get(in, 1) & 3;
    r.end = 1 + fuzz_get(in, 1) % 5;
    r.egress = fuzz_get(in, 1) & 1;
    fuzz_read(in, r.src_mac, sizeof r.src_mac + sizeof r.dst_mac);
    return r;
}

static void
feed(struct exporter *e, struct fuzz_input *in)
{
    struct exporter_point point = { .ifindex = 7, .name = "eth0" };
    uint64_t now_us = fuzz_get(in, 7), packets = 0;

    if (e->class->add_point) {
        e->class->add_point(e, &point);
    }
    for (int i = 0; in->n && i < MAX_RECORDS; i++) {
        uint8_t what = fuzz_get(in, 1);
        struct frec r = read_record(in);
        struct frec reverse = r;

        if (e->biflow && what & 1) {
            reverse.last_us += what;
            r.reverse = &reverse;
        }
        now_us += what * UINT64_C(10000);
        if (what == 0xff && e->class->greet) {
            e->class->greet(e, now_us);
        } else if (what == 0xfe && e->class->set_path_mtu) {
            e->class->set_path_mtu(e, r.key.src_port);
        }
        e->class->flow(e, &r, now_us);
        uint64_t next = e->class->run(e, now_us);
        ovs_assert(next >= now_us);
        packets += r.packets;
    }
    ovs_assert(e->stats.flows || e->stats.skipped || !packets
               || e->class->run(e, UINT64_MAX / 2));
}

void
fuzz_record(const uint8_t *data, size_t size)
{
    struct fuzz_input in = { data, size };
    char *line = fuzz_line(&in);
    uint32_t path_mtu = fuzz_get(&in, 2);
    uint64_t boot_us = fuzz_get(&in, 7);
    struct fuzz_output out;

    fuzz_output_init(&out);
    struct exporter *e = fuzz_open_exporter(line, path_mtu, boot_us, &out);
    free(line);
    if (e) {
        if (e->class->flow) {
            feed(e, &in);
        }
        e->class->close(e, UINT64_MAX / 2);
    }
    fuzz_output_uninit(&out);
}
