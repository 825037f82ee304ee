/* capture-link.c -- link types: which are understood, what they are called.
 *
 * Called by every kind of capture.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include "base/ovs.h"

bool
capture_link_is_known(int link)
{
    switch (link) {
    case DLT_EN10MB:
    case DLT_RAW:
    case DLT_IPV4:
    case DLT_IPV6:
    case DLT_LINUX_SLL:
    case DLT_LINUX_SLL2:
        return true;
    default:
        return false;
    }
}

char *
capture_link_to_text(int link)
{
    const char *name = pcap_datalink_val_to_name(link);

    return name ? xstrdup(name) : xasprintf("number %d", link);
}

uint32_t
capture_link_way_ofs(int link)
{
    enum { SLL_TYPE = 1, SLL2_TYPE = 10 };

    return (link == DLT_LINUX_SLL ? SLL_TYPE
            : link == DLT_LINUX_SLL2 ? SLL2_TYPE : 0);
}
