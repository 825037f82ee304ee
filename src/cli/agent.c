/* agent.c -- asking the ovspand of this host.  See agent.h.
 *
 * Called by the commands that need the live host.  The daemon is found by its
 * pidfile; what it answers is JSON, and is checked to be that.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "cli/agent.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/dirs.h"
#include "base/json.h"
#include "base/ovs-daemon.h"
#include "base/ovs.h"

static char *
not_running(const char *why)
{
    return xasprintf("ovspand is not running on this host (%s): start it "
                     "with 'ovspan-ctl start'", why);
}

/* The path of the daemon's control socket, which the caller frees. */
static char *
find_socket(char **path)
{
    char *pidfile = xasprintf("%s/ovspand.pid", dirs_run());
    FILE *stream = fopen(pidfile, "r");
    char *error = NULL;
    int pid;

    *path = NULL;
    if (!stream) {
        char *why = xasprintf("%s: %s", pidfile, ovs_strerror(errno));

        error = not_running(why);
        free(why);
    } else if (fscanf(stream, "%d", &pid) != 1 || pid <= 0) {
        error = xasprintf("%s does not hold a process id", pidfile);
    } else {
        *path = xasprintf("%s/ovspand.%d.ctl", dirs_run(), pid);
    }
    if (stream) {
        fclose(stream);
    }
    free(pidfile);
    return error;
}

static char *
connect_socket(const char *path, struct jsonrpc **client)
{
    int error = unixctl_client_create(path, client);
    char *why, *message;

    if (!error) {
        return NULL;
    }
    why = xasprintf("%s: %s", path, ovs_strerror(error));
    /* What a killed daemon leaves behind. */
    message = (error == ENOENT || error == ECONNREFUSED
               ? not_running(why)
               : xasprintf("cannot ask ovspand (%s)", why));
    free(why);
    return message;
}

char *
cli_agent_ask(const char *command, const char *argument, struct jsn **answer)
{
    char *argv[] = { CONST_CAST(char *, argument) };
    char *path, *result, *refusal;
    struct jsonrpc *client;
    char *error = find_socket(&path);

    *answer = NULL;
    if (!error) {
        error = connect_socket(path, &client);
        free(path);
    }
    if (error) {
        return error;
    }

    int retval = unixctl_client_transact(client, command, argument ? 1 : 0,
                                         argv, &result, &refusal);
    if (retval) {
        error = xasprintf("ovspand went away while it was asked (%s)",
                          ovs_retval_to_string(retval));
    } else if (refusal) {
        refusal[strcspn(refusal, "\n")] = '\0';
        error = refusal;
    } else {
        char *reason = jsn_parse(result, answer);

        if (reason) {
            error = xasprintf("ovspand answered what is no JSON: %s", reason);
            free(reason);
        }
        free(result);
    }
    jsonrpc_close(client);
    return error;
}
