/* typed.c -- what was typed, judged before anything of it is done.  See
 * typed.h.
 *
 * Called by main() between the options of the line and db-ctl-base's parser,
 * which has no words for what a person may have meant.  Judges by the tables
 * of commands and options only, and changes nothing but times into numbers.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/typed.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/nearest.h"
#include "base/ovs.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/times.h"

/* One command of the line. */
struct typed {
    char **argv;                /* Of the program. */
    int first;                  /* Its first command, or option of that. */
    int start, name, end;       /* Of this one: options, name, one behind. */
    const struct cli_command *command;
};

/* ## Unknown commands. ## */

/* How other programs call what we have. */
static const struct alien {
    const char *name;
    const char *ours;
} aliens[] = {
    { "alert", "ovspan watch" },
    { "analyzer", "ovspan-ctl start" },
    { "agent", "ovspan-ctl start" },
    { "allinone", "ovspan-ctl start" },
    { "capture", "ovspan add-capture NAME \"G.V()...\" erspan2:HOST, "
      "ovspan list-captures, ovspan del-capture NAME" },
    { "client", "the command itself: ovspan query, ovspan add-capture, ..." },
    { "inject-packet", "ovspan inject FROM-SELECTOR DST-IP" },
    { "injectpacket", "ovspan inject FROM-SELECTOR DST-IP" },
    { "injection", "ovspan inject FROM-SELECTOR DST-IP" },
    { "list-br", "ovspan list-points" },
    { "list-ifaces", "ovspan list-points" },
    { "list-ports", "ovspan list-points" },
    { "packet-injector", "ovspan inject FROM-SELECTOR DST-IP" },
    { "pcap", "ovspan replay FILE TARGET" },
    { "restart", "ovspan-ctl restart" },
    { "start", "ovspan-ctl start" },
    { "status", "ovspan-ctl status, and ovspan show" },
    { "stop", "ovspan-ctl stop" },
};

static char *
unknown_command(const char *name)
{
    struct ds error = DS_EMPTY_INITIALIZER;
    struct nearest nearest;

    ds_put_format(&error, "unknown command '%s'", name);
    for (size_t i = 0; i < ARRAY_SIZE(aliens); i++) {
        if (!strcmp(aliens[i].name, name)) {
            ds_put_format(&error, "; here that is %s", aliens[i].ours);
            return ds_steal_cstr(&error);
        }
    }
    nearest_init(&nearest, name);
    for (const struct cli_command *c = cli_commands; c->syntax.name; c++) {
        nearest_offer(&nearest, c->syntax.name);
    }
    for (const struct cli_command *c = cli_generic_commands; c->syntax.name;
         c++) {
        nearest_offer(&nearest, c->syntax.name);
    }
    nearest_ask(&nearest, &error);
    if (!nearest.best) {
        ds_put_format(&error, "; '%s help' lists what there is",
                      program_name);
    }
    return ds_steal_cstr(&error);
}

/* ## Options behind the command. ## */

/* Whether 'word' is an option of the command 't', and if so whether its
 * argument is the word behind it, since it has no "=". */
static bool
is_own_option(const struct typed *t, const char *word, bool *takes_next)
{
    size_t len = strcspn(word, "=");
    const char *known = t->command->syntax.options;

    if (!strncmp(word, "-n", 2) && strstr(known, "--number=")) {
        *takes_next = !word[2];
        return true;
    }

    for (; *known; known += strcspn(known, ","), known += *known == ',') {
        if (!strncmp(known, word, len) && strchr("=,", known[len])) {
            *takes_next = known[len] == '=' && !word[len];
            return true;
        }
    }
    return false;
}

/* The line with what stands at 'at' and, if that 'takes_next', behind it
 * before its command, or as a 'global' option before all of them. */
static void
put_line_with_option_moved(const struct typed *t, int at, bool takes_next,
                           bool global, struct ds *out)
{
    int to = global ? 1 : t->name;
    int n = 1 + (takes_next && t->argv[at + 1]);
    bool has_separator = t->first > 1 && !strcmp(t->argv[t->first - 1], "--");

    ds_put_cstr(out, program_name);
    for (int i = 1; t->argv[i]; i++) {
        if (i == to) {
            for (int j = at; j < at + n; j++) {
                words_put_argument(out, t->argv[j]);
            }
        }
        if (i < at || i >= at + n) {
            /* Only needed if something else stands before it. */
            if (!(has_separator && i == t->first - 1)) {
                words_put_argument(out, t->argv[i]);
            }
        }
    }
}

/* "--filter X" and "--filter=X" are our "filter=X". */
static bool
put_as_setting(const struct typed *t, int at, struct ds *out)
{
    const char *word = t->argv[at];
    size_t len = strcspn(word, "=");
    char *name = len > 2 ? xmemdup0(word + 2, len - 2) : xstrdup("");
    const char *value = (word[len] ? word + len + 1
                         : at + 1 < t->end ? t->argv[at + 1] : "...");
    bool found = cli_has_setting(t->command, name);

    if (found) {
        char *setting = xasprintf("%s=%s", name, value);

        ds_put_format(out, "a setting has no dashes: %s ...",
                      t->command->syntax.name);
        words_put_argument(out, setting);
        free(setting);
    }
    free(name);
    return found;
}

static char *
refuse_option(const struct typed *t, int at)
{
    const char *word = t->argv[at];
    struct ds error = DS_EMPTY_INITIALIZER;
    bool takes_next = false;

    ds_put_format(&error, "\"%s\": ", word);
    if (is_own_option(t, word, &takes_next)) {
        ds_put_cstr(&error, "options stand before the command: ");
        put_line_with_option_moved(t, at, takes_next, false, &error);
    } else if (cli_option_is_global(word, &takes_next)) {
        ds_put_cstr(&error, "options stand before the command: ");
        put_line_with_option_moved(t, at, takes_next, true, &error);
    } else if (!put_as_setting(t, at, &error)) {
        const char *near = cli_option_nearest(word);

        ds_put_format(&error, "'%s' has no such option", t->argv[t->name]);
        if (near) {
            ds_put_format(&error, ": is it --%s?", near);
        }
        ds_put_cstr(&error, " (Options stand before the command.)");
    }
    return ds_steal_cstr(&error);
}

/* Words with a dash that are no options where they stand: values of generic
 * commands, what tcpdump understands, a comment. */
static bool
is_argument(const struct typed *t, int at)
{
    const char *word = t->argv[at];
    const struct ctl_command_syntax *syntax = &t->command->syntax;
    bool takes_next;

    if (word[0] != '-' || !word[1]) {
        return true;
    } else if (strstr(syntax->arguments, "TCPDUMP-ARGUMENT")
               || !strcmp(syntax->name, "comment")
               || !strcmp(syntax->name, "complete")) {
        /* All is passed on, but what can only be meant for us. */
        return strcmp(word, "--help") || at > t->name + 1;
    } else if (!strncmp(syntax->arguments, "-f ", 3)) {
        return !strncmp(word, "-f", 2);
    } else if (cli_command_is_generic(t->command)) {
        return (isdigit((unsigned char) word[1])
                || (strcmp(word, "--help") && strcmp(word, "-h")
                    && !is_own_option(t, word, &takes_next)
                    && !cli_option_is_global(word, &takes_next)));
    }
    return false;
}

OVS_NO_RETURN static void
print_help_and_exit(const struct cli_command *command)
{
    struct ds out = DS_EMPTY_INITIALIZER;

    cli_put_help(command, &out);
    fputs(ds_cstr(&out), stdout);
    ds_destroy(&out);
    exit(EXIT_SUCCESS);
}

/* The command 'help'. */
static char *
help(const struct typed *t)
{
    const char *name = t->argv[t->name + 1];
    const struct cli_command *command;

    if (t->end == t->name + 1) {
        cli_print_help();
        exit(EXIT_SUCCESS);
    }
    command = cli_command_find(name);
    if (!command) {
        return unknown_command(name);
    }
    print_help_and_exit(command);
}

static char *
check_arguments(const struct typed *t)
{
    for (int i = t->name + 1; i < t->end; i++) {
        if (is_argument(t, i)) {
            continue;
        } else if (!strcmp(t->argv[i], "--help")
                   || !strcmp(t->argv[i], "-h")) {
            print_help_and_exit(t->command);
        }
        return refuse_option(t, i);
    }
    return NULL;
}

/* ## A command. ## */

static char *
check_number(const struct typed *t)
{
    const struct ctl_command_syntax *syntax = &t->command->syntax;
    int n = t->end - t->name - 1;
    struct ds error = DS_EMPTY_INITIALIZER;

    if (n >= syntax->min_args && n <= syntax->max_args) {
        return NULL;
    }
    ds_put_format(&error, "'%s' ", syntax->name);
    if (!syntax->max_args) {
        ds_put_format(&error, "takes no arguments, not \"%s\"",
                      t->argv[t->name + 1]);
    } else {
        bool few = n < syntax->min_args;
        int bound = few ? syntax->min_args : syntax->max_args;

        ds_put_format(&error, "%s %d argument%s",
                      few ? "requires at least" : "takes at most", bound,
                      bound == 1 ? "" : "s");
    }
    ds_put_cstr(&error, "; ");
    cli_put_usage(t->command, &error);
    return ds_steal_cstr(&error);
}

/* Options of the whole line that stand before a command that is not the
 * first, or behind "--". */
static char *
check_own_options(const struct typed *t)
{
    for (int i = t->start; i < t->name; i++) {
        bool takes_next = false;

        if (!is_own_option(t, t->argv[i], &takes_next)) {
            return refuse_option(t, i);
        }
    }
    return NULL;
}

static char *
check_command(struct typed *t)
{
    char *error;

    t->name = t->start;
    while (t->name < t->end && t->argv[t->name][0] == '-') {
        t->name++;
    }
    if (t->name == t->end) {
        return NULL;            /* db-ctl-base says that none is there. */
    }
    t->command = cli_command_find(t->argv[t->name]);
    if (!t->command) {
        return unknown_command(t->argv[t->name]);
    }
    error = check_arguments(t);
    error = error ? error : check_own_options(t);
    error = error ? error : check_number(t);
    error = error ? error
            : cli_times_rewrite(t->command->syntax.name,
                                &t->argv[t->name + 1], t->end - t->name - 1);
    return (error || strcmp(t->command->syntax.name, "help")
            ? error : help(t));
}

char *
cli_typed_check(char *argv[], int first)
{
    struct typed t = { .argv = argv, .first = first, .start = first };
    char *error = NULL;

    /* What stands behind it is another line, as far as it goes. */
    if (argv[first] && !strcmp(argv[first], "complete")
        && !(argv[first + 1] && !strcmp(argv[first + 1], "--help")
             && !argv[first + 2])) {
        cli_complete(&argv[first + 1]);
        exit(EXIT_SUCCESS);
    }
    for (t.end = first; argv[t.start] && !error; t.end++) {
        if (!argv[t.end] || !strcmp(argv[t.end], "--")) {
            error = t.end > t.start ? check_command(&t) : NULL;
            t.start = t.end + (argv[t.end] != NULL);
        }
    }
    return error;
}
