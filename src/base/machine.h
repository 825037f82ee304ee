/* machine.h -- this machine by a stamp that stays, and who runs on it.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_MACHINE_H
#define OVSPAN_BASE_MACHINE_H 1

#include <stdbool.h>

/* A hash of /etc/machine-id and OVS_RUNDIR: the same whatever the host is
 * called, another beside another Open vSwitch.  Without that file it is of
 * this boot only.  The caller frees it. */
char *machine_stamp(void);

/* True if the process that made 'pidfile' is gone: nobody has the lock of the
 * file, or there is no such file.  False, too, if that cannot be told. */
bool machine_is_daemon_gone(const char *pidfile);

#endif /* base/machine.h */
