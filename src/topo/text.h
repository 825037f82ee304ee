/* text.h -- strings that most nodes have, kept once.
 *
 * A text is a string that many may hold and nobody may change.  Those that
 * nearly every node has (keys, flags, kinds) are in a table; others count who
 * holds them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_TEXT_H
#define OVSPAN_TOPO_TEXT_H 1

/* A text that says 's'. */
char *topo_text_new(const char *s);
/* Another hold on 'text', which may be NULL: 'text' itself, or a copy where
 * too many hold it. */
char *topo_text_ref(char *text);
/* Lets go of it; of NULL, too. */
void topo_text_unref(char *text);

#endif /* topo/text.h */
