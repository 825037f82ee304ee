/* shell-word.c -- words as a shell has to read them.  See shell-word.h.
 *
 * What is printed so may be copied into a shell as it stands.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/shell-word.h"
#include <string.h>
#include "base/ovs.h"

void
shell_word_put(struct ds *out, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "%+,-./:=@_";

    ds_put_char(out, ' ');
    if (word[0] && !word[strspn(word, plain)]) {
        ds_put_cstr(out, word);
    } else if (!strpbrk(word, "\"$`\\!")) {
        ds_put_format(out, "\"%s\"", word);
    } else {
        ds_put_char(out, '\'');
        for (; *word; word++) {
            /* A quote ends the quotes, is quoted alone, and begins them. */
            if (*word == '\'') {
                ds_put_cstr(out, "'\\''");
            } else {
                ds_put_char(out, *word);
            }
        }
        ds_put_char(out, '\'');
    }
}
