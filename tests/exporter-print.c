/* exporter-print.c -- decodes NetFlow 5, NetFlow 9 and IPFIX.
 *
 * Called by test-exporter.c for each datagram.  Knows no more of templates
 * than what it was sent, like a collector.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "exporter-print.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include "base/ovs.h"

uint64_t
printer_get(const uint8_t *p, size_t n)
{
    uint64_t value = 0;

    while (n--) {
        value = value << 8 | *p++;
    }
    return value;
}

#define get(P, N) printer_get(P, N)

static void
print_addr(const uint8_t *p, size_t length)
{
    char buf[INET6_ADDRSTRLEN];

    printf("%s", inet_ntop(length == 4 ? AF_INET : AF_INET6, p, buf,
                           sizeof buf));
}

/* ## --------- ## */
/* ## NetFlow 5 ## */
/* ## --------- ## */

static void
print_record5(const uint8_t *p)
{
    ovs_assert(!get(p + 8, 4) && !p[36] && !get(p + 40, 4)
               && !get(p + 44, 4));
    printf(" (");
    print_addr(p, 4);
    printf(":%"PRIu64" ", get(p + 32, 2));
    print_addr(p + 4, 4);
    printf(":%"PRIu64" %u/%u/%u %"PRIu64">%"PRIu64" %"PRIu64"/%"PRIu64
           " %"PRIu64"-%"PRIu64")", get(p + 34, 2), p[38], p[39], p[37],
           get(p + 12, 2), get(p + 14, 2), get(p + 16, 4), get(p + 20, 4),
           get(p + 24, 4), get(p + 28, 4));
}

void
print_netflow5(const uint8_t *p, size_t len)
{
    uint64_t n = get(p + 2, 2);

    ovs_assert(get(p, 2) == 5 && n >= 1 && n <= 30 && len == 24 + n * 48);
    printf("{n=%"PRIu64" up=%"PRIu64" at=%"PRIu64".%09"PRIu64" seq=%"PRIu64
           " engine=%u/%u", n, get(p + 4, 4), get(p + 8, 4), get(p + 12, 4),
           get(p + 16, 4), p[20], p[21]);
    if (get(p + 22, 2)) {
        printf(" sampling=%04"PRIx64, get(p + 22, 2));
    }
    for (uint64_t i = 0; i < n && n <= 3; i++) {
        print_record5(p + 24 + i * 48);
    }
    printf("} ");
}

/* ## ------------------- ## */
/* ## NetFlow 9 and IPFIX ## */
/* ## ------------------- ## */

static struct printer_template *
find_template(struct printer *pr, uint16_t id)
{
    for (size_t i = 0; i < PRINTER_TEMPLATES; i++) {
        if (pr->templates[i].id == id) {
            return &pr->templates[i];
        }
    }
    return NULL;
}

/* What is in a template, at 'p'; returns its end. */
static const uint8_t *
take_template(struct printer *pr, uint16_t id, bool options, size_t n,
              const uint8_t *p)
{
    struct printer_template *t = find_template(pr, id);

    t = t ? t : find_template(pr, 0);
    ovs_assert(t && id >= 256 && n && n <= PRINTER_FIELDS);
    t->id = id;
    t->options = options;
    t->n = n;
    for (size_t i = 0; i < n; i++, p += 4) {
        t->field[i] = get(p, 2);
        t->length[i] = get(p + 2, 2);
    }
    printf(" %c%u", options ? 'O' : 'T', id);
    for (size_t i = 0; i < n && pr->full; i++) {
        printf("%s%u/%u", i ? "," : ":", t->field[i], t->length[i]);
    }
    return p;
}

/* One template of a set; returns its end. */
static const uint8_t *
print_template(struct printer *pr, int version, bool options,
               const uint8_t *p)
{
    uint64_t id = get(p, 2), n = get(p + 2, 2);

    if (!options) {
        return take_template(pr, id, false, n, p + 4);
    }
    uint64_t m = get(p + 4, 2);
    if (version == 9) {
        ovs_assert(n == 4 && m % 4 == 0);
        n = (n + m) / 4;
    } else {
        ovs_assert(m == 1);
    }
    return take_template(pr, id, true, n, p + 6);
}

/* The value of a field in a record. */
static const uint8_t *
field_at(const struct printer_template *t, uint16_t id, const uint8_t *p,
         size_t *length)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->field[i] == id) {
            *length = t->length[i];
            return p;
        }
        p += t->length[i];
    }
    ovs_fatal(0, "no field %u", id);
}

static uint64_t
field(const struct printer_template *t, uint16_t id, const uint8_t *record)
{
    size_t length;
    const uint8_t *p = field_at(t, id, record, &length);

    return get(p, length);
}

static void
print_value(uint16_t id, const uint8_t *p, size_t length)
{
    printf(" %u=", id);
    switch (id) {
    case 8:
    case 12:
    case 27:
    case 28:
        print_addr(p, length);
        break;
    case 56:
    case 80:
        printf("%012"PRIx64, get(p, length));
        break;
    case 82:
        printf("%.*s", (int) length, p);
        break;
    default:
        printf("%"PRIu64, get(p, length));
        break;
    }
}

/* As print_record5() does. */
static void
print_brief(const struct printer_template *t, int version, const uint8_t *p)
{
    bool ipv6 = field(t, 60, p) == 6;
    size_t length;

    printf(" (");
    print_addr(field_at(t, ipv6 ? 27 : 8, p, &length), ipv6 ? 16 : 4);
    printf(":%"PRIu64" ", field(t, 7, p));
    print_addr(field_at(t, ipv6 ? 28 : 12, p, &length), ipv6 ? 16 : 4);
    printf(":%"PRIu64" %"PRIu64"/%"PRIu64"/%"PRIu64" %"PRIu64">%"PRIu64
           " %"PRIu64"/%"PRIu64" %"PRIu64"-%"PRIu64")", field(t, 11, p),
           field(t, 4, p), field(t, 5, p), field(t, 6, p), field(t, 10, p),
           field(t, 14, p), field(t, 2, p), field(t, 1, p),
           field(t, version == 9 ? 22 : 152, p),
           field(t, version == 9 ? 21 : 153, p));
}

/* Prints a data set; returns the number of its records. */
static size_t
print_data(struct printer *pr, int version, uint16_t id, const uint8_t *p,
           const uint8_t *end)
{
    const struct printer_template *t = find_template(pr, id);
    size_t length = 0, n;

    if (!t) {
        ovs_fatal(0, "no template %u", id);
    }
    for (size_t i = 0; i < t->n; i++) {
        length += t->length[i];
    }
    n = (end - p) / length;
    ovs_assert(n && end - p - n * length < 4);
    printf(" %ux%"PRIuSIZE, id, n);
    for (size_t i = 0; i < n; i++, p += length) {
        if (pr->full || t->options) {
            const uint8_t *q = p;
            printf(" (");
            for (size_t j = 0; j < t->n; q += t->length[j++]) {
                print_value(t->field[j], q, t->length[j]);
            }
            printf(")");
        } else if (n <= 3) {
            print_brief(t, version, p);
        }
    }
    while (p < end) {
        ovs_assert(!*p++);
    }
    return n;
}

/* Prints a set; returns the number of its records. */
static size_t
print_set(struct printer *pr, int version, uint16_t id, const uint8_t *p,
          const uint8_t *end)
{
    bool options = id == (version == 9 ? 1 : 3);
    size_t n = 0;

    if (id >= 256) {
        return print_data(pr, version, id, p, end);
    }
    ovs_assert(options || id == (version == 9 ? 0 : 2));
    while (end - p >= 4) {
        p = print_template(pr, version, options, p);
        n++;
    }
    /* Only NetFlow 9 pads sets of templates. */
    ovs_assert(p <= end && !get(p, end - p) && (version == 9 || p == end));
    return n;
}

void
print_message(struct printer *pr, const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    int version = get(p, 2);
    uint64_t count = get(p + 2, 2), n = 0;

    if (version == 9) {
        printf("{n=%"PRIu64" up=%"PRIu64" at=%"PRIu64" seq=%"PRIu64
               " id=%"PRIu64, count, get(p + 4, 4), get(p + 8, 4),
               get(p + 12, 4), get(p + 16, 4));
        p += 20;
    } else {
        ovs_assert(version == 10 && count == len);
        printf("{at=%"PRIu64" seq=%"PRIu64" id=%"PRIu64, get(p + 4, 4),
               get(p + 8, 4), get(p + 12, 4));
        p += 16;
    }
    while (p < end) {
        uint64_t length = get(p + 2, 2);

        ovs_assert(length > 4 && length <= end - p
                   && (version == 10 || length % 4 == 0));
        n += print_set(pr, version, get(p, 2), p + 4, p + length);
        p += length;
    }
    ovs_assert(p == end && (version == 10 || n == count));
    printf("} ");
}
