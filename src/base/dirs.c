/* dirs.c -- where the programs keep and look for things.  See dirs.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/dirs.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/ovs.h"

static const char *
from_env(const char *name, const char *def)
{
    const char *value = getenv(name);

    return value && value[0] ? value : def;
}

const char *
dirs_run(void)
{
    return from_env("OVSPAN_RUNDIR", RUNDIR);
}

const char *
dirs_db(void)
{
    return from_env("OVSPAN_DBDIR", DBDIR);
}

const char *
dirs_log(void)
{
    return from_env("OVSPAN_LOGDIR", LOGDIR);
}

const char *
dirs_sysconf(void)
{
    return from_env("OVSPAN_SYSCONFDIR", CONFDIR);
}

const char *
dirs_ovs_run(void)
{
    return from_env("OVS_RUNDIR", "/var/run/openvswitch");
}

char *
dirs_span_remote(void)
{
    const char *remote = getenv("OVSPAN_DB");

    return (remote && remote[0]
            ? xstrdup(remote)
            : xasprintf("unix:%s/db.sock", dirs_run()));
}

char *
dirs_ovs_remote(void)
{
    return xasprintf("unix:%s/db.sock", dirs_ovs_run());
}

/* The lab's socket, if somebody who means the lab of examples/lab looks at the
 * host's directory instead, since 'sudo' or a new shell has no environment of
 * it; else NULL.  The caller frees it. */
static char *
find_lab_beside(void)
{
    char *dir = xasprintf("%s/ovspan", from_env("OVSPAN_LAB",
                                                "/run/ovspan-lab"));
    char *socket = xasprintf("%s/db.sock", dir);

    if (!strcmp(dir, dirs_run()) || access(socket, F_OK)) {
        free(socket);
        socket = NULL;
    }
    free(dir);
    return socket;
}

char *
dirs_advice(int error, bool own)
{
    char *lab, *advice;

    if (error == EACCES || error == EPERM) {
        return xstrdup(": run it as root");
    } else if (!own) {
        return xstrdup("");
    }
    lab = find_lab_beside();
    advice = (lab
              ? xasprintf(": a lab's is %s; for that, '. examples/lab/env' "
                          "first", lab)
              : xstrdup(": start it with 'ovspan-ctl start'"));
    free(lab);
    return advice;
}
