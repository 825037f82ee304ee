/* options.c -- the command line of ovspan.  See options.h.
 *
 * The options are those of ovs-vsctl, with its spellings.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/options.h"
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/dirs.h"
#include "base/lib-options.h"
#include "base/nearest.h"
#include "base/ovs.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "openvswitch/vlog.h"
#include "ovsdb/ctl/ctl.h"

VLOG_DEFINE_THIS_MODULE(ovspan);

enum {
    OPT_DB = LIB_OPTION_END,
    OPT_COLOR,
    OPT_ONELINE,
    OPT_NO_SYSLOG,
    OPT_WAIT,
    OPT_NO_WAIT,
    OPT_DRY_RUN,
    OPT_COMMANDS,
    OPT_OPTIONS,
    OPT_LOCAL,                  /* An option of the first command. */
    TABLE_OPTION_ENUMS,
};

static const struct option global_options[] = {
    { "color", optional_argument, NULL, OPT_COLOR },
    { "db", required_argument, NULL, OPT_DB },
    { "no-syslog", no_argument, NULL, OPT_NO_SYSLOG },
    { "wait", no_argument, NULL, OPT_WAIT },
    { "no-wait", no_argument, NULL, OPT_NO_WAIT },
    { "dry-run", no_argument, NULL, OPT_DRY_RUN },
    { "oneline", no_argument, NULL, OPT_ONELINE },
    { "timeout", required_argument, NULL, 't' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { "commands", no_argument, NULL, OPT_COMMANDS },
    { "options", no_argument, NULL, OPT_OPTIONS },
    VLOG_LONG_OPTIONS,
    TABLE_LONG_OPTIONS,
    LIB_SSL_LONG_OPTIONS,
    { NULL, 0, NULL, 0 },
};

static void
put_local_option(struct shash *local_options, const char *name)
{
    char *key = xasprintf("--%s", name);

    if (shash_find(local_options, key)) {
        ctl_fatal("'%s' option specified multiple times", key);
    }
    shash_add_nocopy(local_options, key, nullable_xstrdup(optarg));
}

static void
set_timeout(struct cli_options *opts, const char *arg)
{
    if (!str_to_uint(arg, 10, &opts->timeout) || !opts->timeout) {
        ctl_fatal("--timeout takes a number of seconds, not \"%s\"", arg);
    }
}

/* As ip(8) has it: --color alone is always, auto is on a terminal only. */
static bool
wants_colour(const char *when)
{
    if (!when || !strcmp(when, "always")) {
        return true;
    } else if (!strcmp(when, "auto")) {
        const char *term = getenv("TERM");

        return isatty(STDOUT_FILENO) && !(term && !strcmp(term, "dumb"));
    } else if (strcmp(when, "never")) {
        ctl_fatal("--color takes always, auto or never, not \"%s\"", when);
    }
    return false;
}

/* The options that print something and end. */
OVS_NO_RETURN static void
print_and_exit(int c)
{
    switch (c) {
    case OPT_COMMANDS:
        ctl_print_commands();
        break;
    case OPT_OPTIONS:
        ctl_print_options(global_options);
        break;
    case 'V':
        ovs_print_version(0, 0);
        printf("DB Schema %s\n", db_ctl_schema_version());
        break;
    default:
        cli_print_help();
        break;
    }
    exit(EXIT_SUCCESS);
}

/* Handles option 'c'; its name is 'name' if it is one of a command. */
static void
handle(int c, const char *name, struct cli_options *opts,
       struct shash *local_options)
{
    char *error;

    switch (c) {
    case OPT_DB:
        free(CONST_CAST(char *, opts->conf.db));
        opts->conf.db = xstrdup(optarg);
        break;
    case OPT_COLOR:
        opts->conf.colour = wants_colour(optarg);
        break;
    case OPT_ONELINE:
        opts->conf.oneline = true;
        break;
    case OPT_NO_SYSLOG:
        /* Of all modules, not only of ours: the command is short-lived. */
        vlog_set_levels(NULL, VLF_SYSLOG, VLL_WARN);
        break;
    case OPT_WAIT:
    case OPT_NO_WAIT:
        opts->conf.wait = c == OPT_WAIT;
        break;
    case OPT_DRY_RUN:
        opts->conf.dry_run = true;
        break;
    case OPT_LOCAL:
        put_local_option(local_options, name);
        break;
    case 'n':
        put_local_option(local_options, "number");
        break;
    case 't':
        set_timeout(opts, optarg);
        break;
    TABLE_OPTION_HANDLERS(&opts->conf.style)
    default:
        if (!lib_option_handle(c, "ovspan.log", &error)) {
            print_and_exit(c);
        } else if (error) {
            ctl_fatal("%s", error);
        }
    }
}

/* Ends the program: 'word' is no option, one of several, or wrong without an
 * argument or with one.  'c' is what getopt_long() said of it. */
OVS_NO_RETURN static void
refuse(int c, const char *word, const struct option *options)
{
    size_t len = strcspn(word, "=");
    struct ds similar = DS_EMPTY_INITIALIZER;
    const char *near;
    int n = 0;

    for (const struct option *o = options; o->name; o++) {
        if (len > 2 && !strncmp(o->name, word + 2, len - 2)) {
            ds_put_format(&similar, "%s--%s", n++ ? " or " : "", o->name);
        }
    }
    if (c == ':') {
        ctl_fatal("%s needs an argument", word);
    } else if (n == 1 && word[len]) {
        ctl_fatal("\"%s\": %s takes no argument", word, ds_cstr(&similar));
    } else if (n > 1) {
        ctl_fatal("unknown option \"%s\": is it %s?", word,
                  ds_cstr(&similar));
    }
    near = cli_option_nearest(word);
    ctl_fatal("unknown option \"%s\"%s%s%s", word,
              near ? ": is it --" : "; '", near ? near : program_name,
              near ? "?" : " --help' lists what there is");
}

const char *
cli_option_name(size_t i)
{
    return global_options[i].name;
}

bool
cli_option_is_global(const char *word, bool *takes_next)
{
    size_t len = strcspn(word, "=");

    for (const struct option *o = global_options; o->name; o++) {
        bool is_letter = (o->val < LIB_OPTION_END && isalpha(o->val)
                          && word[1] == o->val);

        if (word[0] == '-' && word[1] != '-'
            ? is_letter
            : (len > 2 && strlen(o->name) == len - 2
               && !strncmp(o->name, word + 2, len - 2))) {
            *takes_next = (o->has_arg == required_argument
                           && (word[1] == '-' ? !word[len] : !word[2]));
            return true;
        }
    }
    return false;
}

/* Adds the names of the options of 'commands', without dashes. */
static void
add_local_options(const struct cli_command *commands, struct sset *names)
{
    for (const struct cli_command *c = commands; c->syntax.name; c++) {
        for (const char *s = c->syntax.options; *s;
             s += strcspn(s, ","), s += *s == ',') {
            char *name = xmemdup0(s + 2, strcspn(s + 2, "=,"));

            sset_add_and_free(names, name);
        }
    }
}

const char *
cli_option_nearest(const char *word)
{
    /* What is found is lent for as long as the program runs. */
    static struct sset names = SSET_INITIALIZER(&names);
    char *name = xmemdup0(word, strcspn(word, "="));
    struct nearest nearest;
    const char *known;

    nearest_init(&nearest, name + strspn(name, "-"));
    for (const struct option *o = global_options; o->name; o++) {
        nearest_offer(&nearest, o->name);
    }
    add_local_options(cli_commands, &names);
    add_local_options(cli_generic_commands, &names);
    SSET_FOR_EACH (known, &names) {
        nearest_offer(&nearest, known);
    }
    free(name);
    return nearest.best;
}

void
cli_options_parse(int argc, char *argv[], struct cli_options *opts,
                  struct shash *local_options)
{
    size_t n = ARRAY_SIZE(global_options) - 1;
    size_t allocated = ARRAY_SIZE(global_options);
    struct option *options = xmemdup(global_options, sizeof global_options);
    char *letters = ovs_cmdl_long_options_to_short_options(global_options);
    /* Of what is wrong the program ends, and this is not lost then. */
    static char *short_options;
    int c, index;

    /* "+": options stop at the first command; ":": we say what is wrong. */
    short_options = xasprintf("+:%sn:", letters);
    free(letters);
    *opts = (struct cli_options) {
        .conf = { .db = dirs_span_remote(), .wait = true,
                  .style = TABLE_STYLE_DEFAULT },
    };
    ctl_add_cmd_options(&options, &n, &allocated, OPT_LOCAL);
    while ((c = getopt_long(argc, argv, short_options, options,
                            &index)) != -1) {
        if (c == '?' || c == ':') {
            refuse(c, argv[optind - 1], options);
        }
        handle(c, c == OPT_LOCAL ? options[index].name : NULL, opts,
               local_options);
        opts->conf.format_given |= c == 'f' || c == OPT_BARE;
    }
    /* The daemon of this host has the same default: it is the one to ask. */
    char *own = dirs_span_remote();
    opts->conf.is_local = !strcmp(opts->conf.db, own);
    free(own);

    /* What ctl_add_cmd_options() added has names of its own. */
    for (size_t i = ARRAY_SIZE(global_options) - 1; options[i].name; i++) {
        free(CONST_CAST(char *, options[i].name));
    }
    free(options);
    free(short_options);
}

void
cli_options_uninit(struct cli_options *opts)
{
    free(CONST_CAST(char *, opts->conf.db));
}
