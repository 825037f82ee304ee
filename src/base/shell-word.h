/* shell-word.h -- words as a shell has to read them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_SHELL_WORD_H
#define OVSPAN_BASE_SHELL_WORD_H 1

struct ds;

/* Puts ' ', and 'word' with the quotes that it needs. */
void shell_word_put(struct ds *, const char *word);

#endif /* base/shell-word.h */
