/* absent.c -- hosts that nobody serves now.  See absent.h.
 *
 * Called by all that shows taps or waits for hosts.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "ovsdb/ctl/absent.h"
#include <stdlib.h>
#include <string.h>
#include "base/machine.h"

bool
ctl_host_is_here(const struct spanrec_host *host)
{
    char *machine = machine_stamp();
    bool here = !strcmp(smap_get_def(&host->status, "machine", ""), machine);

    free(machine);
    return here;
}

/* Only on this machine can it be seen at once, by the lock of its pidfile. */
static bool
is_dead_here(const struct spanrec_host *host)
{
    const char *pidfile = smap_get(&host->status, "pidfile");

    return (pidfile && ctl_host_is_here(host)
            && machine_is_daemon_gone(pidfile));
}

char *
ctl_host_absence(const struct spanrec_host *host)
{
    long long int silent = time_wall_msec() - host->last_seen;

    if (is_dead_here(host)) {
        return xstrdup("ovspand is not running: start it with 'ovspan-ctl "
                       "start'");
    } else if (silent > CTL_HOST_OFFLINE_MS) {
        return xasprintf("offline, last seen %lld s ago", silent / 1000);
    }
    return NULL;
}

bool
ctl_host_is_offline(const struct spanrec_host *host)
{
    char *absence = ctl_host_absence(host);

    free(absence);
    return absence != NULL;
}

bool
ctl_any_host_is_live(struct ovsdb_idl *idl)
{
    const struct spanrec_host *host;

    SPANREC_HOST_FOR_EACH (host, idl) {
        if (!ctl_host_is_offline(host)) {
            return true;
        }
    }
    return false;
}

void
ctl_absent_init(struct smap *absent, struct ovsdb_idl *idl)
{
    const struct spanrec_host *host;

    smap_init(absent);
    SPANREC_HOST_FOR_EACH (host, idl) {
        char *absence = ctl_host_absence(host);

        if (absence) {
            smap_add_nocopy(absent, xstrdup(host->name),
                            xasprintf("host %s: %s", host->name, absence));
            free(absence);
        }
    }
}

struct ctl_tap_view
ctl_view_tap(const struct spanrec_tap *tap, const struct smap *absent)
{
    const char *absence = smap_get(absent, tap->host);

    return (absence
            ? (struct ctl_tap_view) { "unknown", "host-offline", absence }
            : (struct ctl_tap_view) { tap->state, tap->reason, tap->detail });
}
