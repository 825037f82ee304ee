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
#include "base/voice.h"

enum {
    LIMIT_MS = 15 * 1000,       /* For an answer that takes no time. */
    REFRESH_MS = 2000,          /* For one that is not needed. */
};

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

static struct jsonrpc_msg *
make_request(const char *command, const char *argument)
{
    struct json *params = json_array_create_empty();

    if (argument) {
        json_array_add(params, json_string_create(argument));
    }
    return jsonrpc_create_request(command, params, NULL);
}

/* Waits for the reply, at most 'limit' ms, and not without a voice.  Returns
 * 0, ETIMEDOUT, or what ended the connection. */
static int
wait_for_reply(struct jsonrpc *client, long long int limit,
               struct jsonrpc_msg **reply)
{
    long long int deadline = time_msec() + limit;
    struct voice voice;
    int error;

    voice_init(&voice);
    for (;;) {
        jsonrpc_run(client);
        error = jsonrpc_recv(client, reply);
        if (error != EAGAIN) {
            return error;
        } else if (time_msec() >= deadline) {
            return ETIMEDOUT;
        } else if (voice_is_due(&voice)) {
            ovs_error(0, "waiting for the ovspand of this host: it has not "
                      "answered yet (%d s)", voice_seconds(&voice));
        }
        voice_wait(&voice);
        poll_timer_wait_until(deadline);
        jsonrpc_wait(client);
        jsonrpc_recv_wait(client);
        poll_block();
    }
}

/* On success, one of '*result' and '*refusal' is what was answered, and the
 * other is NULL. */
static int
transact(struct jsonrpc *client, struct jsonrpc_msg *request,
         long long int limit, char **result, char **refusal)
{
    struct jsonrpc_msg *reply = NULL;
    int error = jsonrpc_send(client, request);

    error = error ? error : wait_for_reply(client, limit, &reply);
    if (!error) {
        *result = ovs_unixctl_text(reply->result);
        *refusal = ovs_unixctl_text(reply->error);
        jsonrpc_msg_destroy(reply);
    }
    return error;
}

/* cli_agent_ask(), for at most 'limit' ms. */
static char *
ask_within(const char *command, const char *argument, long long int limit,
           struct jsn **answer)
{
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

    int retval = transact(client, make_request(command, argument),
                          limit, &result, &refusal);
    if (retval == ETIMEDOUT) {
        error = xasprintf("ovspand has not answered for %lld s: it hangs, or "
                          "was stopped", limit / 1000);
    } else if (retval) {
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

char *
cli_agent_ask(const char *command, const char *argument,
              long long int takes, struct jsn **answer)
{
    return ask_within(command, argument, LIMIT_MS + takes, answer);
}

void
cli_agent_refresh(void)
{
    struct jsn *answer;

    free(ask_within("refresh", NULL, REFRESH_MS, &answer));
    jsn_destroy(answer);
}
