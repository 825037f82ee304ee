/* test-checksum.c -- checksums that were left to the hardware, as a table.
 *
 * usage: test-checksum table|lengths
 *
 * 'table' reads frames in hex, "+" before a frame that the kernel says is
 * partial and "-N" after one of which the last N bytes were not captured, and
 * prints "input => intact" or "input => OFFSET VALUE".  'lengths' makes frames
 * of every length and checks what the sum of all the bytes must be.
 * Used by checksum.at.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "packet/checksum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"

static void
print_repair(const char *line)
{
    const char *hex = line + (*line == '+');
    const char *cut = strchr(hex, '-');
    size_t n = (cut ? cut - hex : strlen(hex)) / 2;
    uint8_t *data = xmalloc(n + 1);
    uint8_t checksum[2];
    uint32_t ofs;

    for (size_t i = 0; i < n; i++) {
        bool ok;

        data[i] = hexits_value(&hex[i * 2], 2, &ok);
        ovs_assert(ok);
    }
    struct pkt_frame frame = {
        .data = data,
        .caplen = n - (cut ? atoi(cut + 1) : 0),
        .len = n,
        .csum_partial = *line == '+',
    };
    struct pkt pkt;
    pkt_parse(&frame, &pkt);
    if (pkt_checksum_repair(&pkt, &ofs, checksum)) {
        printf("%s => %"PRIu32" %02x%02x\n", line, ofs, checksum[0],
               checksum[1]);
    } else {
        printf("%s => intact\n", line);
    }
    free(data);
}

static void
run_table(void)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        print_repair(ds_cstr(&line));
    }
    ds_destroy(&line);
}

enum {
    IP_OFS = 14,
    L4_OFS = 34,
    UDP_LEN = 8,
    MAX_PAYLOAD = 1500,
};

/* The folded sum of 'n' bytes, plainly. */
static uint16_t
plain_sum(uint32_t sum, const uint8_t *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sum += i % 2 ? p[i] : p[i] << 8;
    }
    while (sum >> 16) {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    return sum;
}

static void
put16(uint8_t *p, uint16_t value)
{
    p[0] = value >> 8;
    p[1] = value;
}

/* Makes an IPv4 UDP frame of changing addresses, ports and payload; returns
 * the folded sum of its pseudo-header. */
static uint16_t
make_udp(uint8_t *f, size_t payload)
{
    size_t udp_len = UDP_LEN + payload;

    for (size_t i = 0; i < L4_OFS + udp_len; i++) {
        f[i] = hash_2words(i, payload);
    }
    memcpy(f + 12, "\x08\x00\x45\x00", 4);
    put16(f + 16, 20 + udp_len);
    put16(f + 20, 0);                   /* Not a fragment. */
    f[23] = IPPROTO_UDP;
    put16(f + L4_OFS + 4, udp_len);
    return plain_sum(IPPROTO_UDP + udp_len, f + IP_OFS + 12, 8);
}

/* True if the checksum in the frame covers it. */
static bool
is_right(const uint8_t *f, uint16_t pseudo)
{
    size_t n = f[L4_OFS + 4] << 8 | f[L4_OFS + 5];

    return plain_sum(pseudo, f + L4_OFS, n) == 0xffff;
}

static void
check_length(size_t payload)
{
    uint8_t f[L4_OFS + UDP_LEN + MAX_PAYLOAD];
    uint8_t *field = f + L4_OFS + 6;
    uint16_t pseudo = make_udp(f, payload);
    struct pkt_frame frame = {
        .data = f,
        .caplen = L4_OFS + UDP_LEN + payload,
        .len = L4_OFS + UDP_LEN + payload,
    };
    struct pkt pkt;
    uint8_t checksum[2];
    uint32_t ofs;

    put16(field, pseudo ^ 1);
    ovs_assert(pkt_parse(&frame, &pkt) == PKT_OK);
    ovs_assert(!pkt_checksum_repair(&pkt, &ofs, checksum));

    put16(field, pseudo);
    ovs_assert(pkt_checksum_repair(&pkt, &ofs, checksum));
    ovs_assert(ofs == L4_OFS + 6);
    memcpy(field, checksum, 2);
    ovs_assert(is_right(f, pseudo));
    ovs_assert(checksum[0] || checksum[1]);
}

int
main(int argc, char *argv[])
{
    if (argc == 2 && !strcmp(argv[1], "table")) {
        run_table();
    } else if (argc == 2 && !strcmp(argv[1], "lengths")) {
        for (size_t payload = 0; payload <= MAX_PAYLOAD; payload++) {
            check_length(payload);
        }
        puts("ok");
    } else {
        ovs_fatal(0, "usage: test-checksum table|lengths");
    }
    return 0;
}
