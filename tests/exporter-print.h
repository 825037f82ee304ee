/* exporter-print.h -- datagrams of flow protocols as text.
 *
 * Used by test-exporter.c.  Decodes them itself, and asserts what has to be
 * true of each: lengths, counts, padding.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_EXPORTER_PRINT_H
#define OVSPAN_TESTS_EXPORTER_PRINT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PRINTER_TEMPLATES = 8,      /* That it remembers. */
    PRINTER_FIELDS = 40,        /* Of each. */
};

struct printer_template {
    uint16_t id;                /* 0: unused. */
    bool options;
    size_t n;                   /* Fields. */
    uint16_t field[PRINTER_FIELDS];
    uint16_t length[PRINTER_FIELDS];
};

struct printer {
    bool full;                  /* Every field of templates and records. */
    struct printer_template templates[PRINTER_TEMPLATES];
};

/* Big-endian, 'n' bytes. */
uint64_t printer_get(const uint8_t *, size_t n);
void print_netflow5(const uint8_t *, size_t len);
/* NetFlow 9 or IPFIX. */
void print_message(struct printer *, const uint8_t *, size_t len);

#endif /* tests/exporter-print.h */
