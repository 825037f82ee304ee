/* text.h -- strings that most nodes have, kept once.
 *
 * A text is a string that many may hold and nobody may change.  Those that
 * nearly every node has (keys, flags, kinds) are in a table; others count who
 * holds them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_TOPO_TEXT_H
#define OVSPAN_TOPO_TEXT_H 1

#include <stdbool.h>

/* A text that says 's'. */
char *topo_text_new(const char *s);
/* Another hold on 'text', which may be NULL: 'text' itself, or a copy where
 * too many hold it. */
char *topo_text_ref(char *text);
/* Lets go of it; of NULL, too. */
void topo_text_unref(char *text);

/* Whether two strings, which may be NULL, say the same. */
bool topo_same_string(const char *, const char *);
/* Make '*dst' say 'src', or hold the text 'src'.  True if it was another. */
bool topo_set_string(char **dst, const char *src);
bool topo_set_text(char **dst, char *src);

#endif /* topo/text.h */
