/* ng-interface.c -- read an interface's block, and packets' times by it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include <string.h>
#include "base/ovs.h"
#include "capture/ng-interface.h"

enum {
    OPTION_RESOLUTION = 9,
    OPTION_FCS = 13,
    OPTION_OFFSET = 14,
    MICROSECONDS = 6,           /* The resolution that is not said. */
    MICROSECONDS_BINARY = 19,   /* The last that is not finer. */
    BINARY = 0x80,              /* A power of 2, not of 10. */
    MAX_DECIMAL = 19,           /* The last power of 10 that 64 bits hold. */
    NS_DECIMAL = 9,
    NS_BINARY = 34,             /* Finer than ns; times 10^9 within 64 bits. */
    NS_PER_S = 1000000000,
};
#define MAX_SECONDS (INT64_MAX / 1000000 - 1)

static void
take_option(struct ng_blocks *b, const struct ng_option *o,
            struct ng_interface *i)
{
    if (o->code == OPTION_RESOLUTION && o->len == 1) {
        i->resolution = o->value[0];
    } else if (o->code == OPTION_FCS && o->len == 1) {
        /* In bits by its definition, in octets by its example; both are
         * written. */
        i->fcs = o->value[0] < 16 ? o->value[0] : o->value[0] / 8;
    } else if (o->code == OPTION_OFFSET && o->len == 8) {
        uint64_t offset;

        memcpy(&offset, o->value, sizeof offset);
        i->offset = ng_u64(b, offset);
    }
}

enum ng_result
ng_interface_read(struct ng_blocks *b, struct ng_interface *i)
{
    struct { uint16_t link, reserved; uint32_t snaplen; } head;
    enum ng_result result = ng_read(b, &head, sizeof head);
    struct ng_option o;

    if (result) {
        return result;
    }
    *i = (struct ng_interface) {
        .link = capture_link_from_file(ng_u16(b, head.link)),
        .snaplen = ng_u32(b, head.snaplen),
        .resolution = MICROSECONDS,
    };
    do {
        result = ng_read_option(b, &o);
        if (!result) {
            take_option(b, &o, i);
        }
    } while (!result && o.code);
    i->has_ns = (i->resolution & BINARY
                 ? i->resolution - BINARY > MICROSECONDS_BINARY
                 : i->resolution > MICROSECONDS);
    i->known = capture_link_is_known(i->link);
    i->way_ofs = capture_link_way_ofs(i->link);
    i->fcs = capture_link_fcs(i->link, i->fcs);
    return result;
}

/* ## Time. ## */

static uint64_t
power_of_10(int n)
{
    uint64_t x = 1;

    while (n-- > 0) {
        x *= 10;
    }
    return x;
}

/* Seconds of 'ticks' of 10^-n s, and in '*ns' what is beyond. */
static uint64_t
decimal(uint64_t ticks, int n, uint32_t *ns)
{
    if (n > MAX_DECIMAL) {
        *ns = (n - NS_DECIMAL <= MAX_DECIMAL
               ? ticks / power_of_10(n - NS_DECIMAL) : 0);
        return 0;
    }
    uint64_t unit = power_of_10(n), beyond = ticks % unit;

    *ns = (n > NS_DECIMAL ? beyond / power_of_10(n - NS_DECIMAL)
           : beyond * power_of_10(NS_DECIMAL - n));
    return ticks / unit;
}

/* The same of 2^-n s. */
static uint64_t
binary(uint64_t ticks, int n, uint32_t *ns)
{
    uint64_t beyond = n < 64 ? ticks & ((UINT64_C(1) << n) - 1) : ticks;

    if (n > NS_BINARY) {
        beyond = n - NS_BINARY < 64 ? beyond >> (n - NS_BINARY) : 0;
        *ns = beyond * NS_PER_S >> NS_BINARY;
    } else {
        *ns = beyond * NS_PER_S >> n;
    }
    return n < 64 ? ticks >> n : 0;
}

uint64_t
ng_interface_time(const struct ng_interface *i, uint64_t ticks,
                  uint16_t *ns)
{
    uint32_t beyond;
    uint64_t seconds = (i->resolution & BINARY
                        ? binary(ticks, i->resolution - BINARY, &beyond)
                        : decimal(ticks, i->resolution, &beyond));
    int64_t most = MIN(seconds, MAX_SECONDS);

    if (i->offset < -most) {
        *ns = 0;
        return 0;               /* Before 1970. */
    }
    *ns = beyond % 1000;
    seconds = i->offset > MAX_SECONDS - most ? MAX_SECONDS : most + i->offset;
    return seconds * 1000000 + beyond / 1000;
}
