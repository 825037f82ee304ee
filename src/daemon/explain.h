/* explain.h -- what would be done for a capture, and why: the answer to
 * "explain" on the control socket (see appctl.h).
 *
 * A capture's filter is compiled first, which may take libpcap seconds; the
 * answer comes then, and the control thread does not wait for it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_EXPLAIN_H
#define OVSPAN_DAEMON_EXPLAIN_H 1

struct appctl_context;
struct jsn;
struct unixctl_conn;

/* Answers 'conn', at once or later, and returns NULL; or returns an error
 * text.  The context stays for as long as the daemon runs. */
char *explain_start(const struct appctl_context *, const struct jsn *request,
                    struct unixctl_conn *);
void explain_run(void);
void explain_wait(void);

#endif /* daemon/explain.h */
