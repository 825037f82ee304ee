/* inject.h -- test packets from an interface, sent in its namespace.
 *
 * The kernel of that namespace routes, resolves neighbours and fills in the
 * headers; we open a socket there, bound to the interface, and send at the
 * pace asked for.  Runs in the control thread's loop, never blocks.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_INJECT_H
#define OVSPAN_DAEMON_INJECT_H 1

#include "compiler.h"

struct jsn;
struct topo;
struct unixctl_conn;

/* Starts what 'request' asks for (see appctl.h), and replies on 'conn' when
 * all is sent.  Returns NULL, or an error text that the caller frees and
 * replies with; nothing was sent then. */
char *inject_start(const struct topo *, const struct jsn *request,
                   struct unixctl_conn *conn) OVS_WARN_UNUSED_RESULT;

/* Sends what is due of all that was started. */
void inject_run(void);
void inject_wait(void);

#endif /* daemon/inject.h */
