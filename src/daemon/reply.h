/* reply.h -- an answer to a request on the control socket.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_REPLY_H
#define OVSPAN_DAEMON_REPLY_H 1

struct jsn;
struct unixctl_conn;

/* Answers with 'json', which it takes. */
void reply_json(struct unixctl_conn *, struct jsn *json);
/* Answers that it failed, with the text 'error', which it takes. */
void reply_error(struct unixctl_conn *, char *error);

#endif /* daemon/reply.h */
