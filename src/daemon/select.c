/* select.c -- the points that a person asks the daemon about.  See select.h.
 *
 * Called for requests on the control socket.  Whoever asks for what is not
 * there is told why, in the words of the query room.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/select.h"
#include <stdlib.h>
#include "base/ovs.h"
#include "query/query.h"
#include "topo/topo.h"

enum { MAX_NAMES = 8 };         /* So many are read, not looked through. */

static char *
run(const struct topo *topo, const char *selector,
    struct query_result *result)
{
    struct query *query;
    char *error = query_parse(selector, &query);

    if (!error) {
        error = query_select(query, topo, result);
        query_destroy(query);
    }
    return error;
}

bool
select_any(const struct topo *topo, const char *selector)
{
    struct query_result result;
    char *error = run(topo, selector, &result);
    bool any = !error && result.n;

    if (!error) {
        query_result_uninit(&result);
    }
    free(error);
    return any;
}

char *
select_why_nothing(const struct topo *topo, const char *selector,
                   const char *name)
{
    struct query *query;
    char *error = query_parse(selector, &query);
    char *why = error ? NULL : query_why_nothing(query, topo);

    free(error);
    query_destroy(query);
    if (why && name && select_any(topo, name)) {
        free(why);
        why = xasprintf("the name \"%s\" is a point, and \"%s\" is none: "
                        "is the order NAME SELECTOR TARGET?", name, selector);
    }
    return why;
}

char *
select_nothing(const struct topo *topo, const char *selector)
{
    char *why = select_why_nothing(topo, selector, NULL);
    char *error = xasprintf("%s matches nothing%s%s", selector,
                            why ? ": " : "", why ? why : "");

    free(why);
    return error;
}

static char *
too_many(const struct topo *topo, const char *selector, const char *what,
         const struct query_result *result)
{
    struct ds error = DS_EMPTY_INITIALIZER;

    ds_put_format(&error, "%s matches %"PRIuSIZE" points", selector,
                  result->n);
    for (size_t i = 0; i < MIN(result->n, MAX_NAMES); i++) {
        char *name = query_name_of(result->nodes[i], topo);

        ds_put_format(&error, "%s %s", i ? "," : ":", name);
        free(name);
    }
    ds_put_format(&error, "%s; %s", result->n > MAX_NAMES ? "..." : "", what);
    return ds_steal_cstr(&error);
}

char *
select_one(const struct topo *topo, const char *selector, const char *what,
           const struct topo_node **node)
{
    struct query_result result;
    char *error = run(topo, selector, &result);

    if (error) {
        return error;
    }
    *node = result.n ? result.nodes[0] : NULL;
    if (!result.n) {
        error = select_nothing(topo, selector);
    } else if (result.n > 1) {
        error = too_many(topo, selector, what, &result);
    }
    query_result_uninit(&result);
    return error;
}
