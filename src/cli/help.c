/* help.c -- ovspan --help and ovspan help COMMAND.  See help.h.
 *
 * Commands and targets are printed from their tables, so that what is listed
 * is what there is.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/help.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/dirs.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/commands.h"
#include "target/target.h"

enum { WIDTH = 79 };

/* Puts 'word' into the last line of 'out', or into another one when it would
 * not fit, behind 'indent' and two columns. */
static void
put_word(struct ds *out, int indent, const char *word)
{
    const char *line = strrchr(ds_cstr(out), '\n');
    size_t len = strlen(line ? line + 1 : ds_cstr(out));

    if (len > indent && len + 1 + strlen(word) > WIDTH) {
        ds_put_char(out, '\n');
        ds_put_char_multiple(out, ' ', indent + 2);
    } else if (len > indent) {
        ds_put_char(out, ' ');
    }
    ds_put_cstr(out, word);
}

typedef void word_cb(const char *word, void *aux);

/* Calls 'cb' with each word of 'text' between 'separators'. */
static void
for_each_word(const char *text, const char *separators, word_cb *cb, void *aux)
{
    char *copy = xstrdup(text);
    char *save = NULL;

    for (char *word = strtok_r(copy, separators, &save); word;
         word = strtok_r(NULL, separators, &save)) {
        cb(word, aux);
    }
    free(copy);
}

static void
put_plain_word(const char *word, void *out)
{
    put_word(out, 2, word);
}

/* What stands for the argument of the option 'word', "" for none. */
static const char *
argument(const char *word)
{
    static const struct {
        const char *word, *argument;
    } arguments[] = {
        { "--id=", "@NAME" },
        { "--for=", "TIME" },
        { "--columns=", "COLUMN,..." },
        { "--sort=", "octets|packets" },
        { "--by=", "host|port|proto|vlan|point" },
        { "--number=", "N" },
        { "--interval=", "SECS" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(arguments); i++) {
        if (!strcmp(word, arguments[i].word)) {
            return arguments[i].argument;
        }
    }
    return "";
}

static void
put_option_word(const char *word, void *out)
{
    char *option = xasprintf("[%s%s]", word, argument(word));

    put_word(out, 2, option);
    free(option);
}

/* Puts how 'command' is typed, on one line or more. */
static void
put_synopsis(const struct cli_command *command, struct ds *out)
{
    ds_put_cstr(out, "  ");
    for_each_word(command->syntax.options, ",", put_option_word, out);
    put_word(out, 2, command->syntax.name);
    for_each_word(command->syntax.arguments, " ", put_plain_word, out);
    ds_put_char(out, '\n');
}

static void
put_command(const struct cli_command *command, struct ds *out)
{
    put_synopsis(command, out);
    ds_put_format(out, "      %s\n", command->help);
}

static void
put_commands(const struct cli_command *commands, struct ds *out)
{
    for (const struct cli_command *c = commands; c->syntax.name; c++) {
        put_command(c, out);
    }
}

static void
put_target(const struct target_class *class, struct ds *out)
{
    ds_put_format(out, "  %s:%s", class->name, target_address_form(class));
    for (const struct target_option *opt = class->options; opt->name; opt++) {
        char *word = xasprintf("[,%s=]", opt->name);

        put_word(out, 2, word);
        free(word);
    }
    ds_put_format(out, "\n      %s\n", class->help);
}

/* What the words of synopses stand for. */
static void
put_selectors(struct ds *out)
{
    ds_put_cstr(out, "\n\
SELECTOR is a name (BRIDGE, PORT, INTERFACE, NETNS/INTERFACE, lport:ID) or\n\
Gremlin, as \"G.V().Has('Name','vm1').Out().Has('Name','eth0')\".\n");
}

static void
put_targets(struct ds *out)
{
    ds_put_cstr(out, "\nTARGET is TYPE:ADDRESS[,OPTION=VALUE]...\n");
    for (size_t i = 0; i < n_target_classes; i++) {
        put_target(target_classes[i], out);
    }
}

/* ## One command. ## */

/* Options in one line: the first where it stands, the others behind. */
struct one_line {
    struct ds first, others;
};

static void
put_one_line_option(const char *word, void *line_)
{
    struct one_line *line = line_;

    if (!line->first.length) {
        ds_put_format(&line->first, "[%s%s] ", word, argument(word));
    } else {
        ds_put_format(&line->others, "%s%s%s",
                      line->others.length ? ", " : "", word, argument(word));
    }
}

void
cli_put_usage(const struct cli_command *command, struct ds *out)
{
    struct one_line line = { DS_EMPTY_INITIALIZER, DS_EMPTY_INITIALIZER };
    const char *arguments = command->syntax.arguments;

    for_each_word(command->syntax.options, ",", put_one_line_option, &line);
    ds_put_format(out, "usage: %s %s%s%s%s", program_name,
                  ds_cstr(&line.first), command->syntax.name,
                  arguments[0] ? " " : "", arguments);
    if (line.others.length) {
        ds_put_format(out, " (also %s)", ds_cstr(&line.others));
    }
    ds_put_format(out, "; for example: %s %s", program_name,
                  command->example);
    ds_destroy(&line.first);
    ds_destroy(&line.others);
}

static void
put_setting_word(const char *word, void *out)
{
    char *setting = xasprintf("%s=", word);

    put_word(out, 0, setting);
    free(setting);
}

void
cli_put_help(const struct cli_command *command, struct ds *out)
{
    const char *arguments = command->syntax.arguments;

    put_command(command, out);
    ds_put_format(out, "\nFor example: %s %s\n", program_name,
                  command->example);
    if (command->settings) {
        ds_put_cstr(out, "\nSettings:");
        for_each_word(command->settings, " ", put_setting_word, out);
        ds_put_char(out, '\n');
    }
    if (strstr(arguments, "SELECTOR")) {
        put_selectors(out);
    }
    if (strstr(arguments, "TARGET")) {
        put_targets(out);
    }
    ds_put_format(out, "\nOptions stand before the command: see '%s --help' "
                  "and ovspan(8).\n", program_name);
}

/* ## All of them. ## */

static void
put_database_options(struct ds *out)
{
    char *db = dirs_span_remote();

    ds_put_format(out, "\n\
Options:\n\
  --db=DATABASE               connect to DATABASE: unix:FILE, tcp:IP:PORT or\n\
                              ssl:IP:PORT, several with commas\n\
                              (default: %s)\n\
  --wait                      wait until the hosts have done it (default)\n\
  --no-wait                   do not wait\n\
  -t, --timeout=SECS          end with SIGALRM after SECS seconds\n\
  --dry-run                   do not commit changes to the database\n\
  -p, --private-key=FILE      file with private key\n\
  -c, --certificate=FILE      file with certificate for private key\n\
  -C, --ca-cert=FILE          file with peer CA certificate\n\
  --bootstrap-ca-cert=FILE    the same, to read or create\n\
  --peer-ca-cert=FILE         file with CA certificate for the peer\n\
  --ssl-protocols=PROTOS      list of SSL protocols to enable\n\
  --ssl-ciphers=CIPHERS       list of SSL ciphers to enable\n"
                  OVS_SSL_NEWER_HELP, db);
    free(db);
}

static void
put_output_options(struct ds *out)
{
    ds_put_format(out, "\n\
Output:\n\
  -f, --format=FORMAT         table, list, html, csv or json\n\
  -d, --data=FORMAT           cells of tables as string, bare or json\n\
  --no-headings               omit the headings of tables\n\
  --bare                      as --format=list --data=bare --no-headings\n\
  --pretty                    indent JSON tables\n\
  --max-column-width=N        cut the columns of tables at N\n\
  --color[=WHEN]              states in colour: always, auto (on a terminal)\n\
                              or never (default)\n\
  --oneline                   print one line of output a command\n\
\n\
Logging:\n\
  -vSPEC, --verbose=SPEC      set logging levels\n\
  -v, --verbose               set maximum verbosity level\n\
  --log-file[=FILE]           log to FILE (default: %s/ovspan.log)\n\
  --syslog-method=METHOD      libc, unix:FILE or udp:IP:PORT\n\
  --syslog-target=HOST:PORT   log to HOST:PORT over UDP too\n\
  --no-syslog                 log no more than warnings to syslog\n\
\n\
Other options:\n\
  --commands                  print the commands, for programs\n\
  --options                   print the options, for programs\n\
  -h, --help                  print this and exit\n\
  -V, --version               print the version and exit\n\
\n\
Exit status: 0; 1 after an error, when nothing was changed; 65 when it was\n\
changed, but a tap of a capture that it wrote has failed; 142 after\n\
--timeout.  See ovspan(8) for more.\n", dirs_log());
}

static void
put_everything(struct ds *out)
{
    ds_put_format(out, "\
%s: watches any point of an Open vSwitch host\n\
usage: %s [OPTIONS] COMMAND [ARG...] [-- [OPTIONS] COMMAND [ARG...]]...\n\
\n\
Commands:\n", program_name, program_name);
    put_commands(cli_commands, out);
    put_selectors(out);
    put_targets(out);
    ds_put_cstr(out, "\n\
Commands of ovs-vsctl for the rows of every table (values in its syntax):\n");
    put_commands(cli_generic_commands, out);
    ds_put_cstr(out, "\
RECORD is a UUID or its beginning; the name of a Capture or Host.\n");
    put_database_options(out);
    put_output_options(out);
}

void
cli_print_help(void)
{
    struct ds out = DS_EMPTY_INITIALIZER;

    put_everything(&out);
    fputs(ds_cstr(&out), stdout);
    ds_destroy(&out);
}
