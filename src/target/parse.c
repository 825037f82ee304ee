/* parse.c -- splits TYPE:ADDRESS[,OPTION=VALUE]... as people type it.
 *
 * Called by the command line and by `replay`.  Looks at the shape alone; what
 * the parts mean is target.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/target.h"

#include <stdlib.h>
#include <string.h>

/* Adds "OPTION=VALUE", 'length' bytes at 's', to 'options'. */
static char *
split_option(const char *text, const char *s, size_t length,
             struct smap *options)
{
    const char *equals = memchr(s, '=', length);

    if (!equals || equals == s) {
        return xasprintf("%s: expected OPTION=VALUE instead of \"%.*s\"",
                         text, (int) length, s);
    }
    char *name = xmemdup0(s, equals - s);
    if (smap_get(options, name)) {
        char *error = xasprintf("%s: option \"%s\" is given twice",
                                text, name);
        free(name);
        return error;
    }
    smap_add_nocopy(options, name,
                    xmemdup0(equals + 1, s + length - equals - 1));
    return NULL;
}

char *
target_split(const char *text, char **type, char **address,
             struct smap *options)
{
    const char *colon = strchr(text, ':');
    char *error = NULL;

    *type = *address = NULL;
    smap_init(options);
    if (!colon || colon == text) {
        return xasprintf("\"%s\" is not a target: expected "
                         "TYPE:ADDRESS[,OPTION=VALUE]..., as in "
                         "erspan2:10.9.0.2,session=7", text);
    }

    *type = xmemdup0(text, colon - text);
    const char *p = colon + 1;
    size_t n = strcspn(p, ",");
    *address = xmemdup0(p, n);
    while (p[n] && !error) {
        p += n + 1;
        n = strcspn(p, ",");
        error = split_option(text, p, n, options);
    }
    return error;
}

/* The name of a file is checked without the directory before it. */
static char *
create_with_path(const char *type, const char *address,
                 const struct smap *options, struct target **target)
{
    const struct target_class *class = target_class_find(type);
    const char *slash = (class && class->suffix ? strrchr(address, '/')
                         : NULL);
    char *error = target_create(type, slash ? slash + 1 : address, options,
                                target);

    if (!error && slash) {
        free((*target)->name);
        (*target)->name = xstrdup(address);
    }
    return error;
}

static char *
parse(const char *text, bool with_path, struct target **target)
{
    char *type, *address;
    struct smap options;

    *target = NULL;
    char *error = target_split(text, &type, &address, &options);
    if (!error) {
        error = (with_path ? create_with_path : target_create)(
            type, address, &options, target);
    }
    free(type);
    free(address);
    smap_destroy(&options);
    return error;
}

char *
target_parse(const char *text, struct target **target)
{
    return parse(text, false, target);
}

char *
target_parse_with_path(const char *text, struct target **target)
{
    return parse(text, true, target);
}
