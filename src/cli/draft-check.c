/* draft-check.c -- what is typed of a capture, checked before it is written.
 * See draft-check.h.
 *
 * Called by add-capture and explain.  The filter is compiled for Ethernet, as
 * the daemon does first: what no link layer can have is an error here, and
 * nothing is written; the rest becomes a reason of a tap.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/draft-check.h"
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "capture/capture.h"
#include "ovsdb/ctl/draft.h"

enum { MAX_WORDS = 24 };        /* Of a filter, that are tried one by one. */

/* How long the longest beginning of 'filter', up to a blank, is that
 * compiles; 0: none does. */
static size_t
find_good_beginning(const char *filter)
{
    size_t good = 0;
    int n = 0;

    for (const char *p = strchr(filter, ' '); p && n < MAX_WORDS;
         p = strchr(p + 1, ' '), n++) {
        char *beginning = xmemdup0(filter, p - filter);
        char *error = capture_check_filter(beginning);

        good = error ? good : (size_t) (p - filter);
        free(error);
        free(beginning);
    }
    return good;
}

char *
cli_draft_check(const struct ctl_draft *draft)
{
    const char *filter = draft->capture->filter;
    char *error = filter ? capture_check_filter(filter) : NULL;
    size_t good = (error && strstr(error, "syntax error")
                   ? find_good_beginning(filter) : 0);

    if (good) {
        const char *rest = filter + good + strspn(filter + good, " ");
        char *message = xasprintf("%s: \"%.*s\" would, so look at \"%s\"",
                                  error, (int) good, filter, rest);

        free(error);
        error = message;
    }
    return error;
}
