/* budget.c -- what captures may take of this host.  See budget.h.
 *
 * Who may write the database may ask for anything; how much the host gives at
 * most is said by a file that is out of the database's reach:
 *
 *     # /etc/ovspan/ovspand.conf
 *     host-max-ring-bytes 268435456
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/budget.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/dirs.h"
#include "base/ovs.h"
#include "base/words.h"
#include "openvswitch/vlog.h"
#include "ovsdb/db/db.h"

VLOG_DEFINE_THIS_MODULE(budget);

enum { TAPS, RING_BYTES, N_BUDGETS };

static const char *const names[N_BUDGETS] = {
    [TAPS] = "host-max-taps",
    [RING_BYTES] = "host-max-ring-bytes",
};

static bool
parse_number(const char *text, uint64_t *value)
{
    long long int number;
    bool ok = text && str_to_llong(text, 10, &number) && number > 0;

    if (ok) {
        *value = number;
    }
    return ok;
}

/* "KEY VALUE", or nothing. */
static bool
read_line(char *line, uint64_t ceilings[N_BUDGETS])
{
    char *save = NULL;
    const char *key = strtok_r(line, " \t\r\n", &save);
    const char *value = strtok_r(NULL, " \t\r\n", &save);

    if (!key || key[0] == '#') {
        return true;
    }
    for (size_t i = 0; i < N_BUDGETS; i++) {
        if (!strcmp(key, names[i])) {
            return (parse_number(value, &ceilings[i])
                    && !strtok_r(NULL, " \t\r\n", &save));
        }
    }
    return false;
}

static void
read_ceilings(uint64_t ceilings[N_BUDGETS])
{
    char *path = xasprintf("%s/ovspand.conf", dirs_sysconf());
    FILE *stream = fopen(path, "r");
    struct ds line = DS_EMPTY_INITIALIZER;
    int n = 0;

    if (!stream && errno != ENOENT) {
        VLOG_WARN("%s: %s", path, ovs_strerror(errno));
    }
    while (stream && !ds_get_line(&line, stream)) {
        char *words = xstrdup(ds_cstr(&line));
        char *clean = words_cut(ds_cstr(&line), WORDS_CUT);

        n++;
        if (!read_line(words, ceilings)) {
            VLOG_WARN("%s:%d: \"%s\" is not understood: expected %s or %s and "
                      "a number", path, n, clean, names[0], names[1]);
        }
        free(clean);
        free(words);
    }
    if (stream) {
        fclose(stream);
    }
    ds_destroy(&line);
    free(path);
}

void
budget_read(const struct db *db, struct want_budget *budget)
{
    static uint64_t ceilings[N_BUDGETS] = { UINT64_MAX, UINT64_MAX };
    static bool is_read;
    uint64_t *const values[N_BUDGETS] = {
        [TAPS] = &budget->taps,
        [RING_BYTES] = &budget->ring_bytes,
    };

    if (!is_read) {
        is_read = true;
        read_ceilings(ceilings);
    }
    for (size_t i = 0; i < N_BUDGETS; i++) {
        parse_number(db_option(db, names[i]), values[i]);
        *values[i] = MIN(*values[i], ceilings[i]);
    }
}
