/* agent.h -- asking the ovspand of this host.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_CLI_AGENT_H
#define OVSPAN_CLI_AGENT_H 1

#include "compiler.h"

struct jsn;

/* Sends 'command' (see daemon/appctl.h) with 'argument', or none for NULL, and
 * waits for the answer: not for ever, but 'takes' ms longer where the work
 * itself takes that long.  Returns NULL and stores the answer, which the
 * caller destroys, in '*answer', or an error text that the caller frees. */
char *cli_agent_ask(const char *command, const char *argument,
                    long long int takes, struct jsn **answer)
    OVS_WARN_UNUSED_RESULT;

/* Asks it to write what it has counted so far, and waits a little for that; it
 * is no matter if it cannot. */
void cli_agent_refresh(void);

#endif /* cli/agent.h */
