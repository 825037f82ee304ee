/* ovspan.c -- the command: parse, run, exit.
 *
 * Everything is elsewhere: options.c and commands.c know what may be typed,
 * ovsdb/ctl/ctl.c runs it as one transaction, agent.c asks the daemon.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"
#include "cli/commands.h"
#include "cli/document.h"
#include "cli/draft-check.h"
#include "cli/nothing.h"
#include "cli/options.h"
#include "cli/typed.h"
#include "openvswitch/vlog.h"
#include "ovsdb/ctl/ctl.h"

VLOG_DEFINE_THIS_MODULE(ovspan_main);

/* stderr has one line for each error: ours.  What libraries log beside it can
 * be had with -v. */
static void
set_log_levels(void)
{
    vlog_set_levels(NULL, VLF_CONSOLE, VLL_WARN);
    vlog_set_levels_from_string_assert("fatal_signal:console:off");
    vlog_set_levels_from_string_assert("reconnect:console:off");
    vlog_set_levels_from_string_assert("unixctl:console:off");
    vlog_set_levels_from_string_assert("jsonrpc:console:off");
    vlog_set_levels_from_string_assert("ovsdb_idl:console:off");
    vlog_set_levels_from_string_assert("ovsdb_cs:console:off");
}

int
main(int argc, char *argv[])
{
    struct shash local_options = SHASH_INITIALIZER(&local_options);
    enum db_ctl_status status = DB_CTL_OK;
    struct ctl_command *commands;
    struct cli_options opts;
    struct jsn *document = NULL;
    size_t n;

    ovs_set_program_name(argv[0], PACKAGE_VERSION);
    fatal_ignore_sigpipe();
    set_log_levels();
    cli_commands_init();

    char *args = process_escape_args(argv);

    cli_options_parse(argc, argv, &opts, &local_options);
    opts.conf.check_draft = cli_draft_check;
    opts.conf.why_nothing = opts.conf.is_local ? cli_why_nothing : NULL;
    char *error = cli_typed_check(argv, optind);
    error = error ? error : ctl_parse_commands(argc - optind, argv + optind,
                                     &local_options, &commands, &n);
    error = error ? error : cli_document_read(commands, n, &document);
    opts.conf.document = document;
    if (error) {
        ctl_fatal("%s", error);
    }
    VLOG(ctl_might_write_to_db(commands, n) ? VLL_INFO : VLL_DBG,
         "Called as %s", args);
    ctl_timeout_setup(opts.timeout);

    if (cli_commands_are_live(&opts.conf, commands, n)) {
        db_ctl_run_alone(&opts.conf, commands, n);
    } else {
        status = db_ctl_run(&opts.conf, args, commands, n);
    }
    jsn_destroy(document);
    free(commands);
    free(args);
    cli_options_uninit(&opts);
    return status;
}
