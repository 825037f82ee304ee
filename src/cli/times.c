/* times.c -- times as people say them, in the generic commands.  See times.h.
 *
 * Called for what was typed, before db-ctl-base reads it, which knows of
 * integers only.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/times.h"
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "base/when.h"

/* The first second of the epoch is no slip of anybody: who writes a row so
 * says that it has expired. */
enum { SENTINELS = 1000 };

static const char column[] = "expires=";

static char *
rewrite(char **arg)
{
    const char *text = *arg + strlen(column);
    long long int number;
    char *why, *error;
    int64_t ms;

    /* A set, or nothing, is db-ctl-base's. */
    if ((!isdigit((unsigned char) *text) && *text != '+')
        || (str_to_llong(text, 10, &number) && number >= 0
            && number < SENTINELS)) {
        return NULL;
    }
    why = when_parse(text, time_wall_msec(), &ms);
    if (why) {
        error = xasprintf("expires: %s", why);
        free(why);
        return error;
    }
    /* Lives as long as the arguments: the program. */
    *arg = xasprintf("%s%"PRId64, column, ms);
    return NULL;
}

char *
cli_times_rewrite(const char *command, char *args[], int n)
{
    bool sets = !strcmp(command, "set") || !strcmp(command, "create");
    char *error = NULL;

    if (sets && n > 0 && !strcasecmp(args[0], "Capture")) {
        for (int i = 1; i < n && !error; i++) {
            if (!strncmp(args[i], column, strlen(column))) {
                error = rewrite(&args[i]);
            }
        }
    }
    return error;
}
