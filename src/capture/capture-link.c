/* capture-link.c -- link types: which are understood, what they are called.
 *
 * Called by every kind of capture.
 *
 * SPDX-License-Identifier: Apache-2.0 */

#include <config.h>
#include "capture/capture-private.h"
#include "base/ovs.h"

static const int known[] = {
    DLT_EN10MB, DLT_RAW, DLT_IPV4, DLT_IPV6, DLT_LINUX_SLL, DLT_LINUX_SLL2,
    DLT_NULL, DLT_LOOP, DLT_C_HDLC, DLT_PPP, DLT_PPP_SERIAL,
    DLT_IEEE802_11_RADIO, DLT_NFLOG, DLT_IPNET,
};

bool
capture_link_is_known(int link)
{
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        if (known[i] == link) {
            return true;
        }
    }
    return false;
}

char *
capture_link_to_text(int link)
{
    const char *name = pcap_datalink_val_to_name(link);

    return name ? xstrdup(name) : xasprintf("number %d", link);
}

int
capture_link_from_file(uint32_t number)
{
    enum { LINKTYPE_RAW = 101 };

    /* The one of those that are understood whose two numbers differ. */
    return number == LINKTYPE_RAW ? DLT_RAW : number;
}

char *
capture_link_refusal(const char *name, int link)
{
    char *text = capture_link_to_text(link);
    struct ds ds = DS_EMPTY_INITIALIZER;

    ds_put_format(&ds, "%s: frames of link type %s are not understood; ",
                  name, text);
    for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
        const char *before = (!i ? ""
                              : i + 1 < ARRAY_SIZE(known) ? ", " : " and ");

        ds_put_format(&ds, "%s%s", before,
                      pcap_datalink_val_to_name(known[i]));
    }
    ds_put_cstr(&ds, " are");
    free(text);
    return ds_steal_cstr(&ds);
}

uint32_t
capture_link_fcs(int link, uint32_t announced)
{
    enum { ETHERNET = 4 };

    switch (link) {
    case DLT_EN10MB:
        /* There is but one, whatever it was counted in. */
        return announced ? ETHERNET : 0;
    case DLT_C_HDLC:
    case DLT_PPP:
    case DLT_PPP_SERIAL:
        return announced;
    default:
        return 0;
    }
}

uint32_t
capture_link_way_ofs(int link)
{
    enum { SLL_TYPE = 1, SLL2_TYPE = 10 };

    return (link == DLT_LINUX_SLL ? SLL_TYPE
            : link == DLT_LINUX_SLL2 ? SLL2_TYPE : 0);
}
