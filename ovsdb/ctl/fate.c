/* fate.c -- what has become of a transaction when the command is interrupted.
 * See fate.h.
 *
 * libopenvswitch runs its hooks for signals outside of their handlers, in
 * poll_block(), so that one may print.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/fate.h"
#include <stdlib.h>
#include "base/ovs-ctl.h"
#include "base/ovs.h"

struct ctl_fate {
    enum ctl_fate_stage stage;
    char *hosts;                /* NULL: none is known. */
};

static void
say(void *fate_)
{
    const struct ctl_fate *fate = fate_;

    switch (fate->stage) {
    case CTL_FATE_NOTHING:
        ovs_error(0, "interrupted: nothing is written");
        break;
    case CTL_FATE_SENT:
        ovs_error(0, "interrupted: the database has not answered, so that it "
                  "is not known whether this is written");
        break;
    case CTL_FATE_WRITTEN:
        ovs_error(0, "interrupted: it is written; %s not confirmed it",
                  fate->hosts ? fate->hosts : "the hosts have");
        break;
    }
}

struct ctl_fate *
ctl_fate_create(void)
{
    struct ctl_fate *fate = xzalloc(sizeof *fate);

    fatal_signal_add_hook(say, NULL, fate, false);
    return fate;
}

void
ctl_fate_set(struct ctl_fate *fate, enum ctl_fate_stage stage)
{
    if (fate) {
        fate->stage = stage;
    }
}

void
ctl_fate_waits_for(struct ctl_fate *fate, const char *hosts)
{
    if (fate) {
        free(fate->hosts);
        fate->hosts = xstrdup(hosts);
    }
}
