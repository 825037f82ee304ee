/* live.h -- the commands that ask the live host: query, topology, explain,
 * inject, tcpdump, flows.
 *
 * What 'struct ctl_command_syntax' needs of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_LIVE_H
#define OVSPAN_CLI_LIVE_H 1

#include <stdbool.h>
#include "compiler.h"

struct ctl_context;
struct ctl_draft;
struct ds;
struct jsn;

/* Of show and list-taps: counters are to be as they are now. */
void cli_pre_show(struct ctl_context *);
void cli_pre_list_taps(struct ctl_context *);
void cli_pre_query(struct ctl_context *);
void cli_query(struct ctl_context *);
void cli_pre_topology(struct ctl_context *);
void cli_topology(struct ctl_context *);
void cli_explain(struct ctl_context *);
/* Puts what 'explain' prints of 'draft'.  NULL, or an error text that the
 * caller frees. */
char *cli_explain_draft(const struct ctl_draft *, struct ds *)
    OVS_WARN_UNUSED_RESULT;
void cli_inject(struct ctl_context *);
/* Becomes tcpdump, and returns only with an error. */
void cli_tcpdump(struct ctl_context *);
void cli_flows(struct ctl_context *);

/* What these have in common: true on this host, else an error in 'ctx'. */
bool cli_check_local(struct ctl_context *);
/* Sends 'request', which it takes, and returns the answer or NULL with an
 * error in 'ctx'. */
struct jsn *cli_ask(struct ctl_context *, const char *command,
                    struct jsn *request);
/* A request for 'selector' that names this process. */
struct jsn *cli_process_request(const char *selector);

#endif /* cli/live.h */
