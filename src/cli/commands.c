/* commands.c -- the table of ovspan's commands.  See commands.h.
 *
 * db-ctl-base has the generic ones (list, find, get, set, ...) in a table of
 * its own.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/commands.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "base/ovs.h"
#include "cli/add.h"
#include "cli/live.h"
#include "cli/points.h"
#include "cli/replay.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/ctl.h"

#define CAPTURE_SETTINGS \
    "filter direction sampling snaplen backend enabled expires"
#define REPLAY_SETTINGS \
    "filter direction sampling snaplen options:max-flows options:max-pps " \
    "options:max-bps options:mtu options:decap"

const struct cli_command cli_commands[] = {
    { { "add-capture", 3, INT_MAX,
        "NAME SELECTOR TARGET... [COLUMN[:KEY]=VALUE]...",
        cli_pre_add_capture, cli_add_capture, NULL,
        "--may-exist,--replace,--for=", RW },
      CLI_DATABASE,
      "watch what SELECTOR matches and send it to every TARGET",
      "add-capture demo vm1/eth0 erspan2:10.9.0.2", CAPTURE_SETTINGS },
    { { "apply", 1, 2, "-f FILE",
        db_ctl_pre_captures, db_ctl_apply, NULL, "--prune,--owner=", RW },
      CLI_DATABASE,
      "make captures what FILE states, as 'show --format=json' prints",
      "apply -f captures.json", NULL },
    { { "del-capture", 0, INT_MAX, "[NAME]...",
        db_ctl_pre_captures, db_ctl_del_capture, NULL, "--if-exists,--all",
        RW },
      CLI_DATABASE,
      "stop these captures, or all, and remove what they made",
      "del-capture demo", NULL },
    { { "add-target", 2, 2, "CAPTURE TARGET",
        db_ctl_pre_captures, db_ctl_add_target, NULL, "", RW },
      CLI_DATABASE,
      "send what CAPTURE watches to TARGET too",
      "add-target demo netflow5:10.9.0.2", NULL },
    { { "del-target", 2, 2, "CAPTURE TARGET",
        db_ctl_pre_captures, db_ctl_del_target, NULL, "", RW },
      CLI_DATABASE,
      "no longer send it to TARGET",
      "del-target demo netflow5:10.9.0.2", NULL },
    { { "list-captures", 0, 0, "",
        db_ctl_pre_list_captures, db_ctl_list_captures, NULL, "--columns=",
        RO },
      CLI_DATABASE,
      "print a table of the captures",
      "--columns=name,targets list-captures", NULL },
    { { "list-taps", 0, 1, "[CAPTURE]",
        cli_pre_list_taps, db_ctl_list_taps, NULL, "--columns=", RO },
      CLI_DATABASE,
      "print a table of the taps: one capture at one point to one target",
      "list-taps demo", NULL },
    { { "show", 0, INT_MAX,
        "[text|json] [CAPTURE|POINT|HOST]... [state=STATE]",
        cli_pre_show, db_ctl_show, NULL, "--all,--why", RO },
      CLI_DATABASE,
      "print every capture and how its taps are doing; of many, a summary",
      "show demo state=failed", "state" },
    { { "explain", 1, INT_MAX,
        "CAPTURE|SELECTOR [TARGET]... [COLUMN[:KEY]=VALUE]...",
        NULL, cli_explain, NULL, "--why", RO },
      CLI_DAEMON,
      "print how a capture is carried out, or would be; change nothing",
      "explain vm1/eth0 erspan2:10.9.0.2", CAPTURE_SETTINGS },
    { { "topology", 0, 2, "[text|dot|json] [POINT|BRIDGE|NETNS]",
        cli_pre_topology, cli_topology, NULL, "--all", RO },
      CLI_DATABASE,
      "print what there is to watch, and what is watched, or a part of it",
      "topology vm1", NULL },
    { { "list-points", 0, 1, "[PATTERN]",
        cli_pre_topology, cli_list_points, NULL, "", RO },
      CLI_DATABASE,
      "print the points there are to watch, as they are typed",
      "list-points 'vm*/eth0'", NULL },
    { { "query", 1, 1, "EXPR|SELECTOR",
        cli_pre_query, cli_query, NULL, "", RO },
      CLI_EITHER,
      "print what a selector or another expression yields, as JSON",
      "query \"G.V().Has('Type','netns').Out()\"", NULL },
    { { "inject", 2, INT_MAX,
        "FROM-SELECTOR DST-IP [type=icmp|udp|tcp] [count=N] [interval=MS] "
        "[size=N] [sport=N] [dport=N]",
        NULL, cli_inject, NULL, "", RO },
      CLI_DAEMON,
      "send test packets from an interface, in its namespace",
      "inject vm1/eth0 10.1.0.2 count=3",
      "type count interval size sport dport" },
    { { "tcpdump", 1, INT_MAX, "SELECTOR [TCPDUMP-ARGUMENT]...",
        NULL, cli_tcpdump, NULL, "", RO },
      CLI_DAEMON,
      "run tcpdump at any point, in its namespace or behind a mirror",
      "tcpdump vm1/eth0 -c 3 icmp", NULL },
    { { "flows", 1, 2, "SELECTOR [FILTER]",
        NULL, cli_flows, NULL,
        "--sort=,--by=,--number=,--interval=,--follow,--names", RO },
      CLI_DAEMON,
      "print who talks most at these points, or each flow as it ends",
      "--by=host flows vm1/eth0", NULL },
    { { "watch", 0, 0, "",
        NULL, db_ctl_watch, NULL, "", RO },
      CLI_STREAM,
      "print changes of taps and topology as they happen",
      "watch", NULL },
    { { "replay", 2, INT_MAX, "FILE TARGET... [COLUMN[:KEY]=VALUE]...",
        NULL, cli_replay, NULL, "", RO },
      CLI_FILE,
      "send what is in a capture file to every TARGET, without a daemon",
      "replay trace.pcap netflow5:10.9.0.2", REPLAY_SETTINGS },
    { { "complete", 0, INT_MAX, "[WORD]...", NULL, NULL, NULL, "", RO },
      CLI_NOTHING,              /* Likewise. */
      "print what the last WORD can be completed to, for shells",
      "complete add-capture demo vm1/", NULL },
    { { "help", 0, 1, "[COMMAND]", NULL, NULL, NULL, "", RO },
      CLI_NOTHING,              /* See typed.c: nothing else is done then. */
      "print how a command is typed, or all of them",
      "help add-capture", NULL },
    { .syntax.name = NULL },
};

/* What libopenvswitch registers, which it lets nobody ask for. */
const struct cli_command cli_generic_commands[] = {
    { { "list", 1, INT_MAX, "TABLE [RECORD]...",
        NULL, NULL, NULL, "--if-exists,--columns=", RO },
      CLI_DATABASE, "print rows", "list Capture", NULL },
    { { "find", 1, INT_MAX, "TABLE [COLUMN[:KEY]=VALUE]...",
        NULL, NULL, NULL, "--columns=", RO },
      CLI_DATABASE, "print the rows for which all conditions hold",
      "find Tap state=failed", NULL },
    { { "get", 2, INT_MAX, "TABLE RECORD [COLUMN[:KEY]]...",
        NULL, NULL, NULL, "--if-exists,--id=", RO },
      CLI_DATABASE, "print values", "get Capture demo filter", NULL },
    { { "set", 3, INT_MAX, "TABLE RECORD COLUMN[:KEY]=VALUE...",
        NULL, NULL, NULL, "--if-exists", RW },
      CLI_DATABASE, "set values", "set Capture demo enabled=false", NULL },
    { { "add", 4, INT_MAX, "TABLE RECORD COLUMN [KEY=]VALUE...",
        NULL, NULL, NULL, "--if-exists", RW },
      CLI_DATABASE, "add to a set or map",
      "add Capture demo external_ids owner=me", NULL },
    { { "remove", 4, INT_MAX, "TABLE RECORD COLUMN KEY|VALUE|KEY=VALUE...",
        NULL, NULL, NULL, "--if-exists", RW },
      CLI_DATABASE, "remove from a set or map",
      "remove Capture demo external_ids owner", NULL },
    { { "clear", 3, INT_MAX, "TABLE RECORD COLUMN...",
        NULL, NULL, NULL, "--if-exists", RW },
      CLI_DATABASE, "empty columns", "clear Capture demo filter", NULL },
    { { "create", 2, INT_MAX, "TABLE COLUMN[:KEY]=VALUE...",
        NULL, NULL, NULL, "--id=", RW },
      CLI_DATABASE, "add a row",
      "create Capture name=demo selector='\"vm1/eth0\"'", NULL },
    { { "destroy", 1, INT_MAX, "TABLE [RECORD]...",
        NULL, NULL, NULL, "--if-exists,--all", RW },
      CLI_DATABASE, "delete rows", "destroy Capture demo", NULL },
    { { "wait-until", 2, INT_MAX, "TABLE RECORD [COLUMN[:KEY]=VALUE]...",
        NULL, NULL, NULL, "", RO },
      CLI_DATABASE, "wait until the row exists and all conditions hold",
      "wait-until Host lab cur_cfg=3", NULL },
    { { "comment", 0, INT_MAX, "[ARG]...", NULL, NULL, NULL, "", RO },
      CLI_DATABASE, "leave a comment in the database's log",
      "comment for the test", NULL },
    { .syntax.name = NULL },
};

static const struct cli_command *
find_in(const struct cli_command *commands, const char *name)
{
    for (const struct cli_command *c = commands; c->syntax.name; c++) {
        if (!strcmp(c->syntax.name, name)) {
            return c;
        }
    }
    return NULL;
}

const struct cli_command *
cli_command_find(const char *name)
{
    const struct cli_command *command = find_in(cli_commands, name);

    return command ? command : find_in(cli_generic_commands, name);
}

bool
cli_command_is_generic(const struct cli_command *command)
{
    return (command >= cli_generic_commands
            && command < &cli_generic_commands[ARRAY_SIZE(
                                                   cli_generic_commands)]);
}

bool
cli_has_setting(const struct cli_command *command, const char *name)
{
    size_t len = strlen(name);

    for (const char *s = command->settings; s && len; s = strchr(s, ' ')) {
        s += *s == ' ';
        if (strcspn(s, " ") == len && !strncmp(s, name, len)) {
            return true;
        }
    }
    return false;
}

void
cli_commands_init(void)
{
    struct ctl_command_syntax *table;

    /* What is registered is used until the program ends. */
    table = xmalloc(ARRAY_SIZE(cli_commands) * sizeof *table);
    for (size_t i = 0; i < ARRAY_SIZE(cli_commands); i++) {
        table[i] = cli_commands[i].syntax;
    }
    db_ctl_init(table);
}

/* Why the command cannot be part of a transaction, or NULL if it can. */
static const char *
why_alone(const struct db_ctl_conf *conf, const struct ctl_command *command)
{
    static const char *const reasons[] = {
        [CLI_DATABASE] = NULL,
        [CLI_DAEMON] = "asks the daemon",
        [CLI_FILE] = "reads a file",
        [CLI_NOTHING] = "needs no database",
        [CLI_STREAM] = "goes on until it is interrupted",
    };

    enum cli_needs needs = cli_command_find(command->syntax->name)->needs;

    return reasons[needs != CLI_EITHER ? needs
                   : conf->is_local ? CLI_DAEMON : CLI_DATABASE];
}

bool
cli_commands_are_live(const struct db_ctl_conf *conf,
                      const struct ctl_command *commands, size_t n)
{
    const char *live = NULL, *why = NULL;
    size_t n_live = 0;

    for (size_t i = 0; i < n; i++) {
        const char *reason = why_alone(conf, &commands[i]);

        if (reason) {
            live = commands[i].syntax->name;
            why = reason;
            n_live++;
        }
    }
    /* A transaction may have to be made twice, and what it writes is not seen
     * by the daemon before it is committed. */
    if (n_live && n_live < n) {
        ctl_fatal("'%s' %s and cannot be in one transaction "
                  "with commands of the database: run it on its own",
                  live, why);
    }
    return n_live > 0;
}
