/* take-back.h -- what a daemon left behind, listed or taken back, without
 * being one: for ovspan-ctl.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_DAEMON_TAKE_BACK_H
#define OVSPAN_DAEMON_TAKE_BACK_H 1

#include <stdbool.h>

struct reconcile_conf;

/* Both return an exit status, and say on stderr what is wrong. */

/* Prints a line for each host name that has rows in Open vSwitch: "own" for
 * that of 'conf', or "other" for one that this machine stamped, "served" if a
 * daemon that runs has its lock; what there is; the name; with tabs in
 * between. */
int take_back_list(const struct reconcile_conf *conf);

/* Removes what the host of 'conf' has in both databases, unless a daemon that
 * runs serves it; with 'former', only if it was this switch's. */
int take_back(const struct reconcile_conf *conf, bool former);

#endif /* daemon/take-back.h */
