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
#include "cli/live.h"
#include "cli/replay.h"
#include "ovsdb/ctl/commands.h"
#include "ovsdb/ctl/ctl.h"

const struct cli_command cli_commands[] = {
    { { "add-capture", 3, INT_MAX,
        "NAME SELECTOR TARGET... [COLUMN[:KEY]=VALUE]...",
        db_ctl_pre_captures, db_ctl_add_capture, NULL, "--may-exist", RW },
      CLI_DATABASE,
      "watch what SELECTOR matches and send it to every TARGET" },
    { { "del-capture", 0, INT_MAX, "[NAME]...",
        db_ctl_pre_captures, db_ctl_del_capture, NULL, "--if-exists,--all",
        RW },
      CLI_DATABASE,
      "stop these captures, or all, and remove what they made" },
    { { "add-target", 2, 2, "CAPTURE TARGET",
        db_ctl_pre_captures, db_ctl_add_target, NULL, "", RW },
      CLI_DATABASE,
      "send what CAPTURE watches to TARGET too" },
    { { "del-target", 2, 2, "CAPTURE TARGET",
        db_ctl_pre_captures, db_ctl_del_target, NULL, "", RW },
      CLI_DATABASE,
      "no longer send it to TARGET" },
    { { "list-captures", 0, 0, "",
        db_ctl_pre_list_captures, db_ctl_list_captures, NULL, "--columns=",
        RO },
      CLI_DATABASE,
      "print a table of the captures" },
    { { "list-taps", 0, 1, "[CAPTURE]",
        db_ctl_pre_list_taps, db_ctl_list_taps, NULL, "--columns=", RO },
      CLI_DATABASE,
      "print a table of the taps: one capture at one point to one target" },
    { { "show", 0, 1, "[text|json]",
        db_ctl_pre_show, db_ctl_show, NULL, "", RO },
      CLI_DATABASE,
      "print every capture and how its taps are doing" },
    { { "explain", 1, INT_MAX,
        "CAPTURE|SELECTOR [TARGET]... [COLUMN[:KEY]=VALUE]...",
        NULL, cli_explain, NULL, "", RO },
      CLI_DAEMON,
      "print how a capture is carried out, or would be; change nothing" },
    { { "topology", 0, 1, "[text|dot|json]",
        cli_pre_topology, cli_topology, NULL, "", RO },
      CLI_DATABASE,
      "print what there is to watch, and what is watched" },
    { { "query", 1, 1, "EXPR",
        cli_pre_query, cli_query, NULL, "", RO },
      CLI_EITHER,
      "print what a selector or another expression yields, as JSON" },
    { { "inject", 2, INT_MAX,
        "FROM-SELECTOR DST-IP [type=icmp|udp|tcp] [count=N] [interval=MS] "
        "[size=N] [sport=N] [dport=N]",
        NULL, cli_inject, NULL, "", RO },
      CLI_DAEMON,
      "send test packets from an interface, in its namespace" },
    { { "tcpdump", 1, INT_MAX, "SELECTOR [TCPDUMP-ARGUMENT]...",
        NULL, cli_tcpdump, NULL, "", RO },
      CLI_DAEMON,
      "run tcpdump at any point, in its namespace or behind a mirror" },
    { { "watch", 0, 0, "",
        NULL, db_ctl_watch, NULL, "", RO },
      CLI_STREAM,
      "print changes of taps and topology as they happen" },
    { { "replay", 2, INT_MAX, "FILE TARGET... [COLUMN[:KEY]=VALUE]...",
        NULL, cli_replay, NULL, "", RO },
      CLI_FILE,
      "send what is in a capture file to every TARGET, without a daemon" },
    { { NULL, 0, 0, NULL, NULL, NULL, NULL, NULL, RO }, CLI_DATABASE, NULL },
};

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
        [CLI_STREAM] = "goes on until it is interrupted",
    };

    for (const struct cli_command *c = cli_commands; c->syntax.name; c++) {
        if (!strcmp(c->syntax.name, command->syntax->name)) {
            return reasons[c->needs != CLI_EITHER ? c->needs
                           : conf->is_local ? CLI_DAEMON : CLI_DATABASE];
        }
    }
    return NULL;
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
