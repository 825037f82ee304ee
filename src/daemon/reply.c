/* reply.c -- an answer to a request on the control socket.  See reply.h.
 *
 * Called by whoever answers: appctl.c at once, inject.c and session.c when
 * what was asked for is done.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "daemon/reply.h"
#include <stdlib.h>
#include "base/json.h"
#include "base/ovs-daemon.h"

void
reply_json(struct unixctl_conn *conn, struct jsn *json)
{
    char *text = jsn_to_text(json, false);

    ovs_unixctl_reply_json(conn, text);
    free(text);
    jsn_destroy(json);
}

void
reply_error(struct unixctl_conn *conn, char *error)
{
    unixctl_command_reply_error(conn, error);
    free(error);
}
