/* test-target.c -- targets, as a table.
 *
 * usage: test-target parse|get OPTION|help
 *
 * 'parse' reads targets, a line each, and prints "input => canonical text" or
 * "input => error: TEXT"; what was accepted must parse again to the same.
 * 'get' prints the value of an option, given or default.  Used by target.at.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "target/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A target, its clone and its text say the same. */
static void
check_round_trip(const struct target *t)
{
    struct target *clone = target_clone(t), *again;
    char *text = target_to_text(t);
    char *clone_text = target_to_text(clone);
    char *error = target_parse(text, &again);

    ovs_assert(!error);
    char *again_text = target_to_text(again);
    ovs_assert(!strcmp(text, clone_text) && !strcmp(text, again_text));
    free(again_text);
    free(clone_text);
    free(text);
    target_destroy(again);
    target_destroy(clone);
}

static void
print_parsed(const struct target *t)
{
    char *text = target_to_text(t);

    check_round_trip(t);
    printf("%s\n", text);
    free(text);
}

static void
print_option(const struct target *t, const char *option)
{
    const char *value = target_get(t, option);

    printf("%s %"PRId64" %s%s\n", value ? value : "(none)",
           target_get_int(t, option),
           target_get_bool(t, option) ? "true" : "false",
           target_has(t, option) ? " given" : "");
}

static void
run_table(const char *option)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    while (!ds_get_line(&line, stdin)) {
        struct target *t;
        char *error = target_parse(ds_cstr(&line), &t);

        printf("%s => ", ds_cstr(&line));
        if (error) {
            ovs_assert(!t);
            printf("error: %s\n", error);
            free(error);
        } else if (option) {
            print_option(t, option);
        } else {
            print_parsed(t);
        }
        target_destroy(t);
    }
    ds_destroy(&line);
}

int
main(int argc, char *argv[])
{
    if (argc == 2 && !strcmp(argv[1], "parse")) {
        run_table(NULL);
    } else if (argc == 3 && !strcmp(argv[1], "get")) {
        run_table(argv[2]);
    } else if (argc == 2 && !strcmp(argv[1], "help")) {
        struct ds ds = DS_EMPTY_INITIALIZER;

        target_help(&ds);
        fputs(ds_cstr(&ds), stdout);
        ds_destroy(&ds);
    } else {
        ovs_fatal(0, "usage: test-target parse|get OPTION|help");
    }
    return 0;
}
