/* words.h -- strings that most nodes have, kept once.
 *
 * For src/topo/value.c, and for the test of the table.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_WORDS_H
#define OVSPAN_TOPO_WORDS_H 1

/* A copy of 's', or the one that the table has; it is not to be changed. */
char *topo_word_dup(const char *s);
/* Frees what topo_word_dup() or malloc() returned. */
void topo_word_free(char *);

#endif /* topo/words.h */
