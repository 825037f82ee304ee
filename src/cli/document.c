/* document.c -- the file that 'apply' is given.  See document.h.
 *
 * Called once, before the database is: a transaction may have to be made
 * again, and standard input cannot be read twice.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/document.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/ovs-ctl.h"
#include "base/ovs.h"

enum { MAX_SIZE = 64 << 20 };   /* No list of captures has more. */

static char *
read_stream(FILE *stream, struct ds *text)
{
    char buffer[4096];
    size_t n;

    while ((n = fread(buffer, 1, sizeof buffer, stream)) > 0) {
        ds_put_buffer(text, buffer, n);
        if (text->length > MAX_SIZE) {
            return xstrdup("is too large");
        }
    }
    return ferror(stream) ? xstrdup(ovs_strerror(errno)) : NULL;
}

static char *
read_file(const char *name, struct jsn **document)
{
    bool is_stdin = !strcmp(name, "-");
    FILE *stream = is_stdin ? stdin : fopen(name, "r");
    struct ds text = DS_EMPTY_INITIALIZER;
    char *why = (stream ? read_stream(stream, &text)
                 : xstrdup(ovs_strerror(errno)));
    char *error;

    if (!why) {
        why = jsn_parse(ds_cstr(&text), document);
    }
    error = why ? xasprintf("apply: %s: %s", name, why) : NULL;
    free(why);
    ds_destroy(&text);
    if (stream && !is_stdin) {
        fclose(stream);
    }
    return error;
}

/* The file in "-f FILE", "-fFILE" or FILE. */
static const char *
file_of(const struct ctl_command *command)
{
    const char *first = command->argv[1];

    if (!strcmp(first, "-f")) {
        return command->argc == 3 ? command->argv[2] : NULL;
    } else if (command->argc != 2) {
        return NULL;
    }
    return !strncmp(first, "-f", 2) ? first + 2 : first;
}

char *
cli_document_read(const struct ctl_command *commands, size_t n,
                  struct jsn **document)
{
    char *error = NULL;
    bool found = false;

    *document = NULL;
    for (size_t i = 0; i < n && !error; i++) {
        if (!strcmp(commands[i].syntax->name, "apply")) {
            const char *file = file_of(&commands[i]);

            error = (found ? xstrdup("apply: once in a line")
                     : !file ? xstrdup("apply: expected -f FILE")
                     : read_file(file, document));
            found = true;
        }
    }
    return error;
}
