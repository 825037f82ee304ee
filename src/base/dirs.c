/* dirs.c -- where the programs keep and look for things.  See dirs.h.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "base/dirs.h"
#include <stdlib.h>
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
