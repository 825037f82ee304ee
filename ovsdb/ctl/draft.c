/* draft.c -- a capture as it is typed.  See draft.h.
 *
 * Called by add-capture (capture.c) and by src/cli for explain.
 * Invariant: a draft that was returned holds nothing that its columns would
 * refuse.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/draft.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"
#include "base/when.h"
#include "target/target.h"

/* Columns of Capture that the arguments before the targets give already. */
static bool
is_positional(const char *word)
{
    return (!strcmp(word, "name") || !strcmp(word, "selector")
            || !strcmp(word, "targets"));
}

/* True for what could be the name of a column. */
static bool
is_word(const char *word)
{
    return word[0] && !word[strspn(word, "abcdefghijklmnopqrstuvwxyz_-")];
}

/* A map's setting is COLUMN:KEY=VALUE, any other COLUMN=VALUE. */
static char *
check_shape(const char *word, const char *key, const char *value)
{
    bool is_map = !strcmp(word, "options") || !strcmp(word, "external_ids");

    if (is_positional(word)) {
        return xasprintf("%s: the name, the selector and the targets are "
                         "arguments of their own, without \"%s=\"",
                         word, word);
    } else if (is_map ? !key || !key[0] || !value : key || !value) {
        return xasprintf("%s is set by %s%s=VALUE", word, word,
                         is_map ? ":KEY" : "");
    }
    return NULL;
}

/* Stores in '*number' what the column of a time has for 'text'. */
static char *
parse_time(const char *text, char **number)
{
    int64_t ms;
    char *why = when_parse(text, time_wall_msec(), &ms);
    char *error = why ? xasprintf("expires: %s", why) : NULL;

    *number = xasprintf("%"PRId64, ms);
    free(why);
    return error;
}

/* Takes 'arg' into 'draft' as the setting of column 'word', which is as long
 * as 'len'. */
static char *
add_setting(struct ctl_draft *draft, const char *word, const char *arg,
            size_t len)
{
    char *key = NULL;
    char *column = NULL;
    const char *value = NULL;
    char *time = NULL;
    char *error;

    if (arg[len] == '=') {
        value = &arg[len + 1];
    } else {
        const char *equals = strchr(&arg[len], '=');

        key = (equals ? xmemdup0(&arg[len + 1], equals - &arg[len + 1])
               : xstrdup(&arg[len + 1]));
        value = equals ? equals + 1 : NULL;
    }

    error = check_shape(word, key, value);
    if (!error && !strcmp(word, "expires")) {
        error = parse_time(value, &time);
        value = time;
    }
    if (!error) {
        bool is_id = !strcmp(word, "external_ids");
        struct smap *map = is_id ? &draft->external_ids : &draft->columns;

        column = key ? xasprintf("%s:%s", word, key) : xstrdup(word);
        if (!smap_add_once(map, is_id ? key : column, value)) {
            error = xasprintf("%s is set twice", column);
        } else if (!is_id) {
            error = want_capture_set(draft->capture, column, value);
        }
    }
    free(column);
    free(key);
    free(time);
    return error;
}

/* What somebody meant whose argument is neither target nor setting: 'n' of
 * them, all those up to here, the wrong one last.  NULL: nobody knows. */
static char *
guess_argument(char *const args[], size_t n)
{
    const char *arg = args[n - 1];
    const char *before = n > 1 ? args[n - 2] : "";

    if (!strncmp(before, "filter=", 7)) {
        return xasprintf("\"%s\" is neither a target nor a setting: a filter "
                         "of several words is quoted, \"%s %s ...\"", arg,
                         before, arg);
    } else if (strchr(arg, ' ') && !strpbrk(arg, "=")) {
        return xasprintf("\"%s\" is neither a target nor a setting: a filter "
                         "is written \"filter=%s\"", arg, arg);
    }
    return NULL;
}

/* "dir=in" is the setting of a column that there is not. */
static char *
refuse_setting(const char *word)
{
    struct ds error = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    ds_put_format(&error, "no setting \"%s\"", word);
    nearest_init(&nearest, word);
    for (size_t i = 0; want_column(i); i++) {
        nearest_offer(&nearest, want_column(i));
    }
    nearest_ask(&nearest, &error);
    ds_put_cstr(&error, nearest.best ? " (known are" : "; known are");
    for (size_t i = 0; want_column(i); i++) {
        ds_put_format(&error, " %s,", want_column(i));
    }
    ds_put_cstr(&error, " options:KEY, external_ids:KEY");
    ds_put_cstr(&error, nearest.best ? ")" : "");
    return ds_steal_cstr(&error);
}

static char *
add_target(struct ctl_draft *draft, const char *arg)
{
    struct target *target;
    char *error = (draft->for_file ? target_parse_with_path(arg, &target)
                   : target_parse(arg, &target));

    if (error) {
        return error;
    }

    char *text = target_to_text(target);

    if (svec_contains(&draft->targets, text)) {
        error = xasprintf("target %s is given twice", text);
    } else {
        svec_add(&draft->targets, text);
        svec_sort(&draft->targets);
    }
    free(text);
    target_destroy(target);
    return error;
}

/* Takes the last of 'n' arguments. */
static char *
add_argument(struct ctl_draft *draft, char *const args[], size_t n)
{
    const char *arg = args[n - 1];
    size_t len = strcspn(arg, ":=");
    char *word = xmemdup0(arg, len);
    bool is_column = (want_is_column(word) || is_positional(word)
                      || !strcmp(word, "external_ids"));
    char *error = (arg[len] && is_column
                   ? add_setting(draft, word, arg, len)
                   : arg[len] == '=' && is_word(word)
                   ? refuse_setting(word)
                   : add_target(draft, arg));
    char *guess = error && !is_column ? guess_argument(args, n) : NULL;

    if (guess) {
        free(error);
        error = guess;
    }

    free(word);
    return error;
}

char *
ctl_draft_parse(struct ctl_draft *draft, const char *name,
                const char *selector, char *const args[], size_t n)
{
    char *error = NULL;

    want_init(&draft->want);
    smap_init(&draft->columns);
    smap_init(&draft->external_ids);
    svec_init(&draft->targets);
    draft->for_file = !selector;
    draft->capture = want_add(&draft->want);
    draft->capture->name = xstrdup(name);
    draft->capture->selector = xstrdup(selector ? selector : "");

    if (!name[0]) {
        error = xstrdup("the name of a capture may not be empty");
    }
    for (size_t i = 0; i < n && !error; i++) {
        error = add_argument(draft, args, i + 1);
    }
    if (!error) {
        want_capture_finish(draft->capture);
        if (selector && draft->capture->selector_error) {
            error = xasprintf("selector: %s", draft->capture->selector_error);
        } else if (draft->capture->options_error) {
            error = xstrdup(draft->capture->options_error);
        } else if (!draft->targets.n) {
            error = xstrdup("at least one TARGET is needed, "
                            "as TYPE:ADDRESS[,OPTION=VALUE]...");
        }
    }
    if (error) {
        ctl_draft_uninit(draft);
    }
    return error;
}

void
ctl_draft_uninit(struct ctl_draft *draft)
{
    want_uninit(&draft->want);
    smap_destroy(&draft->columns);
    smap_destroy(&draft->external_ids);
    svec_destroy(&draft->targets);
}
