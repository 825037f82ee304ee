/* output.h -- an exporter's output that checks what it is given.
 *
 * Used by the targets that feed exporters.  Every byte is read when it is
 * given, and what is lent again at flush().
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_FUZZ_OUTPUT_H
#define OVSPAN_TESTS_FUZZ_OUTPUT_H 1

#include "export/exporter.h"

enum { FUZZ_MAX_LENT = 256 };

struct fuzz_output {
    struct exporter_output up;  /* For the exporter. */
    uint64_t n;                 /* Datagrams so far. */
    uint64_t bytes;             /* In them. */
    size_t max_size;            /* Of a datagram. */
    struct exporter_dgram lent[FUZZ_MAX_LENT];  /* Until flush(). */
    size_t n_lent;              /* In use. */
    struct exporter_memory *memory;     /* Of its exporter. */
};

void fuzz_output_init(struct fuzz_output *);
void fuzz_output_uninit(struct fuzz_output *);  /* Once that is closed. */

/* Opens the exporter that 'line', as a user writes it, says.  NULL if there is
 * none, or it refuses. */
struct exporter *fuzz_open_exporter(const char *line, uint32_t path_mtu,
                                    uint64_t boot_us, struct fuzz_output *);

#endif /* tests/fuzz/output.h */
