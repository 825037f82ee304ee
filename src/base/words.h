/* words.h -- text that strangers wrote, on its way to a terminal, a log or a
 * shell.
 *
 * Names of interfaces and namespaces, external ids, whatever is in a database:
 * a tenant or anybody may have chosen them.  Whoever prints for people or logs
 * goes through this; what is JSON or a row has them as they are.
 *
 * "Clean" is text in which octets that a terminal may obey, or by which a line
 * may pass for another, are written as \xNN: C0 and DEL, C1, the controls of
 * writing direction, separators of lines and paragraphs, and what is not
 * UTF-8.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_WORDS_H
#define OVSPAN_BASE_WORDS_H 1

#include <stddef.h>

struct ds;

enum {
    WORDS_CUT = 60,             /* Octets of a user's text in a message. */
    WORDS_DETAIL = 500,         /* Octets of a message as a whole. */
};

/* Appends 's', clean. */
void words_put(struct ds *, const char *s);
/* 's', clean; the caller frees it. */
char *words_clean(const char *s);
/* 's', clean; of what is longer than 'max' octets, as many are left, the last
 * three of them "...".  The caller frees it. */
char *words_cut(const char *s, size_t max);

/* Makes '*text', lines whose ends stay, clean. */
void words_clean_lines(struct ds *text);
/* Likewise a text of JSON, which means the same afterwards. */
void words_clean_json(struct ds *text);

/* Appends 's' as one word of sh(1), clean: of one that knows $'...' where
 * there is something to clean. */
void words_put_shell(struct ds *, const char *s);
/* Likewise, behind a blank. */
void words_put_argument(struct ds *, const char *s);
/* The same as words_put_shell(), which the caller frees. */
char *words_shell(const char *s);

#endif /* base/words.h */
