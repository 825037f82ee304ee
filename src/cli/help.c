/* help.c -- ovspan --help.  See help.h.
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
#include "base/ovs.h"
#include "cli/commands.h"
#include "target/target.h"

enum { WIDTH = 79 };

/* Puts 'word' into 'line', which is printed first when it would not fit. */
static void
put_word(struct ds *line, int indent, const char *word)
{
    if (line->length > indent && line->length + 1 + strlen(word) > WIDTH) {
        puts(ds_cstr(line));
        ds_clear(line);
        ds_put_char_multiple(line, ' ', indent + 2);
    }
    if (line->length > indent && line->string[line->length - 1] != ' ') {
        ds_put_char(line, ' ');
    }
    ds_put_cstr(line, word);
}

static void
print_command(const struct cli_command *command)
{
    struct ds line = DS_EMPTY_INITIALIZER;
    char *text, *word, *save = NULL;

    ds_put_char_multiple(&line, ' ', 2);
    text = xstrdup(command->syntax.options);
    for (word = strtok_r(text, ",", &save); word;
         word = strtok_r(NULL, ",", &save)) {
        size_t len = strlen(word);
        char *option = xasprintf("[%s%s]", word,
                                 word[len - 1] == '=' ? "COLUMN,..." : "");

        put_word(&line, 2, option);
        free(option);
    }
    free(text);
    put_word(&line, 2, command->syntax.name);

    text = xstrdup(command->syntax.arguments);
    for (word = strtok_r(text, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        put_word(&line, 2, word);
    }
    free(text);
    printf("%s\n      %s\n", ds_cstr(&line), command->help);
    ds_destroy(&line);
}

static void
print_target(const struct target_class *class)
{
    struct ds line = DS_EMPTY_INITIALIZER;

    ds_put_format(&line, "  %s:%s", class->name,
                  (class->address == TARGET_HOST_PORT ? "HOST[:PORT]"
                   : class->address == TARGET_HOST ? "HOST" : "NAME"));
    for (const struct target_option *opt = class->options; opt->name; opt++) {
        char *word = xasprintf("[,%s=]", opt->name);

        put_word(&line, 2, word);
        free(word);
    }
    puts(ds_cstr(&line));
    printf("      %s\n", class->help);
    ds_destroy(&line);
}

static void
print_generic_commands(void)
{
    puts("\n\
Commands of ovs-vsctl for the rows of every table (values in its syntax):\n\
  [--if-exists] [--columns=COLUMN,...] list TABLE [RECORD]...\n\
      print rows\n\
  [--columns=COLUMN,...] find TABLE [COLUMN[:KEY]=VALUE]...\n\
      print the rows for which all conditions hold\n\
  [--if-exists] [--id=@NAME] get TABLE RECORD [COLUMN[:KEY]]...\n\
      print values\n\
  [--if-exists] set TABLE RECORD COLUMN[:KEY]=VALUE...\n\
      set values\n\
  [--if-exists] add TABLE RECORD COLUMN [KEY=]VALUE...\n\
      add to a set or map\n\
  [--if-exists] remove TABLE RECORD COLUMN KEY|VALUE|KEY=VALUE...\n\
      remove from a set or map\n\
  [--if-exists] clear TABLE RECORD COLUMN...\n\
      empty columns\n\
  [--id=@NAME] create TABLE COLUMN[:KEY]=VALUE...\n\
      add a row\n\
  [--if-exists] [--all] destroy TABLE [RECORD]...\n\
      delete rows\n\
  wait-until TABLE RECORD [COLUMN[:KEY]=VALUE]...\n\
      wait until the row exists and all conditions hold\n\
  comment [ARG]...\n\
      leave a comment in the database's log\n\
RECORD is a UUID or its beginning; the name of a Capture or Host.");
}

static void
print_database_options(void)
{
    char *db = dirs_span_remote();

    printf("\n\
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
  --ssl-ciphers=CIPHERS       list of SSL ciphers to enable\n", db);
    free(db);
}

static void
print_output_options(void)
{
    printf("\n\
Output:\n\
  -f, --format=FORMAT         table, list, html, csv or json\n\
  -d, --data=FORMAT           cells of tables as string, bare or json\n\
  --no-headings               omit the headings of tables\n\
  --bare                      as --format=list --data=bare --no-headings\n\
  --pretty                    indent JSON tables\n\
  --max-column-width=N        cut the columns of tables at N\n\
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

void
cli_print_help(void)
{
    printf("\
%s: watches any point of an Open vSwitch host\n\
usage: %s [OPTIONS] COMMAND [ARG...] [-- [OPTIONS] COMMAND [ARG...]]...\n\
\n\
Commands:\n", program_name, program_name);
    for (const struct cli_command *c = cli_commands; c->syntax.name; c++) {
        print_command(c);
    }
    printf("\n\
SELECTOR is a name (BRIDGE, PORT, INTERFACE, NETNS/INTERFACE) or Gremlin, as\n\
\"G.V().Has('Name','vm1').Out().Has('Name','eth0')\".\n\
\n\
TARGET is TYPE:ADDRESS[,OPTION=VALUE]...\n");
    for (size_t i = 0; i < n_target_classes; i++) {
        print_target(target_classes[i]);
    }
    print_generic_commands();
    print_database_options();
    print_output_options();
}
