/* topo-readers.h -- whether readers of a topology see what there is.
 *
 * Used by test-topo after each change.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TESTS_TOPO_READERS_H
#define OVSPAN_TESTS_TOPO_READERS_H 1

#include "base/ovs.h"
#include "topo/topo.h"

/* Knows nodes and edges from what it was told of changes alone. */
struct topo_reader {
    struct sset nodes;          /* Ids. */
    struct sset edges;          /* Ids. */
    uint64_t seen;              /* topo_seqno() of the last look. */
};

void topo_reader_init(struct topo_reader *);
void topo_reader_uninit(struct topo_reader *);

/* Returns NULL if the changes lead to the nodes and edges that there are, if
 * those come in order, and if the index has every name, type and other value;
 * else what is wrong. */
const char *topo_reader_check(struct topo_reader *, const struct topo *);

#endif /* tests/topo-readers.h */
