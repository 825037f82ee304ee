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

/* What is to be said when 'path' cannot be had. */
static char *
refused(const char *path, int error)
{
    /* Also what a killed daemon leaves behind. */
    bool dead = error == ENOENT || error == ECONNREFUSED;
    char *advice = dirs_advice(error, dead);
    char *message = xasprintf("%s (%s: %s)%s",
                              dead ? "ovspand is not running on this host"
                              : "cannot ask ovspand", path,
                              ovs_strerror(error), advice);

    free(advice);
    return message;
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
        error = refused(pidfile, errno);
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

char *
cli_agent_ask(const char *command, const char *argument, struct jsn **answer)
{
    char *argv[] = { CONST_CAST(char *, argument) };
    char *path, *result, *refusal;
    struct jsonrpc *client;
    char *error = find_socket(&path);

    *answer = NULL;
    if (!error) {
        int error_number = unixctl_client_create(path, &client);

        error = error_number ? refused(path, error_number) : NULL;
        free(path);
    }
    if (error) {
        return error;
    }

    int retval = ovs_unixctl_transact(client, command, argument ? 1 : 0, argv,
                                      &result, &refusal);
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
