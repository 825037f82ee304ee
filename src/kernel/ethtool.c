/* ethtool.c -- driver and speed of a link.
 *
 * The ioctl works on the rtnetlink socket of the link's namespace, so nobody
 * has to enter it.  Asked once for a link, and again when its answers may be
 * others: when it starts or stops to run, is renamed (the ioctl goes by name),
 * or when a member of it, or what it is on, changed.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

static bool
ethtool(const struct kern_link *link, void *cmd)
{
    struct ifreq req = { .ifr_data = cmd };

    ovs_strlcpy(req.ifr_name, link->name, sizeof req.ifr_name);
    return !ioctl(link->netns->fd, SIOCETHTOOL, &req);
}

void
kern_ethtool_probe(struct kern_link *link)
{
    struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
    struct ethtool_cmd settings = { .cmd = ETHTOOL_GSET };

    link->driver[0] = '\0';
    link->speed = -1;
    link->probed = true;
    if (ethtool(link, &info)) {
        ovs_strlcpy(link->driver, info.driver,
                    MIN(sizeof link->driver, sizeof info.driver));
    } else if (errno == ENODEV) {
        /* It has another name by now, or is elsewhere: a message will say
         * so. */
        link->probed = false;
        return;
    }
    if (ethtool(link, &settings)) {
        uint32_t speed = (uint32_t) settings.speed_hi << 16 | settings.speed;
        /* Old drivers tell an unknown speed in 16 bits. */
        if (speed && speed != UINT32_MAX && speed != UINT16_MAX) {
            link->speed = speed;
        }
    }
}
