/* dirs.h -- where the programs keep and look for things.
 *
 * Each is the environment's if set (OVSPAN_RUNDIR, OVSPAN_DBDIR,
 * OVSPAN_LOGDIR, OVS_RUNDIR, OVSPAN_DB), else what configure was told.  The
 * strings live as long as the program.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#ifndef OVSPAN_BASE_DIRS_H
#define OVSPAN_BASE_DIRS_H 1

#include <stdbool.h>

const char *dirs_run(void);             /* Sockets and pidfiles. */
const char *dirs_db(void);              /* The database, capture files. */
const char *dirs_log(void);             /* Log files. */
const char *dirs_sysconf(void);         /* ovspand.conf. */
const char *dirs_ovs_run(void);         /* OVS's sockets and pidfiles. */

/* Default remotes of the two databases; the caller frees them. */
char *dirs_span_remote(void);           /* OVSPAN_DB, unix:RUNDIR/db.sock */
char *dirs_ovs_remote(void);            /* unix:OVS_RUNDIR/db.sock */

/* What to do when 'error', an errno value, keeps somebody from a socket of
 * ours: ": run it as root", for the end of a sentence; "" if nobody knows.
 * 'own': it is the one of this host, that the directories above say.  The
 * caller frees it. */
char *dirs_advice(int error, bool own);

#endif /* base/dirs.h */
