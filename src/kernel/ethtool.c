/* ethtool.c -- driver and speed of a link.
 *
 * The ioctl works on the rtnetlink socket of the link's namespace, so nobody
 * has to enter it.  Asked once for a link, and again when its answers may be
 * others: when it starts or stops to run, is renamed (the ioctl goes by name),
 * or when a member of it, or what it is on, changed.  What the driver of veths
 * answers are constants, and veths are many: one answers for all.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "kernel/private.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include "topo/text.h"

static bool
ethtool(const struct kern_link *link, void *cmd)
{
    struct ifreq req = { .ifr_data = cmd };

    ovs_strlcpy(req.ifr_name, link->name, sizeof req.ifr_name);
    return !ioctl(link->netns->fd, SIOCETHTOOL, &req);
}

/* Returns false if the link has another name by now, or is elsewhere: a
 * message will say so. */
static bool
ask(struct kern_link *link)
{
    struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
    struct ethtool_cmd settings = { .cmd = ETHTOOL_GSET };

    if (ethtool(link, &info)) {
        info.driver[sizeof info.driver - 1] = '\0';
        link->driver = info.driver[0] ? topo_text_new(info.driver) : NULL;
    } else if (errno == ENODEV) {
        return false;
    }
    if (ethtool(link, &settings)) {
        uint32_t speed = (uint32_t) settings.speed_hi << 16 | settings.speed;
        /* Old drivers tell an unknown speed in 16 bits. */
        if (speed && speed <= INT_MAX && speed != UINT16_MAX) {
            link->speed = speed;
        }
        return true;
    }
    return errno != ENODEV;
}

void
kern_ethtool_probe(struct kern_link *link)
{
    struct kern *kern = link->netns->kern;
    bool is_veth = kern_link_is_veth(link);

    topo_text_unref(link->driver);
    if (is_veth && kern->veth_driver) {
        link->driver = topo_text_ref(kern->veth_driver);
        link->speed = kern->veth_speed;
        link->probed = true;
        return;
    }
    link->driver = NULL;
    link->speed = -1;
    link->probed = ask(link);
    /* Under its name may be another device by now. */
    if (is_veth && link->driver && !strcmp(link->driver, "veth")
        && link->speed >= 0) {
        kern->veth_driver = topo_text_ref(link->driver);
        kern->veth_speed = link->speed;
    }
}
